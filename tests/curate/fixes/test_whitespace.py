"""whitespace: spacing that is meant stays; blanks that nobody sees go."""

from __future__ import annotations

import pytest

from curate.fixes.whitespace import FIX

KEPT = [
    "",
    "One line.",
    "Two lines,\nand another.\n\nA paragraph.\n\n\nAnd a section.",
    "A poem's line  \nbroken on purpose  \nends here",
    "ここで改行  \n次の行",
    "```python\nx = 1  \n\n\n\n\ny = 2 \n```",
    "    indented code  \n\tand tabs \nend",
    "| a  | b |   \n|----|---|  \n| 1  | 2 | \nend",
    "name\tage\t\nTaro\t3\t\nend",
    " /\\_/\\  \n( o.o )   \n > ^ <  \nend",
    "left      right   \nmore      columns  \nend",
    "Best,\n-- \nTaro",
    "a backslash \\ \nbreaks",
    "spaces   inside   stay",
    "\u3000段落の始まりの字下げ",
    " leading space of a completion",
    " /\\ \n\n\n\n /\\ \nend",
]
CHANGED = [
    ("One. ", "One.", ("line-ends",)),
    ("One \nTwo\t\nThree\u00a0\n四\u3000\nend", "One\nTwo\nThree\n四\nend", ("line-ends",)),
    ("a\r\nb\r\n", "a\nb", ("crlf", "empty-lines")),
    ("\n\n  \nText\n\n", "Text", ("line-ends", "empty-lines")),
    ("a\n\n\n\n\nb", "a\n\n\nb", ("empty-lines",)),
    ("行末に空白 \n\n\n\n次", "行末に空白\n\n\n次", ("line-ends", "empty-lines")),
    ("a  \n\nb", "a\n\nb", ("line-ends",)),  # no line break is meant before an empty line
    ("the last line  ", "the last line", ("line-ends",)),
    ("   \n ", "", ("line-ends", "empty-lines")),
    ("text \n```\ncode \n```\ntext ", "text\n```\ncode \n```\ntext", ("line-ends",)),
]


@pytest.mark.parametrize("text", KEPT)
def test_deliberate_spacing_stays(text: str) -> None:
    assert FIX.rewrite(text, {}, {}).text == text


@pytest.mark.parametrize(("text", "after", "rules"), CHANGED)
def test_blanks_that_nobody_sees_go(text: str, after: str, rules: tuple[str, ...]) -> None:
    new = FIX.rewrite(text, {}, {})
    assert (new.text, new.rules) == (after, rules)
    assert FIX.rewrite(after, {}, {}).text == after
