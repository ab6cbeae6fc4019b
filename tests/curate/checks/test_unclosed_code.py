"""unclosed-code: clean answers first, then bad ones."""

from __future__ import annotations

import pytest

from curate.check import ask
from curate.checks.unclosed_code import CHECK
from tests.making import record, records

CLEAN = [
    "No code here.",
    "```python\nprint(1)\n```",
    "次のコードです。\n```python\nprint('こんにちは')\n```\n以上です。",
    "Use the ``` mark in the middle of a line.",
    "```print(1)``` is inline code",
    "~~~\nx\n~~~",
    "```\n~~~\n```",  # a mark of the other kind is text
    "~~~markdown\n```python\nx\n~~~",
    "````markdown\n```python\nx\n```\n````",  # four marks hold three
    "````\n```\n````",
    "```markdown\n# Title\n```python\nx\n```\n```",  # a block inside a block
    "1. First:\n   ```sh\n   ls\n   ```\n2. Second:\n    ```sh\n    cd\n    ```",
    "- ```sh\n  ls\n  ```",
    "> ```\n> quoted\n> ```",
    "```python\nprint(1)\n`````",  # more marks close as well
    '```python title="a.py"\nprint(1)\n``` \t',
    "```python\nprint(1)```",
    "```python\nprint(1)\n``` and this prints 1.",
]
BAD = [
    ("```python\nprint(1)", 1),
    ("Here:\n```sql\nSELECT 1;\n```\nand\n```sql\nSELECT", 6),
    ("次のコードです。\n```python\nprint('途中", 2),
    ("```python\nprint(1)\n\nNow SQL:\n```sql\nSELECT 1\n```", 1),
    ("````markdown\n```python\nx\n```", 1),
    ("```\n~~~", 1),
    ("~~~\nx\n```", 1),
    ("1. まず:\n    ```sh\n    ls", 2),
    ("The code:\n```", 2),
]


@pytest.mark.parametrize("answer", CLEAN)
def test_clean(answer: str) -> None:
    assert ask(CHECK, records(record(answer=answer))) == []


@pytest.mark.parametrize(("answer", "line"), BAD)
def test_bad(answer: str, line: int) -> None:
    [(row, hit)] = ask(CHECK, records(record(answer=answer)))
    assert row == 0
    assert hit.args["line"] == line
    assert set(answer[hit.start : hit.end]) in ({"`"}, {"~"})
    assert answer[: hit.start].count("\n") == line - 1
