"""refusal-share: usual shares first, then too many and too few."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from curate.check import Weighed
from curate.checks.refusal_share import CHECK, judge, measure, weigh, wilson
from tests.making import record, records


def weighed(*groups: tuple[int, int, dict[str, Any]], **params: Any) -> Weighed:
    """Of groups of (records, refusals among them, fields)."""
    made, refuses = [], []
    for total, refusals, fields in groups:
        made += [record(**fields) for _ in range(total)]
        refuses += [n < refusals for n in range(total)]
    settings = {**CHECK.params, **params}
    frame = records(*made).with_columns(refusal=pl.Series(refuses, dtype=pl.Boolean))
    return weigh(measure(frame, settings), settings)


@pytest.mark.parametrize("refusals", [0, 5, 10])
def test_a_usual_share(refusals: int) -> None:
    assert weighed((100, refusals, {})).on_dataset == ()


@pytest.mark.parametrize(("refusals", "severity"), [(11, "warn"), (20, "warn"), (21, "error")])
def test_too_many(refusals: int, severity: str) -> None:
    [hit] = weighed((100, refusals, {})).on_dataset
    assert hit.severity == severity
    assert hit.score == refusals / 100
    limit = 100 * CHECK.params[severity]
    wanted = f"{refusals}.0 % of the answers refuse ({refusals} of 100), more than {limit} %"
    assert hit.message == wanted


def test_too_few_only_where_a_floor_is_set() -> None:
    assert weighed((100, 0, {})).on_dataset == ()
    [hit] = weighed((100, 1, {}), floor=0.02).on_dataset
    assert hit.severity == "warn"
    assert hit.message == "only 1.0 % of the answers refuse (1 of 100), less than 2.0 %"


@pytest.mark.parametrize("name", ["medicine", "医療"])
def test_a_category_that_is_mostly_refused(name: str) -> None:
    whole = (500, 0, {"category": "cooking"})
    [hit] = weighed(whole, (20, 13, {"category": name})).on_dataset
    assert hit.severity == "error"
    assert hit.evidence["category"] == name
    assert hit.message == f"in {name}, 65.0 % of the answers refuse (13 of 20), more than 60.0 %"


def test_a_small_category_and_just_sixty_per_cent_are_not_told() -> None:
    whole = (500, 0, {"category": "cooking"})
    assert weighed(whole, (19, 19, {"category": "law"})).on_dataset == ()
    assert weighed(whole, (20, 12, {"category": "law"})).on_dataset == ()


@pytest.mark.parametrize("prompt", ["Translate this.", "これを翻訳してください。"])
def test_without_categories_the_kind_of_task_is_inferred(prompt: str) -> None:
    result = weighed((900, 0, {"prompt": "Write a poem."}), (30, 30, {"prompt": prompt}))
    assert result.measures["inferred"] is True
    [hit] = result.on_dataset
    assert hit.message.startswith("of the prompts that seem to ask for translate, 100.0 %")


def test_thresholds_move_without_the_records() -> None:
    measures = weighed((100, 8, {})).measures
    assert judge(measures, CHECK.params) == ()
    [hit] = judge(measures, {**CHECK.params, "warn": 0.07})
    assert hit.severity == "warn"


@pytest.mark.parametrize(
    ("warn", "said"), [(0.07, "7.0 %"), (0.01, "1.0 %"), (0.0004, "0.04 %"), (0, "0 %")]
)
def test_the_threshold_that_was_used_is_said(warn: float, said: str) -> None:
    measures = weighed((100, 8, {})).measures
    [hit] = judge(measures, {**CHECK.params, "warn": warn})
    assert hit.message.endswith(f"(8 of 100), more than {said}")


def test_what_could_not_be_told_is_left_out_and_counted() -> None:
    frame = records(*[record() for _ in range(10)])
    unsure = frame.with_columns(refusal=pl.Series([True, False] + [None] * 8))
    result = weigh(measure(unsure, CHECK.params), CHECK.params)
    assert (result.measures["total"], result.measures["could_not_tell"]) == (2, 8)
    nothing = frame.with_columns(refusal=pl.lit(None, pl.Boolean))
    said = weigh(measure(nothing, CHECK.params), CHECK.params).skipped
    assert said == "of no answer is it known whether it refuses"


def test_the_interval_is_wilsons() -> None:
    assert wilson(10, 100) == pytest.approx((0.0552, 0.1744), abs=5e-4)
    low, high = wilson(0, 20)
    assert (low, round(high, 3)) == (0.0, 0.161)
    assert wilson(20, 20)[1] == 1.0
