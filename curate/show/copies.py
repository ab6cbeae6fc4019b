"""Copies: what near-duplicate leaves to exact-duplicate, in one line."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from curate.locale import Translator
from curate.show.numbers import number


def exact_copies(count: int, t: Translator) -> Iterator[Text]:
    """How many copies near-duplicate does not count, and who does; nothing where there are none."""
    if count:
        said = t(
            "Exact copies that near-duplicate does not count: {n}; exact-duplicate names each."
        )
        yield Text(said.format(n=number(count)), "dim")
