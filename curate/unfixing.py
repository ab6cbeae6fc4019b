"""Unfixing: take changes of a fixed snapshot back, one by one, and keep what comes of it.

In the new snapshot `changes.parquet` holds what is still in force, as if the rest had never been
made, and `undone.parquet` every change that was taken back, as it was. Both together hold all
changes that were ever made, each known by the place of its record and its step.
"""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from curate.content.diff import merged, visible
from curate.errors import BadSetting, BadSource, Unaccounted, unknown
from curate.fix import CHANGES, Patch, apply
from curate.fixing import CHANGES_FILE, by_id, latest, point
from curate.publish import write_table
from curate.snapshot import Snapshot, commit, write_part
from curate.workspace import Workspace

UNDONE_FILE = "undone.parquet"
WANTED = re.compile(r"(?P<source>.+?):(?P<line>[0-9]+)(?::(?P<fix>[^:0-9][^:]*))?", re.DOTALL)

Change = dict[str, Any]
"""A row of the table of changes, with `row`, its number there."""

Place = tuple[str, str, int]
"""Id that a record has after the fixes, its source, its line."""


@dataclass
class Undone:
    """What was taken back, or would be; `snapshot` is null where nothing was written."""

    parent: Snapshot  # the fixed one
    snapshot: Snapshot | None = None
    records: int = 0  # in which something was taken back
    changes: int = 0  # taken back
    in_force: int = 0  # changes that are left
    patches: Counter[tuple[str, str]] = field(default_factory=Counter)  # by fix and rule
    shown: list[Patch] = field(default_factory=list)  # one a field: from what it is to what it was


class Entangled(ValueError):
    """A later change touched the same words; `later` is its number in the chain."""

    def __init__(self, later: int) -> None:
        super().__init__(f"change {later} touched the same words")
        self.later = later


def without(texts: Sequence[str], number: int, name: str) -> list[str]:
    """The texts that a field went through, first to last, had one change never been made.

    Change n made texts[n + 1] of texts[n]; `name` is that of the field. Entangled where a later
    change touched the same words: that one has to go first.
    """
    join = turns_merged if name == "history" else merged
    kept = list(texts[: number + 1])
    for later in range(number + 1, len(texts) - 1):
        text = join(texts[number + 1], texts[number], texts[later + 1])
        if text is None:
            raise Entangled(later)
        kept.append(text)
    return kept


def turns_merged(base: str, one: str, other: str) -> str | None:
    """Both changes of earlier turns at once, each turn by itself."""
    said = []
    turns = (orjson.loads(text) for text in (base, one, other))
    for (role, text), (_, first), (_, second) in zip(*turns, strict=True):
        both = merged(text, first, second)
        if both is None:
            return None
        said.append([role, both])
    return orjson.dumps(said).decode()


def opened(named: str | None, where: Workspace) -> Snapshot:
    """A fixed snapshot by its id, or its first digits; by default the latest one."""
    if named is None:
        return latest(where)
    if Path(named).exists():
        raise BadSource(f"{named!r} is a source: --undo needs the id of a snapshot, or nothing")
    return by_id(named, where)


def run(parent: Snapshot, asked: Sequence[str], where: Workspace, *, write: bool) -> Undone:
    """Take back what `asked` names as SOURCE:LINE[:FIX]; all of it or, on an error, nothing."""
    file = parent.path / CHANGES_FILE
    if not file.exists():
        raise BadSource(f"snapshot {parent.id} was not made by curate fix: nothing to undo in it")
    changes = pl.read_parquet(file).with_row_index("row")
    rows = chosen(changes, asked, file)
    touched = changes.join(changes[sorted(rows)], on=["record_id", "source", "line"], how="semi")
    gone = touched.filter(pl.col("row").is_in(rows))
    rest = changes.join(touched, on="row", how="anti")
    kept, back = taken_back(touched, rows)
    done = Undone(parent, changes=len(gone), in_force=len(rest) + len(kept), shown=back)
    done.patches.update(
        (one["fix"], rule) for one in gone.iter_rows(named=True) for rule in one["rules"]
    )
    with where.scratch() as scratch:
        folder = scratch / "parts"
        folder.mkdir()
        parts, new_ids = [], dict[Place, str]()
        for number, records in enumerate(parent.frames()):
            new, table = apply(records, back)
            new_ids |= ids(table)
            if write:
                parts.append(write_part(new, folder, number))
        done.records = len(new_ids)
        if done.records != len({place(patch) for patch in back}):
            raise Unaccounted(f"{file} names records that snapshot {parent.id} does not hold")
        if write:
            moved = [one | {"new_record_id": new_ids[after(one)]} for one in kept]
            still = pl.concat([rest, pl.DataFrame(moved, schema=rest.schema)]).sort("row")
            write_table(still.drop("row"), folder / CHANGES_FILE)
            write_table(all_undone(parent, gone.drop("row")), folder / UNDONE_FILE)
            named = sorted(asked)
            done.snapshot = commit(folder, parts, where, parent.id, by="undo", undone=named)
            point(where, done.snapshot)
    return done


