"""Labelled: pairs of texts that people called the same or not, out of a file of theirs."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from curate.errors import BadSource

COLUMNS = ("text1", "text2", "same")
SAME = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
EXPECTED = f"expected {', '.join(COLUMNS)} in each line, same being true or false"


class Labelled(NamedTuple):
    """Pairs of texts, and whether people call each the same."""

    pairs: list[tuple[str, str]]
    labels: list[bool]


def labelled(file: Path) -> Labelled:
    """The pairs of a CSV or JSON Lines file; BadSource says what line is none."""
    found = Labelled([], [])
    for line, row in rows(file):
        one, other, said = (row.get(name) for name in COLUMNS)
        same = SAME.get(str(said).strip().lower())
        if not isinstance(one, str) or not isinstance(other, str) or same is None:
            raise BadSource(f"{file}:{line}: {EXPECTED}; same is {said!r} here")
        found.pairs.append((one, other))
        found.labels.append(same)
    if not found.labels:
        raise BadSource(f"{file}: no pairs; {EXPECTED}")
    return found


def rows(file: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The rows of a file, each with the line that it ends in."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadSource(f"{file}: not UTF-8 at byte {error.start}") from error
    except OSError as error:
        raise BadSource(f"{file}: {error.strerror}") from error
    lines = text.split("\n")
    if file.suffix == ".csv":
        table = csv.DictReader(f"{line}\n" for line in lines)
        yield from ((table.line_num, row) for row in table)
        return
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield number, read(file, number, line)


def read(file: Path, number: int, line: str) -> Mapping[str, Any]:
    """One object of a line."""
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BadSource(f"{file}:{number}: {error}; {EXPECTED}") from error
    if not isinstance(row, dict):
        raise BadSource(f"{file}:{number}: {EXPECTED}")
    return row
