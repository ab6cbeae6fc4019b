"""Result: what the parts measured, in one file that grows part by part."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from bench.gpu import parts
from bench.gpu.setting import LeftOut, Row, Setting
from train.hardware import here, versions

FILE = "gpu.json"
PART_SECONDS = 480
"""A part ends within this: no further row is begun that might not."""


@dataclass(frozen=True)
class Result:
    """A part as it was measured on one machine."""

    rows: tuple[Row, ...]
    missing: str | None
    """Why rows are missing; None where all are there."""
    failed: bool
    """Whether they are missing because something went wrong."""
    seconds: float
    small: bool
    measured: str
    """Day, as 2026-01-31."""
    hardware: Mapping[str, Any]
    versions: Mapping[str, str]

    @property
    def sound(self) -> bool:
        """Whether nothing went wrong and no row fails what it must hold."""
        return not self.failed and all(row.get("holds") is not False for row in self.rows)


def names() -> list[str]:
    """Every part."""
    return sorted(module.name for module in iter_modules(parts.__path__))


def measured(name: str, setting: Setting) -> Result:
    """Measure a part; what ends it early is said in the result, with the rows so far."""
    began, rows, missing, failed = time.monotonic(), list[Row](), None, False
    try:
        for row in in_time(import_module(f"{parts.__name__}.{name}").measure(setting)):
            rows.append(row)
            sys.stdout.write(f"{name}: {json.dumps(row, ensure_ascii=False)}\n")
            sys.stdout.flush()
    except (LeftOut, TimeIsUp) as reason:
        missing = str(reason)
    except Exception as error:  # the other parts are still worth measuring
        failed, missing = True, f"{type(error).__name__}: {str(error).strip()[:300]}"
    today = datetime.now(UTC).date().isoformat()
    seconds = round(time.monotonic() - began, 1)
    return Result(
        tuple(rows), missing, failed, seconds, setting.small, today, here().told(), versions()
    )


class TimeIsUp(Exception):
    """The next row might not end within the part's time."""


def in_time(rows: Iterator[Row], limit: float = PART_SECONDS) -> Iterator[Row]:
    """The rows, as long as another one like the longest so far would still end in time."""
    began = before = time.monotonic()
    longest = 0.0
    for row in rows:
        yield row
        now = time.monotonic()
        longest, before = max(longest, now - before), now
        if now - began + longest > limit:
            raise TimeIsUp(f"further rows would have taken more than {limit:.0f} s")


def read(file: Path) -> dict[str, Result]:
    """Part → result of a file; none where there is no file."""
    if not file.is_file():
        return {}
    said = json.loads(file.read_bytes())
    return {name: Result(**{**part, "rows": tuple(part["rows"])}) for name, part in said.items()}


def write(file: Path, results: Mapping[str, Result]) -> None:
    """All results, parts in the order of their names."""
    said = {name: asdict(results[name]) for name in sorted(results)}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
