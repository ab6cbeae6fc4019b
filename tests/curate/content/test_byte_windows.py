"""byte_windows: a long run that two texts share is never missed."""

from __future__ import annotations

import random

import polars as pl
import pytest

from curate.content.byte_windows import known_windows, shared

LATIN = "abcdefghij klmnop qrst uvwxyz0123456789"
KANA = "あいうえおかきくけこさしすせそたちつてとなにぬねの日本語東京大阪"


def noise(random_: random.Random, signs: str, size: int) -> str:
    return "".join(random_.choice(signs) for _ in range(size))


@pytest.mark.parametrize(("signs", "run"), [(LATIN, 63), (KANA, 21)])
def test_every_shared_run_of_63_bytes_is_found(signs: str, run: int) -> None:
    chance = random.Random(1)
    known, texts = [], []
    for _ in range(300):
        common = noise(chance, signs, run)
        known.append(noise(chance, signs, chance.randrange(60)) + common)
        texts.append(noise(chance, signs, chance.randrange(60)) + common + noise(chance, signs, 9))
    found = shared(pl.Series(texts), known_windows(pl.Series(known), 10))
    assert set(range(300)) == {row for row, _, owner in found.iter_rows() if row == owner}


def test_a_known_text_of_47_bytes_inside_another_is_found() -> None:
    chance = random.Random(2)
    known = [noise(chance, LATIN, 47) for _ in range(200)]
    texts = [noise(chance, LATIN, chance.randrange(40)) + text + " end" for text in known]
    found = shared(pl.Series(texts), known_windows(pl.Series(known), 10))
    assert set(range(200)) == {row for row, _, owner in found.iter_rows() if row == owner}


def test_nothing_is_found_across_two_texts() -> None:
    whole = noise(random.Random(3), LATIN, 200)
    known = known_windows(pl.Series([whole]), 10)
    pieces = pl.Series([whole[at : at + 20] for at in range(0, 200, 20)])
    assert shared(pieces, known).is_empty()


def test_what_many_known_texts_share_does_not_count() -> None:
    template = "Below is an instruction that describes a task, write a response. "
    known = pl.Series([template + noise(random.Random(n), LATIN, 80) for n in range(12)])
    assert shared(pl.Series([template]), known_windows(known, 12)).height > 0
    assert shared(pl.Series([template]), known_windows(known, 11)).is_empty()


@pytest.mark.parametrize("texts", [[], [""], ["short"], [None, "x" * 31]])
def test_little_text_has_no_windows(texts: list[str | None]) -> None:
    little = pl.Series(texts, dtype=pl.String)
    some = pl.Series(["y" * 100])
    assert shared(some, known_windows(little, 10)).is_empty()
    assert shared(little, known_windows(some, 10)).is_empty()
