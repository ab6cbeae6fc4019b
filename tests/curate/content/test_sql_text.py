"""SQL as text: what parses, where a fault lies, and what the parser cannot know."""

from __future__ import annotations

import pytest

from curate.content.sql_text import (
    COMMON,
    MAX_CHARACTERS,
    CannotTell,
    SqlFault,
    check,
    parse_any,
    without_literals,
)


@pytest.mark.parametrize(
    "text",
    ["SELECT 1", "SELECT TOP 3 a FROM t", "SELECT `a` FROM t", "SELECT a::int FROM t", "", ";;",
     "SELECT a FROM t |> WHERE b > 1", "SELECT '‘curly’' FROM t -- “too”"],
)  # fmt: skip
def test_sound(text: str) -> None:
    check(text)


@pytest.mark.parametrize(
    ("text", "words", "at"),
    [
        ("SELECT COUNT(* FROM t", "Expecting )", "FROM"),
        ("SELECT a\nFROM t\nWHERE", "incomplete at 'WHERE'", "WHERE"),
        ("SELECT a b c", "unexpected 'c'", "c"),
        ("SELECT 'a\nFROM t", "missing closing '", "'"),
        ("SELECT a\n/* b", "the text ends inside a comment", "/*"),
        ("SELECT “a”", "curly quotes where SQL has straight ones", "“"),
        ("SELECT a FROM t ORDER BY a GROUP BY a", "GROUP BY after ORDER BY", "GROUP BY"),
    ],
)
def test_faults_say_what_and_where(text: str, words: str, at: str) -> None:
    with pytest.raises(SqlFault) as raised:
        check(text)
    assert raised.value.words == words
    assert text[raised.value.start : raised.value.end] == at


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x" * (MAX_CHARACTERS + 1), "too long"),
        ("VACUUM FULL t", "does not know"),
        ("(" * 5000, "deeply"),
    ],
)
def test_could_not_tell(text: str, why: str) -> None:
    with pytest.raises(CannotTell, match=why):
        check(text)


def test_the_dialect_that_takes_it_is_named() -> None:
    assert parse_any("SELECT 1", COMMON)[1] == ""
    assert parse_any("SELECT 1", ("mysql",))[1] == "mysql"


def test_literals_are_blanked_in_place() -> None:
    text = "SELECT '{a}', \"b\" -- {c}\n/* {d} */ {e}"
    plain = without_literals(text)
    assert len(plain) == len(text)
    assert "{e}" in plain
    assert not any(name in plain for name in ("{a}", 'b"', "{c}", "{d}"))
