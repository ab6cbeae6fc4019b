"""House style: which form each aspect takes, in English and in Japanese."""

from __future__ import annotations

import pytest

from curate.content.house_style import ASPECTS, choices, form_counts, majority, measured
from curate.locale import catalogue
from tests.making import record, records


def forms(answer: str) -> dict[str, str]:
    """The forms that one answer shows."""
    facts = measured(records(record(answer=answer))).row(0, named=True)
    return {name: ASPECTS[name].forms[form - 1] for name, form in facts.items() if form}


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("", {}),
        ("Plain words - and a dash, 2020 and 19 others.", {}),
        ("-1/2 of 100/20/30", {}),
        ("version 2024-01", {}),
        ("on 2024-01-02", {"dates": "2024-01-02"}),
        ("は2024-01-02です", {"dates": "2024-01-02"}),
        ("2024/1/2", {"dates": "2024/01/02"}),
        ("on 1/2/2024", {"dates": "01/02/2024"}),
        ("March 3rd, 1999", {"dates": "January 2, 2024"}),
        ("3 March 1999", {"dates": "2 January 2024"}),
        ("2024年1月2日", {"dates": "2024年1月2日"}),
        ("令和元年5月1日", {"dates": "令和6年1月2日"}),
        ("平成31年4月30日から2019年5月1日", {"dates": "several"}),
        ("5 km away", {"unit-spacing": "10 km", "unit-names": "km"}),
        ("5kmです", {"unit-spacing": "10km", "unit-names": "km"}),
        ("5キロメートル", {"unit-names": "キロメートル"}),
        ("5 kilometres", {"unit-names": "kilometers"}),
        ("これ、それ。", {"japanese-punctuation": "、。"}),
        ("これ，それ．", {"japanese-punctuation": "，．"}),
        ("これ，それ。", {"japanese-punctuation": "，。"}),
        ("これ、それ，あれ。", {"japanese-punctuation": "several"}),
        ("a\n- b", {"bullets": "- a", "line-ends": "no space"}),
        ("a \n・b", {"bullets": "・a", "line-ends": "space"}),
        ("a\n- b\n* c", {"bullets": "several", "line-ends": "no space"}),
        ("a\n## b", {"headings": "## A", "line-ends": "no space"}),
        ("a\n**b**\nc", {"headings": "**A**", "line-ends": "no space"}),
        ("x = 1\n# a comment\ny", {"line-ends": "no space"}),
        ('{"a":1}', {"json-layout": "compact", "json-keys": '{"a": 1}'}),
        ('[{"a": 1}]', {"json-layout": "spaced", "json-keys": '{"a": 1}'}),
        ("{'a': 1}", {"json-keys": "{'a': 1}"}),
        ("{a: 1}", {"json-keys": "{a: 1}"}),
        ("[1, 2]", {}),
        ("SELECT a FROM t", {"sql-keywords": "SELECT", "sql-layout": "one line"}),
        ("SELECT a from t", {"sql-keywords": "Select", "sql-layout": "one line"}),
        ("SELECT 'from where'", {"sql-keywords": "SELECT", "sql-layout": "one line"}),
        ("Select the best.", {}),
    ],
)
def test_forms(answer: str, shown: dict[str, str]) -> None:
    assert forms(answer) == shown


@pytest.mark.parametrize(
    ("answer", "layout"),
    [
        ('```json\n{"a": 1}\n```', "spaced"),
        ('{\n  "a": 1\n}', "2"),
        ('{\n    "a": 1\n}', "4"),
        ('{\n\t"a": 1\n}', "tab"),
        ('{\n   "a": 1\n}', "other"),
        ('{"a": 1,\n "b": 2}', "other"),
    ],
)
def test_json_layouts(answer: str, layout: str) -> None:
    assert forms(answer)["json-layout"] == layout


def test_the_majority_breaks_ties_by_name() -> None:
    assert majority({"b": 2, "a": 2, "c": 1}) == "a"
    assert majority({}) is None


def test_nobody_can_choose_a_mixture() -> None:
    counts = {"other": 9, "2": 1}
    assert choices("json-layout", counts) == {"2": 1}
    assert choices("sql-keywords", {"Select": 9, "select": 1}) == {"select": 1}


def test_counts_leave_out_what_nobody_shows() -> None:
    facts = measured(records(record(answer="on 2024-01-02"), record(answer="none")))
    counted = form_counts(facts)
    assert counted["dates"] == {"2024-01-02": 1}
    assert counted["bullets"] == {}


def test_every_aspect_has_japanese() -> None:
    for aspect in ASPECTS.values():
        japanese = catalogue("ja")[aspect.says]
        for name in ("{form}", "{majority}", "{share}", "{records}"):
            assert name in japanese


def test_forms_that_are_words_have_japanese() -> None:
    words = [word for aspect in ASPECTS.values() for word in aspect.words.values()]
    assert "indented by 2" in words
    for word in [*words, "several", "one line", "several lines", "no space", "space"]:
        assert catalogue("ja")[word] != word
