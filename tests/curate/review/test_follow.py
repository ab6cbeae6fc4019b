"""What is followed has no gaps, even where the database goes away in the middle of reading it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from curate.review.follow import Followed
from curate.store import decisions
from curate.store.database import Store, open_store
from curate.store.decision import Decision
from curate.workspace import Workspace


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(Workspace(tmp_path))
    yield opened
    opened.engine.dispose()


def keep(store: Store, record_id: str) -> None:
    one = Decision(
        record_id=record_id, kind="keep", reviewer="花子", request_id=f"keep {record_id}"
    )
    store.write(lambda on: decisions.append(store, on, [one]))


def stood(store: Store, followed: Followed, record_id: str) -> bool:
    store.read(followed.refresh)
    return followed.of(record_id).settled()


def test_it_sees_what_was_there_and_what_came_later(store: Store) -> None:
    followed = Followed()
    keep(store, "a")
    assert stood(store, followed, "a")
    assert not stood(store, followed, "b")
    keep(store, "b")
    assert stood(store, followed, "b")


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_a_database_that_goes_away_while_it_reads_leaves_no_gap(
    store: Store, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    followed = Followed()
    real, calls = decisions.current_of, iter(range(1, 100))

    def broken(*given: Any) -> Any:
        if next(calls) == failing:
            raise ConnectionError
        return real(*given)

    monkeypatch.setattr(decisions, "current_of", broken)
    for record_id in ("a", "b", "c"):
        keep(store, record_id)
        try:
            store.read(followed.refresh)
        except ConnectionError:
            store.read(followed.refresh)
        assert followed.of(record_id).settled()
