"""length-outliers: what is usual, what is not, and the histogram of the report."""

from __future__ import annotations

import polars as pl

from curate.check import ask
from curate.checks.length_outliers import CHECK, EDGES, measure, weigh
from tests.making import record, records

USUAL = [record(f"Question {'x' * (n % 40)}?", "答" * (20 + n % 60)) for n in range(200)]


def test_usual_lengths_are_fine() -> None:
    assert ask(CHECK, records(*USUAL)) == []


def test_all_of_one_length_is_fine_and_so_is_a_little_more() -> None:
    same = [record("A question.", "An answer, always the same.") for _ in range(100)]
    assert ask(CHECK, records(*same, record("A question.", "An answer, always the same one now."))) == []


def test_few_records_have_no_outliers() -> None:
    assert ask(CHECK, records(*USUAL[:20], record("?", "x" * 9_000))) == []


def test_long_and_short_ones_are_told_worst_first() -> None:
    said = ask(CHECK, records(*USUAL, record("Q?", "長" * 30_000), record("Question x?", "x" * 3_000)))
    answers = [(row, hit) for row, hit in said if getattr(hit, "field", "") == "answer"]
    assert [row for row, _ in answers] == [200, 201]
    assert answers[0][1].args["chars"] == 30_000
    assert "the answer has 30000 characters; nine in ten have" in answers[0][1].message


def test_an_empty_answer_is_no_outlier_here() -> None:
    assert ask(CHECK, records(*USUAL, record("Question?", ""))) == []


def test_no_more_than_the_most_extreme_are_listed_but_all_are_counted() -> None:
    many = [record("Question?", "x" * (5_000 + n)) for n in range(30)]
    facts = measure(records(*USUAL, *many), CHECK.params)
    weighed = weigh(facts, {**CHECK.params, "most": 5})
    assert [row for row, _ in weighed.on_records] == [229, 228, 227, 226, 225]
    assert weighed.measures["answer"]["outliers"] == 30


def test_the_histogram_counts_every_record() -> None:
    facts = pl.DataFrame({"prompt": [0, 2, 3, 150_000], "answer": [1, 1, 1, 1]})
    measured = weigh(facts, CHECK.params).measures
    assert measured["prompt"]["edges"] == EDGES
    assert len(measured["prompt"]["counts"]) == len(EDGES)
    assert [n for n in measured["prompt"]["counts"] if n] == [1, 1, 1, 1]
    assert measured["answer"]["counts"][1] == 4
