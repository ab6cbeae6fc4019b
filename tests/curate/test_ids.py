"""Fixed vectors: an id that is written down today must be found again in ten years.

Canonical form, version 1 (`curate.record`): a JSON array of [role, text] pairs in UTF-8.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import pytest

from curate import reading
from curate.record import ID_VERSION, canonical, content_id


def chat(*turns: tuple[str, str]) -> dict[str, Any]:
    return {"messages": [{"role": role, "content": text} for role, text in turns]}


VECTORS: list[tuple[dict[str, Any], bytes, str, str]] = [
    (
        {"instruction": "Say hi.", "input": "", "output": "Hi."},
        b'[["user","Say hi."],["assistant","Hi."]]',
        "d8b1cf65aa291328a557f49a8a4bb160",
        "e81cbe48506f406f4c0c5cf3963624a8",
    ),
    (
        {"instruction": "要約して", "input": "長い文", "output": "短い文"},
        '[["user","要約して\\n\\n長い文"],["assistant","短い文"]]'.encode(),
        "73ec8c2c7936c29360bd11badb5efb56",
        "e54b5c813339f0d342add9ebaa11f0a2",
    ),
    (
        chat(("system", "s"), ("user", "a"), ("assistant", "b"), ("user", "c"), ("assistant", "d")),
        b'[["system","s"],["user","a"],["assistant","b"],["user","c"],["assistant","d"]]',
        "f142f1f2908549f625aec90928a48787",
        "60c2c5269f9372fd6d4050ddaf33a846",
    ),
    (
        {"prompt": 'quote " and \\', "chosen": "tab\t", "rejected": "\u0000\u2028😀"},
        '[["user","quote \\" and \\\\"],["assistant","tab\\t"],["rejected","\\u0000\u2028😀"]]'.encode(),
        "6fc4c280e89720e0937703225afe490f",
        "cd06fcc5bd0fa3068e8b04aa04bea436",
    ),
    (
        chat(("user", "only a question")),
        b'[["user","only a question"]]',
        "136805c33456fc0655e03f2b61e8436b",
        "136805c33456fc0655e03f2b61e8436b",
    ),
    (
        {"text": "plain"},
        b'[["assistant","plain"]]',
        "0515f5c476515d374c07b32952f71d52",
        "7ebb3c7c2a87b1a2f8a7ed729ecb040d",
    ),
]


def test_the_version_of_the_canonical_form() -> None:
    assert ID_VERSION == 1


@pytest.mark.parametrize(("row", "form", "record_id", "prompt_id"), VECTORS)
def test_fixed_vectors(row: dict[str, Any], form: bytes, record_id: str, prompt_id: str) -> None:
    record = reading.read([row])[0].row(0, named=True)
    assert blake2b(form, digest_size=16).hexdigest() == record_id
    assert record["record_id"] == record_id
    assert record["prompt_id"] == prompt_id


def test_an_inlined_id_is_the_documented_one() -> None:
    rows = [{"instruction": "a", "output": "b"}, {"instruction": "a", "system": "s", "output": "b"}]
    found = reading.read(rows)[0]
    messages = [
        [("user", "a"), ("assistant", "b")],
        [("system", "s"), ("user", "a"), ("assistant", "b")],
    ]
    assert found["record_id"].to_list() == [content_id(m) for m in messages]
    assert found["prompt_id"].to_list() == [content_id(m[:-1]) for m in messages]
    assert canonical(messages[0]) == b'[["user","a"],["assistant","b"]]'


def test_text_is_taken_as_it_is() -> None:
    """Trimming and Unicode folding make other records, so they must make other ids."""
    texts = ["a", "a ", " a", "A", "ａ", "か\u3099", "が", "a\u200b", ""]
    rows = [{"instruction": text, "output": "b"} for text in texts]
    assert reading.read(rows)[0]["record_id"].n_unique() == len(texts)


def test_input_is_part_of_the_question() -> None:
    rows = [
        {"instruction": "a", "input": "b", "output": "c"},
        {"instruction": "a\n\nb", "input": "", "output": "c"},
        {"instruction": "a\n\nb", "input": None, "output": "c"},
    ]
    assert reading.read(rows)[0]["record_id"].n_unique() == 1
