"""Near-duplicates of texts: exact, in bounded memory, and each one explained.

A sketch says which pairs may be alike, the exact Jaccard similarity says which are, and clusters
say which texts are removable and for the sake of which kept one.

    >>> pairs, gone = near_duplicates(["a b c d e f g", "x", "a b c d e f g h"], threshold=0.7)
    >>> gone.records.tolist(), gone.kept.tolist(), gone.similarity.tolist()
    ([2], [0], [0.75])
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from curate.dedup.clusters import Removable, removable
from curate.dedup.resemblance import Found, search
from curate.dedup.sketch import Sketcher
from curate.dedup.texts import InMemory, Texts

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Found", "Removable", "Sketcher", "near_duplicates", "search"]


def near_duplicates(
    texts: Texts | pl.Series | Sequence[str],
    threshold: float = 0.8,
    sketcher: Sketcher | None = None,
    threads: int | None = None,
) -> tuple[Found, Removable]:
    """The pairs among texts that are alike, and what may go; of two, the first stays.

    Texts are numbered in their order. `threads` is by default as many as there are cores.
    """
    kept = texts if isinstance(texts, Texts) else InMemory(texts)
    found = search(kept, sketcher or Sketcher(), threads or os.cpu_count() or 1)
    return found, removable(found.pairs, found.similarity, threshold)
