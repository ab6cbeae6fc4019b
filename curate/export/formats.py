"""Formats: an approved snapshot as files for other tools; texts are as they were approved.

    parquet  the approved snapshot itself, byte for byte
    jsonl    the same columns, and the conversation as `messages`, one JSON object a line
    hf       Parquet files with `messages` that `datasets` and its hub open as train, validation
             and test
    openai   `messages` alone; a pair of a better and a worse answer as preference training has it
    csv      the same columns for a spreadsheet; cells that could run as formulas are quoted

The last three are made to be given away: what stood there before an edit, and who decided, stays
at home.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from curate.errors import BadSetting, unknown
from curate.export import ledger as ledgers
from curate.export import manifest as manifests
from curate.export.approve import CARD, DECISIONS, Approved, finished
from curate.export.manifest import SPLITS
from curate.export.spreadsheet import harmless
from curate.publish import publish, write_table
from curate.record import messages
from curate.workspace import Workspace

Message = Mapping[str, str]
TRAINABLE = ("parquet", "jsonl")  # `train` takes them
AT_HOME = (ledgers.FILE, DECISIONS)
OWN = ("format", "id", "file_format", "records", "parts", "ledger", "decisions", "card")
MESSAGE = pl.List(pl.Struct({"role": pl.String, "content": pl.String}))
REJECTED = "rejected"


def export(approved: Approved, out: Path, form: str, where: Workspace) -> dict[str, Any]:
    """Put an approved snapshot into a folder, whole or not at all; the manifest of the folder.

    BadSetting where the format is not known, or where the folder holds files of somebody else.
    """
    if form not in FORMATS:
        raise BadSetting(f"--format: {unknown('format', form, FORMATS)}")
    refuse_to_overwrite(out)
    assert approved.path is not None
    assert approved.manifest is not None
    assert approved.facts is not None
    with where.scratch() as made:
        for name in AT_HOME if form in TRAINABLE else ():
            shutil.copyfile(approved.path / name, made / name)
        for name in SPLITS:
            FORMATS[form](approved.path / f"{name}.parquet", made, name)
        if form == "parquet":
            for name in (CARD, manifests.FILE):
                shutil.copyfile(approved.path / name, made / name)
            said = dict(approved.manifest)
        else:
            kept = {key: value for key, value in approved.manifest.items() if key not in OWN}
            kept |= {"approved": approved.manifest["id"]}
            said = finished(made, kept, approved.facts, form)
        publish(made, out, OURS)
    return said


def refuse_to_overwrite(out: Path) -> None:
    """BadSetting where files of our names lie in a folder that is no export of ours."""
    if out.is_file():
        raise BadSetting(f"{out} is a file; name a folder to export to")
    if not out.is_dir() or manifests.is_approved(out):
        return
    theirs = sorted(ours_in(out))
    if theirs:
        raise BadSetting(
            f"{out} holds {', '.join(theirs)}, and no export of ours; name another folder"
        )


def ours_in(out: Path) -> set[str]:
    """The files of an earlier export in a folder."""
    return {entry.name for entry in out.iterdir()} & OURS if out.is_dir() else set()


def as_parquet(part: Path, folder: Path, name: str) -> None:
    """The file as it is."""
    shutil.copyfile(part, folder / f"{name}.parquet")


def as_jsonl(part: Path, folder: Path, name: str) -> None:
    """The conversation, then every column."""
    write_lines(({"messages": conversation(row), **row} for row in rows(part)), folder, name)


def as_openai(part: Path, folder: Path, name: str) -> None:
    """What fine-tuning services take: the conversation alone."""
    write_lines(map(openai, rows(part)), folder, name)


def as_hf(part: Path, folder: Path, name: str) -> None:
    """Parquet with the conversation as a list of role and content."""
    told = [conversation(row) for row in rows(part)]
    frame = public(part).insert_column(0, pl.Series("messages", told, MESSAGE))
    split = "validation" if name == "dev" else name
    write_table(frame, folder / f"{split}.parquet", compression="zstd")


def as_csv(part: Path, folder: Path, name: str) -> None:
    """Every cell quoted and harmless."""
    text = io.StringIO(newline="")
    frame = public(part)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(frame.columns)
    for row in frame.cast(pl.String).iter_rows():
        writer.writerow(map(harmless, row))
    (folder / f"{name}.csv").write_bytes(text.getvalue().encode())


def public(part: Path) -> pl.DataFrame:
    """The records of one split without the texts before their edits."""
    return pl.read_parquet(part).drop("answer_before")


def rows(part: Path) -> Iterator[dict[str, Any]]:
    """The records of one split."""
    return pl.read_parquet(part).iter_rows(named=True)


def write_lines(told: Iterator[Mapping[str, Any]], folder: Path, name: str) -> None:
    """One JSON object a line."""
    with (folder / f"{name}.jsonl").open("wb") as file:
        file.writelines(orjson.dumps(one) + b"\n" for one in told)


def conversation(row: Mapping[str, Any]) -> list[Message]:
    """All messages, the answer last; a rejected answer stands beside them."""
    _, whole = messages(row)
    return [{"role": role, "content": text} for role, text in whole if role != REJECTED]


def openai(row: Mapping[str, Any]) -> dict[str, Any]:
    """One line of a file for fine-tuning, or for preference training."""
    told = conversation(row)
    if row[REJECTED] is None:
        return {"messages": told}
    return {
        "input": {"messages": told[:-1]},
        "preferred_output": told[-1:],
        "non_preferred_output": [{"role": "assistant", "content": row[REJECTED]}],
    }


FORMATS: dict[str, Callable[[Path, Path, str], None]] = {
    "parquet": as_parquet,
    "jsonl": as_jsonl,
    "hf": as_hf,
    "openai": as_openai,
    "csv": as_csv,
}
SUFFIXES = ("parquet", "jsonl", "csv")
PARTS = {f"{name}.{suffix}" for name in (*SPLITS, "validation") for suffix in SUFFIXES}
OURS = frozenset({manifests.FILE, ledgers.FILE, DECISIONS, CARD, *PARTS})
