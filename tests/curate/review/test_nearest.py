"""Nearest: like texts first, in both languages, whatever their number and however they are cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.review import nearest as room
from curate.review.nearest import nearest

TEXTS = [
    "The river channel was founded in 2013 by two brothers.",
    "Cats sleep for most of the day.",
    "富士山の高さは3776メートルです。",
    "川のチャンネルは2013年に二人の兄弟が設立しました。",
    "A channel between two islands is called a strait.",
    "",
]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("When was the river channel founded?", 0),
        ("How long does a cat sleep in a day?", 1),
        ("富士山は何メートルですか。", 2),
        ("川のチャンネルを設立したのは誰ですか。", 3),
    ],
)
def test_the_most_like_text_is_first(question: str, first: int) -> None:
    [found] = nearest([question], TEXTS)
    assert found[0].number == first
    assert all(one.score > other.score for one, other in zip(found, found[1:], strict=False))


def test_nothing_in_common_is_no_neighbour() -> None:
    assert nearest(["ξψω", ""], TEXTS) == [[], []]
    assert nearest(["anything"], []) == [[]]
    assert nearest([], TEXTS) == []


def test_a_text_is_nearest_to_itself() -> None:
    for number, [found, *_] in enumerate(nearest(TEXTS[:5], TEXTS)):
        assert found.number == number
        assert found.score > 0.7


WORDS = st.lists(
    st.sampled_from(["river", "cat", "day", "川", "山", "年", "channel", "two"]), max_size=12
)


@settings(max_examples=30, deadline=None)
@given(
    texts=st.lists(WORDS.map(" ".join), max_size=25),
    question=WORDS.map(" ".join),
    k=st.integers(1, 6),
)
def test_stretches_of_work_change_nothing(texts: list[str], question: str, k: int) -> None:
    whole = nearest([question], texts, k)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "AT_ONCE", 3)
        cut = nearest([question], texts, k)
    assert cut == whole
    assert all(0 < one.score <= 1 for one in whole[0])
