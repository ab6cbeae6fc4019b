"""Triage: what a failure comes from, and when that cannot be told."""

from __future__ import annotations

import json
from importlib.resources import files

import numpy as np
import polars as pl
import pytest

from curate.errors import BadSetting
from curate.trace.evidence import gathered
from curate.trace.reading import TracedRun
from curate.trace.triage import (
    CLASSES,
    COULD_NOT_TELL,
    FEATURES,
    features,
    learnt,
    pushing,
    read,
    said_again,
    shipped,
    told_apart,
    triaged,
    unlike,
)


def shown(run: TracedRun) -> list[str]:
    return [one.said for one in triaged(run, run.failures, gathered(run, run.failures))]


def test_each_failure_is_told_apart(run: TracedRun) -> None:
    assert shown(run) == ["data-caused", "data-caused", "not-covered", "under-trained"]


def test_probabilities_are_some_and_say_the_likeliest(run: TracedRun) -> None:
    for one in triaged(run, run.failures, gathered(run, run.failures)):
        assert set(one.probabilities) == set(CLASSES)
        assert sum(one.probabilities.values()) == pytest.approx(1)
        assert one.probability == max(one.probabilities.values())
        assert one.missing == []
        assert one.traceable is (one.said == "data-caused")


def test_a_doubtful_reference_is_what_nothing_but_the_reference_contradicts(
    run: TracedRun,
) -> None:
    """Base model and all records near it say what the model says."""
    known = features(run, run.failures[:1], gathered(run, run.failures[:1]))[0]
    changed = dict(zip(FEATURES, known, strict=True)) | {
        "base_says_wrong": 1.0, "agreeing": 1.0, "contradiction": 0.0, "teaches_right": 0.0,
        "right_said": 0.2,
    }  # fmt: skip
    row = np.array([list(changed.values())])
    assert told_apart(row[0], shipped().probabilities(row)[0]).said == "reference-doubtful"


def test_without_traces_it_is_told_only_where_it_is_sure(plain: TracedRun) -> None:
    found = triaged(plain, plain.failures, gathered(plain, plain.failures))
    for one in found:
        assert "base_right" in one.missing
        assert "nearest" not in one.missing
        assert (one.said == COULD_NOT_TELL) is (max(one.probabilities.values()) < 0.6)
    even = told_apart(np.full(len(FEATURES), np.nan), np.array([0.4, 0.3, 0.2, 0.1]))
    assert (even.said, even.probability, even.traceable) == (COULD_NOT_TELL, 0.4, True)


def test_what_was_measured_is_told_apart_even_where_it_is_close() -> None:
    even = told_apart(np.zeros(len(FEATURES)), np.array([0.4, 0.3, 0.2, 0.1]))
    assert even.said == "data-caused"


def test_features_measure_what_they_say(run: TracedRun) -> None:
    english, _, song, mountain = (
        dict(zip(FEATURES, row, strict=True))
        for row in features(run, run.failures, gathered(run, run.failures))
    )
    assert english["same_wrong"] == 1
    assert english["variation"] == 0
    assert english["sure"] == pytest.approx((2.0 - 0.1) / (2.0 - 0.45))
    assert english["preference"] == pytest.approx((2.5 - 0.1) / (2.0 - 0.45))
    assert english["wrong_said"] == 1
    assert mountain["right_said"] == 1
    assert english["teaches_wrong"] > english["teaches_right"]
    assert song["nearest"] < 0.2 < mountain["nearest"]
    assert mountain["teaches_right"] > mountain["teaches_wrong"]
    assert mountain["variation"] > 0.5
    assert mountain["same_wrong"] == 0


def test_the_same_answer_in_other_letters_is_the_same() -> None:
    asked = {"answers": ["  In  2013", "in 2013.", "In 2014."], "sampled": [], "base_answer": None}
    assert said_again("In 2013.", asked, None) == {"same_wrong": pytest.approx(2 / 3)}


def test_what_is_not_a_number_was_not_measured(run: TracedRun) -> None:
    assert run.traces is not None
    asked = run.traces.asked.row(0, named=True) | {"wrong_loss": float("nan")}
    row = [said_again("x", asked, (2.0, 0.5)).get(name, np.nan) for name in FEATURES]
    missing = told_apart(np.array(row, float), np.array([0.7, 0.1, 0.1, 0.1])).missing
    assert {"sure", "preference"} <= set(missing)


def test_losses_are_measured_by_what_training_took_off(run: TracedRun) -> None:
    """So that a model whose losses are all higher by 4 nats is judged the same."""
    assert run.traces is not None
    signals = run.traces.signals
    assert learnt(signals) == pytest.approx((2.0, 0.45))
    higher = signals.with_columns(
        pl.col("base_loss") + 4, losses=pl.col("losses").list.eval(pl.element() + 4)
    )
    asked = run.traces.asked.row(0, named=True)
    above = {name: asked[name] + 4 for name in ("wrong_loss", "reference_loss")}
    one, other = (
        said_again("x", row, learnt(of)) for row, of in ((asked, signals), (asked | above, higher))
    )
    assert one == pytest.approx(other, abs=1e-5)


def test_where_training_took_nothing_off_nothing_is_measured_by_it(run: TracedRun) -> None:
    assert run.traces is not None
    signals = run.traces.signals
    nothing = signals.with_columns(base_loss=pl.lit(float("nan"))).with_columns(
        losses=pl.Series([[1.0, 1.0]] * len(signals))
    )
    assert learnt(nothing) is None
    assert learnt(signals.clear()) is None
    found = said_again("x", run.traces.asked.row(0, named=True), None)
    assert not {"sure", "preference"} & set(found)


def test_texts_that_vary_are_unlike() -> None:
    assert unlike(["one", "one", "one"]) == 0
    assert unlike(["one"]) == 0
    assert unlike(["abc", "xyz"]) > 0.9
    assert 0 < unlike(["東京です。", "京都です。"]) < 1


def test_the_shipped_coefficients_say_where_they_are_from() -> None:
    told = json.loads((files("curate.trace") / "triage.json").read_bytes())
    assert told["fitted"]["on"]
    assert {"when", "failures", "auroc", "calibration_error"} <= set(told["fitted"])
    assert read(told).weights.shape == (len(CLASSES), len(FEATURES))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"format": "other/1"}, "format 'other/1'"),
        ({"features": {}}, "without agreeing, base_right"),
    ],
)
def test_other_coefficients_are_refused(change: dict[str, object], says: str) -> None:
    told = json.loads((files("curate.trace") / "triage.json").read_bytes())
    with pytest.raises(BadSetting, match=says):
        read(told | change)


def test_no_training_record_is_no_fault(run: TracedRun) -> None:
    nothing = TracedRun(
        run.folder, run.told, run.snapshot, run.failures, run.records.clear(), None, "none"
    )
    found = triaged(nothing, nothing.failures, gathered(nothing, nothing.failures))
    assert [one.said for one in found] == [COULD_NOT_TELL] * 4


def test_what_pushes_is_measured_by_the_gradients_of_the_records(run: TracedRun) -> None:
    found = pushing(gathered(run, run.failures[:1]), 0)
    assert found["pushed"] > 0.5
    assert found["pusher_says"] == 1.0
    assert found["pusher_near"] == 1.0
    assert found["stands_out"] > 1
    assert 0 <= found["opposed"] < found["pushed"]


def test_without_gradients_nothing_pushes(plain: TracedRun) -> None:
    assert pushing(gathered(plain, plain.failures[:1]), 0) == {}
