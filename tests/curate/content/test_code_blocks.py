"""Code blocks: what is a fence, what is code, and what stands for JSON or SQL without one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.content.code_blocks import Span, blocks, code_spans, json_texts, outside, sql_texts


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        ("no code", []),
        ("```\na\n```", [("", "a\n", True)]),
        (
            "x\n```Python \na\n```\ny\n~~~sql\nb\n~~~",
            [("python", "a\n", True), ("sql", "b\n", True)],
        ),
        ("````md\n```\nin\n```\n````", [("md", "```\nin\n```\n", True)]),
        ("```\n~~~\n```", [("", "~~~\n", True)]),
        ("次:\n```json\n{}\n```です\n```", [("json", "{}\n```です\n", True)]),
        ("```python\nnever closed", [("python", "never closed", False)]),
        ("```", [("", "", False)]),
        ("in a line ```code``` here", []),
        ("```code``` at the start", []),
        ("- item\n  ```js\n  x\n  ```", [("js", "  x\n", True)]),
        ("```{.python}\na\n```", [("python", "a\n", True)]),
        ("a\r\n```sql\r\nb\r\n```\r\n", [("sql", "b\r\n", True)]),
    ],
)
def test_blocks(text: str, bodies: list[tuple[str, str, bool]]) -> None:
    found = [(b.language, text[b.body : b.body_end], b.closed) for b in blocks(text)]
    assert found == bodies


@settings(deadline=None)
@given(st.text(alphabet="`~ \npya1", max_size=60))
def test_blocks_lie_in_order_inside_the_text(text: str) -> None:
    at = 0
    for block in blocks(text):
        assert at <= block.start < block.body <= block.body_end <= block.end <= len(text) or (
            block.body == len(text) and not block.closed
        )
        at = block.end


@settings(deadline=None)
@given(st.text(alphabet="`~ \npya1", max_size=60))
def test_code_and_what_is_outside_make_the_text(text: str) -> None:
    spans = code_spans(text)
    covered = [False] * len(text)
    for span in [*spans, *outside(text, spans)]:
        for i in range(span.start, span.end):
            covered[i] = True
    assert all(covered)
    prose = list(outside(text, spans))
    assert all(a.end <= b.start for a, b in zip(prose, prose[1:], strict=False))


def test_code_spans() -> None:
    text = "a `b` c\n```\nd\n```\n    e\nf ``g ` h`` i"
    assert [text[s.start : s.end] for s in code_spans(text)] == [
        "`b`", "```\nd\n```", "    e", "``g ` h``",
    ]  # fmt: skip
    assert "    e" not in [text[s.start : s.end] for s in code_spans(text, indented=False)]


def test_outside_of_nothing_is_all() -> None:
    assert list(outside("abc", [])) == [Span(0, 3)]
    assert list(outside("", [])) == []


@pytest.mark.parametrize(
    ("text", "asked", "found"),
    [
        ('{"a": 1}', False, ['{"a": 1}']),
        (' [ {"a": 1}]', False, [' [ {"a": 1}]']),
        ("[1, 2]", False, []),
        ("[1, 2]", True, ["[1, 2]"]),
        ("{'a': 1}", False, []),
        ("{'a': 1}", True, ["{'a': 1}"]),
        ("```json\nx\n```", False, ["x\n"]),
        ('```\n{"a": 1}\n```', False, ['{"a": 1}\n']),
        ('```python\n{"a": 1}\n```', True, []),
        ('結果:\n{"a": 1}', True, ['{"a": 1}']),
        ('結果:\n{"a": 1}', False, []),
        ("結果:\n[1] 注", True, []),
    ],
)
def test_json_texts(text: str, asked: bool, found: list[str]) -> None:  # noqa: FBT001
    assert [text[f.start : f.end] for f in json_texts(text, asked=asked)] == found


def test_sql_texts_in_fences_name_their_tag() -> None:
    text = "```postgresql\nx\n```\n```\nSELECT 1\n```\n```\nls -l\n```"
    assert [(f.tag, text[f.start : f.end]) for f in sql_texts(text)] == [
        ("postgresql", "x\n"), ("", "SELECT 1\n"),
    ]  # fmt: skip
