"""Quarantine: a chunk in pieces is the same as the chunk, and only what kills is set aside."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curate import reading
from curate.engines import TRIES, WorkerDied
from curate.quarantine import IN_A_ROW, around_poison, sound
from curate.reading import Chunk, Decoded, Reading

READING = Reading()
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
MADE = st.lists(
    st.fixed_dictionaries({"instruction": TEXT, "output": TEXT}), min_size=1, max_size=9
)
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def jsonl(made: list[dict[str, str]], folder: Path) -> Path:
    file = folder / "a.jsonl"
    lines = [orjson.dumps(record) for record in made]
    file.write_bytes(b"\xef\xbb\xbf" + b"\r\n".join([*lines, b"", b"no json", b'{"cut": "sho']))
    return file


def packed(made: list[dict[str, str]], folder: Path) -> Path:
    file = folder / "a.jsonl.gz"
    file.write_bytes(gzip.compress(b"\n".join(orjson.dumps(record) for record in made)))
    return file


def json_list(made: list[dict[str, str]], folder: Path) -> Path:
    file = folder / "a.json"
    file.write_bytes(orjson.dumps([*made, "text", {"instruction": 1}], option=orjson.OPT_INDENT_2))
    return file


def table(made: list[dict[str, str]], folder: Path) -> Path:
    file = folder / "a.csv"
    text = pl.DataFrame(made).write_csv(quote_style="always", include_bom=True)
    file.write_text(text + 'too,many,cells\n"open\n\nlast,row\n', encoding="utf-8")
    return file


def packed_table(made: list[dict[str, str]], folder: Path) -> Path:
    file = folder / "a.tsv.gz"
    text = pl.DataFrame(made).write_csv(quote_style="always", separator="\t")
    file.write_bytes(gzip.compress(text.encode()))
    return file


def parquet(made: list[dict[str, str]], folder: Path) -> Path:
    file = folder / "a.parquet"
    pl.DataFrame(made).write_parquet(file)
    return file


def arrow(made: list[dict[str, str]], folder: Path) -> Path:
    file = folder / "a.arrow"
    pl.DataFrame(made).write_ipc_stream(file, compat_level=pl.CompatLevel.oldest())
    return file


def frame(made: list[dict[str, str]], _: Path) -> pl.DataFrame:
    return pl.DataFrame(made)


def dicts(made: list[dict[str, str]], _: Path) -> list[dict[str, str]]:
    return made


WAYS: list[Callable[..., Any]] = [
    jsonl, packed, json_list, table, packed_table, parquet, arrow, frame, dicts,
]  # fmt: skip


def chunks(data: Any) -> list[Chunk]:
    [source] = reading.sources(data)
    return list(reading.chunks(source))


def halves(chunk: Chunk) -> tuple[Chunk, ...]:
    return reading.halves(chunk, READING)


def told(decoded: Decoded) -> tuple[Any, ...]:
    return decoded.records.rows(), decoded.rejects, decoded.read, decoded.notes


@pytest.mark.parametrize("way", WAYS)
@given(made=MADE)
@QUICK
def test_a_chunk_in_pieces_is_the_chunk(
    way: Callable[..., Any], made: list[dict[str, str]], tmp_path: Path
) -> None:
    for chunk in chunks(way(made, tmp_path)):
        pieces = tuple(leaves(chunk))
        assert told(reading.decode(replace(chunk, pieces=pieces))) == told(reading.decode(chunk))
        assert sum(piece.size for piece in pieces) == chunk.size
        assert all(reading.decode(piece).read <= 1 for piece in pieces)


def leaves(chunk: Chunk) -> Iterator[Chunk]:
    pieces = halves(chunk)
    if not pieces:
        yield chunk
    for piece in pieces:
        yield from leaves(piece)


RECORDS = [{"instruction": f"{n}の次は？", "output": f"{n + 1}です。"} for n in range(13)]


class Dies:
    """Attempts that end in death when a piece holds one of these lines; they are counted."""

    def __init__(self, *lines: int) -> None:
        self.lines, self.deaths = set(lines), 0

    def __call__(self, numbered: tuple[int, Chunk]) -> Any:
        decoded = reading.decode(numbered[1])
        if self.lines & set(decoded.records["line"]):
            self.deaths += 1
            raise WorkerDied("it died")
        return decoded


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("poison", [{4}, {3, 4, 11}])
def test_only_what_kills_is_set_aside(
    way: Callable[..., Any], poison: set[int], tmp_path: Path
) -> None:
    [chunk] = chunks(way(RECORDS, tmp_path))
    whole = reading.decode(chunk)
    attempt = Dies(*poison)
    left: Any = around_poison((0, chunk), attempt, READING)
    kept = whole.records.filter(~pl.col("line").is_in(list(poison)))
    assert left.records.rows() == kept.rows()
    assert left.read == whole.read
    set_aside = [reject for reject in left.rejects if reject.code == "quarantined"]
    assert {reject.line for reject in set_aside} == poison
    assert [r for r in left.rejects if r not in set_aside] == whole.rejects
    assert attempt.deaths <= len(poison) * (TRIES + 4)


@pytest.mark.parametrize("way", [jsonl, packed, json_list, table, packed_table, frame, dicts])
def test_what_is_set_aside_keeps_its_bytes(way: Callable[..., Any], tmp_path: Path) -> None:
    [chunk] = chunks(way(RECORDS, tmp_path))
    line = reading.decode(chunk).records["line"][5]
    left: Any = around_poison((0, chunk), Dies(line), READING)
    [reject] = [reject for reject in left.rejects if reject.code == "quarantined"]
    assert "5の次は？" in reject.raw.decode()
    assert "4の次は？" not in reject.raw.decode()
    assert "6の次は？" not in reject.raw.decode()
    if chunk.path is not None:
        assert chunk.path.read_bytes()[reject.offset :].startswith(reject.raw)


def test_a_death_by_chance_costs_no_record(tmp_path: Path) -> None:
    [chunk] = chunks(jsonl(RECORDS, tmp_path))
    attempt, chance = Dies(), iter([True, False, True, False])

    def by_chance(numbered: tuple[int, Chunk]) -> Any:
        if next(chance, False):
            raise WorkerDied("pulled the plug")
        return attempt(numbered)

    left: Any = around_poison((0, chunk), by_chance, READING)
    assert told(left) == told(reading.decode(chunk))


def test_where_everything_kills_it_ends_with_a_reason(tmp_path: Path) -> None:
    [chunk] = chunks(parquet(RECORDS * 20, tmp_path))
    attempt = Dies(*range(1, 300))
    with pytest.raises(WorkerDied, match=r"a\.parquet: workers died on 64 pieces in a row.*memory"):
        around_poison((0, chunk), attempt, READING)
    assert attempt.deaths <= TRIES * IN_A_ROW


def test_where_only_the_whole_kills_it_ends_with_a_reason(tmp_path: Path) -> None:
    [chunk] = chunks(jsonl(RECORDS, tmp_path))

    def by_size(numbered: tuple[int, Chunk]) -> Any:
        decoded = reading.decode(numbered[1])
        if decoded.read > 9:
            raise WorkerDied("out of memory")
        return decoded

    with pytest.raises(WorkerDied, match="and on no single record of them; is memory short"):
        around_poison((0, chunk), by_size, READING)


def test_a_broken_twin_that_loses_a_half_is_seen(tmp_path: Path) -> None:
    [chunk] = chunks(jsonl(RECORDS, tmp_path))
    pieces = tuple(sound(chunk, lambda piece: halves(piece)[:1], lambda _: True))
    assert told(reading.decode(replace(chunk, pieces=pieces))) != told(reading.decode(chunk))