def chosen(changes: pl.DataFrame, asked: Sequence[str], file: Path) -> set[int]:
    """The rows that SOURCE:LINE[:FIX] texts name; BadSetting where one names none."""
    sources = changes["source"].unique().to_list()
    shown = {visible(f"{source}:")[:-1]: source for source in sources}  # as the diff prints it
    rows = set[int]()
    for said in asked:
        parts = WANTED.fullmatch(said)
        if parts is None:
            raise BadSetting(
                f"--undo {said!r}: write SOURCE:LINE or SOURCE:LINE:FIX, as in the diff"
            )
        source = parts["source"]
        source = source if source in sources else shown.get(source, source)
        there = changes.filter(source=source).filter(pl.col("line").cast(str) == parts["line"])
        if there.is_empty():
            raise BadSetting(
                f"--undo {said!r}: nothing is changed there; all changes are in {file}"
            )
        names = set(there["fix"])
        if parts["fix"] and parts["fix"] not in names:
            raise BadSetting(f"--undo {said!r}: {unknown('change there', parts['fix'], names)}")
        rows.update(there.filter(pl.col("fix") == parts["fix"] if parts["fix"] else True)["row"])
    return rows


def taken_back(touched: pl.DataFrame, rows: set[int]) -> tuple[list[Change], list[Patch]]:
    """The changes that stay, without those of `rows`, and the patches that take these back."""
    kept, back = list[Change](), list[Patch]()
    for chain in chains(touched):
        texts = [chain[0]["before"], *(one["after"] for one in chain)]
        now, stay = texts[-1], list(chain)
        for number in reversed(range(len(chain))):  # newest first
            if chain[number]["row"] in rows:
                try:
                    texts = without(texts, number, chain[0]["field"])
                except Entangled as entangled:
                    raise BadSetting(refusal(stay[number], stay[entangled.later])) from entangled
                del stay[number]
        pairs = zip(stay, texts, texts[1:], strict=False)
        kept += [one | {"before": was, "after": became} for one, was, became in pairs]
        if len(stay) < len(chain):
            gone = [one for one in chain if one["row"] in rows]
            back.append(inverse(gone, now, texts[-1]))
    return kept, back


def chains(touched: pl.DataFrame) -> Iterator[list[Change]]:
    """The changes of each field of each record, first to last."""
    key = ["record_id", "source", "line", "field"]
    ordered = touched.sort([*key, "step"]).iter_rows(named=True)
    for _, chain in groupby(ordered, key=lambda one: [one[name] for name in key]):
        yield list(chain)


def inverse(gone: Sequence[Change], now: str, was: str) -> Patch:
    """The one patch that takes several changes of a field back."""
    names = ", ".join(dict.fromkeys(one["fix"] for one in gone))
    rules = tuple(dict.fromkeys(rule for one in gone for rule in one["rules"]))
    return Patch(*after(gone[0]), names, rules, gone[0]["field"], now, was)


def refusal(one: Change, later: Change) -> str:
    """Why a change cannot be undone alone, and what to do."""
    where = visible(f"{one['source']}:{one['line']}")
    both = shlex.join(["--undo", f"{where}:{later['fix']}", "--undo", f"{where}:{one['fix']}"])
    return (
        f"{where}: {one['fix']} cannot be undone alone: {later['fix']} came later and changed "
        f"the same words or words beside them; undo both: {both}"
    )


def ids(table: pl.DataFrame) -> dict[Place, str]:
    """Place of every record that was changed -> its new id."""
    return {
        (old, source, line): new
        for old, source, line, new in table.select(
            "record_id", "source", "line", "new_record_id"
        ).iter_rows()
    }


def after(one: Change) -> Place:
    """Where a record is found after the fixes."""
    return one["new_record_id"], one["source"], one["line"]


def place(patch: Patch) -> Place:
    """Where the record of a patch is found."""
    return patch.record_id, patch.source, patch.line


def all_undone(parent: Snapshot, gone: pl.DataFrame) -> pl.DataFrame:
    """What was taken back before, and now."""
    file = parent.path / UNDONE_FILE
    earlier = pl.read_parquet(file) if file.exists() else pl.DataFrame(schema=CHANGES)
    return pl.concat([earlier, gone])
