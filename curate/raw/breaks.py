"""Breaks: how many line breaks there are."""

from __future__ import annotations

import numpy as np

from curate.kernel import library
from curate.kernel.library import BYTES, COUNT

_line_breaks = library.function("line_breaks", BYTES, COUNT)


def breaks(data: bytes, end: int | None = None) -> int:
    """How many line breaks there are, up to a place."""
    return int(_line_breaks(np.frombuffer(data, np.uint8), len(data) if end is None else end))
