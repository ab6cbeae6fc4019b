"""Progress: what is being done and how far it is, on standard error if that is a terminal."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Literal

from curate.locale import translator
from curate.show.numbers import number

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

REFRESHES_PER_SECOND = 5

Phase = Literal["reading", "comparing", "weighing", "writing"]
"""The steps of an audit, in order."""


class Progress:
    """A line with the share done, the rate and the time left; silent where nobody would see it.

    `total` is in bytes on disk; 0 where it is not known, and then no time left is shown. A source
    that unpacks to more than its size on disk is one of unknown size from there on.
    """

    def __init__(self, total: int, locale: str = "en") -> None:
        self.t = translator(locale)
        self._total: int | None = total or None
        self._bytes = self._records = 0
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Progress:
        self._started = time.monotonic()
        if sys.stderr.isatty():
            self._bar = bar()
            self._task = self._bar.add_task(self.t("reading"), total=self._total, rate="")
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self, size: int, records: int) -> None:
        """Say that so many more bytes and records were read."""
        self._bytes += size
        self._records += records
        if self._bar is None or self._task is None:
            return
        if self._total is not None and self._bytes > self._total:
            self._total = None
            self._bar.reset(self._task, total=None)
        self._bar.update(self._task, completed=self._bytes, rate=self.rate())

    def phase(self, name: Phase) -> None:
        """Say what is done now; nobody knows beforehand how long the steps after reading take."""
        words: dict[Phase, str] = {
            "reading": self.t("reading"),
            "comparing": self.t("comparing"),
            "weighing": self.t("weighing"),
            "writing": self.t("writing"),
        }
        if self._bar is not None and self._task is not None:
            rate = self.t("{n} records").format(n=number(self._records))
            self._bar.reset(self._task, total=None, description=words[name], rate=rate)

    def rate(self) -> str:
        """`120,400 records, 61,000 a second`."""
        seconds = max(time.monotonic() - self._started, 1e-9)
        return self.t("{n} records, {rate} a second").format(
            n=number(self._records), rate=number(round(self._records / seconds))
        )


def bar() -> Bar:
    """The line itself; it leaves nothing behind."""
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    return Bar(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=None),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}", markup=False),
        TimeRemainingColumn(compact=True),
        console=Console(stderr=True),
        transient=True,
        refresh_per_second=REFRESHES_PER_SECOND,
    )
