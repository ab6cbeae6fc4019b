"""Saying: one way to write a number, in messages as in counts."""

from __future__ import annotations

from typing import Any

import pytest

from curate.locale import translator
from curate.show.saying import said

EN, JA = translator("en"), translator("ja")
REPEATED = "lines like '{unit}' come back {times} times: {share} % of the answer"
MIX = "of {count} sources, {name} makes up {percent} % of the records"


@pytest.mark.parametrize(
    ("template", "args", "english"),
    [
        ("the record is {n} characters long", {"n": 40879}, "the record is 40,879 characters long"),
        ("{share} like line {line}", {"share": "92 %", "line": 20418}, "92% like line 20418"),
        ("{similarity} like it", {"similarity": "79.9%"}, "79.9% like it"),
        ("{share} of it", {"share": "7.25%"}, "7.2% of it"),
        (MIX, {"count": 3, "name": "a", "percent": "95.4"},
         "of 3 sources, a makes up 95% of the records"),
        ("it says {word}", {"word": "40879"}, "it says 40879"),
        ("it says {word!r}", {"word": "88 times"}, "it says '88 times'"),
    ],
)  # fmt: skip
def test_numbers_in_a_message(template: str, args: dict[str, Any], english: str) -> None:
    assert said(EN, {"says": template, "args": args}, "as it was") == english


def test_the_same_number_in_japanese() -> None:
    args = {"unit": "とても", "times": 1699, "share": 87}
    assert said(EN, {"says": REPEATED, "args": args}, "") == (
        "lines like 'とても' come back 1,699 times: 87% of the answer"
    )
    japanese = said(JA, {"says": REPEATED, "args": args}, "")
    assert "1,699回" in japanese
    assert "87%" in japanese


def test_what_was_found_is_said_in_the_readers_language() -> None:
    told = {
        "says": "JSON is written {form}; {share} of {records} records write it {majority}",
        "args": {"form": "compact", "majority": "indented by 2", "share": "97%", "records": 31},
        "words": ["form", "majority"],
    }
    assert said(EN, told, "") == "JSON is written compact; 97% of 31 records write it indented by 2"
    assert "字下げ 2 文字" in said(JA, told, "")
    assert "indented" not in said(JA, told, "")


@pytest.mark.parametrize(
    "evidence", [{}, {"says": None}, {"says": "{a}", "args": None}, {"says": "{a}", "args": {}},
                 {"says": "{a:.1f}", "args": {"a": 2.5}}],
)  # fmt: skip
def test_evidence_that_does_not_fit_leaves_the_message(evidence: dict[str, Any]) -> None:
    assert said(EN, evidence, "as it was") == "as it was"
