"""Text: one column of plain text and no prompt; the last resort, and said so.

Where no column has a name for text, the one with the most text in the record is taken.
"""

from __future__ import annotations

from curate.raw.cells import Cells
from curate.shapes import Columns, Row, Shape
from curate.sources.columns import pick_cell
from curate.sources.fold import Conversation, Faults, Folded, conversations, texts

TEXT = ("text", "content", "body", "document", "sentence", "本文", "文", "テキスト")

NO_TEXT = ("id", "uid", "source", "origin", "dataset", "label", "category", "url", "file", "date")


def find(row: Row) -> Columns | None:
    named = pick_cell(row, TEXT)
    if named is not None and isinstance(row[named], str):
        return {"answer": named}
    lengths = {
        column: len(value)
        for column, value in row.items()
        if isinstance(value, str) and column not in NO_TEXT
    }
    longest = max(lengths, key=lambda column: lengths[column], default=None)
    return None if longest is None or not lengths[longest] else {"answer": longest}


def fold(cells: Cells, columns: Columns) -> Folded:
    faults: Faults = {}
    answers = texts(cells, columns["answer"], faults, needed=True)
    folded = conversations([Conversation([("assistant", answer or "")]) for answer in answers])
    folded.faults.update(faults)
    return folded


SHAPE = Shape(name="text", rank=80, find=find, fold=fold)
