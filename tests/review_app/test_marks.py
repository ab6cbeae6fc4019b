"""Inert text: spans in brackets, hidden characters written out, changes line by line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.show.shown import Span, pieces
from review_app import inert


def marked(text: str, *spans: Span) -> str:
    return inert.marked(pieces(text, spans=spans, limit=10_000))


def test_text_without_findings_is_itself() -> None:
    assert marked("Boil the water.\nWait.") == "Boil the water.\nWait."
    assert marked("お湯を沸かします。") == "お湯を沸かします。"


def test_a_span_is_bracketed_and_numbered() -> None:
    assert marked("Boil teh water.", Span(5, 8, 2, "warn")) == "Boil ⟦teh⟧² water."
    assert marked("お湯をを沸かす", Span(2, 4, 12, "error")) == "お湯⟦をを⟧¹²沸かす"


def test_two_spans_side_by_side_stay_apart() -> None:
    shown = marked("abcd", Span(0, 2, 1, "warn"), Span(2, 4, 2, "warn"))
    assert shown == "⟦ab⟧¹⟦cd⟧²"


def test_hidden_characters_are_written_out() -> None:
    assert marked("a\u200bb") == "a⟨U+200B⟩b"
    assert "\u202e" not in marked("safe \u202egnp.exe")


def test_lines_from_the_right_run_from_the_right() -> None:
    shown = marked("مرحبا (1)\nhello")
    assert shown.split("\n")[0].startswith(inert.TO_RIGHT)
    assert shown.split("\n")[1] == "hello"


@pytest.mark.parametrize("line", ["\u200fمرحبا", "\u202e\u200fمرحبا", "⟦مرحبا⟧"])
def test_our_own_marks_turn_no_line_around(line: str) -> None:
    shown = marked(line)
    assert shown.startswith(inert.TO_RIGHT)
    assert inert.right_to_left(shown)
    assert not inert.right_to_left(marked(f"\u200fhello {line}"))


@pytest.mark.parametrize(
    "line",
    [
        "\u200f```python",
        '\u200f{"اسم": 1}',
        '{"اسم": 1}',
        "| اسم |",
        "  اسم",
        "\u200f  اسم",
        "\u200f[1]",
    ],
)
def test_columns_are_seen_behind_our_own_marks(line: str) -> None:
    assert inert.laid_out(marked(f"مثال:\n{line}"))
    assert inert.laid_out(marked(f"مثال:\n{line}", Span(6, 6 + len(line), 1, "error")))


def test_prose_with_our_own_marks_has_no_columns() -> None:
    assert not inert.laid_out(marked("\u200fمرحبا {1}\n\u200bhello", Span(0, 6, 1, "warn")))


def test_changed_words_are_bracketed() -> None:
    assert inert.changes("for 14 days", "for 21 days") == "- for ⟦14⟧ days\n+ for ⟦21⟧ days"
    assert inert.changes("三月五日", "三月六日") == "- 三月⟦五⟧日\n+ 三月⟦六⟧日"
    assert inert.changes("same", "same") == ""


def test_lines_far_from_a_change_are_left_out() -> None:
    before = "\n".join(f"line {n}" for n in range(20))
    shown = inert.changes(before, before.replace("line 9", "row 9"))
    assert "line 8" in shown
    assert "line 3" not in shown


def test_a_long_text_is_compared_too() -> None:
    before = "word " * 3_000
    shown = inert.changes(before, f"{before}end")
    assert "⟦end⟧" in shown


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_change_is_always_told_and_sameness_never(one: str, other: str) -> None:
    assert bool(inert.changes(one, other)) == (one != other)


@given(st.text(max_size=200))
def test_no_line_of_an_answer_is_lost(text: str) -> None:
    shown = inert.directed(text)
    assert shown.replace(inert.TO_RIGHT, "").replace(inert.END, "") == (
        text.replace(inert.TO_RIGHT, "").replace(inert.END, "")
    )


def test_a_no_break_space_differs_from_a_blank_in_sight() -> None:
    assert marked("10\u00a0km") == "10⍽km"
    assert inert.changes("10 km", "10\u00a0km") == "- 10⟦ ⟧km\n+ 10⟦⍽⟧km"
    assert inert.changes("蜜 蜂", "蜜\u00a0蜂") == "- 蜜⟦ ⟧蜂\n+ 蜜⟦⍽⟧蜂"
