"""Find texts that share a long run of characters with any of a set of texts, millions at a time.

Of the known texts, windows of 32 bytes are hashed at 16 places in a row of every 32; of other texts
at each 16th byte. A known text of 47 bytes or more that stands whole in another, and any shared run
of 63 bytes (13 short English words, 21 kana or kanji), thus has a window in common and is never
missed; many shorter runs are found too. A find is a candidate: two windows may share a hash.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

WINDOW, STRIDE, BLOCK, WORD = 32, 16, 32, 8  # bytes
FILTER_BITS = 22

Hashes = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]
Owners = npt.NDArray[np.int32]

_ODD = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], np.uint64
)
_SHIFT = np.uint64(29)


@dataclass(frozen=True)
class Windows:
    """Sorted window hashes of the known texts, the text that each is of, and a fast filter."""

    hashes: Hashes
    owners: Owners
    filter: npt.NDArray[np.bool_]


def known_windows(texts: pl.Series, common: int) -> Windows:
    """The windows of `texts`, without those that more than `common` of them share."""
    data, starts, ends = _joined(texts)
    hashes, at = [], []
    for offset in range(WORD):
        part = _hashed(data[offset:], WORD)
        hashes.append(part)
        at.append(np.arange(len(part)) * WORD + offset)
    places = np.concatenate(at)
    owners = np.searchsorted(starts, places, side="right") - 1
    kept = (places + WINDOW <= ends[owners]) & ((places - starts[owners]) % BLOCK < STRIDE)
    return _rare(np.concatenate(hashes)[kept], owners[kept].astype(np.int32), common)


def _rare(hashes: Hashes, owners: Owners, common: int) -> Windows:
    """Sorted, each hash once for each owner, and for `common` owners at most."""
    order = np.lexsort((owners, hashes))
    hashes, owners = hashes[order], owners[order]
    new_hash = np.append(True, hashes[1:] != hashes[:-1])[: len(hashes)]
    new = new_hash | np.append(True, owners[1:] != owners[:-1])[: len(hashes)]
    hashes, owners, new_hash = hashes[new], owners[new], new_hash[new]
    sizes = np.diff(np.append(np.flatnonzero(new_hash), len(hashes)))
    rare = np.repeat(sizes <= common, sizes)
    hashes, owners = hashes[rare], owners[rare]
    passing = np.zeros(1 << FILTER_BITS, np.bool_)
    passing[_slot(hashes)] = True
    return Windows(hashes, owners, passing)


def shared(texts: pl.Series, known: Windows) -> pl.DataFrame:
    """Candidates: `row` of `texts`, byte `at` of it where a window begins, `owner` that has it."""
    data, starts, ends = _joined(texts)
    hashes = _hashed(data, STRIDE)
    at = np.flatnonzero(known.filter[_slot(hashes)])
    first = np.searchsorted(known.hashes, hashes[at], side="left")
    many = np.searchsorted(known.hashes, hashes[at], side="right") - first
    found = many > 0
    at, first, many = at[found], first[found], many[found]
    nth = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    owners = known.owners[np.repeat(first, many) + nth]
    places = np.repeat(at, many) * STRIDE
    rows = np.searchsorted(starts, places, side="right") - 1
    inside = places + WINDOW <= ends[rows]
    columns = {"row": rows, "at": places - starts[rows], "owner": owners}
    return pl.DataFrame(columns).filter(pl.Series(inside))


def _joined(texts: pl.Series) -> tuple[bytes, Numbers, Numbers]:
    """All texts in one, and where each starts and ends."""
    lengths = texts.str.len_bytes().fill_null(0).to_numpy().astype(np.int64)
    ends = np.cumsum(lengths)
    whole = texts.str.join("").item() if len(texts) else ""
    return whole.encode(), ends - lengths, ends


def _hashed(data: bytes, stride: int) -> Hashes:
    """A hash of the window at each `stride` bytes that lies whole in `data`."""
    words = np.frombuffer(data, np.uint64, len(data) // WORD)
    step = stride // WORD
    count = max(0, (len(words) - len(_ODD)) // step + 1) if len(words) >= len(_ODD) else 0
    hashes = np.zeros(count, np.uint64)
    for place, odd in enumerate(_ODD):
        hashes ^= words[place : place + (count - 1) * step + 1 : step] * odd if count else hashes
        hashes ^= hashes >> _SHIFT
        hashes *= _ODD[0]
    return hashes


def _slot(hashes: Hashes) -> Hashes:
    return hashes >> np.uint64(64 - FILTER_BITS)
