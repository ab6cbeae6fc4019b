"""invalid-json: answers that are no JSON, or right as they are, then broken ones."""

from __future__ import annotations

import pytest

from curate.check import Said, ask
from curate.checks.invalid_json import ASKED, CHECK
from curate.finding import Hit, Unsure
from curate.locale import catalogue
from tests.making import record, records

PLAIN = "Say something."
CLEAN = [
    ("Give me JSON.", '{"a": 1, "b": [true, false, null, -1.5e+3, "\\u3042\\n"]}'),
    ("Return the result as JSON.", '```json\n{"a": 1}\n```'),
    (
        "結果をJSON形式で返してください。",
        '次のとおりです。\n```json\n{"名前": "田中"}\n```\n以上です。',
    ),
    ("JSONで出力してください。", '{"名前": "田中", "年齢": 30}'),
    ("Write it as JSON Lines.", '{"a": 1}\n{"a": 2}'),
    ("Return JSON objects, one a line.", '{"a": 1}\n{"a": 2}\n'),
    ("Use JSON5.", "{a: 1, /* note */}"),
    ("Write a tsconfig.json as JSON.", '{"strict": true, // yes\n}'),
    ("Make a Python dictionary.", "{'a': 1, 'b': 2}"),
    ("Make a Python dictionary.", '{"a": 1, "b": None}'),
    ("Add a value to the dict.", '{"a": 1,\n "b": 2,}'),
    ("辞書を作ってください。", "{'名前': '田中'}"),
    (PLAIN, "```python\nx = {'a': 1,}\n```"),
    (PLAIN, "```js\n{a: 1}\n```"),
    ("Fill in the template.", "{name} lives in {city}."),
    ("Sort the set.", '{"apples", "bananas"}'),
    ("Sort the set {d,b,a}.", "{a,b,d}"),
    ("List the elements.", "[apple, bird, cat]"),
    ("Sort the list.", "['a', 'b']"),
    (PLAIN, "[Your Name]\n[Address]"),
    (PLAIN, "[1] Knuth, The Art of Computer Programming."),
    (PLAIN, "{x : x > 0} is the set of positive numbers."),
    (PLAIN, "\\frac{1}{2} and {\\bf bold}"),
    (PLAIN, "[Verse 1]\nYo, it's getting hot"),
    ("Return a list.", "[1, 2], [3, 4]"),
    ("Convert the given JSON to YAML: {'a': 1,}", "a: 1"),
    ("Given the following JSON, output the array of keys.", "[name, age]"),
    ("Compare JSON and XML.", "JSON is a format; {a} and [b] are its brackets."),
    ("Call the tools.", "{\"weather\": weather('London'), \"news\": news('UK')}"),
    (PLAIN, '{"a": 1}\n\nThis JSON holds one key.'),
    (PLAIN, "{\"a\": 1} ['x', 'y'] and more words"),
    ("Output JSON.", "42"),
    (PLAIN, ""),
]


@pytest.mark.parametrize(("prompt", "answer"), CLEAN)
def test_clean(prompt: str, answer: str) -> None:
    assert ask(CHECK, records(record(prompt, answer))) == []


FAULTS = [
    ('{"a": 1,}', "trailing-comma", 1, 8),
    ('{\n  "a": [1, 2,\n  ]\n}', "trailing-comma", 2, 13),
    ("{'a': 1}", "single-quotes", 1, 2),
    ("{\"a\": 'x'}", "single-quotes", 1, 7),
    ("{“a”: 1}", "curly-quotes", 1, 2),
    ('{a: "x"}', "unquoted-key", 1, 2),
    ('{1: "x"}', "unquoted-key", 1, 2),
    ('{"a": x}', "unquoted-text", 1, 7),
    ('{"a": True}', "python-word", 1, 7),
    ('{"a": None}', "python-word", 1, 7),
    ('{"a": NaN}', "not-a-number", 1, 7),
    ('{"a": -Infinity}', "not-a-number", 1, 7),
    ('{"a": 01}', "not-a-number", 1, 7),
    ('{"a": 1.}', "not-a-number", 1, 7),
    ('{"a": 2024-01-02}', "not-a-number", 1, 7),
    ('{"a": 1 // one\n}', "comment", 1, 9),
    ('{"a": [1, 2, ...]}', "ellipsis", 1, 14),
    ('{"a": "x\ny"}', "line-break", 1, 9),
    ('{"a": "\\x"}', "escape", 1, 8),
    ('{"a": 1, "a": 2}', "duplicate-key", 1, 10),
    ('{"a": {"b": [1, 2', "cut-short", 1, 17),
    ('{"a": "never ends', "cut-short", 1, 7),
    ('{"a": 1 "b": 2}', "no-comma", 1, 9),
    ('{"a" 1}', "no-colon", 1, 6),
    ('{"a": , "b": 1}', "lone-comma", 1, 7),
    ('{"a": }', "no-value", 1, 7),
    ('{"a": [1}', "bracket", 1, 9),
    ('{"a": 1}}', "bracket", 1, 9),
    ('{"a": 1},\n{"a": 2}', "several", 1, 9),
    ('{"発言": "新しい"△△"の紹介"}', "no-comma", 1, 12),
    ('{\n  "名前": "田中",\n}', "trailing-comma", 2, 13),
]


