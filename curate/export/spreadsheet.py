"""Spreadsheet: cells that no spreadsheet runs as a formula, in CSV exports alone."""

from __future__ import annotations

import re

FORMULA = re.compile(r"[\s\x00-\x20\ufeff\u200b-\u200f\u2060]*[=+\-@|%＝＋－＠｜％]|[\t\r\n\x00]")
"""A sign that starts a formula or a command, plain or full-width, also behind blanks; and blanks
that some programs drop before they look."""
QUOTE = "'"  # a cell that begins with it is text; the quote itself is not shown


def harmless(cell: str | None) -> str:
    """The text of a cell, with a quote before it where a spreadsheet might run it."""
    if not cell:
        return ""
    return QUOTE + cell if FORMULA.match(cell) else cell
