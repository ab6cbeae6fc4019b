"""CSV: text stays text, and a broken row costs itself alone."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curate import formats, reading
from curate.raw import lines
from curate.reading import Limits, Reading

HEAD = "質問,回答,日付\n"

CASES: list[tuple[str, str, list[Any], list[Any]]] = [
    ("plain", "a,b,c\n", [(2, "a", "b")], []),
    ("no line break at the end", "a,b,c", [(2, "a", "b")], []),
    ("quotes, commas and line breaks", '"a,""x""","b\nc",d\ne,f,g\n', [(2, 'a,"x"', "b\nc"), (4, "e", "f")], []),
    ("CRLF", "a,b,c\r\n\"d\r\ne\",f,g\r\n", [(2, "a", "b"), (3, "d\r\ne", "f")], []),
    ("empty cells", ",,\n", [(2, "", "")], []),
    ("blank lines", "\na,b,c\n\n", [(3, "a", "b")], []),
    ("half-width kana", "ｶﾅ,ｶ\uff9e,x\n", [(2, "ｶﾅ", "ｶ\uff9e")], []),
    ("unquoted comma", "a,b,1,000\nd,e,f\n", [(3, "d", "e")], [(2, "csv-ragged", "4 cells where the header has 3")]),
    ("unquoted line break", "a,b\nc,d\ne,f,g\n", [(4, "e", "f")], [(2, "csv-ragged", "2 cells"), (3, "csv-ragged", "2 cells where the header has 3; perhaps the rest of line 2")]),
    ("unquoted line breaks in the last cell", "a,b,赤\n青\nと黄\ne,f,g\n", [(2, "a", "b"), (5, "e", "f")], [(3, "csv-ragged", "perhaps the rest of line 2"), (4, "csv-ragged", "perhaps the rest of line 2")]),
    ("two short rows that make no whole one", "a\nb\ne,f,g\n", [(4, "e", "f")], [(2, "csv-ragged", "may have shifted"), (3, "csv-ragged", "may have shifted")]),
    ("a short row after one that is too long", "a,b,c,d\ne\n", [], [(2, "csv-ragged", "may have shifted"), (3, "csv-ragged", "may have shifted")]),
    ("quote never closed", 'a,b,c\n"d,e,f\ng,h,i\n', [(2, "a", "b"), (4, "g", "h")], [(3, "csv-unclosed-quote", "not closed")]),
    ("quote never closed, quotes after it", '"d,e,f\n"g",h,i\nj,"k",l\n', [(3, "g", "h"), (4, "j", "k")], [(2, "csv-unclosed-quote", "not closed")]),
    ("text after a quote", '"a"b,c,d\ne,f,g\n', [(3, "e", "f")], [(2, "csv-stray-quote", "must be doubled")]),
    ("quote inside bare text", 'a 5" pipe,b,c\n', [(2, 'a 5" pipe', "b")], []),
    ("lone carriage return", "a,b\rc,d\ne,f,g\n", [(3, "e", "f")], [(2, "csv-lone-cr", "carriage return")]),
    ("header again, two files joined", "a,b,c\n\ufeff質問,回答,日付\nd,e,f\n", [(2, "a", "b"), (4, "d", "e")], [(3, "csv-header-again", "were two files joined")]),
    ("NUL in a cell", "a\0,b,c\n", [(2, "a\0", "b")], []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "body", "kept", "rejected"), CASES, ids=[c[0] for c in CASES])
def test_rows(name: str, body: str, kept: list[Any], rejected: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEAD + body, encoding="utf-8", newline="")
    records, rejects = reading.read(path)
    found = list(zip(records["line"], records["instruction"], records["answer"], strict=True))
    assert found == kept
    assert [(r.line, r.code) for r in rejects] == [(line, code) for line, code, _ in rejected]
    assert all(said in r.message for r, (*_, said) in zip(rejects, rejected, strict=True))


def test_a_reject_keeps_its_offset_and_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(HEAD.encode() + b'a,b,c\n"x\ny",\xff,z\n"q"r,s,t\n')
    _, (first, second) = reading.read(path)
    size = len(HEAD.encode())
    assert (first.line, first.offset, first.code) == (3, size + 6, "not-utf8")
    assert first.raw == b'"x\ny",\xff,z\n'
    assert (second.line, second.offset, second.raw) == (5, size + 16, b'"q"r,s,t\n')


def test_nothing_is_inferred(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEAD + "001,true,2024-01-02\n1e5,NaN,\n", encoding="utf-8")
    records, _ = reading.read(path)
    assert records["instruction"].to_list() == ["001", "1e5"]
    assert records["answer"].to_list() == ["true", "NaN"]
    assert records["meta"].to_list() == ['{"日付":"2024-01-02"}', '{"日付":""}']


HEADERS = [
    ("\ufeff質問,回答\n", "shape text-pair (質問, 回答)", None),
    ("質問, 回答 \n", "shape text-pair (質問, 回答)", "header ' 回答 ' read as '回答'"),
    ('instruction,"output\r"\n', "shape alpaca (instruction, output)", "header 'output\\r' read as 'output'"),
    (",instruction,output\n", "shape alpaca (instruction, output)", "header '' read as 'column 1'"),
    ("instruction;output\n", "shape alpaca (instruction, output)", None),
    ("instruction|output\n", "shape alpaca (instruction, output)", None),
    ("instruction\toutput\n", "shape alpaca (instruction, output)", None),
]  # fmt: skip


