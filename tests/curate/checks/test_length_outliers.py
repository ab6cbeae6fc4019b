"""length-outliers: what is usual, what is not, and the histogram of the report."""

from __future__ import annotations

import random

import polars as pl
import pytest

from curate.check import ask
from curate.checks.length_outliers import CHECK, EDGES, FLOOR, measure, weigh
from tests.making import record, records

USUAL = [record(f"Question {'x' * (n % 40)}?", "答" * (20 + n % 60)) for n in range(200)]


def test_usual_lengths_are_fine() -> None:
    assert ask(CHECK, records(*USUAL)) == []


def test_all_of_one_length_is_fine_and_so_is_a_little_more() -> None:
    same = [record("A question.", "An answer, always the same.") for _ in range(100)]
    longer = record("A question.", "An answer, always the same one now.")
    assert ask(CHECK, records(*same, longer)) == []


def test_few_records_have_no_outliers() -> None:
    assert ask(CHECK, records(*USUAL[:20], record("?", "x" * 9_000))) == []


def test_an_empty_answer_is_no_outlier_here() -> None:
    assert ask(CHECK, records(*USUAL, record("Question?", ""))) == []


@pytest.mark.parametrize("sign", ["x", "長"])
def test_long_and_short_ones_are_told_worst_first(sign: str) -> None:
    made = [record("Question?", sign * 30_000), record("Question?", sign)]
    said = ask(CHECK, records(*USUAL, *made))
    assert [row for row, _ in said] == [200, 201]
    [long, short] = [hit for _, hit in said]
    assert (long.field, long.start, long.end) == ("answer", 0, 30_000)
    assert long.message == "the answer has 30000 characters; nine in ten have 22 to 76"
    assert short.message == "the answer has 1 characters; nine in ten have 22 to 76"
    assert long.score > short.score >= CHECK.params["deviations"]


def test_a_long_prompt_is_told_too() -> None:
    [(row, hit)] = ask(CHECK, records(record("長い質問" * 5_000, "答" * 50), *USUAL))
    assert (row, hit.field) == (0, "prompt")


def test_scores_are_kept_below_the_threshold_so_that_it_can_move() -> None:
    mild = record("Question?", "x" * 420)
    facts = measure(records(*USUAL, mild), CHECK.params)
    weighed = weigh(facts, {**CHECK.params, "deviations": 6.0})
    [(row, hit)] = weighed.on_records
    assert row == 200
    assert FLOOR <= hit.score < 6.0
    assert weighed.measures["answer"]["outliers"] == 0


def test_no_more_than_the_most_extreme_are_listed_but_all_are_counted() -> None:
    many = [record("Question?", "x" * (5_000 + n)) for n in range(30)]
    facts = measure(records(*USUAL, *many), CHECK.params)
    weighed = weigh(facts, {**CHECK.params, "most": 5})
    assert [row for row, _ in weighed.on_records] == [229, 228, 227, 226, 225]
    assert weighed.measures["answer"]["outliers"] == 30


def test_of_equal_ones_the_same_are_listed_in_any_order() -> None:
    made = [*USUAL, *[record(f"Question {n:02}?", "x" * 5_000) for n in range(30)]]

    def listed() -> set[str]:
        facts = measure(records(*made), CHECK.params)
        hits = weigh(facts, {**CHECK.params, "most": 5}).on_records
        return {made[row]["record_id"] for row, _ in hits}

    wanted = listed()
    random.Random(1).shuffle(made)
    assert listed() == wanted


def test_the_histogram_counts_every_record() -> None:
    lengths = {"prompt": [0, 2, 3, 2_000_000], "answer": [1, 1, 1, 1], "tie": [1, 2, 3, 4]}
    measured = weigh(pl.DataFrame(lengths), CHECK.params).measures
    assert measured["prompt"]["edges"] == EDGES
    assert len(measured["prompt"]["counts"]) == len(EDGES)
    assert [n for n in measured["prompt"]["counts"] if n] == [1, 1, 1, 1]
    assert measured["answer"]["counts"][1] == 4
    assert measured["prompt"]["max"] == 2_000_000
