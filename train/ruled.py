"""Ruled: whether answers trip a rule of the audit, where the rules can run.

Rules run on polars, which a training box may lack; then nobody can tell, and None says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any


def flagged(check: str, texts: Sequence[tuple[str, str]]) -> list[bool | float | None]:
    """For each (prompt, answer) whether the shipped rules of this check find anything."""
    try:
        asked = shipped()[check]
    except ImportError:
        return [None] * len(texts)
    from curate.check import ask
    from curate.finding import Hit
    from curate.rules import example_records

    if not texts:
        return []
    records = example_records([{"prompt": prompt, "answer": answer} for prompt, answer in texts])
    said: list[bool | float | None] = [False] * len(texts)
    for row, found in ask(asked, records):
        said[row] = True if isinstance(found, Hit) else said[row]
    return said


@cache
def shipped() -> dict[str, Any]:
    """The checks that rules make, by name."""
    from curate.rules import load

    return {check.name: check for check in load().checks()}
