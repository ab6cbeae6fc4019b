"""Guidelines keep every version, whoever writes at once; the same cases on every store."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest

from curate.store import guidelines
from curate.store.database import Store
from curate.store.guidelines import Guideline
from curate.store.refusals import Refused
from tests.contract.conftest import Clock


def write(store: Store, text: str, by: str = "mika", after: int = 0) -> Guideline:
    return store.write(lambda on: guidelines.write(store, on, text, by, after))


def test_there_is_none_at_first(store: Store) -> None:
    assert store.read(guidelines.newest) is None
    assert store.read(guidelines.versions) == []


def test_every_version_is_kept_with_who_wrote_it_and_when(
    store: Store, opened: Callable[[], Store], clock: Clock
) -> None:
    first = write(store, "Be brief.")
    clock.at += 60
    second = write(store, "簡潔に。\n\n- 敬体で", "太郎", after=first.version)
    assert first == Guideline(1, "Be brief.", "mika", 1_800_000_000.0)
    assert second == Guideline(2, "簡潔に。\n\n- 敬体で", "太郎", 1_800_000_060.0)
    again = opened()
    assert again.read(guidelines.versions) == [second, first]
    assert again.read(guidelines.newest) == second


def test_the_same_text_twice_is_one_version(store: Store) -> None:
    first = write(store, "Be brief.")
    assert write(store, "Be brief.", "hana") == first  # a double click, or nothing changed
    assert store.read(guidelines.versions) == [first]


def test_a_text_of_long_ago_may_be_written_again(store: Store) -> None:
    for n, text in enumerate(("A", "B", "A")):
        write(store, text, after=n)
    assert [one.text for one in store.read(guidelines.versions)] == ["A", "B", "A"]


def test_who_has_not_read_the_newest_is_told_whose_it_is(store: Store) -> None:
    first = write(store, "Be brief.")
    write(store, "簡潔に。", "太郎", after=first.version)
    with pytest.raises(Refused, match="太郎 wrote version 2 meanwhile"):
        write(store, "Be kind.", after=first.version)
    assert len(store.read(guidelines.versions)) == 2
    assert write(store, "Be kind.", after=2).version == 3


def test_of_ten_who_write_at_once_one_is_taken(store: Store) -> None:
    """A store that looks before it locks takes more than one."""
    start = threading.Barrier(10)
    taken: list[str] = []

    def work(name: str) -> None:
        start.wait()
        with suppress(Refused):
            taken.append(write(store, f"By {name}.", name).reviewer)

    people = [threading.Thread(target=work, args=(f"person {n}",)) for n in range(10)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert [one.reviewer for one in store.read(guidelines.versions)] == taken
    assert len(taken) == 1
