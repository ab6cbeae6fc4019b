"""Evidence: the mean cosine over checkpoints, texts on both sides, and what was not captured."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from curate.trace import evidence as evidences
from curate.trace.evidence import gathered, gradients
from curate.trace.reading import TracedRun, opened
from curate.workspace import Workspace


def by_hand(run: TracedRun) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Pair by pair, checkpoint by checkpoint."""
    assert run.traces is not None
    found = np.zeros((len(run.traces.failing), len(run.records)))
    for n in range(found.shape[0]):
        for m in range(found.shape[1]):
            cosines = []
            for checkpoint in run.traces.checkpoints:
                a = run.traces.wrong(checkpoint)[n].astype(float)
                b = run.traces.sketches(checkpoint)[m].astype(float)
                cosines.append(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
            found[n, m] = np.mean(cosines)
    return found


def test_gradients_are_the_mean_cosine(run: TracedRun, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run.traces is not None
    found = gradients(run.traces, run.traces.failing)
    assert np.allclose(found, by_hand(run), atol=1e-6)
    monkeypatch.setattr(evidences, "AT_ONCE", 3)
    assert np.allclose(gradients(run.traces, run.traces.failing), found, atol=1e-6)


def test_length_does_not_count(copied: Path, run: TracedRun) -> None:
    """A plain dot product would put the record that is three times as long in front."""
    file = copied / "traced" / "traces" / "sketches-1.npy"
    kept = np.load(file)
    assert np.abs(kept).max() == 127
    np.save(file, (kept // 4).astype(np.int8))
    shorter = opened(copied / "traced", where=Workspace(copied / ".curate"))
    assert run.traces is not None
    assert shorter.traces is not None
    before = gradients(run.traces, run.traces.failing)
    assert np.allclose(gradients(shorter.traces, run.traces.failing), before, atol=0.05)


def test_what_was_not_captured_is_left_out_of_the_mean(copied: Path, run: TracedRun) -> None:
    place = copied / "traced" / "traces"
    for checkpoint in (1, 2, 3):
        kept = np.load(place / f"sketches-{checkpoint}.npy")
        kept[0] = 0  # in no checkpoint
        if checkpoint == 2:
            kept[1] = 0
        np.save(place / f"sketches-{checkpoint}.npy", kept)
    less = opened(copied / "traced", where=Workspace(copied / ".curate"))
    assert run.traces is not None
    assert less.traces is not None
    found = gradients(less.traces, less.traces.failing)
    assert np.isnan(found[:, 0]).all()
    assert not np.isnan(found[:, 1:]).any()
    whole = gradients(run.traces, run.traces.failing)
    assert np.allclose(found[:, 2:], whole[:, 2:])
    assert np.abs(found[:, 1] - whole[:, 1]).max() < 0.1  # and not a third less


def test_a_failure_that_was_not_asked_about_has_no_gradient(run: TracedRun) -> None:
    assert run.traces is not None
    found = gradients(run.traces, ["unknown", *run.traces.failing[:1]])
    assert np.isnan(found[0]).all()
    assert not np.isnan(found[1]).any()


def test_text_needs_both_sides(run: TracedRun) -> None:
    found = gathered(run, run.failures[:1])
    taught = found.text[0]
    assert taught.argmax() in (0, 1)  # asks nearly the same and says the wrong answer
    assert taught[7] < taught[:2].min()  # says it, and asks something else
    assert found.prompts[0, 7] < found.prompts[0, 0]
    assert found.wrong[0, 7] == found.wrong[0, 0] == 1


def test_without_traces_there_are_texts(plain: TracedRun) -> None:
    found = gathered(plain, plain.failures)
    assert np.isnan(found.gradient).all()
    assert found.text.shape == (4, 8)
