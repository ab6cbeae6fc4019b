"""Lanes: work comes back, errors come through, and rules are spread so that patterns stay."""

from __future__ import annotations

import threading

import pytest

from curate.rulebook.lane import PATTERNS, run_in
from curate.rulebook.rule_look import lanes
from curate.rules import load


def test_work_of_one_lane_is_done_in_one_thread() -> None:
    first = run_in("test", threading.get_ident)
    assert first == run_in("test", threading.get_ident)
    assert first != run_in("another", threading.get_ident)
    assert first != threading.get_ident()


def test_an_error_comes_through() -> None:
    with pytest.raises(ZeroDivisionError):
        run_in("test", lambda: 1 // 0)


def test_no_lane_of_a_shipped_check_uses_more_patterns_than_stay_compiled() -> None:
    rules = [rule for rule in load().rules if rule.check == "refusal"]
    spread = lanes(rules)
    assert [rule for lane in spread for rule in lane] == rules
    assert len(spread) > 1
    for lane in spread:
        used = {p for rule in lane for p in (rule.matches, rule.unless, rule.unless_prompt)}
        assert len(used) <= PATTERNS
