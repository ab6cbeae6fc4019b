"""JSON as text: the same verdict as the standard library, and the name of the first fault."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.content.json_text import (
    FAULTS,
    MAX_DEPTH,
    Fault,
    place,
    read,
    read_all,
    sound,
    without_trailing_commas,
)
from curate.locale import catalogue

SCRAPS = st.sampled_from(
    ['{', '}', '[', ']', ',', ':', '"a"', '"b"', '"', "'", "1", "-0", "1.0", "1e5", "01", "1.",
     "true", "None", "NaN", " ", "\n", "\\u00e9", '"\\ud800"', "//", "日本",
     '"日本"', "12345678901234567"]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(SCRAPS, max_size=12).map("".join))
def test_the_verdict_is_that_of_the_standard_library(text: str) -> None:
    fault = fault_of(text)
    assert (fault is None) == sound(text)
    if fault is not None:
        assert 0 <= fault.start <= fault.end <= len(text) + 1
        assert fault.kind in FAULTS


def fault_of(text: str) -> Fault | None:
    try:
        read_all(text)
    except Fault as fault:
        return fault
    return None


@settings(deadline=None)
@given(VALUES, st.sampled_from([None, 1, 2, "\t"]), st.booleans())
def test_what_the_standard_library_writes_is_read(value: Any, indent: Any, ascii_: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_)
    assert "".join(read_all(text)) == json.dumps(value, separators=(",", ":"), ensure_ascii=ascii_)


def test_a_prefix_is_read_and_its_end_told() -> None:
    assert read('{"a": 1} and more')[1] == 8
    assert read('x {"a": 1}', 2)[1] == 10


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        ("", "cut-short", "it"),
        ("  ", "cut-short", "it"),
        ('{"a": [', "cut-short", "[ of line 1"),
        ('{\n"a": "x', "cut-short", "a string"),
        ("{'a': 1}", "single-quotes", "'"),
        ("{名前: 1}", "unquoted-key", "名前"),
        ("[" * (MAX_DEPTH + 1), "too-deep", "["),
        ("[1][2]", "several", "["),
        ("1 2", "character", "2"),
        ("[1,,2]", "lone-comma", ","),
        ("{,}", "lone-comma", ","),
        ("[\u00a01]", "character", "\u00a0"),
        ("[" + "x" * 99 + "]", "unquoted-text", "x" * 37 + "..."),
    ],
)
def test_faults(text: str, kind: str, what: str) -> None:
    with pytest.raises(Fault) as raised:
        read_all(text)
    assert (raised.value.kind, raised.value.what) == (kind, what)


def test_depth_at_the_limit_is_read() -> None:
    assert len(read_all("[" * MAX_DEPTH + "]" * MAX_DEPTH)) == 2 * MAX_DEPTH


def test_every_fault_has_japanese() -> None:
    for says in FAULTS.values():
        assert says in catalogue("ja")
        said = catalogue("ja")[says]
        assert ("{what}" in said) == ("{what}" in says)


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("[1,]", "[1]"),
        ('{"a": [1, 2,],}', '{"a": [1, 2]}'),
        ('{"a": ",}",\n}', '{"a": ",}"\n}'),
        ("[1]", "[1]"),
        ("[,]", None),
        ("[1,,]", None),
        ("[1,", None),
        ("{'a': 1,}", None),
    ],
)
def test_trailing_commas(text: str, mended: str | None) -> None:
    assert without_trailing_commas(text) == mended


@settings(deadline=None)
@given(VALUES)
def test_a_comma_put_before_every_closing_bracket_comes_out_again(value: Any) -> None:
    text = json.dumps(value, indent=1)
    tokens = read_all(text)
    spoilt = "".join(
        f",{token}" if token in ("}", "]") and before not in ("{", "[") else token
        for before, token in zip(["", *tokens], tokens, strict=False)
    )
    assert without_trailing_commas(spoilt) == "".join(tokens)


def test_long_strings_and_many_quotes_take_linear_time() -> None:
    with pytest.raises(Fault):
        read_all('"' + "\\" * 200_001)
    with pytest.raises(Fault):
        read_all("[" + "'" * 100_000)


def test_place_counts_from_one() -> None:
    assert place("ab\ncd", 0) == (1, 1)
    assert place("ab\ncd", 4) == (2, 2)
