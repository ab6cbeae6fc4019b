"""Into: the file that a command writes, the files beside it, and that none is a source."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from curate.errors import BadSetting

LEFT_OUT = ".left-out.jsonl"


def left_out_of(into: Path) -> Path:
    """The file that names what did not become a record of `into`, and why."""
    return into.with_suffix(LEFT_OUT)


def refuse_sources(into: Path, sources: Iterable[str]) -> None:
    """BadSetting where the file to write is one that is read: it would be lost."""
    for source in sources:
        if into.exists() and Path(source).exists() and into.samefile(source):
            raise BadSetting(f"--into {into}: that is a source, and would be lost; name another")
