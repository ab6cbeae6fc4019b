"""Answers: a long prompt does not hide that two records answer differently."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from curate.dedup.answers import answers_differ
from tests.curate.checks.test_near_duplicate import EN, JA, alpaca, asked
from tests.making import record, records


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("Paris.", "paris", False),
        ("東京です。", "東京です", False),
        ("", "", False),
        (EN, EN.replace("keep", "hold"), False),
        (JA, JA.replace("守り", "護り"), False),
        ("Paris.", "London.", True),
        ("オーストリア", "ドイツ", True),
        ("", "London.", True),
    ],
)
def test_answers_of_one_wording_or_half_alike_do_not_differ(
    one: str,
    other: str,
    differ: bool,  # noqa: FBT001
) -> None:
    said = answers_differ(records(record("Q", one)), records(record("Q", other)))
    assert said.to_list() == [differ]


def test_rejected_answers_are_compared_too() -> None:
    one, other = (record("Q", "Yes.", rejected=text) for text in (EN, EN[::-1]))
    assert answers_differ(records(one), records(other)).to_list() == [True]


@pytest.mark.parametrize("text", [EN, JA])
def test_a_chosen_answer_that_elsewhere_is_rejected_differs(text: str) -> None:
    one = record("Q", text, rejected=text[::-1])
    other = record("Q", text[::-1], rejected=text)
    assert answers_differ(records(one), records(other)).to_list() == [True]
    assert answers_differ(records(one), records(one)).to_list() == [False]


def test_the_finding_says_so(tmp_path: Path) -> None:
    asks = [
        alpaca(f"Apart from {one}: which country had a harbour?", other, input=f"{EN} {EN[::-1]}")
        for one, other in (("Austria", "Germany"), ("Germany", "Austria"))
    ]
    report = asked([*asks, alpaca("Tell me.", EN), alpaca("Tell me.", f"{EN} So.")], tmp_path,
                   "threshold=0.5")  # fmt: skip
    told = {
        orjson.loads(evidence)["answers_differ"]: message
        for evidence, message in report.findings.select("evidence", "message").rows()
    }
    assert "the answers differ" not in told[False]
    if True in told:
        assert told[True].endswith("which would stay; the answers differ")
