"""JSON Lines: cutting at line ends, and lines around the limit."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from curate import formats, reading
from curate.raw import lines
from curate.reading import Limits, Reading
from curate.sources.limits import RAW_KEPT_BYTES


def line(number: int, size: int = 60) -> bytes:
    """One record of exactly `size` bytes, without its line break."""
    bare = orjson.dumps({"instruction": f"問{number}", "output": ""})
    return orjson.dumps({"instruction": f"問{number}", "output": "x" * (size - len(bare))})


@pytest.mark.parametrize("size", [61, 64, 100, 1000, 1 << 20])
@pytest.mark.parametrize("end", [b"", b"\n"])
def test_every_line_is_in_one_chunk_whatever_the_size(
    size: int, end: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\n".join(line(n) for n in range(1, 40)) + end)
    (source,) = reading.sources(path)
    found = [
        (record["line"], record["instruction"])
        for chunk in formats.found()["jsonl"].cut(source, Limits(), size)
        for record in reading.decode(chunk).records.iter_rows(named=True)
    ]
    assert found == [(n, f"問{n}") for n in range(1, 40)]


@pytest.mark.parametrize("block", [70, 128, 4096])
def test_a_line_at_the_limit_is_kept_and_one_byte_more_is_not(block: int, tmp_path: Path) -> None:
    limits = Limits(max_line_bytes=500)
    path = tmp_path / "a.jsonl"
    made = [line(1), line(2, 500), line(3, 501), line(4), line(5, 2000), line(6)]
    path.write_bytes(b"\n".join(made))
    (source,) = reading.sources(path, Reading(limits=limits))
    kept, rejects = [], []
    for chunk in formats.found()["jsonl"].cut(source, limits, block):
        decoded = reading.decode(chunk, Reading(limits=limits))
        kept += decoded.records["line"].to_list()
        rejects += decoded.rejects
    assert kept == [1, 2, 4, 6]
    starts = [sum(len(one) + 1 for one in made[:n]) for n in (2, 4)]
    assert [(r.line, r.offset, r.code) for r in rejects] == [
        (3, starts[0], "line-too-long"),
        (5, starts[1], "line-too-long"),
    ]
    assert "max_line_bytes = 500" in rejects[0].message


def test_a_line_of_20_mib_is_skipped_with_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.write(line(1) + b"\n" + line(2, 20 << 20) + b"\n" + line(3) + b"\n")
    records, (reject,) = reading.read(path)
    assert records["line"].to_list() == [1, 3]
    assert (reject.line, reject.code) == (2, "line-too-long")
    assert len(reject.raw) == RAW_KEPT_BYTES


def test_tiny_lines_are_cut_into_chunks_whose_rejects_can_be_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "MAX_LINES", 1000)
    path = tmp_path / "a.jsonl"
    path.write_bytes(line(1) + b"\n" + b"x\n" * 2500)
    decoded = [reading.decode(chunk) for chunk in reading.chunks(reading.sources(path)[0])]
    assert [d.read for d in decoded] == [1000, 1000, 501]
    assert decoded[-1].rejects[-1].line == 2501


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_long_run_of_empty_lines_is_passed_over_at_once(
    end: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "MAX_LINES", 1000)
    path = tmp_path / "a.jsonl"
    path.write_bytes(line(1) + b"\n" + end * 50_000 + line(2) + b"\n" + end * 500 + line(3))
    decoded = [reading.decode(chunk) for chunk in reading.chunks(reading.sources(path)[0])]
    assert [d.read for d in decoded] == [1, 0, 2]
    assert sum(d.notes.get("blank-line", 0) for d in decoded) == 50_500
    assert decoded[2].records["line"].to_list() == [50_002, 50_503]


def test_a_plain_file_is_not_carried_in_the_chunks(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(line(1) + b"\n" + line(2))
    (chunk,) = reading.chunks(reading.sources(path)[0])
    assert chunk.data is None
    assert (chunk.path, chunk.start, chunk.stop, chunk.size) == (path, 0, 121, 121)
