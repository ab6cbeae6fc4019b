"""Masking: show that something private is there, never what it is.

Every output of an audit (terminal, reports, findings file) goes through here where a check or a
rule found a secret or personal data. A few leading characters stay, so that a person can tell two
findings apart and find the value in the record; they are never more than a quarter of the value.
"""

from __future__ import annotations

from collections.abc import Iterable

DOT = "•"
KEPT_AT_MOST = 4  # characters
KEPT_SHARE = 4  # one character in so many may stay
DOTS_AT_MOST = 8  # a long key would fill the screen, and its length tells its kind
NOTHING_KEPT = frozenset({"my-number", "us-ssn", "birth-date", "bank-account-ja"})
"""Kinds so short, or whose first characters tell so much, that none of them stays."""


def mask(text: str, kind: str | None = None) -> str:
    """`text` with its first characters, at most 4 and at most a quarter, then dots."""
    kept = 0 if kind in NOTHING_KEPT else min(KEPT_AT_MOST, len(text) // KEPT_SHARE)
    return text[:kept] + DOT * min(len(text) - kept, DOTS_AT_MOST)


def mask_spans(text: str, spans: Iterable[tuple[int, int, str | None]]) -> str:
    """A whole field with every (start, end, kind) masked, for outputs that show record text.

    Spans count characters; they may overlap, and then the whole stretch is masked as one.
    """
    shown: list[str] = []
    at = 0
    for start, end, kind in _merged(spans):
        shown += [text[at:start], mask(text[start:end], kind)]
        at = end
    return "".join([*shown, text[at:]])


def _merged(spans: Iterable[tuple[int, int, str | None]]) -> list[tuple[int, int, str | None]]:
    merged: list[tuple[int, int, str | None]] = []
    for start, end, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        if merged and start < merged[-1][1]:
            before = merged[-1]
            merged[-1] = (before[0], max(before[1], end), before[2])
        elif start < end:
            merged.append((start, end, kind))
    return merged
