"""CauseBench's measures and page: known answers, and no aim is called met that is not."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.causebench.__main__ import RESULTS
from bench.causebench.aims import AIMS, at, judged, over
from bench.causebench.measures import auroc, calibration_error, falling, found, interval, recall
from bench.causebench.page import page

ROOT = Path(__file__).parents[2]
BAD = [False, True, False, True]


def test_recall_and_auroc_of_orders_whose_answer_is_known() -> None:
    assert recall([1, 3, 0, 2], BAD, 0.5) == 1.0
    assert recall([0, 2, 1, 3], BAD, 0.5) == 0.0
    assert auroc([0.1, 0.9, 0.2, 0.8], BAD) == 1.0
    assert auroc([0.5] * 4, BAD) == 0.5
    assert falling([0.1, float("nan"), 0.3]) == [2, 0, 1]


@given(st.permutations(range(20)))
def test_all_read_is_all_found(order: list[int]) -> None:
    bad = [n % 5 == 0 for n in range(20)]
    assert recall(order, bad, 1.0) == 1.0
    assert recall(order, bad, 0.25) <= recall(order, bad, 0.5)


def test_a_trace_counts_the_places_that_responsible_records_have() -> None:
    one = found([7, 3, 5, 1], {3, 1})
    assert (one.recall3, one.recall10, one.hit1, one.reciprocal) == (0.5, 1.0, 0.0, 0.5)
    none = found([7, 5], {3})
    assert (none.recall10, none.hit1, none.reciprocal) == (0.0, 0.0, 0.0)


def test_intervals_are_students_and_one_seed_has_none() -> None:
    five = interval([1.0, 2.0, 3.0, 4.0, 5.0])
    assert five is not None
    assert five.low == pytest.approx(3 - 2.776 * 2.5**0.5 / 5**0.5)
    one = interval([1.0, float("nan")])
    assert one is not None
    assert (one.mean, one.low, one.seeds) == (1.0, None, 1)
    assert interval([float("nan")]) is None


def test_a_calibrated_probability_has_no_error_and_a_boastful_one_has() -> None:
    truth = [True, False, True, False]
    assert calibration_error([0.5] * 4, truth) == pytest.approx(0)
    assert calibration_error([1.0] * 4, truth) == pytest.approx(0.5)


def seed(number: int, hit: float) -> dict[str, Any]:
    """A seed with every figure."""
    order = {"auroc": 0.9, "recall": {"5": 0.4, "10": 0.7},
             "kinds": dict.fromkeys(("isolated", "swapped", "refusal", "consistent",
                                     "contradicting"), 0.9)}  # fmt: skip
    traced = {"recall10": 0.9, "recall3": 0.8, "hit1": hit, "reciprocal": hit}
    return {
        "seed": number,
        "exact_match": {"dirty": 0.7, "clean": 0.9},
        "exact_match_best5": 0.8,
        "exact_match_best10": 0.88,
        "read": {"5": 0.4, "10": 0.7},
        "failures": {"data-caused": 10, "unclear": 1},
        "queue": {"best": order, "random": order},
        "trace": {"trace": traced, "BM25 x answer": traced},
        "triage": {"auroc": None, "rows": [
            {"truth": "data-caused", "said": "data-caused", "chance": 0.9, "features": []},
            {"truth": "unclear", "said": "data-caused", "chance": 0.9, "features": []},
        ]},
        "recovered": {"5": 0.5, "10": 0.9},
        "gone": {"repair": 0.9, "control": 0.2, "clean": 1.0},
        "broken": {"repair": 0.0, "control": 0.0, "clean": 0.0},
        "traced": {"failures": 12, "caused": 9, "read": 60, "changed": 20},
        "cost": {"share_of_time": 0.1, "bytes": 4_300, "training_seconds": 20},
    }  # fmt: skip


def results(*hits: float) -> dict[str, Any]:
    """results.json."""
    seeds = [seed(number, hit) for number, hit in enumerate(hits)]
    setup = {"model": "tiny", "records": 600, "share": 0.1, "seeds": [0, 1],
             "size": {"layers": 4, "hidden": 128}}  # fmt: skip
    return {
        "setup": setup,
        "recipe": {"training.epochs": 20},
        "seeds": seeds,
        "fitted": {"triage": "by hand", "best": "by hand"},
    }


def test_a_missed_aim_is_said_in_the_table_and_among_what_did_not_work() -> None:
    said = page(results(0.3, 0.5))
    assert "| trace: first record right | 0.4 [-0.87, 1.7] | ≥ 0.6 | **missed** |" in said
    assert "- Missed: trace: first record right: 0.4" in said
    assert "| triage: AUROC, data-caused against the rest | – | ≥ 0.85 | not measured |" in said
    assert (
        "**missed**"
        not in page(results(0.9, 0.9))
        .replace("ahead of BM25", "")
        .split("trace: first record right, ")[0]
    )


def test_no_aim_is_met_by_a_figure_on_the_wrong_side() -> None:
    for aim, measured in judged([seed(0, 0.9), seed(1, 0.9)]):
        if measured is not None:
            beyond = measured.mean < aim.bound if aim.at_least else measured.mean > aim.bound
            assert aim.met(measured) is not beyond
    assert len({aim.name for aim in AIMS}) == len(AIMS)


def test_a_page_without_a_seed_says_that_nothing_was_measured() -> None:
    assert "Nothing on this page has been measured" in page(results())
    assert "| aim |" not in page(results())
    assert "Nothing on this page has been measured" not in page(results(0.9))


def test_the_readme_quotes_what_was_measured_and_never_flatters() -> None:
    seeds = json.loads(RESULTS.read_bytes())["seeds"]
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())

    def hundred(*path: str) -> float:
        found = over(seeds, at(*path))
        assert found is not None
        return round(100 * found.mean, 6)

    ours = (("trace", "trace", "hit1"), ("gone", "repair"), ("queue", "best", "recall", "10"))
    quoted = [
        (r"to blame in (\d+) of 100 traces \((\d+) by text alone\)",
         [ours[0], ("trace", "BM25 x answer", "hit1")]),
        (r"(\d+) of 100 traced failures are gone after the repair \((\d+) after a control\)",
         [ours[1], ("gone", "control")]),
        (r"holds (\d+) of 100 bad records \((\d+) by training loss, (\d+) at random\)",
         [ours[2], ("queue", "mean loss over training", "recall", "10"),
          ("queue", "random", "recall", "10")]),
    ]  # fmt: skip
    for pattern, paths in quoted:
        said = re.search(pattern, readme)
        assert said is not None, pattern
        for number, path in zip(map(int, said.groups()), paths, strict=True):
            measured = hundred(*path)
            flattering = number > measured + 0.5 if path in ours else number < measured - 0.5
            assert not flattering, (path, measured)
            assert abs(number - measured) <= 1, (path, measured)
