"""style-drift: no majority, no finding; with one, the few that leave it."""

from __future__ import annotations

import random
from typing import Any

import polars as pl
import pytest

from curate.check import Weighed, ask
from curate.checks.style_drift import CHECK, measure, weigh
from curate.finding import Hit
from tests.making import record, records


def answers(*texts: str) -> pl.DataFrame:
    return records(*(record(f"Question {i}?", text) for i, text in enumerate(texts)))


def weighed(frame: pl.DataFrame, **params: Any) -> Weighed:
    settings = {**CHECK.params, **params}
    return weigh(measure(frame, settings), settings)


CLEAN = [
    ["Plain words."] * 30,
    ["It was 2024-01-02."] * 30,
    ["It was 2024-01-02."] * 15 + ["It was January 2, 2024."] * 15,
    ["It was 2024-01-02."] * 18 + ["It was January 2, 2024."],  # too few records to say
    ["令和6年1月2日のことです。"] * 30,
    ["これは、文です。"] * 30,
    ["SELECT a FROM t;"] * 30,
]


@pytest.mark.parametrize("texts", CLEAN)
def test_clean(texts: list[str]) -> None:
    assert ask(CHECK, answers(*texts)) == []


BAD = [
    ("It was 2024-01-02.", "It was January 2, 2024.", "dates", "January 2, 2024"),
    ("2024年1月2日のことです。", "令和6年1月2日のことです。", "dates", "令和6年1月2日"),
    ("Look:\n- one\n- two", "Look:\n* one\n* two", "bullets", "* a"),
    ("一覧:\n・一\n・二", "一覧:\n- 一\n- 二", "bullets", "- a"),
    ("Hi\n## One\ntext", "Hi\n**One**\ntext", "headings", "**A**"),
    ("これは、文です。", "これは，文です．", "japanese-punctuation", "，．"),
    ("これは、文です。", "これは，文です。", "japanese-punctuation", "，。"),
    ('{"a": 1}', "{'a': 1}", "json-keys", "{'a': 1}"),
    ('{"a": 1}', '{"a":1}', "json-layout", "on one line without spaces"),
    ('{\n  "a": 1\n}', '{\n    "a": 1\n}', "json-layout", "indented by 4"),
    ("SELECT a FROM t;", "select a from t;", "sql-keywords", "select"),
    ("SELECT a FROM t;", "SELECT a\nFROM t;", "sql-layout", "several lines"),
    ("Ten: 10 km.", "Ten: 10km.", "unit-spacing", "10km"),
    ("長さは10kmです。", "長さは10 kilometersです。", "unit-names", "kilometers"),
    ("長さは10kmです。", "長さは10キロメートルです。", "unit-names", "キロメートル"),
    ("one\ntwo", "one \ntwo", "line-ends", "space"),
]


@pytest.mark.parametrize(("usual", "odd", "aspect", "form"), BAD)
def test_bad(usual: str, odd: str, aspect: str, form: str) -> None:
    said = ask(CHECK, answers(*[usual] * 24, odd, "Plain words."))
    hits = [hit for _, hit in said if isinstance(hit, Hit) and hit.evidence["aspect"] == aspect]
    assert [row for row, _ in said] == [24] * len(said)
    [hit] = hits
    assert hit.args["form"] == form
    assert hit.args["share"] == "96%"
    assert hit.args["records"] == 25
    assert form in hit.message


def test_the_report_counts_every_form() -> None:
    frame = answers(*["It was 2024-01-02."] * 30, *["It was 1/2/2024."] * 3)
    assert weighed(frame).measures["dates"] == {
        "forms": {"2024-01-02": 30, "01/02/2024": 3},
        "majority": "2024-01-02",
        "records": 33,
        "drifting": 3,
    }


def test_a_record_that_mixes_forms_is_named_as_such() -> None:
    frame = answers(*["It was 2024-01-02."] * 30, "From 2024-01-02 to January 5, 2024.")
    [(row, hit)] = weighed(frame).on_records
    assert (row, hit.args["form"]) == (30, "several")


def test_many_are_counted_and_few_are_listed_the_same_in_any_order() -> None:
    texts = [f"It was 2024-01-02, {i}." for i in range(400)]
    texts += [f"It was January 2, 2024, {i}." for i in range(50)]
    frame = answers(*texts)
    result = weighed(frame, most=10)
    assert result.measures["dates"]["drifting"] == 50
    listed = {frame["record_id"][row] for row, _ in result.on_records}
    assert len(listed) == 10
    shuffled = frame[random.Random(0).sample(range(len(frame)), len(frame))]
    again = {shuffled["record_id"][row] for row, _ in weighed(shuffled, most=10).on_records}
    assert again == listed


def test_parts_measured_apart_weigh_as_one() -> None:
    frame = answers(*["It was 2024-01-02."] * 30, "It was January 2, 2024.")
    apart = pl.concat([measure(frame[:7], CHECK.params), measure(frame[7:], CHECK.params)])
    assert weigh(apart, CHECK.params) == weighed(frame)


def test_the_bar_can_be_moved() -> None:
    frame = answers(*["It was 2024-01-02."] * 14, *["It was January 2, 2024."] * 6)
    assert weighed(frame).on_records == ()
    assert len(weighed(frame, share=0.7).on_records) == 6
    assert weighed(frame[:19], share=0.7).on_records == ()
    assert len(weighed(frame[:19], share=0.7, min_records=5).on_records) == 5


def test_an_empty_frame_weighs_nothing() -> None:
    assert weighed(answers("x")[:0]).on_records == ()
