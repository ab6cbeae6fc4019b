"""Run folder: what a run left behind, as far as review needs it, and the data it was made from."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import polars as pl

from curate.errors import BadSource

NEEDED = ("failures.parquet", "records.parquet", "run.json", "approved.json")
RUNS = "runs"  # where train run puts its folders, unless the recipe says otherwise
LAST = "last"
GOING_ON = ("running", "interrupted")  # what run.json says of a run that has not come to its end
AGAIN = "copy the run again, or train it anew"


def named(run: str) -> Path:
    """The folder that is meant: a path, or the newest run of `runs/` here where it says `last`."""
    if run != LAST or Path(run).is_dir():
        return Path(run)
    there = sorted(Path(RUNS).glob("*/run.json"), key=lambda file: (file.stat().st_mtime, file))
    if not there:
        raise BadSource(f"there is no run in {RUNS}/ here; name the folder of a run")
    return there[-1].parent


def opened(folder: Path) -> tuple[dict[str, Any], pl.DataFrame, pl.DataFrame]:
    """run.json with the approved snapshot's id, the failures, and all answered records."""
    for name in NEEDED:
        if not (folder / name).is_file():
            raise BadSource(lacking(folder, name))
    told, manifest = (document(folder / name) for name in ("run.json", "approved.json"))
    answered = table(folder / "records.parquet", ["record_id", "parent_id", "split"])
    failing = table(folder / "failures.parquet")
    return {"name": folder.name, **told, "approved": manifest["id"]}, failing, answered


def lacking(folder: Path, name: str) -> str:
    """What is wrong with a folder that lacks a file of a finished run, and what to do."""
    file = folder / "run.json"
    if file.is_file() and document(file).get("status") in GOING_ON:
        going_on = f"train run --resume {shlex.quote(str(folder))}"
        return f"{folder} is not finished: it has no {name} yet; go on with: {going_on}"
    return f"{folder} is no finished run: it has no {name}; train run makes one"


def document(file: Path) -> dict[str, Any]:
    """A JSON file of the run; BadSource where it is cut short."""
    try:
        found: dict[str, Any] = json.loads(file.read_bytes())
    except ValueError:
        raise BadSource(f"{file} is cut short or no JSON: {AGAIN}") from None
    return found


def table(file: Path, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """A table of the run, or some of its columns; BadSource where it is cut short or lacks one."""
    try:
        return pl.read_parquet(file, columns=None if columns is None else list(columns))
    except (OSError, pl.exceptions.PolarsError) as error:
        raise BadSource(f"{file}: {str(error).splitlines()[0]}; {AGAIN}") from None


def run_id(folder: Path) -> str:
    """Equal for the same run, wherever its folder lies."""
    hashed = blake2b(digest_size=16)
    for name in ("run.json", "approved.json", "failures.parquet"):
        hashed.update((folder / name).read_bytes())
    return hashed.hexdigest()


def part_of(approved: Path, split: str, columns: Sequence[str]) -> pl.DataFrame:
    """The records of one split; none where there is no such snapshot here."""
    file = approved / "manifest.json"
    parts = json.loads(file.read_bytes())["parts"] if file.is_file() else []
    files = [approved / part["file"] for part in parts if part["split"] == split]
    found = [pl.read_parquet(each, columns=list(columns)) for each in files]
    return pl.concat(found) if found else pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
