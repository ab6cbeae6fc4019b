"""Signs: what a text must hold for a check to find fault with it, looked for in one pass.

Most texts hold nothing that any check is after. What each check looks for is boiled down to a few
literals and kinds of characters; C looks for those of all checks at once where polars keeps the
texts, and a check then searches only the records that show a sign of its own. A sign may be too
generous, never too narrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.kernel import library
from curate.kernel.library import BYTES, INTS, LONGS, NUMBER, NUMBERS, POINTER
from curate.kernel.views import lent

Kind = Literal["figure", "at-sign", "control", "wide", "eastern", "any"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""`1.1.1`, `+1`, `AB12`, or five digits, four of them in a row; `@`; an ASCII control character but
tab and line feed; a character beyond ASCII; one from U+2E80 on, where kana and kanji are; any
character at all."""

MOST = 63  # checks of one pass: a bit each, and one is the kernel's own
WHOLE = 3  # bytes of a literal that is found as a whole; of a shorter one the first byte is a sign

Signs = Mapping[str, "Sign"]
"""Column of a record -> its sign. A suspect shows one of them."""

_byte = np.arange(256)
_BYTES: Mapping[str, npt.NDArray[np.bool_]] = {
    "at-sign": _byte == ord("@"),
    "control": ((_byte < ord(" ")) & (_byte != ord("\t")) & (_byte != ord("\n"))) | (_byte == 0x7F),
    "wide": _byte >= 0x80,
    "eastern": _byte >= 0xE3,  # and part of 0xE2, which the kernel looks at
    "any": _byte >= 0,
}
COMMON = b" etaoinshrdlucmfwypvbgk"  # the commonest first
_FILTER, _BUCKETS = 17, 12  # bits of their hashes
_FACTOR = 0xC2B2AE35
_LOOK = np.uint64(1 << 63)

_signs_of_all = library.function(
    "signs_of_all",
    POINTER, NUMBERS, NUMBER, NUMBER, BYTES, INTS, BYTES, LONGS, LONGS, NUMBERS, NUMBERS,
    gives=None,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sign:
    """One of these literals, or of these kinds of characters."""

    literals: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()

    def __or__(self, other: Sign) -> Sign:
        return Sign(self.literals | other.literals, self.kinds | other.kinds)


def sign(*literals: str, kinds: Iterable[Kind] = ()) -> Sign:
    """The sign of these literals and kinds; no literal is empty."""
    return Sign(frozenset(literals), frozenset(kinds))


def shown(records: pl.DataFrame, asked: Sequence[Signs]) -> npt.NDArray[np.uint64]:
    """For each record a number with a bit for each of the checks whose signs it shows."""
    found = np.zeros(len(records), np.uint64)
    for column in dict.fromkeys(column for signs in asked for column in signs):
        texts = records[column]
        if texts.null_count() < len(texts):
            table = _table(tuple(signs.get(column, Sign()) for signs in asked))
            with lent(texts) as at:
                table.ask(at, found)
    return found


def shows(one: Sign, texts: pl.Series) -> pl.Series:
    """Whether each text of a column shows a sign; a text that is not there shows none."""
    return pl.Series(shown(texts.to_frame("text"), [{"text": one}]).astype(np.bool_))


def showing(signs: Sequence[Sign], texts: pl.Series) -> list[pl.Series]:
    """The rows of a column that show each of these signs, looked for in one pass."""
    named = texts.to_frame("text")
    rows = []
    for at in range(0, len(signs), MOST):
        some = signs[at : at + MOST]
        found = shown(named, [{"text": one} for one in some])
        bits = (found & np.uint64(1 << bit) for bit in range(len(some)))
        rows += [pl.Series(np.flatnonzero(held), dtype=pl.UInt32) for held in bits]
    return rows


class _Table:
    """The signs of one column, laid out for C."""

    def __init__(self, signs: Sequence[Sign]) -> None:
        self._of_byte = np.zeros(256, np.uint64)
        self._of_byte[[*b"0123456789", 0xE2]] = _LOOK
        self._of_figure = self._of_eastern = 0
        checks: dict[bytes, int] = {}
        for number, one in enumerate(signs):
            bit = 1 << number
            for kind in one.kinds & _BYTES.keys():
                self._of_byte[_BYTES[kind]] |= np.uint64(bit)
            if "figure" in one.kinds:
                self._of_figure |= bit
            if "eastern" in one.kinds:
                self._of_eastern |= bit
            for literal in map(str.encode, one.literals):
                if len(literal) < WHOLE:
                    self._of_byte[literal[0]] |= np.uint64(bit)
                else:
                    checks[literal] = checks.get(literal, 0) | bit
        self._lay_out(checks)

    def _lay_out(self, checks: Mapping[bytes, int]) -> None:
        ordered = sorted(checks, key=_bucket)
        counts = np.bincount([_bucket(one) for one in ordered], minlength=1 << _BUCKETS)
        self._buckets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        self._offsets = np.cumsum([0, *map(len, ordered)], dtype=np.int64)
        self._literals = np.frombuffer(b"".join(ordered) or b"\0", np.uint8)
        self._keys = np.array([_key(one) for one in ordered], np.int64)
        self._of_literal = np.array([checks[one] for one in ordered], np.uint64)
        passed = np.zeros(1 << _FILTER, np.bool_)
        for literal in ordered:
            passed[_hashes(literal)] = True
        self._filter = np.packbits(passed, bitorder="little")

    def ask(self, texts: int, found: npt.NDArray[np.uint64]) -> None:
        """Add to `found` what each text shows."""
        _signs_of_all(
            texts, self._of_byte, self._of_figure, self._of_eastern, self._filter, self._buckets,
            self._literals, self._offsets, self._keys, self._of_literal, found,
        )  # fmt: skip


_table = lru_cache(maxsize=64)(_Table)


def _key(literal: bytes) -> int:
    """Where in it the four bytes begin that are rarest in English, the engine's usual fare."""
    rare = [COMMON.index(byte) if byte in COMMON else len(COMMON) for byte in literal]
    return max(range(max(1, len(literal) - 3)), key=lambda at: sum(rare[at : at + 4]))


def _bucket(literal: bytes) -> int:
    """By the first three bytes of its key."""
    at = _key(literal)
    key = int.from_bytes(literal[at : at + 3], "little")
    return (key * _FACTOR & 0xFFFFFFFF) >> (32 - _BUCKETS)


def _hashes(literal: bytes) -> npt.NDArray[np.uint32]:
    """Of its key; of three bytes alone with any one behind them."""
    at = _key(literal)
    first = int.from_bytes(literal[at : at + 3], "little")
    keys = np.array([first | byte << 24 for byte in literal[at + 3 : at + 4] or range(256)])
    return keys.astype(np.uint32) * np.uint32(_FACTOR) >> np.uint32(32 - _FILTER)
