"""A code fence that is opened and never closed.

The model learns to stop in the middle of a program, and every later renderer shows the rest of
the conversation as code. Most often the answer was cut off by a token limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from curate.check import Check, Params, Row, Said, by_record
from curate.content.signs import Signs, sign
from curate.finding import Hit

# A fence stands alone in its line, but for indentation, quote marks, a list marker before it and
# the name of a language behind it. Text with backticks behind it makes it inline code.
FENCE = re.compile(
    r"(?m)^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?(?P<marks>`{3,}|~{3,})(?P<info>[^`\n]*)$"
)
CLOSED_IN_LINE = re.compile(r"(?m)^[^`~\n]*[^`~\s][ \t]*(?:`{3,}|~{3,})[ \t]*$")


DEEPEST = 20  # blocks inside blocks; nobody means more


class Fence(NamedTuple):
    marks: str
    start: int
    end: int

    def closed_by(self, marks: str) -> bool:
        return marks[0] == self.marks[0] and len(marks) >= len(self.marks)


def signs(_: Params) -> Signs:
    return {"answer": sign("```", "~~~")}


def suspects(_: Params) -> pl.Expr:
    answer = pl.col("answer")
    return (
        answer.str.contains("```", literal=True) | answer.str.contains("~~~", literal=True)
    ).fill_null(value=False)


def judge(row: Row, _: Params) -> Iterator[Said]:
    text = row["answer"]
    fence = left_open(text)
    if fence is None:
        return
    yield Hit(
        "the code fence opened in line {line} of the answer is never closed",
        {"line": text.count("\n", 0, fence.start) + 1},
        field="answer",
        start=fence.start,
        end=fence.end,
    )


def left_open(text: str) -> Fence | None:
    """The outermost fence still open at the end.

    A fence that names a language opens a block, in an open block an inner one. A bare fence closes
    the block that it fits; one that fits none is text of the block that is open.
    """
    stack: list[Fence] = []
    for match in FENCE.finditer(text):
        marks, info = match["marks"], match["info"]
        fence = Fence(marks, match.start("marks"), match.end("marks"))
        if len(stack) > DEEPEST:
            break
        named = info[:1].isalnum() or info[:1] in ("{", ".")
        fits = [at for at, open_ in enumerate(stack) if open_.closed_by(marks)]
        if not stack or named:
            stack.append(fence)
        elif fits:
            exact = [at for at in fits if stack[at].marks == marks]
            del stack[(exact or fits)[-1] :]
    if stack and CLOSED_IN_LINE.search(text, stack[-1].end):
        return None
    return stack[0] if stack else None


CHECK = Check(
    name="unclosed-code",
    says="a code block is opened and not closed; the answer may be cut off",
    group="form",
    severity="warn",
    why=__doc__,
    each_answer=True,
    fields=("answer",),
    signs=signs,
    suspects=suspects,
    look=by_record(judge),
)