@pytest.mark.parametrize(("head", "shape", "cleaned"), HEADERS)
def test_headers(head: str, shape: str, cleaned: str | None, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    delimiter = next((d for d in ";|\t" if d in head), ",")
    row = delimiter.join("abc"[: head.count(delimiter) + 1])
    path.write_text(head + row + "\n", encoding="utf-8", newline="")
    (source,) = reading.sources(path)
    assert shape in source.said
    assert ("read as" in source.said) == (cleaned is not None)
    assert cleaned is None or cleaned in source.said
    assert len(reading.read(path)[0]) == 1


def test_a_byte_order_mark_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbfinstruction,output\r\na,b\r\n")
    (chunk,) = reading.chunks(reading.sources(path)[0])
    assert reading.decode(chunk).notes == {"byte-order-mark": 1, "crlf": 1}


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)


@given(rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=20), size=st.integers(20, 200))
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_chunks_of_any_size_hold_the_same_rows(
    rows: list[tuple[str, str]], size: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([("instruction", "output"), *rows])
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_bytes(out.getvalue().encode())
    (source,) = reading.sources(path)
    found = []
    for chunk in formats.found()["csv"].cut(source, Limits(), size):
        decoded = reading.decode(chunk, Reading())
        assert not decoded.rejects
        found += decoded.records.select("instruction", "answer").rows()
    assert found == rows


@pytest.mark.parametrize("size", [30, 100, 1 << 20])
def test_chunks_of_any_size_have_the_same_rejects(size: int, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    body = 'a,b,c\n"open,x,y\n' + "p,q,r\n" * 20 + '"s"t,u,v\n"multi\nline",w,x\nend,of,it\n'
    path.write_text(HEAD + body, encoding="utf-8")
    (source,) = reading.sources(path)
    decoded = [reading.decode(c) for c in formats.found()["csv"].cut(source, Limits(), size)]
    assert [(r.line, r.code) for d in decoded for r in d.rejects] == [
        (3, "csv-unclosed-quote"),
        (24, "csv-stray-quote"),
    ]
    assert [line for d in decoded for line in d.records["line"]] == [2, *range(4, 24), 25, 27]


def test_a_quote_left_open_over_the_limit_costs_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEAD + '"open,x,y\n' + "p,q,r\n" * 1000, encoding="utf-8")
    how = Reading(limits=Limits(max_line_bytes=300))
    records, rejects = reading.read(path, how)
    assert len(records) == 1000
    assert [(r.line, r.code) for r in rejects] == [(2, "csv-unclosed-quote")]


def test_a_quote_left_open_in_a_cut_archive_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress((HEAD + 'a,b,c\n"open,x\ny,z\n').encode())[:-4])
    records, rejects = reading.read(path)
    assert records["line"].to_list() == [2]
    assert [(r.line, r.code) for r in rejects] == [
        (3, "csv-unclosed-quote"),
        (4, "csv-ragged"),
        (5, "archive-cut-short"),
    ]


def test_a_row_over_the_limit_is_a_reject(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEAD + "a,b,c\n" + "x" * 5000 + ",y,z\nd,e,f\n", encoding="utf-8")
    records, rejects = reading.read(path, Reading(limits=Limits(max_line_bytes=4000)))
    assert records["line"].to_list() == [2, 4]
    assert [(r.line, r.code) for r in rejects] == [(3, "line-too-long")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_delimiter_other_than_the_comma_is_said(delimiter: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(delimiter.join(["質問", "回答"]) + f"\na{delimiter}b\n", encoding="utf-8")
    [source] = reading.sources(path)
    assert (f"delimiter {delimiter!r}" in source.said) == (delimiter != ",")
    assert reading.read(path)[0]["answer"].to_list() == ["b"]


def test_a_quote_left_open_before_more_lines_than_a_chunk_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "MAX_LINES", 100)
    path = tmp_path / "a.csv"
    path.write_text(HEAD + 'a,"open,c\n' + "x,y,z\n" * 950, encoding="utf-8")
    records, [reject] = reading.read(path)
    assert records["line"].to_list() == list(range(3, 953))
    assert (reject.line, reject.code) == (2, "csv-unclosed-quote")


def test_a_cell_of_many_lines_is_one_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_LINES", 100)
    path = tmp_path / "a.csv"
    cell = "赤\n" + "\n" * 950
    path.write_text(f'{HEAD}a,"{cell}",c\nd,e,f\n', encoding="utf-8")
    records, rejects = reading.read(path)
    assert (records["answer"].to_list(), rejects) == ([cell, "e"], [])


def test_a_long_run_of_empty_lines_is_passed_over_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "MAX_LINES", 100)
    path = tmp_path / "a.csv"
    path.write_text(HEAD + "a,b,c\n" + "\n" * 5000 + "d,e,f\n", encoding="utf-8")
    decoded = [reading.decode(chunk) for chunk in reading.chunks(reading.sources(path)[0])]
    assert [d.read for d in decoded] == [1, 0, 1]
    assert sum(d.notes.get("blank-line", 0) for d in decoded) == 5000
    assert decoded[2].records["line"].to_list() == [5003]
