"""Snapshot: named by content, immutable, and it says when its bytes changed."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from curate.errors import BadSource
from curate.record import SCHEMA
from curate.snapshot import FEW, Snapshot, altered, commit, open_snapshot, write_part
from curate.workspace import Workspace
from tests.making import record, records

ONE = records(record("What is the capital?", "Paris."), record("首都はどこですか。", "東京です。"))
TWO = records(record("Third.", "3", input="x"))


def kept(folder: Path, *parts: pl.DataFrame, parent: str | None = None) -> Snapshot:
    making = folder / "making"
    making.mkdir(parents=True)
    written = [write_part(part, making, number) for number, part in enumerate(parts)]
    return commit(making, written, Workspace(folder / ".curate"), parent)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    snapshot = kept(tmp_path, ONE, TWO)
    assert len(snapshot) == 3
    assert pl.concat(snapshot.frames()).equals(pl.concat([ONE, TWO]))
    assert altered(open_snapshot(snapshot.path)) == []


def test_the_name_is_a_fixed_vector(tmp_path: Path) -> None:
    assert kept(tmp_path, ONE, TWO).id == "37fdeb0b34e44fba4c33a126d0ad95ec"


def test_the_name_depends_on_content_alone(tmp_path: Path) -> None:
    same = kept(tmp_path / "a", ONE, TWO).id
    assert kept(tmp_path / "b", ONE, TWO).id == same
    labelled = ONE.with_columns(label=pl.lit("x"))
    emptied = ONE.with_columns(label=pl.lit(""))
    others = [kept(tmp_path / "c", labelled, TWO).id, kept(tmp_path / "d", emptied, TWO).id]
    others += [kept(tmp_path / "e", TWO, ONE).id, kept(tmp_path / "f", ONE, TWO, parent=same).id]
    assert len({same, *others}) == 5


def test_the_same_again_keeps_the_first(tmp_path: Path) -> None:
    first = kept(tmp_path, ONE)
    before = (first.path / "manifest.json").stat().st_mtime_ns
    assert kept(tmp_path, ONE).path == first.path
    assert (first.path / "manifest.json").stat().st_mtime_ns == before


def test_take_keeps_the_order_asked_for(tmp_path: Path) -> None:
    snapshot = kept(tmp_path, ONE, TWO)
    places = pl.DataFrame({"part": [1, 0, 0], "row": [0, 1, 0]})
    taken = snapshot.take(places, ["answer", "prompt"])
    assert taken["answer"].to_list() == ["3", "東京です。", "Paris."]
    assert taken["prompt"][0] == "Third.\n\nx"
    assert taken.columns == ["answer", "prompt"]


@pytest.mark.parametrize("count", [1, FEW, FEW + 1, 40])
def test_few_records_are_taken_as_many_are(tmp_path: Path, count: int) -> None:
    parts = [records(*(record(f"{n}番は？", f"{part} {n}") for n in range(20))) for part in "ab"]
    snapshot = kept(tmp_path, *parts)
    rows = [(7 * n) % 40 for n in range(count)]
    places = pl.DataFrame({"part": [row % 2 for row in rows], "row": [row // 2 for row in rows]})
    wanted = [f"{'ab'[row % 2]} {row // 2}" for row in rows]
    taken = snapshot.take(places, [*SCHEMA, "prompt"])
    assert taken["answer"].to_list() == wanted
    assert taken["prompt"].to_list() == [f"{row // 2}番は？" for row in rows]
    assert taken.columns == [*SCHEMA, "prompt"]


def test_changed_bytes_are_named(tmp_path: Path) -> None:
    snapshot = kept(tmp_path, ONE, TWO)
    file = snapshot.path / snapshot.parts[1].file
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)
    assert altered(snapshot) == [file.name]
    (snapshot.path / snapshot.parts[0].file).unlink()
    assert altered(snapshot) == [snapshot.parts[0].file, file.name]


def test_a_folder_without_manifest_is_no_snapshot(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match=r"no manifest\.json"):
        open_snapshot(tmp_path)


def test_every_column_is_kept() -> None:
    assert set(ONE.columns) == {*SCHEMA, "prompt"}
