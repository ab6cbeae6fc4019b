"""Folding: lines that fit the screen, the later ones set in; Japanese folds between characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from unicodedata import combining

from rich.cells import cell_len
from rich.text import Text

SET_IN = 2  # columns a folded line stands further right than the one it continues
SMALL = "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ"
NEVER_FIRST = {*"、。，．,.:;!?！？)）]］}｝〉》」』】〕”’%％…‥・ー〜々", *SMALL}
NEVER_LAST = {*"(（[［{｛〈《「『【〔“‘"}


def folded(text: Text, width: int) -> list[Text]:
    """The text as lines of at most `width` columns, without spaces at their ends."""
    plain = text.plain
    set_in = len(plain) - len(plain.lstrip(" ")) + SET_IN
    set_in = set_in if set_in < width // 2 else 0
    made = []
    for number, line in enumerate(text.divide(list(ends(plain, width, width - set_in)))):
        line.rstrip()
        made.append(line if number == 0 else Text(" " * set_in).append_text(line))
    return made


def ends(text: str, width: int, later: int) -> Iterator[int]:
    """Where each line but the last ends; the first may be `width` columns wide, others `later`."""
    at = end_of_line(text, 0, width)
    while at < len(text):
        yield at
        at = end_of_line(text, at, later)


def end_of_line(text: str, start: int, room: int) -> int:
    """Where the line ends that begins at `start`: if possible where a reader expects it."""
    used, good = 0, start
    for at in range(start, len(text)):
        if text[start:at].strip() and may_end(text, at):
            good = at
        size = cell_len(text[at])
        if used + size > room and at > start and not text[at].isspace():
            return good if good > start else at
        used += size
    return len(text)


def may_end(text: str, at: int) -> bool:
    """Whether a line may end before the character at this place."""
    before, after = text[at - 1], text[at]
    if after.isspace() or after in NEVER_FIRST or before in NEVER_LAST or combining(after):
        return False
    return before.isspace() or cell_len(before) == 2 or cell_len(after) == 2


def table(rows: Sequence[Sequence[Text]], right: Sequence[int] = ()) -> list[Text]:
    """The rows as lines of columns two spaces apart; the columns numbered in `right` end alike."""
    widths = [max(cell.cell_len for cell in column) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = []
        for at, (cell, width) in enumerate(zip(row, widths, strict=True)):
            cell = cell.copy()
            free = width - cell.cell_len
            cell.pad_left(free) if at in right else cell.pad_right(free)
            cells.append(cell)
        line = Text("  ").join(cells)
        line.rstrip()
        lines.append(line)
    return lines
