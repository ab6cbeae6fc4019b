"""A long run is not silent, and a short one does not chatter."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from train.locale import translator
from train.progress import Progress
from train.telling import Telling


def spoken(monkeypatch: pytest.MonkeyPatch, seconds_a_step: float, locale: str = "en") -> list[str]:
    """What is said of ten steps."""
    clock = [0.0]
    monkeypatch.setattr("train.progress.time.monotonic", lambda: clock[0])
    said: list[str] = []
    progress = Progress(Telling(said.append, translator(locale)), 10)
    state = SimpleNamespace(global_step=0)
    progress.on_train_begin(None, state, None)
    for step in range(1, 11):
        clock[0] += seconds_a_step
        state.global_step = step
        progress.on_log(None, state, None, logs={"loss": 2.0})
        progress.on_step_end(None, state, None)
    return said


def test_a_slow_run_says_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    said = spoken(monkeypatch, 6.0)
    assert said[0] == "step 2 of 10, loss 2, about 48 s left"
    assert len(said) == 4, "every ten seconds at most, and not at the end"


def test_a_fast_run_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    assert spoken(monkeypatch, 0.1) == []


def test_it_speaks_japanese(monkeypatch: pytest.MonkeyPatch) -> None:
    assert spoken(monkeypatch, 6.0, "ja")[0] == "ステップ 2/10、損失 2、残り約48秒"
