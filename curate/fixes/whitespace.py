"""Blanks that nobody sees: at line ends, around the text, more than two empty lines, CRLF.

Spacing that means something stays: code, tables, tabulated lines, Markdown's two blanks for a line
break, drawings, and blanks inside a line.
"""

from __future__ import annotations

import re

import polars as pl

from curate.content.code_blocks import blocks
from curate.fix import Fix, Params, Rewritten, Row

BLANKS = " \t\u00a0\u3000"
MOST_EMPTY_LINES = 2
HARD_BREAK = re.compile(r"\S {2,}$")
DRAWN = re.compile(r"\S[ \u3000]{3,}\S")
STROKES = frozenset("/\\|_-+=*#<>()[]{}^~.:'`\"┌┐└┘├┤┬┴┼─│━┃█▓▒░╱╲")


def suspects(text: pl.Expr, _: Params) -> pl.Expr:
    ends = text.str.contains(" \n|\t\n|\r\n|\u00a0\n|\u3000\n|\n\n\n")
    return ends | text.str.contains(r"^\s*\n|\s$|^\s+$")


def rewrite(text: str, row: Row, params: Params) -> Rewritten:
    rules = []
    plain = text.replace("\r\n", "\n")
    if plain != text:
        rules.append("crlf")
    lines = plain.split("\n")
    kept = deliberate(plain, lines)
    trimmed = [
        line if i in kept or hard_break(lines, i) else line.rstrip(BLANKS)
        for i, line in enumerate(lines)
    ]
    if trimmed != lines:
        rules.append("line-ends")
    shorter = fewer_empty_lines(trimmed, kept)
    if shorter != trimmed:
        rules.append("empty-lines")
    return Rewritten("\n".join(shorter), tuple(rules))


def deliberate(text: str, lines: list[str]) -> set[int]:
    """Numbers of the lines whose spacing is meant: code, tables, drawings, signatures."""
    kept = set()
    for block in blocks(text):
        first, last = text.count("\n", 0, block.start), text.count("\n", 0, block.end)
        kept |= set(range(first, last + 1))
    for number, line in enumerate(lines):
        bare = line.rstrip(BLANKS)
        if bare and (
            line.startswith(("    ", "\t"))
            or bare.count("|") >= 2
            or "\t" in bare
            or bare.endswith("\\")
            or line == "-- "
            or drawn(bare)
        ):
            kept.add(number)
    return kept


def drawn(line: str) -> bool:
    """Is the line part of a drawing or set in columns?"""
    marks = [char for char in line if not char.isspace()]
    strokes = sum(char in STROKES for char in marks)
    return bool(DRAWN.search(line)) or (len(marks) > 2 and strokes > 0.6 * len(marks))


def hard_break(lines: list[str], number: int) -> bool:
    """Do the blanks at the end of this line mean a line break in Markdown?"""
    goes_on = number + 1 < len(lines) and lines[number + 1].strip(BLANKS) != ""
    return goes_on and HARD_BREAK.search(lines[number]) is not None


def fewer_empty_lines(lines: list[str], kept: set[int]) -> list[str]:
    """No empty line at the start or the end, at most two between; none gone beside a drawing."""
    full = [i for i, line in enumerate(lines) if line or i in kept]
    if not full:
        return [""]
    first, last = full[0], full[-1]
    out, run = [], 0
    for number in range(first, last + 1):
        run = run + 1 if number not in kept and not lines[number] else 0
        if run <= MOST_EMPTY_LINES or beside(number, lines, kept):
            out.append(lines[number])
    return out


def beside(number: int, lines: list[str], kept: set[int]) -> bool:
    """Does the run of empty lines that holds this one touch a deliberate line?"""
    above = below = number
    while not lines[above] and above not in kept:
        above -= 1
    while not lines[below] and below not in kept:
        below += 1
    return above in kept or below in kept


FIX = Fix(
    name="whitespace",
    says="blanks at line ends, empty lines around the text or more than two in a row, CRLF",
    rank=30,
    rewrite=rewrite,
    suspects=suspects,
    spares=r"white\s?space|trailing|\bspac(?:e|es|ing)\b|\bblank|line break|newline|\bCRLF\b"
    r"|空白|スペース|改行|空行",
)
