"""Likeness: words where there are spaces, characters elsewhere; laws, and a plain computation."""

from __future__ import annotations

import math
import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.trace import likeness as likenesses
from curate.trace.likeness import likeness, unspaced

ENGLISH = [
    "When was the Blue River channel founded?",
    "What is the capital of Japan?",
    "When was the Green Hill channel founded?",
]
JAPANESE = [
    "青川チャンネルはいつ設立されましたか。",
    "富士山の高さを教えてください。",
    "緑山チャンネルはいつ設立されましたか。",
]
WORDS = st.lists(st.sampled_from(["river", "hill", "blue", "川", "山です", "42"]), max_size=6)
TEXT = WORDS.map(" ".join)


def plain_bm25(question: str, text: str, texts: list[str]) -> float:
    """Term by term, as the book has it, as a share of the question's own score."""
    cut = [re.findall(r"\w+", one.casefold()) for one in texts]
    usual = sum(map(len, cut)) / len(cut)

    def score(words: list[str]) -> float:
        total = 0.0
        for word in set(re.findall(r"\w+", question.casefold())):
            holding = sum(word in one for one in cut)
            rarity = math.log(1 + (len(cut) - holding + 0.5) / (holding + 0.5))
            times = words.count(word)
            total += rarity * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * len(words) / usual))
        return total

    own = score(re.findall(r"\w+", question.casefold()))
    return min(1.0, score(re.findall(r"\w+", text.casefold())) / own)


def plain_tf_idf(question: str, text: str, texts: list[str]) -> float:
    """Cosine of the weighed sequences of two to four characters."""
    cut = [grams(one) for one in texts]

    def weighed(one: Counter[str]) -> dict[str, float]:
        holding = {gram: sum(gram in each for each in cut) for gram in one}
        return {
            gram: (1 + math.log(n))
            * math.log(1 + (len(cut) - holding[gram] + 0.5) / (holding[gram] + 0.5))
            for gram, n in one.items()
        }

    a, b = weighed(grams(question)), weighed(grams(text))
    lengths = math.sqrt(sum(v * v for v in a.values()) * sum(v * v for v in b.values()))
    return sum(v * b.get(gram, 0.0) for gram, v in a.items()) / lengths


def grams(text: str) -> Counter[str]:
    even = f" {text.casefold()} "
    return Counter(even[at : at + n] for n in (2, 3, 4) for at in range(len(even) - n + 1))


@pytest.mark.parametrize(
    ("questions", "plain"), [(ENGLISH, plain_bm25), (JAPANESE, plain_tf_idf)], ids=["words", "characters"]
)  # fmt: skip
def test_it_is_what_a_plain_computation_gives(questions: list[str], plain: object) -> None:
    assert callable(plain)
    found = likeness(questions, questions)
    for n, question in enumerate(questions):
        for m, text in enumerate(questions):
            assert found[n, m] == pytest.approx(plain(question, text, questions), abs=1e-6)


def test_japanese_is_compared_without_words() -> None:
    found = likeness(["青川チャンネルの設立はいつですか。"], JAPANESE)[0]
    assert found[0] > found[2] > found[1]
    as_words = likeness(["青川チャンネルの設立はいつですか。"], JAPANESE, [False])[0]
    assert as_words.max() == 0  # the twin that cuts at spaces finds nothing


def test_a_text_that_mixes_scripts_is_compared_by_characters() -> None:
    assert unspaced("GPU の温度")
    assert not unspaced("Größe and naïveté, 42")
    assert likeness(["GPUの温度は？"], ["GPU温度", "CPU fan"])[0].argmax() == 0


@settings(deadline=None, max_examples=40)
@given(st.lists(TEXT, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_the_texts_does_not_matter(texts: list[str], chance: object) -> None:
    order = list(range(len(texts)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    straight = likeness(texts, texts)
    turned = likeness(texts, [texts[n] for n in order])
    assert np.array_equal(straight[:, order], turned)
    assert ((straight >= 0) & (straight <= 1)).all()


@settings(deadline=None, max_examples=40)
@given(st.lists(TEXT.filter(bool), min_size=1, max_size=5))
def test_a_text_is_wholly_like_itself(texts: list[str]) -> None:
    found = likeness(texts, texts)
    assert np.array_equal(np.diag(found), np.ones(len(texts)))


def test_stretches_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [*ENGLISH, *JAPANESE] * 3
    whole = likeness(texts, texts)
    monkeypatch.setattr(likenesses, "AT_ONCE", 4)
    assert np.allclose(likeness(texts, texts), whole, atol=1e-9)


def test_nothing_is_like_nothing() -> None:
    assert likeness([], ENGLISH).shape == (0, 3)
    assert likeness(ENGLISH, []).shape == (3, 0)
    assert likeness(["", "?"], ["", "!"]).tolist() == [[0, 0], [0, 0]]
