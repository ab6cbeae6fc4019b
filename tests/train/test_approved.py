"""Approved: what was approved is what is read; one changed byte anywhere is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from curate.record import SEPARATOR as CURATES
from tests.train.planted import clean
from tests.train.snapshots import approve, row
from train.approved import SEPARATOR, filled, manifest_id, open_approved, record_of
from train.errors import BadRecipe, NotApproved


def test_the_separator_is_curates() -> None:
    assert SEPARATOR == CURATES


def test_records_come_by_split_in_order(tmp_path: Path) -> None:
    found = open_approved(approve(tmp_path / "a"))
    assert [len(found.records(split)) for split in ("train", "dev", "test")] == [10, 2, 2]
    first = found.records("train")[0]
    assert first.messages == (("user", "Capital of France?"), ("assistant", "Paris"))
    assert (first.prompt, first.answer, first.place) == (
        "Capital of France?", "Paris", "capitals.jsonl:1",
    )  # fmt: skip


def test_messages_hold_system_history_and_input() -> None:
    made = record_of(
        row(
            0, "Japan", "train", system="Be short.", input="Asia",
            history=json.dumps([["user", "Hi"], ["assistant", "Hello"]]),
        )
    )  # fmt: skip
    assert made.messages == (
        ("system", "Be short."), ("user", "Hi"), ("assistant", "Hello"),
        ("user", "Capital of Japan?\n\nAsia"), ("assistant", "Tokyo"),
    )  # fmt: skip
    assert made.input == "Asia"


def test_the_newest_of_a_workspace_is_taken_and_ids_can_be_short(tmp_path: Path) -> None:
    made = approve(tmp_path / "made")
    name = json.loads((made / "manifest.json").read_bytes())["id"]
    place = tmp_path / ".curate" / "approved"
    shutil.copytree(made, place / name)
    (place / "latest").write_text(name, encoding="utf-8")
    workspace = tmp_path / ".curate"
    assert open_approved(None, workspace).id == name
    assert open_approved(name[:6], workspace).id == name
    assert open_approved(made / "manifest.json").id == name


FILES = ["train.parquet", "dev.parquet", "test.parquet", "manifest.json", "README.md"]


@pytest.mark.parametrize("name", FILES)
def test_one_changed_byte_is_refused_with_the_file(tmp_path: Path, name: str) -> None:
    folder = approve(tmp_path / "a")
    raw = bytearray((folder / name).read_bytes())
    at = raw.index(b"42") if name == "manifest.json" else len(raw) // 2
    raw[at] ^= 1
    (folder / name).write_bytes(raw)
    with pytest.raises(NotApproved, match=name):
        open_approved(folder)


def test_a_missing_part_is_refused(tmp_path: Path) -> None:
    folder = approve(tmp_path / "a")
    (folder / "dev.parquet").unlink()
    with pytest.raises(NotApproved, match="dev.parquet is missing"):
        open_approved(folder)


def test_what_no_review_has_seen_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "data.jsonl"
    file.write_text('{"instruction": "a", "output": "b"}\n', encoding="utf-8")
    with pytest.raises(NotApproved, match="no review has seen"):
        open_approved(file)
    with pytest.raises(NotApproved, match="curate export"):
        open_approved(tmp_path)
    (tmp_path / "manifest.json").write_text('{"format": "curate-snapshot/1"}', encoding="utf-8")
    with pytest.raises(NotApproved, match="curate-approved/1"):
        open_approved(tmp_path)


def test_an_unknown_id_and_an_empty_workspace_say_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(NotApproved, match="known: none"):
        open_approved("abc", tmp_path / ".curate")
    with pytest.raises(NotApproved, match="curate export"):
        open_approved(None, tmp_path / ".curate")


def test_a_prompt_format_is_filled_from_columns() -> None:
    record = record_of(clean.row(1, "train"))
    asked = "Create a detailed description for: {product}, in {category} ({answer})"
    assert filled(asked, record) == (
        "Create a detailed description for: lamp 1, in shop (The lamp costs 307 yen.)"
    )
    with pytest.raises(BadRecipe, match=rf"'price', which record {record.record_id} \(shop"):
        filled("{price}", record)
    assert filled("{product.__class__}", record) == "{product.__class__}"


def test_a_copy_goes_by_the_id_of_what_it_is_a_copy_of(tmp_path: Path) -> None:
    folder = approve(tmp_path / "a")
    manifest = json.loads((folder / "manifest.json").read_bytes())
    first = manifest["id"]
    manifest |= {"file_format": "jsonl", "approved": first}
    manifest["id"] = manifest_id(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    copy = open_approved(folder)
    assert copy.id == copy.manifest["id"] == first != manifest["id"]


@pytest.mark.parametrize("form", ["openai", "csv"])
def test_a_copy_made_to_be_given_away_says_what_to_give_instead(tmp_path: Path, form: str) -> None:
    folder = approve(tmp_path / "a")
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest |= {"file_format": form, "approved": manifest["id"]}
    manifest["id"] = manifest_id(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(NotApproved, match=f"{form}, which is made to be given away") as refused:
        open_approved(folder)
    assert "parquet or jsonl" in str(refused.value)
    assert manifest["approved"] in str(refused.value)
