"""masking: a few leading characters at most, and nothing of the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.content.masking import DOT, KEPT_AT_MOST, NOTHING_KEPT, mask, mask_spans

SHOWN = [
    ("", ""),
    ("abc", "•••"),
    ("taro@x.jp", "ta•••••••"),
    ("090-1234-5678", "090••••••••"),
    ("山田太郎様方", "山•••••"),
    ("A" * 4000, "AAAA" + "•" * 8),
]


@pytest.mark.parametrize(("text", "shown"), SHOWN)
def test_mask(text: str, shown: str) -> None:
    assert mask(text) == shown


@pytest.mark.parametrize("kind", sorted(NOTHING_KEPT))
def test_some_kinds_show_nothing(kind: str) -> None:
    assert mask("123456789018", kind) == DOT * 8


@given(st.text(max_size=80), st.sampled_from([None, "phone", "my-number"]))
def test_never_more_than_four_and_a_quarter(text: str, kind: str | None) -> None:
    kept = mask(text, kind).rstrip(DOT)
    assert len(kept) <= min(KEPT_AT_MOST, len(text) // 4)
    assert text.startswith(kept)


def test_spans_of_a_field() -> None:
    text = "Call 090-1234-5678 or mail taro@x.jp today."
    spans = [(27, 36, "e-mail"), (5, 18, "phone")]
    assert mask_spans(text, spans) == "Call 090•••••••• or mail ta••••••• today."


def test_overlapping_spans_are_one_stretch() -> None:
    assert mask_spans("abcdefghijklmnop!", [(0, 10, None), (4, 16, None), (4, 4, None)]) == (
        "abcd••••••••!"
    )


def test_no_spans() -> None:
    assert mask_spans("そのまま", []) == "そのまま"
