"""Copies: what near-duplicate leaves to exact-duplicate, and what it may have missed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text

from curate.locale import Translator
from curate.show.missed import missed_in
from curate.show.numbers import number


def copies(document: Mapping[str, Any], t: Translator) -> Iterator[Text]:
    """What a report says of its near-duplicates besides their findings."""
    measures = document["measures"].get("near-duplicate", {})
    yield from exact_copies(measures.get("exact_copies", 0), t)
    yield from missed_in(document, t)


def exact_copies(count: int, t: Translator) -> Iterator[Text]:
    """How many copies near-duplicate does not count, and who does; nothing where there are none."""
    if count:
        said = t(
            "Exact copies that near-duplicate does not count: {n}; exact-duplicate names each."
        )
        yield Text(said.format(n=number(count)), "dim")
