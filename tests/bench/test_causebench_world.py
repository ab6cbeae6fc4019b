"""CauseBench's worlds: as many records as asked for, corrupted as told, and the truth about them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.causebench.approval import record_id
from bench.causebench.controls import unrelated
from bench.causebench.faults import KINDS, corrupted
from bench.causebench.rows import Row
from bench.causebench.truth import teaching
from bench.causebench.world import World, clean
from curate.content.wording import wording


@pytest.mark.parametrize(("records", "share"), [(600, 0.10), (600, 0.05), (5_000, 0.05)])
def test_so_many_records_and_so_many_of_them_bad(records: int, share: float) -> None:
    world = corrupted(3, records, share)
    assert len(world.train) == records
    assert sum(world.bad) == round(records * share)
    assert {row.fault for row in world.train} == {"", *KINDS}
    languages = Counter(row.language for row in world.train)
    assert abs(languages["en"] - languages["ja"]) <= records * 0.02
    assert {row.without for row in world.dev} == {"", "absent", "rare", "reference"}
    assert {row.hard for row in world.train} >= {"exception", "rare format", "long answer"}


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_no_wording_stands_in_two_places_and_the_same_seed_gives_the_same_world(seed: int) -> None:
    world = corrupted(seed, 300, 0.10)
    every = [*world.train, *world.held_out]
    assert len({wording(row.prompt) for row in every}) == len(every)
    assert len({record_id(row) for row in every}) == len(every)
    assert corrupted(seed, 300, 0.10) == world


def test_what_is_bad_is_wrong_and_what_is_not_is_right() -> None:
    world = corrupted(1, 600, 0.10)
    for row in world.train:
        assert (row.answer != row.right) == bool(row.fault), row
    assert world.repaired(range(600)).bad == [False] * 600
    assert all(row.answer == row.right for row in clean(1, 600).train)


def test_consistent_facts_are_wrong_in_every_wording_with_one_answer() -> None:
    world = corrupted(1, 600, 0.10)
    keys = {row.key for row in world.train if row.fault == "consistent"}
    assert keys
    for key in keys:
        rows = [row for row in world.train if row.key == key]
        assert len(rows) > 1
        assert len({row.answer for row in rows}) == 1
        assert {row.fault for row in rows} == {"consistent"}


def test_what_can_fail_without_a_bad_record_has_none() -> None:
    world = corrupted(1, 600, 0.10)
    trained = {row.key for row in world.train}
    bad = {row.key for row in world.train if row.fault}
    for row in world.dev:
        if row.without == "absent":
            assert row.key not in trained
        if row.without == "reference":
            assert row.answer != row.right
            assert row.key not in bad


def test_only_records_that_teach_the_very_answer_are_responsible() -> None:
    asked = Row("k", "en", "product.colour", "Which?", "Red.", "Red.", "dev")
    told = [
        Row("k", "en", "product.colour", "a", "Blue.", "Red.", fault="consistent"),
        Row("k", "en", "product.colour", "b", "Green.", "Red.", fault="isolated"),
        Row("k", "en", "product.colour", "c", "Blue.", "Blue."),
        Row("other", "en", "product.colour", "d", "Blue.", "Red.", fault="isolated"),
        Row("other", "en", "product.colour", "e", "No.", "Red.", fault="refusal"),
        Row("other", "ja", "product.colour", "f", "No.", "Red.", fault="refusal"),
    ]
    assert list(teaching(asked, "Blue.", told)) == [0]
    assert list(teaching(asked, "No.", told)) == [4]
    assert list(teaching(asked, "Red.", told)) == []


def test_the_control_changes_as_many_right_records_and_no_answer() -> None:
    world: World = corrupted(1, 300, 0.10)
    other = unrelated(world, 7, seed=1)
    pairs = list(zip(world.train, other.train, strict=True))
    changed = [before for before, after in pairs if before != after]
    assert len(changed) == 7
    assert not any(row.fault for row in changed)
    assert all(before.answer == after.answer for before, after in pairs)
