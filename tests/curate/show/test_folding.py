"""Folding: no line too wide, nothing lost, no word cut that need not be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from curate.show.folding import folded, table


def lines(text: str, width: int) -> list[str]:
    return [line.plain for line in folded(Text(text), width)]


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("", 10, [""]),
        ("short", 10, ["short"]),
        ("one two three four", 10, ["one two", "  three", "  four"]),
        ("  set in already, and long", 16, ["  set in", "    already, and", "    long"]),
        ("abcdefghijklmno", 6, ["abcdef", "  ghij", "  klmn", "  o"]),
        ("回答が空です。", 6, ["回答が", "  空で", "  す。"]),
        ("回答は「空」です", 9, ["回答は", "  「空」", "  です"]),
        (" aa、、、", 8, [" aa、、", "   、"]),
        ("error ひらがなの文", 12, ["error ひらが", "  なの文"]),
    ],
)
def test_lines_end_where_a_reader_expects_it(text: str, width: int, expected: list[str]) -> None:
    assert lines(text, width) == expected


@given(st.text(alphabet="ab、。「」漢字カナ x(", max_size=60), st.integers(6, 30))
def test_every_line_fits_and_nothing_is_lost(text: str, width: int) -> None:
    made = lines(text, width)
    assert all(cell_len(line) <= width for line in made)
    assert "".join(made).replace(" ", "") == text.replace(" ", "")
    assert all(line == line.rstrip() for line in made)


def test_a_style_stays_on_its_words() -> None:
    text = Text.assemble(("red words here", "red"), " and plain ones")
    made = folded(text, 9)
    assert [line.plain for line in made] == ["red words", "  here", "  and", "  plain", "  ones"]
    red = ["".join(line.plain[s.start : s.end] for s in line.spans) for line in made]
    assert [part.strip() for part in red] == ["red words", "here", "", "", ""]


def test_columns_are_as_wide_as_they_need_and_end_without_spaces() -> None:
    rows = [[Text("チェック"), Text("9")], [Text("a"), Text("1,200")]]
    assert [line.plain for line in table(rows, right=[1])] == ["チェック      9", "a         1,200"]
    assert [line.plain for line in table(rows)] == ["チェック  9", "a         1,200"]
