"""Repair and control: what changed, and as much changed elsewhere that means the same."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.content.wording import wording
from tests.train.prove.lamps import Row, edited, placebo, record, repaired, rows
from tests.train.snapshots import approve
from train.approved import open_approved
from train.prove.control import drawn, reworded, written
from train.prove.repair import Repair, origin, repair

TRAIN = [row for row in rows() if row["split"] == "train"]


def changed(plan: list[str]) -> tuple[list[Row], list[Row]]:
    """Training rows before, and after each was kept, edited, dropped, or kept beside a new one."""
    after: list[Row] = []
    for row, what in zip(TRAIN, plan, strict=True):
        if what == "edit":
            after.append(edited(row, f"{row['answer']} Indeed."))
        elif what != "drop":
            after.append(row)
        if what == "add":
            after.append(record(f"New {row['line']}?", "Yes.", "train", row["source"], 90))
    return TRAIN, after


PLANS = st.lists(
    st.sampled_from(["keep", "keep", "edit", "drop", "add"]),
    min_size=len(TRAIN), max_size=len(TRAIN),
)  # fmt: skip


def test_what_review_did_is_found() -> None:
    found = repair(TRAIN, [row for row in repaired(TRAIN) if row["line"] != 2])
    assert found.counts() == {"edited": 3, "dropped": 5, "added": 0, "untouched": 12}
    assert all("21" in old["answer"] and "12" in new["answer"] for old, new in found.edited)


def test_nothing_changed_is_no_repair() -> None:
    assert repair(TRAIN, TRAIN).changed == 0


def test_a_record_that_is_edited_twice_is_one_change() -> None:
    first = repaired(TRAIN)
    again = [{**edited(row, "It is 13 hours."), "parent_id": origin(row)} for row in first]
    assert repair(first, again).counts() == {
        "edited": len(TRAIN), "dropped": 0, "added": 0, "untouched": 0,
    }  # fmt: skip


@given(PLANS, st.randoms())
def test_every_record_is_accounted_for_whatever_the_order(
    plan: list[str], chance: random.Random
) -> None:
    before, after = changed(plan)
    found = repair(before, after)
    kinds = found.edited, found.dropped, found.untouched
    assert sum(len(kind) for kind in kinds) == len(before)
    assert len(found.edited) + len(found.added) + len(found.untouched) == len(after)
    chance.shuffle(after := list(after))
    assert repair(before, after).counts() == found.counts()


@given(PLANS, st.integers(0, 99))
def test_a_control_changes_as_many_and_nothing_that_the_repair_touched(
    plan: list[str], seed: int
) -> None:
    found = repair(*changed(plan))
    if found.changed > len(found.untouched):
        return
    other = drawn(found, seed)
    assert len(other.reworded) == len(found.edited)
    assert len(other.dropped) == len(found.dropped)
    assert len(other.added) == len(found.added)
    free = {row["record_id"] for row in found.untouched}
    taken = [old["record_id"] for old, _ in other.reworded]
    taken += [row["record_id"] for row in other.dropped]
    assert set(taken) <= free
    assert len(set(taken)) == len(taken)
    assert drawn(found, seed) == other


@pytest.mark.parametrize(
    ("prompt", "answer", "name"),
    [
        ("When?", "It is 12 hours.", "answer"), ("いつですか。", "十二時間です。", "answer"),
        ("Write as a code: 3 May 2011", "2011/05/03", "instruction"),
        ("JSON?", '{"sea": ["river"]}', "instruction"), ("首都は？", "東京", "instruction"),
    ],
)  # fmt: skip
def test_a_rewording_is_another_record_that_means_the_same(
    prompt: str, answer: str, name: str
) -> None:
    row = record(prompt, answer, "train", "x", 1)
    new = reworded(row)
    assert new["record_id"] != row["record_id"]
    assert [key for key in ("instruction", "answer") if new[key] != row[key]] == [name]
    assert wording(new[name]) == wording(row[name])


def test_a_control_is_a_snapshot_of_its_own_with_the_dev_and_test_records_of_the_data(
    tmp_path: Path,
) -> None:
    approved = open_approved(approve(tmp_path / "before", rows()))
    found = repair(TRAIN, placebo(repaired(TRAIN))[1:])
    made = [open_approved(written(approved, drawn(found, seed), tmp_path)) for seed in (1, 1, 2)]
    assert made[0].id == made[1].id != made[2].id
    assert len({made[0].id, made[2].id, approved.id}) == 3
    for split in ("dev", "test"):
        assert made[0].records(split) == approved.records(split)
    here = repair(TRAIN, [row_of(one.record_id, made[0].path) for one in made[0].records("train")])
    assert len(made[0].records("train")) == len(TRAIN) - len(found.dropped)
    assert len(here.untouched) == len(TRAIN) - found.changed
    assert "not approved data" in (made[0].path / "README.md").read_text(encoding="utf-8")
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(
        ["before", made[0].path.name, made[2].path.name]
    )


def row_of(record_id: str, folder: Path) -> Row:
    from pyarrow import parquet

    table = parquet.read_table(folder / "train.parquet").to_pylist()
    return next(dict(row) for row in table if row["record_id"] == record_id)


def test_records_that_stand_there_twice_are_told_apart() -> None:
    both = [TRAIN[0], {**TRAIN[0], "line": 77}, TRAIN[1]]
    assert repair(both, [TRAIN[0], TRAIN[1]]).counts() == {
        "edited": 0, "dropped": 1, "added": 0, "untouched": 2,
    }  # fmt: skip
    assert isinstance(repair(both, both), Repair)
