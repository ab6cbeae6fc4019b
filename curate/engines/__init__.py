"""Engine: where work runs. An engine knows two verbs and nothing about checks.

`map` runs a function on every item, in any order of work, and gives the results in the items'
order. `meet` brings equal keys together: the places (part, row) of all records that share a key.

Workers die: of memory, of a fault in native code, with their machine. Work is tried again, but
never for ever: an item that killed its worker TRIES times in a row is handed to `survive`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol, TypeVar

import polars as pl

from curate.errors import BadSetting, CurateError

Item = TypeVar("Item")
Result = TypeVar("Result")

Attempt = Callable[[Item], Result]
"""Does the work on one item, with no other work beside it to blame; WorkerDied if that kills."""

Survive = Callable[[Item, Attempt[Item, Result]], Result]
"""Gives the result of an item that killed its worker, with attempts at parts of it."""

NAMES = ("local", "ray")
TRIES = 3
"""Deaths after which an item, not bad luck, is to blame."""


class WorkerDied(CurateError):
    """The process that did the work ended before the work did."""


class Engine(Protocol):
    """What an audit asks of the place where it runs; leaving its `with` block gives it back."""

    @property
    def name(self) -> str: ...

    def __enter__(self) -> Engine: ...

    def __exit__(self, *_: object) -> None: ...

    def map(
        self,
        work: Callable[[Item], Result],
        items: Iterable[Item],
        survive: Survive[Item, Result] | None = None,
    ) -> Iterator[Result]: ...

    def meet(self, keyed: Iterable[pl.DataFrame]) -> pl.DataFrame: ...


def open_engine(
    name: str, workers: int, address: str | None = None, shared: Path | None = None
) -> Engine:
    """The engine of this name. `address`: of a Ray cluster that runs already; `shared`: a folder
    that every worker must see, wherever it runs.
    """
    if address is not None and name != "ray":
        raise BadSetting(f"--address {address} names a Ray cluster; add: --engine ray")
    if name == "local":
        from curate.engines.local import Local

        return Local(workers)
    if name == "ray":
        from curate.engines.ray import Ray

        return Ray(workers, address, shared)
    raise BadSetting(f"unknown engine {name!r}; known: {', '.join(NAMES)}")


def outlived(
    item: Item,
    attempt: Attempt[Item, Result],
    survive: Survive[Item, Result] | None,
    times: int = TRIES,
) -> Result:
    """The result of an item that may kill its worker: from an attempt, or else from `survive`."""
    try:
        return tried(item, attempt, times)
    except WorkerDied:
        if survive is None:
            raise
        return survive(item, attempt)


def tried(item: Item, attempt: Attempt[Item, Result], times: int = TRIES) -> Result:
    """The result of the first attempt that lives; WorkerDied when none of `times` does."""
    for _ in range(times - 1):
        try:
            return attempt(item)
        except WorkerDied:
            continue
    return attempt(item)
