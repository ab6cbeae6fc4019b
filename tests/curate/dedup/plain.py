"""The same answers by the plainest means: sets of Python strings, and every pair of texts."""

from __future__ import annotations

import re
import unicodedata
from itertools import combinations

TOKEN = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3001-\u9fff\uf900-\ufaff\uff01-\uffef"
    r"\U00020000-\U0003ffff]"
    r"|[^\x00-\x20\u3000\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3001-\u9fff\uf900-\ufaff"
    r"\uff01-\uffef\U00020000-\U0003ffff]+"
)


def form(text: str) -> str:
    """The text as it is compared: letter case, width and composition do not count."""
    return unicodedata.normalize("NFKC", text).lower()


def tokens(text: str) -> list[str]:
    """Words between white space, and single characters of scripts without spaces."""
    return TOKEN.findall(text)


def shingles(text: str) -> set[tuple[str, ...]]:
    """Runs of five tokens; the whole of a shorter text."""
    found = tokens(text)
    if 0 < len(found) < 5:
        return {tuple(found)}
    return {tuple(found[at : at + 5]) for at in range(len(found) - 4)}


def jaccard(one: str, other: str) -> float:
    """0 where one of them has no token."""
    a, b = shingles(one), shingles(other)
    return len(a & b) / len(a | b) if a and b else 0.0


def alike(texts: list[str], threshold: float) -> dict[tuple[int, int], float]:
    """Every pair at the threshold or above."""
    sets = [shingles(text) for text in texts]
    found = {}
    for (i, a), (j, b) in combinations(enumerate(sets), 2):
        similarity = len(a & b) / len(a | b) if a and b else 0.0
        if similarity >= threshold:
            found[i, j] = similarity
    return found
