"""Taking decisions in: all or nothing, and a line that cannot be used is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from curate.errors import BadSource
from curate.review.exchange import read_decisions, write_decisions
from curate.store import decisions
from curate.store.database import Store, open_store
from curate.workspace import Workspace

GOOD = {
    "record_id": "a", "kind": "keep", "reviewer": "太郎", "request_id": "r1",
    "decided_at": "2026-01-02T03:04:05+00:00",
}  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(Workspace(tmp_path / "ws"))
    yield made
    made.engine.dispose()


def taken_in(store: Store, tmp_path: Path, *entries: object) -> None:
    file = tmp_path / "in.jsonl"
    file.write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in entries))
    read_decisions(store, file)


def test_what_a_person_writes_by_hand_is_enough(store: Store, tmp_path: Path) -> None:
    taken_in(store, tmp_path, GOOD)
    [one] = store.read(lambda on: list(decisions.log(on)))
    assert (one.reviewer, one.decided_at, one.act) == ("太郎", 1767323045.0, "r1")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "hide"}, "in.jsonl:2: no decision: unknown kind of decision 'hide'"),
        ({"reviewr": "x"}, "did you mean 'reviewer'"),
        ({"decided_at": "yesterday"}, "in.jsonl:2"),
        ({"reviewer": None}, "reviewer is missing"),
        ({"undoes": "r1"}, "an undo names the request"),
        ({"kind": "undo"}, "an undo names the request"),
        ({"kind": "undo", "undoes": "r9"}, "in.jsonl:2: it undoes 'r9'"),
        ({"schema": "curate-decision/9"}, "this curate reads"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_and_nothing_is_taken_in(
    store: Store, tmp_path: Path, change: dict[str, object], says: str
) -> None:
    with pytest.raises(BadSource, match=says):
        taken_in(store, tmp_path, GOOD, {**GOOD, "request_id": "r2", **change})
    assert store.read(lambda on: list(decisions.log(on))) == []


def test_an_undo_on_either_side_is_one_undo(store: Store, tmp_path: Path) -> None:
    taken_in(store, tmp_path, GOOD)
    file = tmp_path / "out.jsonl"
    write_decisions(store, file)
    other = open_store(Workspace(tmp_path / "other"))
    taken_in(other, tmp_path, {**GOOD, "record_id": "b", "request_id": "r0"})
    read_decisions(other, file)
    for each in (store, other):
        log = each.read(lambda on: list(decisions.log(on)))
        number = next(one.id for one in log if one.request_id == "r1")
        each.write(
            lambda on, each=each, number=number: decisions.undo(each, on, [number or 0], "m")
        )
    write_decisions(store, file)
    taken = read_decisions(other, file)
    assert (taken.new, taken.known) == (0, 2)
    other.engine.dispose()


def test_what_a_person_says_already_is_there_before(store: Store, tmp_path: Path) -> None:
    by_another_way = {**GOOD, "request_id": "argilla-1", "decided_at": "2026-01-03T00:00:00+00:00"}
    taken_in(store, tmp_path, by_another_way)
    file = tmp_path / "log.jsonl"
    younger = {
        **GOOD,
        "kind": "drop",
        "request_id": "r2",
        "decided_at": "2026-01-04T00:00:00+00:00",
    }
    undo = {**younger, "kind": "undo", "request_id": "r3", "undoes": "r2"}
    log = [GOOD, younger, undo, {**GOOD, "request_id": "r4", "reviewer": "mika"}]
    file.write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in log))
    for new in (1, 0):
        taken = read_decisions(store, file)
        assert (taken.new, taken.known) == (new, 4 - new)
    current = store.read(lambda on: list(decisions.current_of(on)))
    assert {one.request_id: one.kind for one in current} == {"argilla-1": "keep", "r4": "keep"}


@pytest.mark.parametrize(
    "change",
    [{"kind": "drop"}, {"reviewer": "mika"}, {"record_id": "b"}, {"adjudicates": True}],
)
def test_another_word_is_taken_in(store: Store, tmp_path: Path, change: dict[str, object]) -> None:
    taken_in(store, tmp_path, GOOD)
    file = tmp_path / "log.jsonl"
    file.write_bytes(orjson.dumps({**GOOD, "request_id": "r2", **change}) + b"\n")
    assert read_decisions(store, file).new == 1
