"""Shown text: what a person sees of a text that nobody may trust."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.show.shown import HIDDEN, Piece, Private, Span, one_line, pieces, visible

CLEAN = [
    "Plain text, with a line\nbreak and a\ttab.",
    "全角 空白　と「かぎ括弧」、㈱・①",
    "Việt ngữ, a\u0323\u0302\u0301, שָׁלוֹם, नमस्ते, ที่นี่",
    "combined e\u0301, ﾊﾝｶｸ, 한국어, עברית, العربية",
    "a family: 👨\u200d👩\u200d👧, a flag: 🇯🇵, a heart: ❤\ufe0f",
    "Windows\r\nline ends",
    "葛\U000e0100城",
]
HIDING = [
    ("a\u202eb", "a⟨U+202E⟩b"),
    ("a\u200b\u200b\u200bb", "a⟨U+200B ×3⟩b"),
    ("a\u200db", "a⟨U+200D⟩b"),
    ("nul\x00esc\x1b[31m", "nul⟨U+0000⟩esc⟨U+001B⟩[31m"),
    ("lone\rreturn", "lone⟨U+000D⟩return"),
    ("\ufeffbom\xad", "⟨U+FEFF⟩bom⟨U+00AD⟩"),
    ("".join(map(chr, (0xE0061, 0xE0062, 0xE0063, 0xE0064))), "⟨U+E0061 U+E0062 U+E0063 … ×4⟩"),
    ("Z" + "\u0351" * 40 + " on", "Z⟨U+0351 ×40⟩ on"),
    ("\ud800half", "⟨U+D800⟩half"),
]


def text_of(shown: list[Piece]) -> str:
    return "".join(f"[{p.count} cut]" if p.kind == "cut" else p.text for p in shown)


@pytest.mark.parametrize("text", [text for text in CLEAN if "\U000e0100" not in text])
def test_what_can_be_seen_stays(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(("text", "expected"), HIDING)
def test_what_cannot_be_seen_is_written_out(text: str, expected: str) -> None:
    assert visible(text) == expected


@given(st.text(max_size=200))
def test_nothing_hidden_is_left(text: str) -> None:
    assert not HIDDEN.search(visible(text))
    assert "\n" not in one_line(text)


def test_a_short_text_is_one_piece() -> None:
    assert pieces("Plain.", limit=100) == [Piece("text", "Plain.")]


def test_a_finding_is_marked_and_numbered_where_it_ends() -> None:
    shown = pieces("one two three", spans=[Span(4, 7, 2, "warn")], limit=100)
    assert shown == [
        Piece("text", "one "),
        Piece("text", "two", "warn", (2,)),
        Piece("text", " three"),
    ]


def test_where_findings_overlap_the_worst_colours_and_each_ends_once() -> None:
    shown = pieces("abcdef", spans=[Span(0, 4, 1, "info"), Span(2, 6, 2, "error")], limit=100)
    assert [(p.text, p.severity, p.ends) for p in shown] == [
        ("ab", "info", ()), ("cd", "error", (1,)), ("ef", "error", (2,)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "span", [Span(5, 5, 1, "warn"), Span(4, 99, 1, "warn"), Span(9, 3, 1, "warn")]
)
def test_a_span_that_does_not_fit_the_text_marks_nothing(span: Span) -> None:
    assert pieces("short text", spans=[span], limit=100) == [Piece("text", "short text")]


def test_long_text_is_cut_and_counted() -> None:
    shown = pieces("x" * 5_000, limit=1_000)
    assert [p.kind for p in shown] == ["text", "cut"]
    assert len(shown[0].text) + shown[1].count == 5_000


def test_a_finding_far_inside_is_shown_with_its_surroundings() -> None:
    text = "x" * 4_000 + "HERE" + "y" * 4_000
    shown = pieces(text, spans=[Span(4_000, 4_004, 1, "error")], limit=500)
    assert [p.kind for p in shown] == ["text", "cut", "text", "text", "text", "cut"]
    assert ("HERE", "error") in [(p.text, p.severity) for p in shown]
    assert sum(p.count or len(p.text) for p in shown) == len(text)


def test_a_private_value_is_masked_and_spans_move_with_it() -> None:
    text = "mail a.person@example.com now please"
    shown = pieces(text, spans=[Span(26, 29, 1, "warn")], private=[Private(5, 25)], limit=100)
    assert "example" not in text_of(shown)
    assert [p.kind for p in shown] == ["text", "masked", "text", "text", "text"]
    assert [p.text for p in shown if p.severity] == ["now"]


def test_overlapping_private_values_are_one() -> None:
    shown = pieces("0123456789abcdef", private=[Private(0, 10), Private(5, 16)], limit=100)
    assert [p.kind for p in shown] == ["masked"]


def test_hidden_characters_cannot_bury_the_text() -> None:
    shown = pieces("a\u200b" * 3_000, limit=10_000)
    assert sum(p.kind == "hidden" for p in shown) == 60
    assert shown[-1].kind == "cut"
    assert sum(p.count or len(p.text) for p in shown) == 6_000


@given(
    st.text(max_size=80),
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), max_size=4),
    st.integers(1, 60),
)
def test_nothing_is_lost_whatever_is_marked(
    text: str, spans: list[tuple[int, int]], limit: int
) -> None:
    marked = [Span(a, b, n, "warn") for n, (a, b) in enumerate(spans)]
    shown = pieces(text, spans=marked, limit=limit)
    assert sum(p.count or len(p.text) for p in shown) == len(text)


@pytest.mark.parametrize("text", ["Bees make honey.\n\tAlways.", "蜂は　蜜を作る。"])
def test_ordinary_blanks_stay_as_they_are(text: str) -> None:
    assert visible(text) == text
    assert [p.text for p in pieces(text, limit=100)] == [text]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("10\u00a0km", "10⍽km"),
        ("Oui\u202f!", "Oui⍽!"),
        ("蜂\u00a0蜜", "蜂⍽蜜"),
        ("a\u2003b", "a⟨U+2003⟩b"),
    ],
)
def test_odd_blanks_are_seen(text: str, shown: str) -> None:
    assert visible(text) == shown
    told = "".join(f"⟨{p.text}⟩" if p.kind == "hidden" else p.text for p in pieces(text, limit=100))
    assert told == shown
