"""Laws of reading, over generated and over mutilated input."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import polars as pl
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curate import reading
from curate.errors import CurateError

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
RECORDS = st.lists(
    st.fixed_dictionaries({"instruction": TEXT, "input": TEXT, "output": TEXT}),
    min_size=1,
    max_size=8,
)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def lines(records: Sequence[Any]) -> bytes:
    return b"".join(orjson.dumps(record) + b"\n" for record in records)


def ids(path: Path) -> list[str]:
    records, rejects = reading.read(path)
    assert not rejects
    return records["record_id"].to_list()


@given(RECORDS)
@QUICK
def test_same_records_whatever_the_container(records: list[dict[str, str]]) -> None:
    with TemporaryDirectory() as folder:
        at = Path(folder)
        (at / "a.jsonl").write_bytes(lines(records))
        (at / "a.jsonl.gz").write_bytes(gzip.compress(lines(records)))
        (at / "a.jsonl.zst").write_bytes(zstandard.compress(lines(records)))
        (at / "a.json").write_text(json.dumps(records, indent=2), encoding="utf-8")
        (at / "b.json").write_bytes(orjson.dumps({"version": 1, "data": records}))
        (at / "a16.jsonl").write_bytes(lines(records).decode().encode("utf-16"))
        pl.DataFrame(records).write_parquet(at / "a.parquet")
        pl.DataFrame(records).write_csv(at / "a.csv", quote_style="always")
        want = ids(at / "a.jsonl")
        assert all(ids(path) == want for path in sorted(at.iterdir()))
        assert reading.read(records)[0]["record_id"].to_list() == want
        assert reading.read(pl.DataFrame(records))[0]["record_id"].to_list() == want


@given(RECORDS)
@QUICK
def test_same_conversation_whatever_the_shape(records: list[dict[str, str]]) -> None:
    asked = [
        r["instruction"] + "\n\n" + r["input"] if r["input"] else r["instruction"] for r in records
    ]
    pairs = list(zip(asked, [r["output"] for r in records], strict=True))
    shapes = [
        records,
        [{"prompt": q, "completion": a} for q, a in pairs],
        [{"質問": q, "回答": a} for q, a in pairs],
        [{"messages": [{"role": "user", "content": q}, {"role": "assistant", "content": a}]} for q, a in pairs],
        [{"conversations": [{"from": "human", "value": q}, {"from": "gpt", "value": a}]} for q, a in pairs],
        [{"conversation": [{"human": q, "assistant": a}]} for q, a in pairs],
        [{"prompt": [{"role": "user", "content": q}], "completion": [{"role": "assistant", "content": a}]} for q, a in pairs],
    ]  # fmt: skip
    found = [reading.read(made)[0] for made in shapes]
    assert all(one["record_id"].equals(found[0]["record_id"]) for one in found)
    assert all(one["prompt_id"].equals(found[0]["prompt_id"]) for one in found)


@given(RECORDS, st.randoms())
@QUICK
def test_order_of_lines_does_not_change_the_ids(records: list[dict[str, str]], random: Any) -> None:
    moved = random.sample(records, len(records))
    with TemporaryDirectory() as folder:
        one, two = Path(folder, "a.jsonl"), Path(folder, "b.jsonl")
        one.write_bytes(lines(records))
        two.write_bytes(lines(moved))
        assert sorted(ids(one)) == sorted(ids(two))


SEEDS = {
    "a.jsonl": '{"instruction":"こんにちは","input":"","output":"a\\"b: {\\u3042}","n":1.5}\n'
    '{"instruction":"x","input":"y","output":"z","tags":["p",{"q":null}]}\r\n\n'
    '{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]}\n',
    "b.jsonl": '{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]}\n'
    '{"messages":[{"role":"user","content":[{"type":"text","text":"も"}]}],"id":18446744073709551616}\n',
    "a.json": '[{"instruction":"こ","output":"b"},\n {"instruction":"x{","output":"]","k":[1,[2]]}]\n',
    "b.json": '{"v":1,"data":[{"question":"q","answer":"a"},{"question":"質","answer":""}],"w":[]}',
    "a.csv": '質問,回答,日付\n"a,""b""",c,2024-01-02\r\n"line\nbreak",x,001\nq,答え,\n',
    "a.tsv": 'instruction\toutput\n"the\tdog"\nq\t答え\n',
    "c.jsonl": '{"chosen":"\\n\\nHuman: a\\n\\nAssistant: b","rejected":"\\n\\nHuman: a\\n\\nAssistant: c"}\n',
}  # fmt: skip
MUTATIONS = st.lists(
    st.tuples(
        st.sampled_from(("flip", "drop", "insert", "repeat", "cut")),
        st.integers(0, 400),
        st.sampled_from([b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"\n", b"\r", b"\0", b"\xff",
                         b"\xe3\x81", b"\t", b" ", b"NaN", b"1e999", b"\\ud800", b'"output":"again",',
                         b"9" * 30, b"\xef\xbb\xbf", b"\x82\xa0\x82\xa2"]),
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip


def mutilated(seed: bytes, mutations: list[tuple[str, int, bytes]]) -> bytes:
    for kind, place, junk in mutations:
        at = place % (len(seed) + 1)
        if kind == "flip" and at < len(seed):
            seed = seed[:at] + bytes([seed[at] ^ (1 << place % 8)]) + seed[at + 1 :]
        elif kind == "drop":
            seed = seed[:at] + seed[at + 1 + place % 7 :]
        elif kind == "insert":
            seed = seed[:at] + junk + seed[at:]
        elif kind == "repeat":
            seed = seed[:at] + seed[max(0, at - 20) :]
        elif kind == "cut":
            seed = seed[: max(at, 1)]
    return seed


def accounted(path: Path) -> None:
    """Every record is kept or rejected, and JSON Lines agree with a plain count of lines."""
    try:
        sources = reading.sources(path)
    except CurateError:
        return
    kept = rejected = blank = 0
    for chunk in reading.chunks(sources[0]):
        decoded = reading.decode(chunk)
        assert decoded.read == len(decoded.records) + len(decoded.rejects)
        assert all(r.code and r.message and r.line for r in decoded.rejects)
        kept += len(decoded.records)
        rejected += len(decoded.rejects)
        blank += decoded.notes.get("blank-line", 0)
    plain = sources[0].compression is None and sources[0].encoding == "utf-8"
    if sources[0].format == "jsonl" and plain:
        data = path.read_bytes()
        assert kept + rejected + blank == data.count(b"\n") + (not data.endswith(b"\n"))


def check(name: str, mutations: list[tuple[str, int, bytes]], packed: bool) -> None:
    data = mutilated(SEEDS[name].encode(), mutations)
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        accounted(path)
        if packed:
            path = Path(folder, name + ".gz")
            path.write_bytes(mutilated(gzip.compress(data, mtime=0), mutations[:1]))
            accounted(path)


CASES = given(st.sampled_from(sorted(SEEDS)), MUTATIONS, st.booleans())


@CASES
@settings(max_examples=400, deadline=5000, suppress_health_check=list(HealthCheck))
def test_mutilated_input_is_accounted_for(
    name: str, mutations: list[tuple[str, int, bytes]], packed: bool
) -> None:
    check(name, mutations, packed)


@pytest.mark.long
@CASES
@settings(max_examples=20_000, deadline=5000, suppress_health_check=list(HealthCheck))
def test_mutilated_input_is_accounted_for_at_length(
    name: str, mutations: list[tuple[str, int, bytes]], packed: bool
) -> None:
    check(name, mutations, packed)
