"""The search against every pair compared: nothing that is not so, and next to nothing missed."""

from __future__ import annotations

import random
import subprocess
import sys

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.dedup import Sketcher, near_duplicates
from curate.dedup.candidates import EVERY_PAIR_UP_TO
from tests.curate.dedup import plain

WORDS = {
    "en": [
        "river",
        "stone",
        "cloud",
        "bread",
        "market",
        "winter",
        "garden",
        "letter",
        "music",
        "window",
        "paper",
        "light",
    ],
    "ja": list("山川空海花鳥風月雪雨木石火水土金犬猫魚米"),
}
BETWEEN = {"en": " ", "ja": ""}


def noisy(language: str, size: int, seed: int) -> list[str]:
    """Texts of which every third is another one with some tokens changed."""
    drawn = random.Random(seed)
    made: list[list[str]] = []
    for number in range(size):
        text = [f"{drawn.choice(WORDS[language])}" for _ in range(drawn.randint(3, 90))]
        if number % 3 == 2:
            text = list(drawn.choice(made))
            for _ in range(drawn.randint(0, max(1, len(text) // 12))):
                text[drawn.randrange(len(text))] = drawn.choice(WORDS[language])
        made.append(text)
    return [BETWEEN[language].join(text) for text in made]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("sketcher", [Sketcher(), Sketcher(32, 4), Sketcher(engine="datasketch")])
def test_exact_where_it_finds_and_it_finds_nearly_all(language: str, sketcher: Sketcher) -> None:
    texts = noisy(language, 500, seed=7)
    truth = plain.alike(texts, 0.7)
    found, _ = near_duplicates(texts, 0.7, sketcher)
    close = {
        (int(a), int(b)): float(s)
        for (a, b), s in zip(found.pairs, found.similarity, strict=True)
        if s >= 0.7
    }
    assert close.items() <= truth.items()  # precision 1, and every similarity is the true one
    assert len(close) >= 0.98 * len(truth)


@given(st.lists(st.text("ab c山川", max_size=12), max_size=8), st.integers(50, 100))
@settings(deadline=None)
def test_equal_texts_are_always_found(texts: list[str], percent: int) -> None:
    _, gone = near_duplicates(texts, percent / 100)
    seen: dict[tuple[str, ...], int] = {}
    expected = {}
    for number, text in enumerate(texts):
        key = tuple(plain.tokens(text))
        if key and key in seen:
            expected[number] = seen[key]
        seen.setdefault(key, number)
    same = {
        record: kept
        for record, kept, similarity in zip(*(a.tolist() for a in gone), strict=True)
        if plain.tokens(texts[record]) == plain.tokens(texts[kept])
    }
    assert same == expected


def test_threads_and_the_form_of_the_input_do_not_matter() -> None:
    texts = noisy("en", 300, seed=3)
    one, _ = near_duplicates(texts, 0.7, threads=1)
    many, _ = near_duplicates(pl.Series(texts), 0.7, threads=4)
    assert one.pairs.tolist() == many.pairs.tolist()
    assert one.similarity.tolist() == many.similarity.tolist()


def test_very_many_equal_texts_leave_one() -> None:
    texts = ["the same long sentence that stands here again and again"] * (4 * EVERY_PAIR_UP_TO)
    found, gone = near_duplicates([*texts, "another one, about the weather of tomorrow"], 0.8)
    assert gone.kept.tolist() == [0] * (len(texts) - 1)
    assert len(found.pairs) < len(texts) * EVERY_PAIR_UP_TO


@pytest.mark.parametrize("texts", [[], [""], ["one"], ["", " ", "\n"]])
def test_little_or_nothing_to_compare(texts: list[str]) -> None:
    found, gone = near_duplicates(texts)
    assert len(found.pairs) == len(gone.records) == 0


def test_texts_of_a_file_are_searched_without_polars() -> None:
    """Only what is given as a list or a series needs it; it takes a tenth of a second to load."""
    program = "import sys, curate.dedup; sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
