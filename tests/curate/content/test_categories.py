"""categories: the class of a record, declared or inferred."""

from __future__ import annotations

import polars as pl
import pytest

from curate.content.categories import chosen, class_columns, inferred
from tests.making import record, records

KINDS = [
    ("Write a poem about rain.", "write"),
    ("Please summarize this article.", "summarize"),
    ("Translate 猫 into English.", "translate"),
    ("classify the animals", "classify"),
    ("What is the capital of France?", "question"),
    ("In which year did it end?", "question"),
    ("Hmm.", "other"),
    ("", "other"),
    ("次の文を英語に翻訳してください。", "translate"),
    ("次の文章を要約して", "summarize"),
    ("東京はどこですか？", "question"),
    ("日本の首都は？", "question"),
    ("秋についての詩を書いてください。", "write"),
    ("レビューを肯定か否定に分類してください。", "classify"),
    ("感想", "other"),
]


@pytest.mark.parametrize(("instruction", "kind"), KINDS)
def test_inferred(instruction: str, kind: str) -> None:
    assert inferred(pl.Series([instruction])).to_list() == [kind]


def test_all_at_once_are_inferred_as_one_by_one() -> None:
    together = inferred(pl.Series([instruction for instruction, _ in KINDS]))
    assert together.to_list() == [kind for _, kind in KINDS]


def counted(*made: dict[str, object]) -> pl.DataFrame:
    return class_columns(records(*made)).with_columns(n=pl.lit(1, pl.UInt32))


def test_the_label_wins_over_the_category() -> None:
    made = [record(label=label, category="one") for label in ("x", "x", "y", "y")]
    classes = chosen(counted(*made, record(label=""), record()))
    assert (classes.column, classes.inferred, classes.without) == ("label", False, 2)
    assert classes.facts["class"].to_list() == ["x", "x", "y", "y"]


def test_a_column_of_one_class_or_of_all_different_values_holds_no_classes() -> None:
    made = [record(label=str(n), category="one") for n in range(6)]
    assert chosen(counted(*made)).column == "inferred"


def test_nothing_is_inferred_where_every_record_has_a_category() -> None:
    assert class_columns(records(record(category="x")))["inferred"].to_list() == [None]


def test_of_the_same_records_they_are_made_once() -> None:
    first, second = records(record("Write a poem.")), records(record("Translate this."))
    columns = class_columns(first)
    assert class_columns(first) is columns
    assert class_columns(second)["inferred"].to_list() == ["translate"]
    assert class_columns(first).equals(columns)