@pytest.mark.parametrize(("answer", "fault", "line", "column"), FAULTS)
@pytest.mark.parametrize("prompt", ["Return the data as JSON.", "JSON形式で出力してください。"])
def test_bad_where_json_was_asked_for(
    prompt: str, answer: str, fault: str, line: int, column: int
) -> None:
    hit = only_hit(prompt, f"```json\n{answer}\n```")
    assert hit.severity == "error"
    if fault not in ("character", "no-comma", "bracket", "several"):  # what follows differs
        assert hit.evidence["fault"] == fault
    bare = only_hit(prompt, answer)
    if fault not in ("character", "no-comma"):
        assert (bare.evidence["fault"], bare.args["line"], bare.args["column"]) == (
            fault, line, column,
        )  # fmt: skip
    assert bare.start is not None
    assert bare.end is not None
    assert 0 <= bare.start < bare.end <= len(answer)
    assert bare.message


def test_what_follows_the_value_is_a_fault_in_a_fence_only() -> None:
    prompt = "Return the data as JSON."
    assert only_hit(prompt, '```json\n{"a": 1} // one\n```').evidence["fault"] == "comment"
    assert only_hit(prompt, '```json\n{"a": 1} one\n```').evidence["fault"] == "character"
    assert ask(CHECK, records(record(prompt, '{"a": 1} // one'))) == []


def only_hit(prompt: str, answer: str) -> Hit:
    [(row, hit)] = ask(CHECK, records(record(prompt, answer)))
    assert row == 0
    assert isinstance(hit, Hit)
    return hit


def test_without_a_request_it_is_a_warning() -> None:
    assert only_hit(PLAIN, '{"a": 1, "b": }').severity is None
    assert CHECK.severity == "warn"


@pytest.mark.parametrize(
    ("answer", "fixed"),
    [
        ('{"a": 1,}', '{"a": 1}'),
        (
            'Here:\n```json\n{"a": [1, 2, ],\n}\n```\nDone,',
            'Here:\n```json\n{"a": [1, 2 ]\n}\n```\nDone,',
        ),
        ('{"名前": "田中,}",}', '{"名前": "田中,}"}'),
    ],
)
def test_a_trailing_comma_has_a_fix(answer: str, fixed: str) -> None:
    hit = only_hit("Answer in JSON.", answer)
    assert hit.fix == {"field": "answer", "text": fixed}
    assert ask(CHECK, records(record("Answer in JSON.", fixed))) == []


@pytest.mark.parametrize(
    "answer", ['{"a": 1,', "{'a': 1,}", '{"a": 1, "b": x,}', '{"a": 1,} and {"b"']
)
def test_nothing_else_has_a_fix(answer: str) -> None:
    assert only_hit("Answer in JSON.", answer).fix is None


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ('{"a": {{name}}}', "the JSON holds placeholders to be filled in"),
        ('{"a": <your age>}', "the JSON holds placeholders to be filled in"),
        ('{"a": ${x}}', "the JSON holds placeholders to be filled in"),
        ("[" * 100_000 + "]" * 100_000, "the JSON nests too deeply to be read"),
    ],
)
def test_could_not_tell(answer: str, why: str) -> None:
    said: list[tuple[int, Said]] = ask(CHECK, records(record("Answer in JSON.", answer)))
    assert said == [(0, Unsure(why))]
    assert why in catalogue("ja")


@pytest.mark.parametrize(
    ("prompt", "sketch"),
    [
        ("Sketch the shape of a JSON response.", True),
        ("JSONの構造を示してください。", True),
        ("Return all users as JSON.", False),
    ],
)
def test_a_sketch_that_was_asked_for_leaves_out(prompt: str, sketch: bool) -> None:  # noqa: FBT001
    answer = '```json\n{"items": [ ... ], "next": null}\n```'
    [(_, said)] = ask(CHECK, records(record(prompt, answer)))
    assert isinstance(said, Unsure) == sketch


@pytest.mark.parametrize(
    ("prompt", "asked"),
    [
        ("Generate a valid JSON object for the data.", True),
        ("Convert the given XML code to JSON code.", True),
        ("Transform the routes into a valid JSON format.", True),
        ("Please provide an example of a valid JSON object.", True),
        ("会話をJSONに変換してください。", True),
        ("JSON形式で作成して下さい。", True),
        ("Given a valid JSON string, convert it into YAML format.", False),
        ("Parse the following JSON data and reformat into an HTML table.", False),
        ("Write a Python function that reads JSON.", False),
        ("Compare the differences between HTML and JSON formats.", False),
        ("JSONで書かれた設定を説明してください。", False),
    ],
)
def test_who_asks_for_json(prompt: str, asked: bool) -> None:  # noqa: FBT001
    assert (ASKED.search(prompt) is not None) is asked


def test_records_without_text_are_no_trouble() -> None:
    frame = records(record("Give JSON.", "x"), record(answer='{"a": 1,}')).with_columns(answer=None)
    assert ask(CHECK, frame.cast({"answer": str})) == []
