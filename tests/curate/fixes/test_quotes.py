"""quotes: only a text that mixes, only outside code, only what can be paired."""

from __future__ import annotations

import pytest

from curate.fix import Rewritten
from curate.fixes.quotes import FIX

MAJORITY = {"style": "majority"}
KEPT = [
    "It's \"fine\".",
    "It’s “fine”.",
    "「鍵括弧」と『二重』と“引用”",
    'print(“x”) or "x"',
    '`"x"` and “y”',
    '```\n"x"\n```\n“y”',
    '{"a": "“b”"}',
    "SELECT \"a\" FROM “t”",
    'He said “a "b" c” twice',
    '6\'2" tall, “so to say”',
    '„Deutsch“ and "straight"',
    '<a href="x">“y”</a>',
    "rock ’n’ roll and 'quoted'",
]  # fmt: skip
CHANGED = [
    ('A “b” and "c" and "d".', 'A "b" and "c" and "d".', ("double-quotes",)),
    ('A “b” and “c” and "d".', "A “b” and “c” and “d”.", ("double-quotes",)),
    ('A “b” and "c".', 'A "b" and "c".', ("double-quotes",)),  # as many of each: straight
    ("It’s what it's, don't.", "It's what it's, don't.", ("apostrophes",)),
    ("It’s what it’s, don't.", "It’s what it’s, don’t.", ("apostrophes",)),
    ('日本語の“引用”と"引用"。', None, ()),
    ("“It’s” 'x' and \"it's\".", '"It\'s" \'x\' and "it\'s".', ("apostrophes", "double-quotes")),
    ('A “b” and `"x"` and "c" and "d".', 'A "b" and `"x"` and "c" and "d".', ("double-quotes",)),
]  # fmt: skip


@pytest.mark.parametrize("text", KEPT)
def test_kept(text: str) -> None:
    assert FIX.rewrite(text, {}, MAJORITY).text == text


@pytest.mark.parametrize(("text", "after", "rules"), CHANGED)
def test_changed(text: str, after: str | None, rules: tuple[str, ...]) -> None:
    new = FIX.rewrite(text, {}, MAJORITY)
    assert (new.text, new.rules) == (text if after is None else after, rules)


def test_what_cannot_be_paired_is_reported() -> None:
    new = FIX.rewrite('He said “a "b" c” twice', {}, MAJORITY)
    assert new.left == "the double quotes cannot be paired with certainty"


def test_a_setting_holds_for_every_text() -> None:
    curly = {"style": "curly"}
    assert FIX.rewrite('It\'s "so".', {}, curly).text == "It’s “so”."
    assert FIX.rewrite("It’s “so”.", {}, curly) == Rewritten("It’s “so”.")
    assert FIX.rewrite("It’s “so”.", {}, {"style": "straight"}).text == 'It\'s "so".'
