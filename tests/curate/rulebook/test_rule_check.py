"""Rules as checks: what is searched, what is found, and where."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from curate.check import ask
from curate.content.signs import sign
from curate.finding import Hit
from curate.rulebook.rule import Rule
from curate.rulebook.rule_check import check_of, fused
from tests.making import record, records

EXAMPLE = ({"answer": "x"},)


def rule(matches: str, name: str = "rule", **more: Any) -> Rule:
    given = {"says": f"{name} fires", "field": "answer", "check": "house", **more}
    return Rule(
        name=name, pack="mine", place="mine.yaml:1", matches=matches,
        bad=EXAMPLE, good=EXAMPLE, **given,
    )  # fmt: skip


def found(*rules: Rule, **parts: Any) -> list[Hit]:
    said = ask(check_of("house", rules), records(record(**parts)))
    return [hit for _, hit in said if isinstance(hit, Hit)]


def spans(*rules: Rule, **parts: Any) -> list[tuple[str | None, str]]:
    """(field, text at the span): the span must hold what the evidence says."""
    frame = records(record(**parts))
    hits = found(*rules, **parts)
    return [(hit.field, frame[hit.field][0][hit.start : hit.end]) for hit in hits]


def test_a_hit_says_which_rule_and_where() -> None:
    [hit] = found(rule("b+", kind="hard", severity="error"), answer="a bbb c bb")
    assert (hit.message, hit.severity, hit.field) == ("rule fires", "error", "answer")
    assert (hit.start, hit.end) == (2, 5)
    assert hit.evidence == {"rule": "rule", "pack": "mine", "kind": "hard", "text": "bbb"}


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        ("Call (06)6817 now.", "(06)6817"),
        ("電話は（06）6817です。", "（06）6817"),
        ("Call ((06)6817", "(06)6817"),
        ("電話は(番号 06)6817", "06)6817"),
        ("Call (6817 now.", "6817"),
    ],
)
def test_what_is_masked_takes_the_bracket_that_it_shuts(answer: str, seen: str) -> None:
    number = "[0-9]+[)）]?[0-9]+"
    assert spans(rule(number, mask=True, kind="phone"), answer=answer) == [("answer", seen)]
    [(_, plain)] = spans(rule(number), answer=answer)
    assert plain == seen.lstrip("(（")


@pytest.mark.parametrize("answer", ["猫は可愛い。𠮷野家 bbb", "é🎉bbb", "\ufdd0bbb\ufdd1"])
def test_spans_count_characters(answer: str) -> None:
    assert spans(rule("b+"), answer=answer) == [("answer", "bbb")]


@pytest.mark.parametrize(
    ("matches", "answer", "seen"),
    [
        ("(a)(b)", "xab", "ab"),
        ("(?i)STOP|go", "please stop", "stop"),
        ("(?x) b + # as many as there are", "abb", "bb"),
        ("^$|q", "aq", "q"),
        (r"\bfin\b", "el fin!", "fin"),
    ],
)
def test_patterns_with_groups_flags_and_comments(matches: str, answer: str, seen: str) -> None:
    others = [rule("zz", "before"), rule(matches), rule("yy", "after")]
    assert spans(*others, answer=answer) == [("answer", seen)]


def test_a_flag_stays_in_its_rule() -> None:
    assert found(rule("(?i)stop", "one"), rule("GO", "two"), answer="go") == []


def test_nothing_is_found_in_nothing() -> None:
    assert found(rule("b+"), answer="") == []
    assert found(rule("b+", field="input"), answer="b") == []
    assert found(rule("b+", field="system"), answer="b") == []


def test_the_worst_rule_speaks_and_names_the_others() -> None:
    [hit] = found(
        rule("b", "mild", severity="info"), rule("c", "bad", severity="error"),
        rule("d", "also-bad", severity="error"), answer="b c d",
    )  # fmt: skip
    assert hit.evidence["rule"] == "bad"
    assert hit.evidence["also"] == ["also-bad", "mild"]


def test_every_match_of_a_masking_rule_and_none_in_full() -> None:
    hits = found(rule("[0-9]{4,}", mask=True, kind="pin"), answer="12345678, 4 and 87654321")
    assert [(hit.start, hit.end) for hit in hits] == [(0, 8), (16, 24)]
    assert all(digits not in str(hits) for digits in ("12345678", "87654321", "3456"))


def test_masked_matches_that_overlap_are_one() -> None:
    rules = [rule("[0-9]+", "whole", mask=True), rule("[0-9]{2}", "part", mask=True)]
    assert [hit.evidence["rule"] for hit in found(*rules, answer="123456")] == ["whole"]


@pytest.mark.parametrize(
    ("more", "silent", "loud"),
    [
        ({"unless": "^quiet"}, {"answer": "quiet b"}, {"answer": "loud b"}),
        ({"unless_prompt": "詩"}, {"prompt": "詩を書いて", "answer": "b"}, {"answer": "b"}),
        ({"language": "ja"}, {"answer": "b and c"}, {"answer": "bとc"}),
        ({"language": "en"}, {"answer": "一b".replace("b", "１")}, {"answer": "b"}),
        ({"needs": ("key", "lock")}, {"answer": "b door"}, {"answer": "b lock"}),
        ({"needs": ("|b",)}, {"answer": "b |"}, {"answer": "a |b"}),
        ({"needs": ("key",), "shows": ("at-sign",)}, {"answer": "b key"}, {"answer": "b@key"}),
        ({"shows": ("figure",)}, {"answer": "b 1234"}, {"answer": "b 1234 5"}),
        ({"shows": ("at-sign", "wide")}, {"answer": "b"}, {"answer": "bと"}),
        ({"begins": ("So", "はい")}, {"answer": "Now b So"}, {"answer": "\n はい b"}),
        ({"begins": ("So",), "needs": ("key",)}, {"answer": "So b"}, {"answer": "So b key"}),
        ({"valid": "luhn"}, {"answer": "4111111111111112"}, {"answer": "4111111111111111"}),
    ],
)
def test_what_keeps_a_rule_silent(
    more: dict[str, Any], silent: dict[str, str], loud: dict[str, str]
) -> None:
    asked = rule("b|１|[0-9]{16}", **more)
    assert found(asked, **silent) == []
    assert len(found(asked, **loud)) == 1


def test_what_a_check_of_rules_shows_is_what_each_of_them_says() -> None:
    named = rule("b", needs=("key",), shows=("figure",))
    numbered = rule("c", "other", field="before", shows=("figure",))
    japanese = rule("d", "third", language="ja")
    signs = check_of("house", [named, numbered, japanese]).signs
    assert signs is not None
    assert signs({}) == {
        "answer": sign("key", kinds=["eastern"]),
        "system": sign(kinds=["figure"]),
        "history": sign(kinds=["any"]),
    }


def test_one_rule_that_says_nothing_of_it_may_fire_anywhere() -> None:
    signs = check_of("house", [rule("b", needs=("key",)), rule("^$", "empty")]).signs
    assert signs is not None
    assert signs({}) is None


def test_a_valid_match_behind_an_invalid_one() -> None:
    asked = rule("[0-9]{16}", valid="luhn")
    assert spans(asked, answer="4111111111111112 4111111111111111") == [
        ("answer", "4111111111111111")
    ]


@pytest.mark.parametrize(
    ("field", "parts", "where"),
    [
        ("prompt", {"prompt": "a", "input": "b"}, "prompt"),
        ("input", {"prompt": "a", "input": "b"}, "input"),
        ("system", {"system": "b"}, "system"),
        ("text", {"system": "b"}, "system"),
        ("text", {"history": [("user", "x"), ("assistant", "b")]}, "history"),
        ("text", {"prompt": "b"}, "prompt"),
        ("text", {"answer": "b"}, "answer"),
    ],
)
def test_fields(field: str, parts: dict[str, Any], where: str) -> None:
    given = {"prompt": "a", "answer": "c", **parts}
    assert spans(rule("b", field=field), **given) == [(where, "b")]


def test_history_is_read_through_its_escapes() -> None:
    asked = rule(r"(?m)^\d{3}\b", field="text", mask=True)
    history = [("user", "a\n123 x"), ("assistant", 'n "456"')]
    [(where, text)] = spans(asked, prompt="a", answer="c", history=history)
    assert (where, text) == ("history", "123")


OPENING = [
    ("One. b", True),
    ("One. Two. b", False),
    ("「はい」。いいえ。b", False),
    ("はい。b。", True),
    ("One\ntwo\nb", False),
    ("b" * 1, True),
    ("a" * 299 + "b", True),
    ("a" * 300 + "b", False),
]
ENDING = [("b" + "a" * 299, True), ("b" + "a" * 300, False), ("猫" * 400 + "b", True)]


@pytest.mark.parametrize(
    ("field", "answer", "hit"),
    [("answer-opening", *case) for case in OPENING] + [("answer-ending", *case) for case in ENDING],
)
def test_openings_and_endings(field: str, answer: str, hit: bool) -> None:
    assert spans(rule("b", field=field), answer=answer) == ([("answer", "b")] if hit else [])


def test_one_check_for_all_rules() -> None:
    check = check_of("house", [rule("b", severity="info"), rule("c", "two", severity="error")])
    assert (check.severity, check.says, check.group) == ("error", "rule fires", "behaviour")
    assert "mine.yaml:1" in check.why
    assert set(check.fields) == {"answer", "prompt"}


def test_a_check_of_rules_travels_to_another_process() -> None:
    check = pickle.loads(pickle.dumps(check_of("house", [rule("b")])))
    assert len(ask(check, records(record(answer="b"), record(answer="c")))) == 1


def test_more_patterns_than_one_alternation_can_hold() -> None:
    patterns = [rf"\w{{{number}}}q" for number in (60, 70, 80)]  # each some megabytes
    assert len(fused(patterns)) == 2
    rules = [rule(pattern, f"rule-{n}") for n, pattern in enumerate(patterns)]
    assert len(found(*rules, answer="a" * 110 + "q")) == 1


def test_a_hostile_text_takes_no_longer() -> None:
    assert found(rule("(a+)+$"), answer="a" * 50_000 + "!") == []
