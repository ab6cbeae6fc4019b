"""The approved snapshot: what was decided, nothing else, every record told."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from curate.errors import BadSource, NothingToAudit, Unaccounted
from curate.export import manifest as manifests
from curate.export.approve import Terms, approve
from curate.export.ledger import balanced
from curate.fix import messages
from curate.record import content_id
from curate.review import Review, policy
from curate.review.settings import change
from tests.curate.export.desk import (
    COPY,
    EMPTY,
    RECORDS,
    approved,
    everything,
    id_at,
    opened,
    part,
    place,
    says,
)
from train.approved import open_approved


@pytest.fixture
def review(tmp_path: Path) -> Review:
    return opened(tmp_path)


def test_without_decisions_everything_stays_as_it_was(review: Review) -> None:
    done = approved(review)
    parent = pl.concat(review.report.snapshot.frames()).drop("prompt")
    same = everything(done).select(parent.columns).sort("source", "line")
    assert same.equals(parent.sort("source", "line"))
    assert done.outcomes == {"kept": len(RECORDS), "changed": 0, "dropped": 0, "held-back": 0}
    assert set(everything(done)["verdict"]) == {"kept"}


def test_an_undecided_error_holds_the_export_back(review: Review) -> None:
    done = approve(review, place(review), Terms())
    assert done.held
    assert (done.undecided.records, dict(done.undecided.checks)) == (1, {"empty-answer": 1})
    assert not place(review).approved.exists()


def test_reviewers_who_differ_hold_it_back_too(review: Review) -> None:
    says(review, id_at(review, EMPTY), "keep")
    assert not approve(review, place(review), Terms()).held
    says(review, id_at(review, EMPTY), "drop", who="太郎")
    done = approve(review, place(review), Terms())
    assert done.held
    assert done.undecided.conflicts == 1
    says(review, id_at(review, EMPTY), "drop", who="hana", adjudicates=True)
    assert approve(review, place(review), Terms()).outcomes["dropped"] == 1


def test_what_waits_for_its_second_reviewer_holds_it_back_too(review: Review) -> None:
    change(review.store, "double_share", 1.0)
    says(review, id_at(review, EMPTY), "drop")
    done = approve(review, place(review), Terms())
    assert done.held
    assert (done.undecided.alone, done.undecided.conflicts) == (1, 0)
    assert approved(review).outcomes["dropped"] == 0
    says(review, id_at(review, EMPTY), "drop", who="太郎")
    assert approve(review, place(review), Terms()).outcomes["dropped"] == 1


def test_an_edit_reads_so_in_the_export_and_nowhere_else(review: Review) -> None:
    record_id = id_at(review, 3)
    old = RECORDS[2]["output"]
    before = {file: file.read_bytes() for file in review.report.snapshot.path.iterdir()}
    says(
        review, record_id, "edit", changes={"answer": (old, "京都なら貴船神社へ。")}, reason="訳す"
    )
    done = approved(review)
    [row] = everything(done).filter(pl.col("verdict") == "changed").iter_rows(named=True)
    assert (row["answer"], row["answer_before"]) == ("京都なら貴船神社へ。", old)
    assert row["parent_id"] == record_id
    assert row["record_id"] == content_id(messages(row)[1]) != record_id
    [told] = part(done, "ledger").filter(pl.col("record_id") == record_id).iter_rows(named=True)
    assert (told["outcome"], told["new_id"], told["note"]) == ("changed", row["record_id"], "訳す")
    assert told["reviewers"] == ["mika"]
    assert {file: file.read_bytes() for file in before} == before
    assert review.report.records([record_id])["answer"].item() == old


def test_prompts_labels_and_inputs_change_as_decided(review: Review) -> None:
    prompt, label = id_at(review, 1), id_at(review, 2)
    asked = RECORDS[0]["instruction"]
    says(review, prompt, "edit", changes={"prompt": (asked, "リマの雨の日は？")})
    says(review, label, "relabel", changes={"category": ("travel", "旅行")})
    rows = {row["line"]: row for row in everything(approved(review)).iter_rows(named=True)}
    assert rows[1]["instruction"] == "リマの雨の日は？"
    assert rows[1]["prompt_id"] == content_id(messages(rows[1])[0])
    assert (rows[2]["category"], rows[2]["verdict"]) == ("旅行", "changed")
    assert (rows[2]["record_id"], rows[2]["parent_id"]) == (label, None)


def test_copies_and_dropped_records_go_and_the_ledger_says_why(review: Review) -> None:
    policy.decide(review, "exact-duplicate", "survivor", "hana")
    says(review, id_at(review, EMPTY), "drop", reason="答えがない")
    done = approved(review)
    ledger = part(done, "ledger")
    gone = ledger.filter(pl.col("outcome") == "dropped").sort("line")
    assert gone["line"].to_list() == [COPY, EMPTY]
    assert gone["reason"].to_list() == ["a policy dropped it", "a person dropped it"]
    assert gone["policy"].to_list() == ["exact-duplicate: survivor", None]
    assert gone["note"].to_list() == [None, "答えがない"]
    assert gone["new_id"].null_count() == gone["split"].null_count() == 2
    assert len(everything(done)) == len(RECORDS) - 2


def test_of_two_decisions_the_undone_one_does_nothing(review: Review) -> None:
    record_id = id_at(review, 5)
    said = says(review, record_id, "drop")
    clean = approved(review).outcomes
    assert clean["dropped"] == 1
    review.revert([str(said.id)], "mika")
    assert approved(review).outcomes["dropped"] == 0


def test_every_byte_is_held_by_the_id(review: Review) -> None:
    done = approved(review)
    assert done.path is not None
    assert manifests.altered(done.path) == []
    for file in sorted(done.path.iterdir()):
        kept = file.read_bytes()
        changed = bytearray(kept)
        changed[len(changed) // 2 : len(changed) // 2 + 1] = b"!"
        file.write_bytes(changed)
        try:
            found = manifests.altered(done.path)
        except ValueError:  # the manifest is no JSON any more
            found = [file.name]
        assert found == [file.name]
        file.write_bytes(kept)


def test_training_reads_exactly_what_was_approved(review: Review) -> None:
    done = approved(review)
    taken = open_approved(None, place(review).path)
    assert taken.id == done.manifest["id"]  # type: ignore[index]
    for name in ("train", "dev", "test"):
        assert [r.record_id for r in taken.records(name)] == part(done, name)["record_id"].to_list()


def test_the_same_decisions_make_the_same_snapshot_anywhere(review: Review, tmp_path: Path) -> None:
    other = opened(tmp_path / "other")
    for each in (review, other):
        says(each, id_at(each, EMPTY), "drop")
    first = approved(review, licence="cc-by-4.0")
    again = approved(review, licence="cc-by-4.0")
    elsewhere = approved(other, licence="cc-by-4.0")
    assert first.manifest == again.manifest == elsewhere.manifest
    assert "time" not in json.dumps(first.manifest)
    assert approved(review, seed=1).manifest != first.manifest


def test_a_damaged_snapshot_is_made_anew(review: Review) -> None:
    done = approved(review)
    assert done.path is not None
    (done.path / "train.parquet").write_bytes(b"")
    approved(review)
    assert manifests.altered(done.path) == []


def test_a_decision_on_another_text_is_named_with_the_way_out(review: Review) -> None:
    says(review, id_at(review, 3), "edit", changes={"answer": ("not this", "new")})
    with pytest.raises(BadSource, match=r"curate revert mika-.*its old answer is not"):
        approved(review)


def test_a_text_gets_a_prompt_and_a_system_text(tmp_path: Path) -> None:
    review = opened(tmp_path, [{"text": "奈良の鹿は神の使いとされる。"}])
    changes = {"prompt": ("", "奈良の鹿とは？"), "system": (None, "短く答える。")}
    says(review, id_at(review, 1), "edit", changes=changes)
    [row] = everything(approved(review)).iter_rows(named=True)
    assert row["roles"] == "sua"
    assert [role for role, _ in messages(row)[1]] == ["system", "user", "assistant"]
    assert row["record_id"] == content_id(messages(row)[1])


def test_an_empty_system_text_stays_where_it_is(tmp_path: Path) -> None:
    turns = [("system", ""), ("user", "Who?"), ("assistant", "Me.")]
    chat = {"messages": [{"role": role, "content": text} for role, text in turns]}
    review = opened(tmp_path, [chat])
    says(review, id_at(review, 1), "edit", changes={"answer": ("Me.", "I.")})
    [row] = everything(approved(review)).iter_rows(named=True)
    assert messages(row)[1][:2] == turns[:2]


def test_an_edit_of_earlier_turns_changes_words_not_speakers(tmp_path: Path) -> None:
    turns = [("user", "Hi."), ("assistant", "Hello."), ("user", "Who?"), ("assistant", "Me.")]
    chat = {"messages": [{"role": role, "content": text} for role, text in turns]}
    review = opened(tmp_path, [chat])
    [row] = review.report.records([id_at(review, 1)]).iter_rows(named=True)
    new = row["history"].replace("Hello.", "こんにちは。")
    says(review, row["record_id"], "edit", changes={"history": (row["history"], new)})
    assert everything(approved(review))["history"].item() == new
    says(review, row["record_id"], "edit", changes={"history": (row["history"], "[]")}, request="2")
    with pytest.raises(BadSource, match="changes who speaks"):
        approved(review)


def test_a_snapshot_that_was_changed_is_not_approved(review: Review) -> None:
    file = review.report.snapshot.path / review.report.snapshot.parts[0].file
    file.write_bytes(file.read_bytes() + b"!")
    with pytest.raises(BadSource, match="changed since the audit"):
        approved(review)


def test_a_field_that_no_record_has_is_named(review: Review) -> None:
    says(review, id_at(review, 3), "edit", changes={"anwser": (None, "new")})
    with pytest.raises(BadSource, match="'anwser'; allowed: system"):
        approved(review)


def test_where_nothing_is_left_nothing_is_exported(tmp_path: Path) -> None:
    review = opened(tmp_path, [{"instruction": "Say hello.", "output": "Hello."}])
    says(review, id_at(review, 1), "drop")
    with pytest.raises(NothingToAudit, match="no record is left"):
        approved(review)


def test_a_ledger_that_does_not_add_up_is_never_published(review: Review) -> None:
    ledger = part(approved(review), "ledger")
    size = len(ledger)
    assert balanced(ledger, size, size)["kept"] == size
    for lost in (ledger[1:], ledger.with_columns(split=pl.lit(None, pl.String))):
        with pytest.raises(Unaccounted):
            balanced(lost, size, size)
    with pytest.raises(Unaccounted):
        balanced(ledger, size, size - 1)


def test_a_dry_run_counts_and_writes_nothing(review: Review) -> None:
    done = approve(review, place(review), Terms(allow_undecided=True), write=False)
    assert done.outcomes["kept"] == len(RECORDS)
    assert done.manifest is None
    assert not place(review).approved.exists()
