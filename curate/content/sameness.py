"""The form in which two texts are compared when only their wording counts.

Two texts have the same wording when their folded forms are equal: Unicode compatibility (NFKC),
letter case, runs of white space and the final punctuation do not count. White space beside kana
or kanji does not count at all, because Japanese puts none between words. "Hello  World!" and
"hello world" fold to one form, and so do "東京 は?" and "東京は". In `plain`, the
milder form, letter case, width and composition do not count, and everything else does. Characters
that nobody sees count in neither.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.content.screen import holds_one_of, is_wide
from curate.kernel import library
from curate.kernel.library import BYTES, NUMBERS, POINTER
from curate.kernel.views import lent

Numbers = npt.NDArray[np.uint64]

# All beyond ASCII but what NFKC leaves alone whatever stands beside it: accented Latin, dashes and
# curly quotes, kana, kanji and their brackets, Hangul. A text without these needs no normalising,
# which is slow.
UNSTABLE = (
    "\x80-\xbf\u0100-\u2012\u2015-\u2017\u201e-\u2021\u2023-\u3000\u3020-\u3040\u3097-\u309c"
    "\u309f-\u30a0\u30ff-\u4dff\ua000-\uabff\ud7a4-\U0010ffff"
)
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
"""Unicode's Default_Ignorable_Code_Point: zero-width, soft hyphen, direction marks, selectors."""
CJK = r"[\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff]"
LINE_SPACE = ["\n", "\t", "\r"]  # three single bytes: several times faster to find than five
SPACE_RUN = r"\s{2,}|[^\S ]"
FINAL = " .!?。…"

_wordings = library.function("wordings", POINTER, NUMBERS, BYTES, gives=None)
_wordings_of_folded = library.function("wordings_of_folded", POINTER, NUMBERS, gives=None)


def plain(texts: pl.Series) -> pl.Series:
    """Each text in NFKC and lower case, without what nobody sees; null stays null."""
    stable = normal(texts)
    upper = stable.str.contains(r"\p{Lu}")
    if 2 * upper.sum() > len(upper):  # lowering the rest too is less work than to pick these out
        return stable.str.to_lowercase()
    return _changed(stable, upper, lambda some: some.str.to_lowercase())


def normal(texts: pl.Series) -> pl.Series:
    """Each text in NFKC, without what nobody sees; null stays null."""
    return _changed(texts, holds_one_of(UNSTABLE, texts), _normal)


def _normal(texts: pl.Series) -> pl.Series:
    unseen = holds_one_of(INVISIBLE, texts)
    seen = _changed(texts, unseen, lambda some: some.str.replace_all(f"[{INVISIBLE}]", ""))
    return seen.str.normalize("NFKC")


def folded(texts: pl.Series) -> pl.Series:
    """Each text in its comparison form; null stays null."""
    lowered = plain(texts)
    lowered = _changed(lowered, is_wide(lowered), _without_cjk_space)
    spaced = lowered.str.contains("  ", literal=True) | lowered.str.contains_any(LINE_SPACE)
    even = _changed(lowered, spaced, lambda some: some.str.replace_all(SPACE_RUN, " "))
    return even.str.strip_chars_start(" ").str.strip_chars_end(FINAL)


def folded_column(column: str) -> pl.Expr:
    """`folded` of a column, for use in an expression."""
    return pl.col(column).map_batches(folded, return_dtype=pl.String, is_elementwise=True)


def wordings(texts: pl.Series) -> pl.Series:
    """A UInt64 for each text, equal where the folded forms are; null is as the empty text."""
    numbers, odd = np.zeros(len(texts), np.uint64), np.zeros(len(texts), np.uint8)
    if len(texts):
        with lent(texts) as column:
            _wordings(column, numbers, odd)
    slow = np.flatnonzero(odd)
    if len(slow):
        numbers[slow] = _of_folded(folded(texts.gather(pl.Series(slow))))
    return pl.Series(texts.name, numbers)


def _of_folded(texts: pl.Series) -> Numbers:
    numbers = np.zeros(len(texts), np.uint64)
    with lent(texts) as column:
        _wordings_of_folded(column, numbers)
    return numbers


def width(text: str) -> float:
    """Characters, kana and kanji counted double: each says about as much as two letters."""
    return (len(text) + len(text.encode())) / 2


def widths(texts: pl.Expr) -> pl.Expr:
    """`width` of each text."""
    return (texts.str.len_chars() + texts.str.len_bytes()) / 2


def _without_cjk_space(texts: pl.Series) -> pl.Series:
    """No white space beside kana and kanji."""
    return _changed(texts, texts.str.contains(r"\s"), _closed_up)


def _closed_up(texts: pl.Series) -> pl.Series:
    after = texts.str.replace_all(rf"({CJK})\s+", "${1}")
    return after.str.replace_all(rf"\s+({CJK})", "${1}")


def _changed(
    texts: pl.Series, where: pl.Series, change: Callable[[pl.Series], pl.Series]
) -> pl.Series:
    """`texts` with `change` made to those where `where` is true."""
    rows = where.arg_true()
    if rows.is_empty():
        return texts
    if len(rows) == len(texts):
        return change(texts)
    return texts.clone().scatter(rows, change(texts.gather(rows)))
