"""Exports for other tools: texts are as approved, sheets run nothing, files of others stay."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from curate.audit import audit
from curate.errors import BadSetting
from curate.export import manifest as manifests
from curate.export.approve import Approved
from curate.export.formats import FORMATS, export
from curate.export.spreadsheet import harmless
from curate.review import Review
from tests.curate.export.desk import approved, everything, id_at, opened, place, says
from train.approved import open_approved

HOSTILE = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "|calc", "%0A", "\t=1", "\r=1", "\n=1", "\x00=1",
    "＝1+1", "＋1", "－1", "＠SUM", " =1", "\u3000=1", "\ufeff=1", "\u200b=1", "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x","y")',
]  # fmt: skip
PLAIN = ["", "a=b", "1-1", "東京＝首都", "「-」", "'", "a\n=b", "100 %"]
TURNS = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "Where is Nara?"},
    {"role": "assistant", "content": "In Japan."},
    {"role": "user", "content": "奈良は何で有名ですか。"},
    {"role": "assistant", "content": "鹿と大仏です。"},
]


@pytest.fixture
def review(tmp_path: Path) -> Review:
    return opened(tmp_path)


def copied(done: Approved, out: Path, form: str, review: Review) -> dict[str, Any]:
    return export(done, out, form, place(review))


def lines(folder: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for file in sorted(folder.glob("*.jsonl"))
        if file.name != "decisions.jsonl"
        for line in file.read_bytes().splitlines()
    ]


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_every_export_holds_all_records_and_a_manifest(
    review: Review, tmp_path: Path, form: str
) -> None:
    done = approved(review)
    out = tmp_path / form
    said = copied(done, out, form, review)
    assert manifests.altered(out) == []
    assert said["file_format"] == form
    assert sum(said["records"].values()) == len(everything(done))
    assert (out / "README.md").read_text(encoding="utf-8").startswith("---\n")
    assert said.get("approved", said["id"]) == done.manifest["id"]  # type: ignore[index]


def test_parquet_is_the_approved_snapshot_itself(review: Review, tmp_path: Path) -> None:
    done = approved(review)
    copied(done, tmp_path / "out", "parquet", review)
    assert done.path is not None
    for file in done.path.iterdir():
        assert (tmp_path / "out" / file.name).read_bytes() == file.read_bytes()


def test_hostile_texts_are_unaltered_but_in_a_sheet(tmp_path: Path) -> None:
    records = [
        {"instruction": f"Item {n}", "output": text} for n, text in enumerate(HOSTILE + PLAIN)
    ]
    review = opened(tmp_path, records)
    done = approved(review)
    for form in ("parquet", "jsonl", "hf"):
        copied(done, tmp_path / form, form, review)
    texts = {one["answer"] for one in records_of(tmp_path)}
    assert texts == set(HOSTILE + PLAIN)
    assert {row["answer"] for row in lines(tmp_path / "jsonl")} == texts
    copied(done, tmp_path / "csv", "csv", review)
    cells = sheet(tmp_path / "csv")
    assert len(cells) == len(records)
    assert {cell["answer"] for cell in cells} == {f"'{one}" for one in HOSTILE} | set(PLAIN)


def records_of(folder: Path) -> list[dict[str, Any]]:
    frames = [pl.read_parquet(file) for file in sorted((folder / "hf").glob("*.parquet"))]
    return [row for frame in frames for row in frame.iter_rows(named=True)]


def sheet(folder: Path) -> list[dict[str, str]]:
    return [
        row
        for file in sorted(folder.glob("*.csv"))
        for row in csv.DictReader(io.StringIO(file.read_bytes().decode(), newline=""))
    ]


@pytest.mark.parametrize("cell", HOSTILE)
def test_a_cell_that_could_run_is_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", PLAIN)
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def test_conversations_come_back_with_the_same_ids(tmp_path: Path) -> None:
    chats = [{"messages": TURNS[1:]}, {"messages": TURNS[1:3]}]
    review = opened(tmp_path, chats)
    done = approved(review)
    copied(done, tmp_path / "jsonl", "jsonl", review)
    copied(done, tmp_path / "openai", "openai", review)
    told = {json.dumps(row["messages"]) for row in lines(tmp_path / "openai")}
    assert told == {json.dumps(chat["messages"]) for chat in chats}
    again = audit(
        sorted((tmp_path / "jsonl").glob("t*n.jsonl")) + sorted((tmp_path / "jsonl").glob("dev.jsonl")),
        workspace=tmp_path / "again", only=["empty-answer"],
    )  # fmt: skip
    ids = pl.concat(again.snapshot.frames(["record_id"]))["record_id"]
    assert set(ids) == set(everything(done).filter(pl.col("split") != "test")["record_id"])


def test_the_system_text_is_the_first_message(tmp_path: Path) -> None:
    review = opened(tmp_path, [{"messages": TURNS}])
    copied(approved(review), tmp_path / "out", "jsonl", review)
    assert [row["messages"] for row in lines(tmp_path / "out")] == [TURNS]


def test_a_better_and_a_worse_answer_become_a_preference(tmp_path: Path) -> None:
    pair = {"prompt": "2+2?", "chosen": "4", "rejected": "5"}
    review = opened(tmp_path, [pair])
    copied(approved(review), tmp_path / "out", "openai", review)
    [row] = lines(tmp_path / "out")
    assert row["input"] == {"messages": [{"role": "user", "content": "2+2?"}]}
    assert row["preferred_output"] == [{"role": "assistant", "content": "4"}]
    assert row["non_preferred_output"] == [{"role": "assistant", "content": "5"}]


def test_json_lines_are_trained_on_elsewhere(review: Review, tmp_path: Path) -> None:
    done = approved(review)
    copied(done, tmp_path / "out", "jsonl", review)
    taken = open_approved(tmp_path / "out")
    kept = {r.record_id: r.messages for r in open_approved(done.path).records("train")}
    assert {r.record_id: r.messages for r in taken.records("train")} == kept


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_the_card_of_a_copy_points_to_what_is_there(
    review: Review, tmp_path: Path, form: str
) -> None:
    done = approved(review)
    copied(done, tmp_path / "out", form, review)
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert ("ledger.parquet" in card) == (tmp_path / "out" / "ledger.parquet").exists()
    if form != "parquet":  # which is the approved snapshot, byte for byte
        assert f"A copy of the approved snapshot `{done.manifest['id']}`." in card  # type: ignore[index]


@pytest.mark.parametrize("form", ["hf", "openai", "csv"])
def test_what_is_given_away_tells_nothing_of_before(
    review: Review, tmp_path: Path, form: str
) -> None:
    from tests.curate.export.desk import RECORDS

    old = RECORDS[2]["output"]
    says(review, id_at(review, 3), "edit", who="太郎", changes={"answer": (old, "Short.")})
    copied(approved(review), tmp_path / "out", form, review)
    for file in (tmp_path / "out").iterdir():
        content = file.read_bytes()
        if file.suffix == ".parquet":
            content = pl.read_parquet(file).write_json().encode()
        assert old.encode() not in content
        assert "太郎".encode() not in content


def test_files_of_somebody_else_are_never_overwritten(review: Review, tmp_path: Path) -> None:
    done = approved(review)
    out = tmp_path / "out"
    out.mkdir()
    (out / "train.jsonl").write_text("mine")
    with pytest.raises(BadSetting, match=r"train\.jsonl, and no export of ours"):
        copied(done, out, "parquet", review)
    assert (out / "train.jsonl").read_text() == "mine"
    (out / "train.jsonl").rename(out / "notes.txt")
    copied(done, out, "jsonl", review)
    copied(done, out, "jsonl", review)
    assert (out / "notes.txt").read_text() == "mine"
    with pytest.raises(BadSetting, match="did you mean 'parquet'"):
        copied(done, out, "parqet", review)


def test_the_hub_library_opens_it(
    review: Review, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    datasets = pytest.importorskip("datasets")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    done = approved(review)
    copied(done, tmp_path / "out", "hf", review)
    found = datasets.load_dataset(str(tmp_path / "out"), cache_dir=str(tmp_path / "cache"))
    assert {name: len(found[name]) for name in found} == {
        {"dev": "validation"}.get(name, name): n
        for name, n in done.manifest["records"].items()  # type: ignore[index]
        if n
    }
    assert found["train"][0]["messages"][0]["role"] == "user"
