"""Inert: record text as plain characters, with marks that a person sees and a browser never runs.

Streamlit's `st.text` and `st.code` show characters and nothing else. So a span is marked with
brackets and the number of its finding, hidden characters are written out, and a change is told by
lines that begin with - and +.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from curate.content import diff
from curate.content.diff import Segment
from curate.show.differences import differences
from curate.show.shown import Piece, visible
from review_app.words import words

OPEN, CLOSE = "⟦", "⟧"
NUMBERS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
TO_RIGHT, END = "\u2067", "\u2069"  # right-to-left isolate, and its end
FINE = 4_000  # characters; longer texts are compared by whole words, since letters take too long
CONTEXT = 1  # unchanged lines kept around a change
WRITTEN_OUT = r"⟨U\+[^⟩\n]*⟩"  # a hidden character, in letters of ours
OURS = rf"(?:{WRITTEN_OUT}|[{OPEN}{TO_RIGHT}])*"  # may stand before what a line begins with
LAID_OUT = re.compile(
    rf"^{OURS}```|^{OURS} {{2,}}\S|\t|^{OURS}\s*[\[{{<|]|\S {{3,}}\S", re.MULTILINE
)


def marked(pieces: Iterable[Piece]) -> str:
    """The text with its spans in brackets, each followed by the numbers of its findings."""
    shown = []
    for severe, run in groupby(pieces, key=lambda piece: bool(piece.severity)):
        for said, numbers in runs(run):
            shown.append(f"{OPEN}{said}{CLOSE}{numbers}" if severe else said)
    return directed("".join(shown))


def runs(pieces: Iterable[Piece]) -> Iterator[tuple[str, str]]:
    """What belongs to one span: its characters, and the numbers of the findings that end there."""
    said = ""
    for piece in pieces:
        said += told(piece)
        if piece.ends:
            yield said, "⁼".join("".join(NUMBERS[int(n)] for n in str(end)) for end in piece.ends)
            said = ""
    if said:
        yield said, ""


def told(piece: Piece) -> str:
    """One stretch of text as characters."""
    if piece.kind == "hidden":
        return f"⟨{piece.text}⟩"
    return f" … (+{piece.count:,}) … " if piece.kind == "cut" else piece.text


def directed(text: str) -> str:
    """Lines of a right-to-left script run from the right; marks stay where they belong."""
    return "\n".join(
        f"{TO_RIGHT}{line}{END}" if right_to_left(line) else line for line in text.split("\n")
    )


def right_to_left(text: str) -> bool:
    """Whether the first letter belongs to a script that is written from the right."""
    theirs = re.sub(WRITTEN_OUT, "", text[:400])
    kinds = (unicodedata.bidirectional(char) for char in theirs)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"


def laid_out(text: str) -> bool:
    """Whether columns matter: code, tables, JSON."""
    return bool(LAID_OUT.search(text))


def changes(before: str, after: str) -> str:
    """What changed, line by line, the changed words in brackets; empty where nothing did."""
    if before == after:
        return ""
    told = list(lines(segments(before, after)))
    near = {
        at + step
        for at, (old, new) in enumerate(told)
        if old != new
        for step in range(-CONTEXT, CONTEXT + 1)
    }
    shown: list[str] = []
    for at, (old, new) in enumerate(told):
        if at not in near:
            continue
        shown += [f"  {old}"] if old == new else [f"- {old}", f"+ {new}"]
    return "\n".join(shown)


def apart(before: str, after: str) -> tuple[str, str]:
    """Both texts whole, with what only one of them says in brackets."""
    told = list(lines(segments(before, after)))
    old, new = ("\n".join(side) for side in zip(*told, strict=True))
    return directed(old), directed(new)


def segments(before: str, after: str) -> list[Segment]:
    """What is the same and what is not, as finely as the length allows."""
    fine = len(before) + len(after) <= FINE
    return differences(before, after, cut=words) if fine else coarse(before, after)


def coarse(before: str, after: str) -> list[Segment]:
    """Segments of two long texts, from the least edits by words."""
    made, at = [], 0
    for edit in diff.edits(before, after):
        made += [
            Segment("same", before[at : edit.start]),
            Segment("gone", before[edit.start : edit.end]),
            Segment("new", edit.text),
        ]
        at = edit.end
    return [*made, Segment("same", before[at:])]


def lines(told: Sequence[Segment]) -> Iterator[tuple[str, str]]:
    """Each line as it was and as it is; what differs between the two is in brackets."""
    old, new = "", ""
    for segment in told:
        for nth, part in enumerate(segment.text.split("\n")):
            if nth and segment.kind == "same":
                yield old, new
                old, new = "", ""
            elif nth:
                part = f"⏎{part}"
            words = visible(part)
            if segment.kind == "same":
                old, new = old + words, new + words
            elif words:
                bracketed = f"{OPEN}{words}{CLOSE}"
                old += bracketed if segment.kind == "gone" else ""
                new += bracketed if segment.kind == "new" else ""
    yield old, new
