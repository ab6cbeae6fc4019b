"""The proof that no key stands twice, and a broken proof that the same test must catch."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.raw import objects, strict_json
from curate.raw.objects import Texts
from curate.reading import Chunk
from curate.sources.limits import Limits
from curate.sources.source import Fit, Misread


class Pairs(list[Any]):
    """An object whose keys may stand twice."""


NAMES = st.text(st.sampled_from('ab"\\: あ\t{'), max_size=4)
VALUES = st.recursive(
    st.none() | st.integers(-5, 5) | NAMES,
    lambda inner: st.lists(inner, max_size=2) | st.lists(st.tuples(NAMES, inner), max_size=3).map(Pairs),
    max_leaves=6,
)  # fmt: skip
SPACES = st.sampled_from(["", " ", "  ", "\t", " \t "])


def written(value: Any, space: str) -> str:
    if isinstance(value, Pairs):
        inner = ("%s%s:%s" % (json.dumps(k), space, written(v, space)) for k, v in value)  # noqa: UP031
        return "{" + f"{space},".join(inner) + "}"
    if isinstance(value, list):
        return "[" + ",".join(written(v, space) for v in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def twice(value: Any) -> bool:
    if isinstance(value, Pairs):
        keys = [key for key, _ in value]
        return len(set(keys)) < len(keys) or any(twice(v) for _, v in value)
    return isinstance(value, list) and any(map(twice, value))


LINES = st.lists(
    st.tuples(st.lists(st.tuples(NAMES, VALUES), min_size=1, max_size=4).map(Pairs), SPACES),
    min_size=1,
    max_size=6,
)


def found(rows: list[tuple[Pairs, str]]) -> list[int]:
    """Numbers of the lines that are rejected for a key that stands twice."""
    data = "\n".join(written(row, space) for row, space in rows).encode()
    chunk = Chunk("a", 0, 0, 0, "jsonl", Fit("text"))
    parsed = objects.parsed(chunk, Texts.of_lines(data, 0), range(len(rows)), Limits())
    assert {r.code for r in parsed.rejects} <= {"json-duplicate-key"}
    return [r.line for r in parsed.rejects]


@given(LINES)
@settings(max_examples=300, deadline=None)
def test_every_key_that_stands_twice_is_found_and_no_other(rows: list[tuple[Pairs, str]]) -> None:
    assert found(rows) == [n for n, (row, _) in enumerate(rows) if twice(row)]


def test_a_proof_that_counts_nothing_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: were the counts always believed, a line would be missed."""
    row = Pairs([("a", 1), ("a", 2)])
    assert found([(row, "")]) == [0]
    monkeypatch.setattr(strict_json.KeyMarks, "total", property(lambda _: 1))
    assert found([(row, "")]) == []


@given(st.recursive(st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.text() | st.integers(),
                    lambda i: st.lists(i, max_size=3) | st.dictionaries(st.text(), i, max_size=3)))  # fmt: skip
@settings(deadline=None)
def test_the_exact_decoder_agrees_with_json(value: Any) -> None:
    text = json.dumps(value)
    assert strict_json.exactly(text.encode(), Limits()) == json.loads(text)


def test_the_fast_decoder_refuses_what_the_exact_one_refuses() -> None:
    """What orjson lets through has to be caught by counting; everything else it refuses itself."""
    refused = [
        b"NaN",
        b"1e999",
        b'"\\ud800"',
        b'"\xff"',
        b'"\x00"',
        b"{'a':1}",
        b"[1,]",
        b"1 2",
        b"01",
    ]
    for text in refused:
        with pytest.raises(orjson.JSONDecodeError):
            orjson.loads(text)
        with pytest.raises(Misread):
            strict_json.exactly(text, Limits())


@pytest.mark.parametrize(
    ("text", "depth"),
    [(b"1", 0), (b"[]", 1), (b'{"a":[{}]}', 3), (b'"[[["', 0), (b'["\\"[[["]', 1), (b'["[[', 1), (b"[[[", 3)],
)  # fmt: skip
def test_depth(text: bytes, depth: int) -> None:
    assert strict_json.depth(text, 100) == depth


def test_depth_of_hostile_quotes_takes_one_pass() -> None:
    strict_json.depth(b'"\\"' * 200_000, 100)
    strict_json.depth(b'"' * 400_001, 100)
