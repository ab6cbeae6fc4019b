"""read = trained + ledger, whatever is read and however it is trained."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.errors import Unaccounted
from train.approved import Record
from train.ledger import Fate, Seen, balance, entries, write
from train.template import Encoded

FATES = st.lists(st.sampled_from(["number", "end", "masked", "unsampled"]), max_size=30)


def record(line: int, split: str = "train") -> Record:
    asked = (("user", "?"), ("assistant", "!"))
    return Record(f"{line:032x}", split, "g", None, "a.jsonl", line, None, asked, "!")


def numbered(kinds: list[str]) -> tuple[list[Fate], list[Encoded]]:
    fates: list[Fate] = []
    encoded: list[Encoded] = []
    for kind in kinds:
        if kind == "number":
            fates.append(len(encoded))
            encoded.append(Encoded("x", [1, 2, 3], [False, True, True]))
        else:
            fates.append(("dropped", kind))
    return fates, encoded


@given(FATES, st.integers(0, 3))
def test_every_record_that_was_read_is_trained_or_in_the_ledger(
    kinds: list[str], epochs: int
) -> None:
    read = [record(line) for line in range(len(kinds))]
    fates, encoded = numbered(kinds)
    seen = Seen()
    for epoch in range(epochs):
        seen.add(list(range(len(encoded))), epoch + 1)
    made = entries(read, fates, encoded, seen, "stopped")
    assert [entry.record for entry in made] == read
    trained = [entry for entry in made if entry.outcome == "trained"]
    assert len(trained) == (len(encoded) if epochs else 0)
    assert all(entry.times == epochs and entry.tokens == 2 for entry in trained)
    assert all(entry.reason for entry in made if entry.outcome != "trained")


def test_a_record_that_was_cut_is_trained_and_says_so() -> None:
    cut = Encoded("x", [1, 2], [False, True], "end")
    seen = Seen()
    seen.add([0], 7)
    [entry] = entries([record(1)], [0], [cut], seen, "stopped")
    assert entry.outcome == "trained"
    assert "end of its answer" in (entry.reason or "")
    assert (entry.first_step, entry.last_step) == (7, 7)


def test_a_step_on_a_record_that_nobody_read_is_noticed() -> None:
    seen = Seen()
    seen.add([0, 1], 1)
    with pytest.raises(Unaccounted):
        entries([record(1)], [0], [Encoded("x", [1, 2], [False, True])] * 2, seen, "stopped")


def test_a_record_without_an_account_is_noticed() -> None:
    with pytest.raises(Unaccounted):
        balance(2, entries([record(1)], [("dropped", "end")], [], Seen(), "stopped"), Seen())


def test_what_processes_saw_is_added_up_and_survives_a_file() -> None:
    one, other = Seen(), Seen()
    one.add([0, 1], 1)
    other.add([2], 1)
    one.add([2], 5)
    both = Seen.of([one.state(), other.state()])
    assert both.times == {0: 1, 1: 1, 2: 2}
    assert (both.first[2], both.last[2]) == (1, 5)
    assert Seen.of([both.state()]) == both


def test_ledger_parquet_names_the_place_of_every_record(tmp_path: Path) -> None:
    held = replace(record(2), split="dev")
    fates: list[Fate] = [("dropped", "all"), ("held-out", "a dev record")]
    write(entries([record(1), held], fates, [], Seen(), "stopped"), tmp_path / "ledger.parquet")
    first, second = parquet.read_table(tmp_path / "ledger.parquet").to_pylist()
    assert (first["source"], first["line"], first["outcome"]) == ("a.jsonl", 1, "dropped")
    assert "all of its answer" in first["reason"]
    assert (second["split"], second["reason"]) == ("dev", "a dev record")
