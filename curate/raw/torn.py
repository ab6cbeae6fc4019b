"""Torn: short rows of a table that make a whole one with what came before, but for a line break."""

from __future__ import annotations

from curate.sources.source import Misread

TORN = (
    "{got} cells where the header has {want}; perhaps the rest of line {line}: a cell with a line "
    "break in it needs quotes around it"
)


class Torn:
    """Asked of every row in turn; `want` is how many cells a whole one has."""

    def __init__(self, want: int) -> None:
        self._want = want
        self._began = self._cells = 0  # where the row before began, and its cells so far

    def of(self, line: int, got: int) -> Misread | None:
        """What to say of the row at this line where it may be the rest of an earlier one."""
        together = self._cells + got - 1
        if not (0 < got < self._want and self._cells and together <= self._want):
            if got:
                self._began, self._cells = line, got
            return None
        self._cells = together
        if together < self._want:
            return None
        return Misread("csv-ragged", TORN, got=got, want=self._want, line=self._began)
