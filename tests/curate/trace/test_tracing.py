"""Tracing: the records that taught a wrong answer, in front, each once, beside the baseline."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from curate.errors import BadSetting
from curate.trace.reading import TracedRun, opened
from curate.trace.tracing import number_of, traced
from curate.workspace import Workspace
from tests.traced_run import AOI, BLUE


def test_what_taught_it_stands_in_front(run: TracedRun) -> None:
    english, japanese, *_ = traced(run)
    assert english.suspects[0].record["line"] in (1, 2)
    assert english.suspects[0].record["answer"] == BLUE
    assert "near-teaches" in english.suspects[0].reasons
    assert japanese.suspects[0].record["answer"] == AOI
    assert [one.number for one in traced(run)] == [1, 2, 3, 4]


def test_ranks_are_those_of_the_channels(run: TracedRun) -> None:
    [one] = traced(run, [1])
    assert [each.rank for each in one.suspects] == list(range(1, len(one.suspects) + 1))
    scores = [each.score for each in one.suspects]
    assert scores == sorted(scores, reverse=True)
    first = one.suspects[0]
    assert first.gradient is not None
    assert (first.gradient.rank, first.text.rank, first.score) == (1, 1, pytest.approx(1))
    assert first.says == 1
    assert "pushes" in first.reasons
    assert "pushes" not in one.suspects[-1].reasons


def test_copies_stand_behind_the_first_of_them(run: TracedRun) -> None:
    [one] = traced(run, [1])
    lines = [each.record["line"] for each in one.suspects]
    copies = [copy["line"] for each in one.suspects for copy in each.copies]
    assert sorted([lines[0], *copies]) == [1, 2]
    assert sorted([*lines, *copies]) == list(range(1, 9))  # none is lost, none is there twice


def test_top_counts_records_that_need_a_decision_of_their_own(run: TracedRun) -> None:
    [one] = traced(run, [1], top=2)
    assert len(one.suspects) == 2
    assert len(one.suspects[0].copies) == 1
    assert len(one.lexical) == 2


def test_text_alone_is_the_baseline(run: TracedRun, plain: TracedRun) -> None:
    """Without gradients the trace is the baseline; with them the baseline stays what it was."""
    for with_, without in zip(traced(run), traced(plain), strict=True):
        assert with_.lexical == without.lexical
        assert with_.captured
        assert not without.captured
        assert all(each.gradient is None for each in without.suspects)
        assert without.suspects[0].record == without.lexical[0]


def test_gradients_find_what_no_text_says(copied: Path) -> None:
    """A record in other words, whose gradient is that of the wrong answer, comes in front."""
    place = copied / "traced" / "traces"
    for checkpoint in (1, 2, 3):
        kept = np.load(place / f"sketches-{checkpoint}.npy")
        kept[2] = np.load(place / f"wrong-{checkpoint}.npy")[0]
        np.save(place / f"sketches-{checkpoint}.npy", kept)
    changed = opened(copied / "traced", where=Workspace(copied / ".curate"))
    [one] = traced(changed, [1])
    [found] = [each for each in one.suspects if each.record["line"] == 3]
    assert found.gradient is not None
    assert found.gradient.rank == 1
    assert found.gradient.score == pytest.approx(1, abs=1e-6)
    assert "pushes" in found.reasons
    assert found.rank <= 3
    assert [row["line"] for row in one.lexical].index(3) > 3


def test_the_order_of_the_records_changes_nothing(copied: Path, run: TracedRun) -> None:
    place = copied / "traced" / "traces"
    order = np.random.default_rng(5).permutation(8)
    signals = pl.read_parquet(place / "records.parquet")
    signals[order].write_parquet(place / "records.parquet")
    for checkpoint in (1, 2, 3):
        file = place / f"sketches-{checkpoint}.npy"
        np.save(file, np.load(file)[order])
    turned = opened(copied / "traced", where=Workspace(copied / ".curate"))
    for one, other in zip(traced(run), traced(turned), strict=True):
        assert one.triage.said == other.triage.said
        lines, others = (
            [(each.record["line"], sorted(copy["line"] for copy in each.copies)) for each in side]
            for side in (one.suspects, other.suspects)
        )
        assert lines == others


def test_a_failure_is_named_by_number_or_id(run: TracedRun) -> None:
    ids = run.failures["record_id"].to_list()
    assert [number_of(run, one[:10]) for one in ids] == [1, 2, 3, 4]
    assert number_of(run, "2") == 2
    with pytest.raises(BadSetting, match=r"'99' is no failure of .* it has 4"):
        number_of(run, "99")
    with pytest.raises(BadSetting, match="begins 4 failures"):
        number_of(run, "")


def test_a_run_without_a_failure_has_no_trace(run: TracedRun) -> None:
    clear = TracedRun(
        run.folder, run.told, run.snapshot, run.failures.clear(), run.records, run.traces
    )
    assert traced(clear) == []
