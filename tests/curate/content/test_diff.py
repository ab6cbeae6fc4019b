"""Diff: edits that lead from one text to the other, and merging two changes of one text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.content import diff
from curate.content.diff import Segment, applied, edits, lines, merged, visible

TEXT = st.text(alphabet="ab \nあ。", max_size=40)


@settings(deadline=None)
@given(TEXT, TEXT)
def test_edits_lead_from_one_to_the_other(before: str, after: str) -> None:
    made = edits(before, after)
    assert applied(before, made) == after
    assert all(one.end <= two.start for one, two in zip(made, made[1:], strict=False))
    assert (made == []) == (before == after)


@settings(deadline=None)
@given(TEXT, TEXT)
def test_large_texts_become_one_edit(before: str, after: str) -> None:
    whole = diff.LARGE
    diff.LARGE = 3
    try:
        assert applied(before, edits(before, after)) == after
    finally:
        diff.LARGE = whole


@settings(deadline=None)
@given(TEXT, TEXT)
def test_merging_with_no_change_is_the_change(base: str, other: str) -> None:
    assert merged(base, base, other) == other
    assert merged(base, other, base) == other


def test_merging_keeps_both_changes() -> None:
    assert merged("one two three four", "ONE two three four", "one two three FOUR") == (
        "ONE two three FOUR"
    )
    assert (
        merged("これは 二つの 文", "これは 2つの 文", "これは 二つの 文。") == "これは 2つの 文。"
    )


def test_changes_of_the_same_words_are_not_merged() -> None:
    assert merged("one two", "one 2", "one TWO") is None
    assert merged("a ", "a", "a  ") is None


@settings(deadline=None)
@given(TEXT, TEXT)
def test_lines_show_every_edit(before: str, after: str) -> None:
    shown = list(lines(before, after))
    gone = "".join(s.text for _, segments in shown for s in segments if s.kind == "gone")
    new = "".join(s.text for _, segments in shown for s in segments if s.kind == "new")
    made = edits(before, after)
    assert gone == "".join(before[e.start : e.end] for e in made)
    assert new == "".join(e.text for e in made)


def test_lines_are_numbered_as_before() -> None:
    assert list(lines("a\nb \nc", "a\nb\nc")) == [
        (2, [Segment("same", "b"), Segment("gone", " ")]),
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a b", "a b"),
        ("a ", "a·"),
        ("a\r\n", "a␍⏎"),
        ("\u200b", "<U+200B>"),
        ("\u3000", "□"),
        ("\u00a0", "⍽"),
        ("\u202f", "⍽"),
    ],
)
def test_what_cannot_be_seen_is_shown(text: str, shown: str) -> None:
    assert visible(text) == shown
