"""Every kind of input has one exact outcome: what is kept, what is rejected where and why."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import zstandard

from curate import reading
from curate.errors import BadSetting, BadSource, CurateError, NothingToAudit
from curate.reading import Limits, Reading
from curate.record import SCHEMA

GOOD = '{"instruction":"Hi","output":"Yo"}'
SOON = '{"instruction":"挨拶して","output":"こんにちは"}'
KEPT = ("Hi", "Yo")
JAPANESE = ("挨拶して", "こんにちは")


def outcome(path: Path, how: Reading | None = None) -> tuple[list[Any], list[Any]]:
    """(instruction, answer) of what is kept; (line, offset, code) of what is not."""
    records, rejects = reading.read(path, how)
    assert dict(records.schema) == {name: kind() for name, kind in SCHEMA.items()}
    kept = list(zip(records["instruction"], records["answer"], strict=True))
    return kept, [(r.line, r.offset, r.code) for r in rejects]


def bad(code: str, line: str | bytes) -> tuple[bytes, list[Any], list[Any]]:
    """A file whose second line is bad: the ones around it are kept."""
    raw = line.encode() if isinstance(line, str) else line
    data = GOOD.encode() + b"\n" + raw + b"\n" + SOON.encode() + b"\n"
    return data, [KEPT, JAPANESE], [(2, len(GOOD) + 1, code)]


def good(line: str, *more: tuple[str, str]) -> tuple[bytes, list[Any], list[Any]]:
    return (GOOD + "\n" + line + "\n").encode(), [KEPT, *more], []


LINES: dict[str, tuple[bytes, list[Any], list[Any]]] = {
    "nothing special": good(SOON, JAPANESE),
    "no line break at the end": ((GOOD + "\n" + SOON).encode(), [KEPT, JAPANESE], []),
    "CRLF": ((GOOD + "\r\n" + SOON + "\r\n").encode(), [KEPT, JAPANESE], []),
    "byte-order mark at the start": (b"\xef\xbb\xbf" + GOOD.encode(), [KEPT], []),
    "byte-order mark inside, two files joined": good("\ufeff" + SOON, JAPANESE),
    "blank lines": (f"{GOOD}\n\n  \n{SOON}\n".encode(), [KEPT, JAPANESE], []),
    "white space around": (f"  {GOOD} \t\n".encode(), [KEPT], []),
    "not UTF-8": bad("not-utf8", b'{"instruction":"a\xff","output":"b"}'),
    "UTF-8 cut in a character": bad("not-utf8", '{"instruction":"あ'.encode()[:-1] + b'","output":""}'),
    "one Shift-JIS line": bad("not-utf8", '{"instruction":"挨拶","output":"はい"}'.encode("cp932")),
    "lone surrogate": bad("lone-surrogate", '{"instruction":"\\ud800","output":"b"}'),
    "lone surrogate in a key": bad("lone-surrogate", '{"\\udc00":1,"instruction":"a","output":"b"}'),
    "surrogate pair": good('{"instruction":"\\ud83d\\ude00","output":"b"}', ("😀", "b")),
    "raw NUL": bad("json-control-character", '{"instruction":"a\x00","output":"b"}'),
    "raw tab in text": bad("json-control-character", '{"instruction":"a\tb","output":"b"}'),
    "escaped NUL": good('{"instruction":"a\\u0000","output":"b"}', ("a\x00", "b")),
    "NaN": bad("json-not-a-number", '{"instruction":"a","output":"b","score":NaN}'),
    "Infinity": bad("json-not-a-number", '{"instruction":"a","output":"b","score":-Infinity}'),
    "1e999": bad("json-number-too-large", '{"instruction":"a","output":"b","score":1e999}'),
    "duplicate key": bad("json-duplicate-key", '{"instruction":"a","output":"b","output":"c"}'),
    "duplicate key, escaped": bad("json-duplicate-key", '{"instruction":"a","output":"b","o\\u0075tput":"c"}'),
    "duplicate key, spaced": bad("json-duplicate-key", '{"instruction":"a","output" :"b","output":"c"}'),
    "duplicate key, line break before the colon": bad("json-unfinished", '{"instruction":"a","output"'),
    "duplicate key, masked by a colon": bad("json-duplicate-key", '{"a":1,"a" :2,"instruction":":x","output":"b"}'),
    "duplicate key, masked by a backslash": bad("json-duplicate-key", '{"a\\\\":1,"b":2,"b":3,"instruction":"x","output":"b"}'),
    "duplicate key inside": bad("json-duplicate-key", '{"instruction":"a","output":"b","x":[{"k":1,"k":2}]}'),
    "key that ends in a backslash": good('{"instruction":"a","output":"b","k\\\\":1}', ("a", "b")),
    "text that looks like a key": good('{"instruction":"\\"a\\":1","output":":b"}', ('"a":1', ":b")),
    "5,000 digits": bad("json-integer-too-long", '{"instruction":"a","output":"b","n":' + "9" * 5000 + "}"),
    "depth 101": bad("json-too-deep", '{"instruction":"a","output":"b","x":' + "[" * 100 + "]" * 100 + "}"),
    "depth 100": good('{"instruction":"a","output":"b","x":' + "[" * 99 + "]" * 99 + "}", ("a", "b")),
    "depth 100,000": bad("json-too-deep", '{"instruction":"a","output":"b","x":' + "[" * 100_000 + "]" * 100_000 + "}"),
    "depth never closed": bad("json-too-deep", '{"x":' * 100_000),
    "10,001 keys": bad("json-too-many-keys", json.dumps({f"k{i}": 1 for i in range(9_999)} | {"instruction": "a", "output": "b"})),
    "10,000 keys": good(json.dumps({f"k{i}": 1 for i in range(9_998)} | {"instruction": "a", "output": "b"}), ("a", "b")),
    "two objects on a line": bad("json-two-objects", GOOD + GOOD),
    "text after the object": bad("json-extra-text", GOOD + ","),
    "a list on a line": bad("json-not-an-object", '["instruction","output"]'),
    "a text on a line": bad("json-not-an-object", '"instruction"'),
    "null on a line": bad("json-not-an-object", "null"),
    "single quotes": bad("json-invalid", "{'instruction':'a','output':'b'}"),
    "trailing comma": bad("json-invalid", '{"instruction":"a","output":"b",}'),
    "a comment": bad("json-invalid", "// nothing"),
    "unfinished line": bad("json-unfinished", '{"instruction":"a","outp'),
    "last line cut short": (
        (GOOD + "\n" + SOON[:-12]).encode(),
        [KEPT],
        [(2, len(GOOD) + 1, "json-cut-short")],
    ),
    "a list where text belongs": bad("wrong-type", '{"instruction":"a","output":["b"]}'),
    "a number where text belongs": bad("wrong-type", '{"instruction":"a","output":7}'),
    "no answer column": bad("missing-column", '{"instruction":"a"}'),
    "another shape": bad("missing-column", '{"messages":[{"role":"user","content":"a"}]}'),
    "answer is null": good('{"instruction":"a","output":null}', ("a", "")),
    "answer is empty": good('{"instruction":"a","output":""}', ("a", "")),
    "input is missing, null or text": good('{"instruction":"a","input":null,"output":"b"}', ("a", "b")),
    "half-width kana and full-width forms": good('{"instruction":"ｶﾅ","output":"ＡＢＣ"}', ("ｶﾅ", "ＡＢＣ")),
    "bidi and zero-width characters": good('{"instruction":"a\u202eb","output":"\u200b"}', ("a\u202eb", "\u200b")),
}  # fmt: skip


@pytest.mark.parametrize("case", LINES)
def test_one_bad_line_never_costs_another(case: str, tmp_path: Path) -> None:
    data, kept, rejected = LINES[case]
    path = tmp_path / "data.jsonl"
    path.write_bytes(data)
    assert outcome(path) == (kept, rejected)


@pytest.mark.parametrize("case", LINES)
def test_compressed_lines_have_the_same_outcome(case: str, tmp_path: Path) -> None:
    data, kept, rejected = LINES[case]
    (tmp_path / "data.jsonl.gz").write_bytes(gzip.compress(data))
    (tmp_path / "data.jsonl.zst").write_bytes(zstandard.compress(data))
    assert outcome(tmp_path / "data.jsonl.gz") == (kept, rejected)
    assert outcome(tmp_path / "data.jsonl.zst") == (kept, rejected)


def test_a_reject_says_where_and_why_and_keeps_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    line = b'{"instruction":"a\xff","output":"b"}'
    path.write_bytes(GOOD.encode() + b"\n" + line + b"\n")
    _, (reject,) = reading.read(path)
    assert (reject.source, reject.line, reject.offset) == (str(path), 2, len(GOOD) + 1)
    assert reject.raw == line
    assert reject.message == "not UTF-8 at byte 17 of the line (0xff)"
    assert reject.says.format(**reject.args) == reject.message


def test_a_record_of_another_shape_is_told_which(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    chat = '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}'
    path.write_text(f"{GOOD}\n{GOOD}\n{chat}\n")
    _, (reject,) = reading.read(path)
    assert reject.message == "no column 'instruction'; the record looks like shape messages"


NOTES = [
    (b"\xef\xbb\xbf" + GOOD.encode(), {"byte-order-mark": 1}),
    (f"{GOOD}\r\n{GOOD}\r\n".encode(), {"crlf": 2}),
    (f"{GOOD}\n\n\n{GOOD}\n".encode(), {"blank-line": 2}),
    (f"{GOOD}\n\ufeff{GOOD}\n".encode(), {"byte-order-mark": 1}),
]


@pytest.mark.parametrize(("data", "notes"), NOTES)
def test_what_was_stripped_is_noted(data: bytes, notes: dict[str, int], tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(data)
    (chunk,) = reading.chunks(reading.sources(path)[0])
    assert reading.decode(chunk).notes == notes


META = [
    ('"n":1180591620717411303424', '{"n":1180591620717411303424}'),
    ('"n":[-9223372036854775809]', '{"n":[-9223372036854775809]}'),
    ('"d":"2024-01-02"', '{"d":"2024-01-02"}'),
    ('"zip":"001"', '{"zip":"001"}'),
    ('"x":null', '{"x":null}'),
    ('"x":{"b":1,"a":"あ"},"y":true', '{"x":{"b":1,"a":"あ"},"y":true}'),
    ('"x":1.5', '{"x":1.5}'),
]


@pytest.mark.parametrize(("more", "meta"), META)
def test_other_columns_travel_exactly(more: str, meta: str, tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text('{"instruction":"a","output":"b",' + more + "}\n", encoding="utf-8")
    assert reading.read(path)[0]["meta"].to_list() == [meta]


def test_a_key_first_seen_late_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text(f"{GOOD}\n" * 300 + '{"instruction":"a","output":"b","late":"遅い"}\n', "utf-8")
    assert reading.read(path)[0]["meta"].to_list() == [None] * 300 + ['{"late":"遅い"}']


WHOLE_FILES: dict[str, tuple[str, bytes, type[CurateError], Sequence[str]]] = {
    "empty": ("a.jsonl", b"", NothingToAudit, ["no record"]),
    "only blank lines": ("a.jsonl", b"\n \n", NothingToAudit, ["no record"]),
    "empty list": ("a.json", b"[]", NothingToAudit, ["no record"]),
    "header only": ("a.csv", b"instruction,output\n", NothingToAudit, ["no record"]),
    "empty CSV": ("a.csv", b"", NothingToAudit, ["no record"]),
    "Shift-JIS": ("a.jsonl", SOON.encode("cp932"), BadSource, ["Shift-JIS (cp932)", "iconv -f CP932 -t UTF-8"]),
    "Shift-JIS table": ("a.csv", "質問,回答\n首都は,東京\n".encode("cp932"), BadSource, ["Shift-JIS", "iconv"]),
    "Latin-1 table": ("a.csv", "q,a\nÇa va?,Très bien\n".encode("latin-1"), BadSource, ["Latin-1 (Windows-1252)", "iconv -f CP1252 -t UTF-8"]),
    "EUC-JP": ("a.jsonl", SOON.encode("euc_jp"), BadSource, ["EUC-JP", "iconv -f EUC-JP"]),
    "ISO-2022-JP": ("a.jsonl", SOON.encode("iso2022_jp"), BadSource, ["ISO-2022-JP", "iconv"]),
    "zip": ("a.jsonl", b"PK\x03\x04rest", BadSource, ["zip", "unpack"]),
    "bzip2": ("a.jsonl.bz2", b"BZh9rest", BadSource, ["bunzip2"]),
    "pickle": ("a.bin", pickle.dumps([1] * 99, 4), BadSource, ["pickle", "refused"]),
    "SQLite": ("a.db", b"SQLite format 3\x00", BadSource, ["SQLite", "CSV"]),
    "prose": ("a.txt", b"Once upon a time", BadSource, ["not a format that is known", ".jsonl"]),
    "one object over several lines, twice": ("a.jsonl", json.dumps(json.loads(GOOD), indent=1).encode() * 2, BadSource, ["over several lines", "jq -c"]),
    "a list a column": ("a.json", b'{"instruction":["a"],"output":["b"]}', BadSource, ["one list for each column", "instruction, output", "orient='records'"]),
    "an object a column": ("a.json", b'{"instruction":{"0":"a"},"output":{"0":"b"}}', BadSource, ["one object for each column", "orient='records'"]),
    "two lists": ("a.json", b'{"train":[{"a":1}],"test":[{"a":1}]}', BadSource, ["train, test", "jq -c '.train[]'"]),
    "not JSON at all": ("a.json", b"hello", BadSource, ["not JSON", "hello"]),
    "no column of text": ("a.jsonl", b'{"n":1,"m":[2]}', BadSource, ["no known shape", "n, m", "--map"]),
    "header twice": ("a.csv", b"output,output\na,b\n", BadSource, ["'output'", "twice"]),
    "no header": ("a.csv", "日本の首都は？,東京です。\n一番高い山は？,富士山です。\n".encode(), BadSource, ["first row looks like a record", "instruction,output"]),
    "CR only": ("a.csv", b"instruction,output\ra,b\r", BadSource, ["CR only", "tr "]),
    "header never closed": ("a.csv", b'instruction,"output\na,b\n', BadSource, ["header cannot be read", "not closed"]),
    "not a Parquet file": ("a.parquet", b"PAR1" + b"x" * 50, BadSource, ["not a whole Parquet file"]),
}  # fmt: skip


@pytest.mark.parametrize("case", WHOLE_FILES)
def test_a_file_that_cannot_be_read_is_named_with_the_way_out(case: str, tmp_path: Path) -> None:
    name, data, error, said = WHOLE_FILES[case]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(error) as caught:
        reading.sources(tmp_path / name)
    assert all(part in str(caught.value) for part in said)


WIDE = ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]


@pytest.mark.parametrize("encoding", WIDE)
def test_utf_16_and_32_are_recoded_and_named(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(f"{GOOD}\n{SOON}\n".encode(encoding))
    assert outcome(path) == ([KEPT, JAPANESE], [])
    assert f"recoded from {encoding.upper()}" in reading.sources(path)[0].said


def test_utf_16_cut_in_a_character(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(f"{GOOD}\n{GOOD}\n".encode("utf-16")[:-1])
    kept, rejects = outcome(path)
    assert kept == [KEPT]
    assert [code for *_, code in rejects] == ["encoding-damaged"]


def test_a_lone_surrogate_in_utf_16_costs_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    broken = '{"instruction":"\ud800","output":"b"}'
    path.write_bytes(f"{GOOD}\n{broken}\n{GOOD}\n".encode("utf-16", "surrogatepass"))
    kept, rejects = outcome(path)
    assert kept == [KEPT, KEPT]
    assert [code for *_, code in rejects] == ["not-utf8"]


FOUND = [
    ("a.jsonl", GOOD, "JSON Lines; shape alpaca (instruction, output)"),
    ("a", GOOD, "JSON Lines; shape alpaca (instruction, output)"),
    ("a.txt", GOOD, "JSON Lines; shape alpaca (instruction, output)"),
    ("a.csv", GOOD, "JSON Lines; shape alpaca (instruction, output)"),
    ("a.json", GOOD + "\n" + GOOD, "JSON Lines; shape alpaca (instruction, output)"),
    ("a.json", f"[{GOOD}]", "JSON; shape alpaca (instruction, output)"),
    ("a.jsonl", f"[{GOOD},\n{GOOD}]", "JSON; shape alpaca (instruction, output)"),
    ("a.json", json.dumps(json.loads(GOOD), indent=2), "JSON; shape alpaca (instruction, output)"),
    ("a.json", '{"v":1,"data":[' + GOOD + "]}", "JSON; the list under key 'data'; other keys not read: v; shape alpaca (instruction, output)"),
    ("a", "質問,回答\na,b\n", "CSV; shape text-pair (質問, 回答)"),
    ("a.csv", "Question;Answer;id\na;b;1\n", "CSV; delimiter ';'; shape text-pair (Question, Answer); id from 'id'"),
    ("a.tsv", "prompt\tcompletion\na\tb\n", "TSV; shape prompt-completion (prompt, completion)"),
    ("a.jsonl", '{"text":"a","label":1,"source":"web","x":2}', "JSON Lines; no conversation found, so column 'text' is read as plain text without a prompt (name the columns with --map instruction=... --map answer=...); label from 'label'; origin from 'source'; other columns kept as meta: 1"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "said"), FOUND)
def test_format_and_shape_are_found_and_said(
    name: str, data: str, said: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(data, encoding="utf-8")
    (source,) = reading.sources(path)
    assert source.said == f"{path}: {said}"
    assert not reading.read(path)[1]


def test_standard_input_is_a_source(monkeypatch: pytest.MonkeyPatch) -> None:
    data = gzip.compress(f"{GOOD}\n{SOON}\n".encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    records, rejects = reading.read("-")
    assert records["source"].to_list() == ["-", "-"]
    assert records["line"].to_list() == [1, 2]
    assert not rejects


def test_a_folder_is_all_its_data_files_in_order(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "z.jsonl.gz").write_bytes(gzip.compress(GOOD.encode()))
    (tmp_path / "b" / "c.csv").write_text("質問,回答\na,b\n", "utf-8")
    (tmp_path / "README.md").write_text("# read me")
    (tmp_path / ".hidden" / "d.jsonl").write_text(GOOD)
    (tmp_path / "e.jsonl").write_text("")
    (tmp_path / ".f.jsonl").write_text(GOOD)
    (tmp_path / ".g").write_text("neither data nor told of")
    found = reading.sources(tmp_path)
    names = [source.name.removeprefix(str(tmp_path)) for source in found]
    assert names == ["/b/c.csv", "/e.jsonl", "/z.jsonl.gz"]
    assert found[0].ignored == (".f.jsonl", "README.md")
    assert "other files ignored: 2 (.f.jsonl, README.md)" in found[0].said
    assert found[1].said.endswith("no record")
    assert [len(list(reading.chunks(source))) for source in found] == [1, 0, 1]


@pytest.mark.parametrize(
    "said",
    [
        '{"type":"object"}',
        '{\n "type": "object",\n "properties": {"a": {"type": "string"}}\n}',
        '{"n":1}',
    ],
)
def test_an_object_that_describes_the_data_of_its_folder_is_no_record(
    said: str, tmp_path: Path
) -> None:
    (tmp_path / "a.jsonl").write_text(f"{GOOD}\n", encoding="utf-8")
    (tmp_path / "one.json").write_text(GOOD, encoding="utf-8")
    (tmp_path / "schema.json").write_text(said, encoding="utf-8")
    records, _ = reading.read(tmp_path)
    assert records["source"].to_list() == [f"{tmp_path}/a.jsonl", f"{tmp_path}/one.json"]
    assert "other files ignored: 1 (schema.json)" in reading.sources(tmp_path)[0].said


def test_an_object_alone_in_its_folder_or_named_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"type":"object"}', encoding="utf-8")
    for path in (tmp_path, tmp_path / "a.json"):
        assert reading.read(path)[0]["answer"].to_list() == ["object"]


def test_a_number_is_rejected_with_the_way_to_read_it(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"instruction":"What is 1+1?","output":2}\n', encoding="utf-8")
    _, [reject] = reading.read(path)
    assert reject.code == "wrong-type"
    assert reject.message.endswith("a template makes it text: --map FIELD='{output}'")
    kept, rejects = reading.read(path, Reading(mapping={"answer": "{output}"}))
    assert (kept["answer"].to_list(), rejects) == (["2"], [])


def test_a_mapping_that_is_there_is_not_advised(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text":"a"}\n', encoding="utf-8")
    (source,) = reading.sources(path, Reading(mapping={"answer": "text"}))
    assert source.said == f"{path}: JSON Lines; shape text (text)"


def test_a_hidden_folder_that_is_named_is_read_and_hidden_files_alone_are_told(
    tmp_path: Path,
) -> None:
    folder = tmp_path / ".data"
    folder.mkdir()
    (folder / "a.jsonl").write_text(GOOD)
    assert len(reading.read(folder)[0]) == 1
    (folder / "a.jsonl").rename(folder / ".a.jsonl")
    with pytest.raises(NothingToAudit, match=r"no data file in this folder, but hidden ones: \.a"):
        reading.sources(folder)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="no such file"):
        reading.sources(tmp_path / "a.jsonl")
    with pytest.raises(NothingToAudit, match="no data file in this folder"):
        reading.sources(tmp_path)
    with pytest.raises(NothingToAudit):
        reading.sources([])
    (tmp_path / "a.jsonl").write_text(GOOD)
    with pytest.raises(BadSource, match="given twice"):
        reading.sources([tmp_path / "a.jsonl", str(tmp_path / "a.jsonl")])


def told(tmp_path: Path, data: str, **how: Any) -> list[dict[str, Any]]:
    path = tmp_path / "data.jsonl"
    path.write_text(data, encoding="utf-8")
    return reading.read(path, Reading(**how))[0].to_dicts()


def test_named_columns_fill_their_fields(tmp_path: Path) -> None:
    data = '{"質問":"a","回答":"b","分類":"x","印":2,"番号":18446744073709551616,"出典":"web"}'
    (record,) = told(
        tmp_path, data, label="印", category="分類", id="番号", origin="出典"
    )  # fmt: skip
    assert record["label"] == "2"
    assert record["category"] == "x"
    assert record["uid"] == "18446744073709551616"
    assert record["origin"] == "web"
    assert record["meta"] is None


def test_annotators_wide_and_long(tmp_path: Path) -> None:
    wide = '{"instruction":"a","output":"b","w1":"yes","w2":null,"w3":1}'
    (record,) = told(tmp_path, wide, annotators=("w1", "w2", "w3"))
    assert record["annotations"] == '{"w1":"yes","w3":"1"}'
    long = '{"instruction":"a","output":"b","誰":"太郎","印":"良い"}'
    (record,) = told(tmp_path, long, annotators=("誰",), label="印")
    assert record["annotations"] == '{"太郎":"良い"}'
    assert record["label"] == "良い"


def test_annotators_without_a_column_of_labels(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text('{"instruction":"a","output":"b","誰":"太郎"}\n', encoding="utf-8")
    how = Reading(annotators=("誰",))
    records, _ = reading.read(path, how)
    assert records["annotations"].to_list() == ['{"太郎":null}']
    [source] = reading.sources(path, how)
    assert (
        "annotators from '誰', but no column holds their labels: name it with --label "
        "(columns: instruction, output, 誰)"
    ) in source.said


TEMPLATE = "Create a detailed description for the following product: {product}, belonging to category: {category}"  # fmt: skip


def test_a_template_over_columns(tmp_path: Path) -> None:
    data = '{"product":"Pen","category":"Office","text":"A pen.","n":1}'
    (record,) = told(tmp_path, data, mapping={"instruction": TEMPLATE, "answer": "text"})
    assert record["instruction"] == TEMPLATE.format(product="Pen", category="Office")
    assert (record["answer"], record["shape"]) == ("A pen.", "mapped")
    assert record["meta"] == '{"n":1}'


@pytest.mark.parametrize(
    ("row", "code", "message"),
    [
        ('"category":"Office"', "missing-column", "the template needs column 'product', which this record lacks"),
        ('"product":"","category":"Office"', "empty-cell", "the template needs column 'product', which is empty here"),
        ('"product":"Pen","category":null', "empty-cell", "the template needs column 'category', which is empty here"),
        ('"product":["Pen"],"category":"x"', "wrong-type", "the template needs text in column 'product'"),
    ],
)  # fmt: skip
def test_a_template_names_the_cell_that_it_lacks(
    row: str, code: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text(f'{{"product":"Pen","category":"Office","text":"x"}}\n{{{row},"text":"y"}}\n')
    records, (reject,) = reading.read(
        path, Reading(mapping={"instruction": TEMPLATE, "answer": "text"})
    )
    assert len(records) == 1
    assert (reject.line, reject.code, reject.message) == (2, code, message)


SETTINGS: list[tuple[dict[str, Any], str]] = [
    ({"mapping": {"instruction": "Write {produkt}", "answer": "text"}}, "did you mean 'product'"),
    ({"mapping": {"instruction": "produckt", "answer": "text"}}, "did you mean 'product'"),
    ({"mapping": {"instrution": "product"}}, "did you mean 'instruction'"),
    ({"mapping": {"prompt": "product"}}, "did you mean 'instruction'"),
    ({"mapping": {"Response": "product"}}, "did you mean 'answer'"),
    ({"mapping": {"質問": "product"}}, "did you mean 'instruction'"),
    ({"mapping": {"instruction": "{product!r}", "answer": "text"}}, "may only hold {column}"),
    ({"mapping": {"instruction": "{product", "answer": "text"}}, "cannot be read"),
    ({"label": "categori"}, "--label: unknown column 'categori'; did you mean 'category'"),
    ({"annotators": ("who",)}, "--annotator: unknown column 'who'"),
    ({"id": "nr"}, "--id: unknown column 'nr'"),
    ({"shape": "alpacca"}, "did you mean 'alpaca'"),
]


@pytest.mark.parametrize(("how", "said"), SETTINGS)
def test_a_setting_that_fits_no_column_names_the_nearest(
    how: dict[str, Any], said: str, tmp_path: Path
) -> None:
    with pytest.raises(BadSetting) as caught:
        told(tmp_path, '{"product":"Pen","category":"x","text":"y"}', **how)
    assert said in str(caught.value)


def test_a_column_in_one_of_several_sources_is_enough(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(GOOD)
    (tmp_path / "b.jsonl").write_text('{"instruction":"a","output":"b","topic":"x"}')
    records, _ = reading.read(tmp_path, Reading(label="topic"))
    assert records["label"].to_list() == [None, "x"]


def test_a_mapping_leaves_the_rest_to_be_found(tmp_path: Path) -> None:
    data = '{"質問":"a","output":"b","メモ":"c"}'
    (record,) = told(tmp_path, data, mapping={"instruction": "質問"})
    assert (record["instruction"], record["answer"]) == ("a", "b")
    (record,) = told(tmp_path, data, mapping={"answer": "メモ"})
    assert (record["instruction"], record["answer"]) == ("a", "c")


def test_a_shape_can_be_said(tmp_path: Path) -> None:
    both = '{"instruction":"a","output":"b","messages":[{"role":"user","content":"c"}]}'
    assert told(tmp_path, both)[0]["instruction"] == "c"
    assert told(tmp_path, both, shape="alpaca")[0]["instruction"] == "a"
    with pytest.raises(BadSource, match="not shape sharegpt; its columns are"):
        told(tmp_path, both, shape="sharegpt")


def test_a_chunk_travels_to_another_process(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text(f"{GOOD}\n{SOON}\n{{\n", encoding="utf-8")
    how = Reading(limits=Limits(max_depth=5))
    (chunk,) = reading.chunks(reading.sources(path, how)[0], how)
    one = reading.decode(chunk, how)
    two = reading.decode(pickle.loads(pickle.dumps(chunk)), pickle.loads(pickle.dumps(how)))
    assert one.records.equals(two.records)
    assert one.rejects == two.rejects == pickle.loads(pickle.dumps(one.rejects))


def test_other_columns_named_id_source_and_category_are_found(tmp_path: Path) -> None:
    (record,) = told(
        tmp_path, '{"id":7,"source":"web","category":null,"instruction":"a","output":"b"}'
    )
    assert (record["uid"], record["origin"], record["category"]) == ("7", "web", None)
    (record,) = told(tmp_path, json.dumps({"source": "x" * 101, **json.loads(GOOD)}))
    assert record["origin"] is None


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_rejects_of_recoded_files_lie_where_they_say(
    name: str, encoding: str, tmp_path: Path
) -> None:
    wrong = '{"output":"雨🍵"}' if name != "a.csv" else "何,雨🍵,三つ目\n"
    right = '{"instruction":"天気🍵","output":"晴れ"}'
    text = {
        "a.jsonl": f"{right}\n{wrong}\n",
        "a.json": f"[{right},\n{wrong}]",
        "a.csv": f"instruction,output\n天気🍵,晴れ\n{wrong}",
    }[name]
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    _, [reject] = reading.read(path)
    codec = reading.sources(path)[0].encoding
    assert reject.raw == wrong.encode(codec)
    assert reject.offset == path.read_bytes().index(reject.raw)


def test_a_column_whose_name_was_stripped_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"instruction":"a","output\\r":"b"}\n', "utf-8")
    [source] = reading.sources(path)
    assert source.said.endswith(
        r"shape alpaca (instruction, output); column 'output\r' read as 'output'"
    )
    assert source.said.isprintable()
