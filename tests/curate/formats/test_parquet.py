"""Parquet: its types are trusted; what JSON cannot hold is kept as exact text."""

from __future__ import annotations

import datetime
import gzip
from decimal import Decimal
from pathlib import Path

import polars as pl

from curate import formats, reading
from curate.reading import Limits


def test_nested_messages(tmp_path: Path) -> None:
    rows = [
        {"messages": [{"role": "user", "content": "a", "name": None}]},
        {"messages": [{"role": "user", "content": "問"}, {"role": "assistant", "content": "答"}]},
    ]
    path = tmp_path / "a.parquet"
    pl.DataFrame(rows).write_parquet(path)
    records, rejects = reading.read(path)
    assert records["roles"].to_list() == ["u", "ua"]
    assert records["instruction"].to_list() == ["a", "問"]
    assert records["meta"].to_list() == [None, None]
    assert not rejects


def test_other_types_become_exact_text(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    row = {
        "instruction": "a",
        "output": "b",
        "day": datetime.date(2024, 1, 2),
        "price": Decimal("1.10"),
        "raw": b"\xff\x00",
        "score": float("nan"),
        "big": 2**63 - 1,
        "parts": [1, 2],
    }
    pl.DataFrame([row]).write_parquet(path)
    (meta,) = reading.read(path)[0]["meta"]
    assert meta == (
        '{"day":"2024-01-02","price":"1.10","raw":"/wA=","score":"nan",'
        '"big":9223372036854775807,"parts":[1,2]}'
    )


def test_wrong_types_are_rejects_with_the_row_as_json(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"instruction": ["a", "b"], "output": [1, 2]}).write_parquet(path)
    records, rejects = reading.read(path)
    assert len(records) == 0
    assert [(r.line, r.offset, r.code) for r in rejects] == [
        (1, None, "wrong-type"),
        (2, None, "wrong-type"),
    ]
    assert rejects[0].raw == b'{"instruction":"a","output":1}'


def test_a_null_answer_is_an_empty_one(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"instruction": ["a", None], "output": [None, "b"]}).write_parquet(path)
    records, rejects = reading.read(path)
    assert records.select("instruction", "answer").rows() == [("a", ""), ("", "b")]
    assert not rejects


def test_rows_are_counted_through_the_chunks(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    frame = pl.DataFrame({"質問": [f"問{n}" for n in range(1000)], "回答": ["答"] * 1000})
    frame.write_parquet(path, row_group_size=300)
    (source,) = reading.sources(path)
    found = [
        row
        for chunk in formats.found()["parquet"].cut(source, Limits(), 1000)
        for row in reading.decode(chunk).records.select("line", "instruction").rows()
    ]
    assert found == [(n + 1, f"問{n}") for n in range(1000)]


def test_a_compressed_file_is_unpacked_first(tmp_path: Path) -> None:
    plain, packed = tmp_path / "a.parquet", tmp_path / "b.parquet.gz"
    pl.DataFrame({"instruction": ["a"], "output": ["b"]}).write_parquet(plain)
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert reading.read(packed)[0]["record_id"].equals(reading.read(plain)[0]["record_id"])


def test_damaged_rows_are_rejects(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    frame = pl.DataFrame({"instruction": ["x" * 50] * 100, "output": ["y"] * 100})
    frame.write_parquet(path, compression="zstd", use_pyarrow=False)
    (source,) = reading.sources(path)
    data = bytearray(path.read_bytes())
    data[4:40] = b"\xff" * 36
    path.write_bytes(data)
    decoded = [reading.decode(chunk) for chunk in reading.chunks(source)]
    assert sum(d.read for d in decoded) == 100
    assert {r.code for d in decoded for r in d.rejects} == {"rows-unreadable"}
