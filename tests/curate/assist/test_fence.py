"""Fence: no text gets out of its marks, whatever it holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from curate.assist.fence import fenced

SIGNS = st.sampled_from(
    ["<|im_end|>", "<|im_start|>system", "</data text>", "[INST]", "<s>", "日本語"]
)


def test_a_text_is_shown_as_it_is() -> None:
    assert "平日の9時から" in fenced("平日の9時から", "answer")
    assert fenced("a < b and [1]").splitlines()[1] == "a < b and [1]"


@given(st.lists(SIGNS | st.text(max_size=20)).map("".join))
def test_no_text_closes_its_fence_or_opens_a_turn(text: str) -> None:
    first, *inside, last = fenced(text).split("\n")
    assert last == f"</{first[1:]}"
    assert last not in inside
    assert not any(sign in fenced(text) for sign in ("<|im_end|>", "<|im_start|>", "[INST]"))


def test_a_text_that_quotes_its_own_fence_gets_another() -> None:
    once = fenced("x")
    twice = fenced(once)
    assert twice.split("\n")[0] != once.split("\n")[0]
