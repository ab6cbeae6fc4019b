"""code: what may matter stays; tags get one name, lines lose blanks at their ends."""

from __future__ import annotations

import pytest

from curate.fixes.code import FIX

KEPT = [
    "no code \n",
    "```python\nprint(1)\n```",
    "```\nx\n```",
    "```python title=\"a.py\"\nx\n```",
    "```mermaid\nx\n```",
    "```diff\n- a \n+ b  \n```",
    "```markdown\nline  \nbreak\n```",
    '```python\nx = """a  \nb"""\n```',
    "```js\nx = `a  \nb`\n```".replace("js", "javascript"),
    "```bash\ncat <<EOF \nx \nEOF\n```",
    "```bash\na \\  \nb\n```",
    "```python\nnever closed  \n",
]  # fmt: skip
CHANGED = [
    ("```python3\nx\n```", "```python\nx\n```", ("tag",)),
    ("```Python \nx\n```", "```python\nx\n```", ("tag",)),
    ("~~~ JS\nx\n~~~", "~~~javascript\nx\n~~~", ("tag",)),
    ("次:\n```SQL\nSELECT 1 \n```\n後 ", "次:\n```sql\nSELECT 1\n```\n後 ", ("line-ends", "tag")),
    (
        "```python\nx = 1  \n    \ny\t\n```\nprose ",
        "```python\nx = 1\n\ny\n```\nprose ",
        ("line-ends",),
    ),
    ("- a\n  ```py\n  x \n  ```", "- a\n  ```python\n  x\n  ```", ("line-ends", "tag")),
]


@pytest.mark.parametrize("text", KEPT)
def test_kept(text: str) -> None:
    assert FIX.rewrite(text, {}, {}).text == text


@pytest.mark.parametrize(("text", "after", "rules"), CHANGED)
def test_changed(text: str, after: str, rules: tuple[str, ...]) -> None:
    new = FIX.rewrite(text, {}, {})
    assert (new.text, new.rules) == (after, rules)
