"""json: one layout, no value changed; what cannot be proved is left and named."""

from __future__ import annotations

import pytest

from curate.fix import Rewritten
from curate.fixes.json import FIX

TWO = {"style": "2"}
KEPT = [
    "[1, 2, 3]",
    '["a", "b"]',
    '{"a": 1}\n{"b": 2}',
    "```python\n{\"a\":1}\n```",
    "plain",
    '{\n  "a": 1\n}',
]  # fmt: skip
CHANGED = [
    (
        '{"a":1.0,"b":[1,{"c":1e5}]}',
        '{\n  "a": 1.0,\n  "b": [\n    1,\n    {\n      "c": 1e5\n    }\n  ]\n}',
    ),
    ('次:\n```json\n{"名前":"田中"}\n```\n以上', '次:\n```json\n{\n  "名前": "田中"\n}\n```\n以上'),
    ('{"a":{}, "b":[ ]}\n\nThat is all.', '{\n  "a": {},\n  "b": []\n}\n\nThat is all.'),
    ('{"a":"\\u3042\\/ 1,2"}', '{\n  "a": "\\u3042\\/ 1,2"\n}'),
]
LEFT = [
    ('{"a": 1, "a": 2}', "the JSON names a key twice"),
    ('{"a": 1,}', "the JSON does not parse"),
    ('```json\n{"a": 1, "b"}\n```', "the JSON does not parse"),
    ('- x\n  ```json\n  {"a":1}\n  ```', "the JSON stands in an indented block"),
    ('{"a":' + "[" * 300 + "]" * 300 + "}", "the JSON nests too deeply to be read"),
]


@pytest.mark.parametrize("text", KEPT)
def test_kept(text: str) -> None:
    assert FIX.rewrite(text, {}, TWO) == Rewritten(text)


@pytest.mark.parametrize(("text", "after"), CHANGED)
def test_changed(text: str, after: str) -> None:
    assert FIX.rewrite(text, {}, TWO) == Rewritten(after, ("layout",))
    assert FIX.rewrite(after, {}, TWO).text == after


@pytest.mark.parametrize(("text", "why"), LEFT)
def test_left(text: str, why: str) -> None:
    assert FIX.rewrite(text, {}, TWO) == Rewritten(text, left=why)


def test_where_nobody_writes_json_nothing_is_done() -> None:
    assert FIX.rewrite('{"a":1}', {}, {"style": None}) == Rewritten('{"a":1}')
