"""JSON laid out anew: as the standard library writes it, and no value changed."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from curate.content.json_layout import STYLES, Style, laid_out, tree
from curate.content.json_text import read_all

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@settings(deadline=None)
@given(VALUES, st.sampled_from(STYLES))
def test_a_layout_changes_no_value_and_is_final(value: Any, style: Style) -> None:
    tokens = read_all(json.dumps(value))
    text = laid_out(tokens, style)
    assert tree(text) == tree(json.dumps(value))
    assert read_all(text) == tokens
    assert laid_out(read_all(text), style) == text


@settings(deadline=None)
@given(VALUES)
def test_layouts_are_those_that_python_writes(value: Any) -> None:
    tokens = read_all(json.dumps(value, ensure_ascii=False))
    for style, wanted in {
        "compact": json.dumps(value, separators=(",", ":"), ensure_ascii=False),
        "spaced": json.dumps(value, ensure_ascii=False),
        "2": json.dumps(value, indent=2, ensure_ascii=False),
        "4": json.dumps(value, indent=4, ensure_ascii=False),
        "tab": json.dumps(value, indent="\t", ensure_ascii=False),
    }.items():
        assert laid_out(tokens, style) == wanted  # type: ignore[arg-type]


def test_numbers_and_escapes_stay_as_written() -> None:
    text = '{"a":1.0,"b":1e5,"c":123456789012345678901234567890,"d":"\\u3042\\/","z":0,"y":-0.0}'
    assert laid_out(read_all(text), "compact") == text
    assert tree('{"a": 1.0}') != tree('{"a": 1}')
    assert tree('{"a": 1, "b": 2}') != tree('{"b": 2, "a": 1}')
