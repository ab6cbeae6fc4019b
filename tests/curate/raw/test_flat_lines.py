"""Flat lines: what is read fast is what the exact way reads; whatever else there is, it declines."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curate.raw import flat_lines, objects
from curate.raw.cells import Cells
from curate.sources.limits import Limits
from curate.sources.source import Chunk, Fit

LIMITS = Limits()
EN = {"id": 7, "instruction": 'Say "hi".\n', "input": "", "output": "Hi. \\o/ \x01"}
JA = {
    "id": -1,
    "instruction": "要約してください。",
    "input": "長い文\t😀",
    "output": "é\u2028ｶ\x7f",
}
MIXED = [
    {"質問": "あ", "n": None, "ok": None, "nothing": None},
    {"質問": None, "n": 10**18 - 1, "ok": True, "nothing": None},
    {"質問": "", "n": 0, "ok": False, "nothing": None},
]  # fmt: skip


def exact(data: bytes, limits: Limits = LIMITS) -> Cells | None:
    """The cells of the exact way; None where it rejects a line, or leaves one out."""
    texts = objects.Texts.of_lines(data, 0)
    chunk = Chunk("a.jsonl", 0, 1, 0, "jsonl", Fit("alpaca"), data=data)
    parsed = objects.parsed(chunk, texts, range(1, len(texts.texts) + 1), limits)
    return None if parsed.rejects or parsed.notes else parsed.cells


def seen(cells: Cells | None) -> Any:
    """All that a shape may ask of cells; as text, because 1 equals True."""
    if cells is None:
        return None
    rows = cells.objects()
    types = {name: cells.types(name) for name in cells.names()}
    whole = cells.meta().to_list()
    columns = {name: cells.column(name) for name in sorted(cells.names())}
    return repr((rows, sorted(types.items()), whole, [list(c) for c in columns.values()]))


def lawful(read: Callable[[bytes, Limits], Cells | None], data: bytes) -> bool:
    """What is read is what the exact way reads, or nothing is."""
    found = read(data, LIMITS)
    return found is None or seen(found) == seen(exact(data))


def dumped(rows: list[dict[str, Any]], *, ascii_only: bool = False, wide: bool = False) -> bytes:
    separators = (", ", ": ") if wide else (",", ":")
    lines = [json.dumps(row, ensure_ascii=ascii_only, separators=separators) for row in rows]
    return "".join(line + "\n" for line in lines).encode()


@pytest.mark.parametrize("rows", [[EN], [JA], [EN, JA] * 5, MIXED])
@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("end", [b"\n", b""])
def test_flat_objects_are_read(
    rows: list[dict[str, Any]], ascii_only: bool, wide: bool, end: bytes
) -> None:
    data = dumped(rows, ascii_only=ascii_only, wide=wide).removesuffix(b"\n") + end
    cells = flat_lines.cells(data, LIMITS)
    assert cells is not None
    assert cells.objects() == rows
    assert seen(flat_lines.cells(data, LIMITS)) == seen(exact(data))


@pytest.mark.parametrize(
    "line",
    [
        b'{"a":"x","b":1}',  # another order
        b'{"b":1}',
        b'{"b":1,"a":"x","c":2}',
        b'{"b":1,"a":"x","a":"y"}',
        b'{"b":1,"a":["x"]}',
        b'{"b":1,"a":{"x":1}}',
        b'{"b":1,"a":2}',
        b'{"b":true,"a":"x"}',
        b'{"b":1.0,"a":"x"}',
        b'{"b":1e2,"a":"x"}',
        b'{"b":-0,"a":"x"}',
        b'{"b":01,"a":"x"}',
        b'{"b":-,"a":"x"}',
        b'{"b":1000000000000000000,"a":"x"}',
        b'{"b":NaN,"a":"x"}',
        b'{"b":nul,"a":"x"}',
        b'{"b":1,"a":"\\ud800"}',
        b'{"b":1,"a":"\\ud800\\u0041"}',
        b'{"b":1,"a":"\\udc00\\ud800"}',
        b'{"b":1,"a":"\\u12g4"}',
        b'{"b":1,"a":"\\x"}',
        b'{"b":1,"a":"\t"}',
        b'{"b":1,"a":"\xff"}',
        b'{"b":1,"a":"\xc0\x80"}',
        b'{"b":1,"a":"\xe0\x9f\xbf"}',
        b'{"b":1,"a":"\xed\xa0\x80"}',
        b'{"b":1,"a":"\xf0\x8f\xbf\xbf"}',
        b'{"b":1,"a":"\xf4\x90\x80\x80"}',
        b'{"b":1,"a":"\xe3\x81"}',
        b'{"b":1,"a":"x"',
        b'{"b":1,"a":"x',
        b'{"b":1,"a":"x"} ',
        b'{"b":1,"a":"x"}\r',
        b'{"b":1,"a":"x"}{',
        b' {"b":1,"a":"x"}',
        b'\xef\xbb\xbf{"b":1,"a":"x"}',
        b'["b",1,"a","x"]',
        b"{}",
        b"",
    ],
)
def test_whatever_is_unusual_is_left_to_the_exact_way(line: bytes) -> None:
    usual = b'{"b":1,"a":"x"}\n'
    assert flat_lines.cells(usual * 3, LIMITS) is not None
    for data in (usual + line + b"\n" + usual, line + b"\n" + usual, usual + line + b"\n"):
        assert flat_lines.cells(data, LIMITS) is None


def test_limits_are_those_of_the_exact_way() -> None:
    data = dumped([EN, JA])
    longest = max(map(len, data.splitlines()))
    for limits in (Limits(max_line_bytes=longest), Limits(max_keys=4), Limits(max_int_digits=1)):
        assert flat_lines.cells(data, limits) is not None
    for limits in (Limits(max_line_bytes=longest - 1), Limits(max_keys=3)):
        assert flat_lines.cells(data, limits) is None
    assert flat_lines.cells(dumped([{"id": 10, "a": "x"}]), Limits(max_int_digits=1)) is None


VALUES = (
    st.text(st.characters(codec="utf-8"), max_size=20)
    | st.sampled_from(["", '"', "\\", "\\\\", '":', "\x00", "😀", "要約", "x" * 40])
    | st.integers(-(10**19), 10**19)
    | st.booleans()
    | st.none()
    | st.floats(allow_nan=False, allow_infinity=False)
)
PIECES = st.sampled_from(
    [b'"', b"\\", b"{", b"}", b",", b":", b"\n", b"\r", b"\0", b"\xff", b"\xe3\x81", b" ", b"0",
     b"-", b"1", b".5", b"null", b"true", b"\\u00", b"\\ud83d", b"\\ude00", b'"a":', b'"a":1,',
     b"[]", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80"]
)  # fmt: skip
CHANGES = st.lists(st.tuples(st.integers(0, 10**4), st.integers(0, 4), PIECES), max_size=3)


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """Lines with the same keys, most columns of one kind, somewhat damaged."""
    names = draw(st.lists(st.sampled_from('ab質é"\\'), min_size=1, max_size=4, unique=True))
    rows = draw(st.integers(1, 5))
    kinds = [draw(VALUES) for _ in names]
    alike = [VALUES.filter(lambda v, k=kind: v is None or type(v) is type(k)) for kind in kinds]
    made = [{n: draw(one) for n, one in zip(names, alike, strict=True)} for _ in range(rows)]
    data = dumped(made, ascii_only=draw(st.booleans()), wide=draw(st.booleans()))
    for place, gone, junk in draw(CHANGES):
        at = place % (len(data) + 1)
        data = data[:at] + junk + data[at + gone :]
    return data


FEW = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(FEW, max_examples=4000)


@given(tables())
@FEW
def test_it_reads_what_the_exact_way_reads_or_declines(data: bytes) -> None:
    assert lawful(flat_lines.cells, data)


@pytest.mark.long
@given(tables())
@MANY
def test_it_reads_what_the_exact_way_reads_or_declines_many_times(data: bytes) -> None:
    assert lawful(flat_lines.cells, data)


def careless(data: bytes, _: Limits) -> Cells:
    return Cells.of([orjson.loads(line) for line in data.splitlines()])


def test_a_careless_reader_breaks_the_law() -> None:
    assert lawful(careless, dumped([EN, JA]))
    assert not lawful(careless, b'{"a":"x","a":"y"}\n')
    assert not lawful(careless, b'{"a":18446744073709551616}\n')
