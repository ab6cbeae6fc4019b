"""JSON lists: cut exactly while they stream, whatever the elements hold."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate import reading
from curate.formats import json_array
from curate.raw import elements
from curate.raw.elements import Element, Scanner
from curate.reading import Reading
from curate.sources.limits import RAW_KEPT_BYTES, Limits


class Bytes:
    """A stream over bytes."""

    fault = None

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)
        self.read = self._data.read

    def unread(self, data: bytes) -> None:
        raise NotImplementedError

    def close(self) -> None:
        self._data.close()


def scanned(data: bytes, limits: Limits | None = None, *, inside: bool = False) -> list[Element]:
    scanner = Scanner(Bytes(data[1:]), 1, limits or Limits(), inside=inside)
    return list(scanner.elements())


def codes(found: list[Element]) -> list[tuple[int, str | None, bytes]]:
    return [(e.offset, e.fault.code if e.fault else None, e.text) for e in found]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(VALUES, max_size=6), st.booleans(), st.integers(1, 40))
@settings(deadline=None)
def test_elements_are_those_of_json(values: list[Any], ascii_only: bool, piece: int) -> None:
    """With pieces of a few bytes, so that every boundary falls everywhere."""
    data = json.dumps(values, ensure_ascii=ascii_only, indent=piece % 3).encode()
    before, elements.PIECE_BYTES = elements.PIECE_BYTES, piece
    try:
        found = scanned(data)
    finally:
        elements.PIECE_BYTES = before
    assert [json.loads(e.text) for e in found] == values
    assert all(e.fault is None for e in found)
    assert all(data[e.offset : e.offset + len(e.text)] == e.text for e in found)


CASES = [
    (b"[]", []),
    (b"[ {} , {} ]  \n", [(2, None, b"{}"), (7, None, b"{}")]),
    (b"[{} {}]", [(1, None, b"{}"), (4, "json-invalid", b"{}")]),
    (b"[{},,{}]", [(1, None, b"{}"), (3, "json-invalid", b",,"), (5, None, b"{}")]),
    (b"[,{}]", [(1, "json-invalid", b","), (2, None, b"{}")]),
    (b"[{},]", [(1, None, b"{}"), (3, "json-invalid", b",")]),
    (b'[1,"a]",null]', [(1, None, b"1"), (3, None, b'"a]"'), (8, None, b"null")]),
    (b"[{}", [(1, None, b"{}"), (3, "json-cut-short", b"")]),
    (b'[{},{"a', [(1, None, b"{}"), (4, "json-cut-short", b'{"a')]),
    (b"[{}] x", [(1, None, b"{}"), (4, "json-extra-text", b" x")]),
    (b"[{}]{}", [(1, None, b"{}"), (4, "json-extra-text", b"{}")]),
    (b'[{"a":"\\"]}"}]', [(1, None, b'{"a":"\\"]}"}')]),
    (b'[{"a":"\\\\"},{}]', [(1, None, b'{"a":"\\\\"}'), (12, None, b"{}")]),
    (b"[{}}]", [(1, None, b"{}"), (3, "json-invalid", b"}")]),
]  # fmt: skip


@pytest.mark.parametrize(("data", "want"), CASES)
def test_what_stands_around_elements(data: bytes, want: list[Any]) -> None:
    assert codes(scanned(data)) == want


def test_a_million_commas_are_one_fault() -> None:
    assert codes(scanned(b"[{}" + b"," * 10**6 + b"{}]"))[1][:2] == (3, "json-invalid")


def test_tiny_elements_are_cut_into_chunks_whose_rejects_can_be_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_array, "MAX_LINES", 1000)
    path = tmp_path / "a.json"
    path.write_bytes(b'[{"instruction":"a","output":"b"}' + b",1" * 2500 + b"]")
    (source,) = reading.sources(path)
    decoded = [reading.decode(chunk) for chunk in reading.chunks(source)]
    assert [d.read for d in decoded] == [1000, 1000, 501]


def test_text_after_a_list_inside_an_object_is_not_its_business() -> None:
    assert codes(scanned(b'[{}],"w":[]}', inside=True)) == [(1, None, b"{}")]


def test_an_element_at_the_limit_is_kept_and_one_byte_more_is_not() -> None:
    limits = Limits(max_line_bytes=200_000)
    fits, over = (json.dumps({"a": "x" * (n - 9)}).encode() for n in (200_000, 200_001))
    before, elements.PIECE_BYTES = elements.PIECE_BYTES, 10_000
    try:
        found = scanned(b"[" + fits + b"," + over + b"," + fits + b",{}]", limits)
    finally:
        elements.PIECE_BYTES = before
    assert [len(fits), len(over)] == [200_000, 200_001]
    assert [e.fault.code if e.fault else None for e in found] == [None, "line-too-long", None, None]
    assert len(found[1].text) == RAW_KEPT_BYTES
    assert over.startswith(found[1].text)


def test_a_list_of_20_mib_of_numbers_is_not_held(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    good = b'{"instruction":"a","output":"b"}'
    path.write_bytes(b"[" + good + b"," + b"1," * (10 << 20) + good + b"]")
    records, rejects = reading.read(path)
    assert records["line"].to_list() == [1, 3]
    assert [(r.line, r.code) for r in rejects] == [(2, "line-too-long")]


def test_an_element_is_decoded_as_strictly_as_a_line(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    text = (
        '[{"instruction":"a","output":"b"},\n'
        ' {"instruction":"a","output":"b","output":"c"},\n'
        ' {"instruction":"a",\n  "output" : "d"},\n'
        ' {"instruction":"\\ud800","output":""}, {"instruction":"e","output":NaN}, 5]'
    )
    path.write_text(text)
    records, rejects = reading.read(path)
    assert records["line"].to_list() == [1, 3]
    assert [(r.line, r.offset, r.code) for r in rejects] == [
        (2, 36, "json-duplicate-key"),
        (4, text.index('{"instruction":"\\ud'), "lone-surrogate"),
        (5, text.index('{"instruction":"e'), "json-not-a-number"),
        (6, text.index("5]"), "json-not-an-object"),
    ]


def test_chunks_do_not_change_the_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    rows = [{"instruction": f"問{n}", "output": "x" * 100} for n in range(50)]
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    (source,) = reading.sources(path)
    records = [
        record
        for chunk in json_array.FORMAT.cut(source, Limits(), 700)
        for record in reading.decode(chunk, Reading()).records.iter_rows(named=True)
    ]
    assert [r["line"] for r in records] == list(range(1, 51))
    assert [r["instruction"] for r in records] == [f"問{n}" for n in range(50)]
