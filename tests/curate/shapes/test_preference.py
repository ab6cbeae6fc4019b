"""Preference: one prompt, a chosen and a rejected answer, in every way they are written."""

from __future__ import annotations

from typing import Any

import pytest

from curate import reading

HI = [{"role": "user", "content": "質問"}]
GOOD, BAD = [{"role": "assistant", "content": "良い"}], [{"role": "assistant", "content": "悪い"}]
TALK = "\n\nHuman: a\n\nAssistant: b\n\nHuman: 質問\n\nAssistant: "

WAYS: list[tuple[dict[str, Any], str]] = [
    ({"prompt": "質問", "chosen": "良い", "rejected": "悪い"}, "ua"),
    ({"question": "質問", "chosen": "良い", "rejected": "悪い"}, "ua"),
    ({"prompt": "質問", "chosen": GOOD, "rejected": BAD}, "ua"),
    ({"prompt": "質問", "chosen": HI + GOOD, "rejected": HI + BAD}, "ua"),
    ({"prompt": HI, "chosen": GOOD, "rejected": BAD}, "ua"),
    ({"chosen": HI + GOOD, "rejected": HI + BAD}, "ua"),
    ({"chosen": TALK + "良い", "rejected": TALK + "悪い"}, "uaua"),
    ({"prompt": TALK, "chosen": "良い", "rejected": "悪い"}, "uaua"),
    ({"prompt": TALK.strip(), "chosen": "良い", "rejected": "悪い"}, "uaua"),
    ({"prompt": TALK, "chosen": TALK + "良い", "rejected": TALK + "悪い"}, "uaua"),
    ({"system": "s", "prompt": "質問", "chosen": "良い", "rejected": "悪い"}, "sua"),
]


@pytest.mark.parametrize(("row", "roles"), WAYS)
def test_one_prompt_and_two_answers(row: dict[str, Any], roles: str) -> None:
    records, rejects = reading.read([row])
    assert not rejects
    (record,) = records.iter_rows(named=True)
    assert (record["shape"], record["roles"]) == ("preference", roles)
    assert (record["instruction"], record["answer"], record["rejected"]) == ("質問", "良い", "悪い")


def test_the_ways_that_say_the_same_have_one_id() -> None:
    for roles in ("ua", "uaua"):
        ids = {reading.read([row])[0]["record_id"][0] for row, r in WAYS if r == roles}
        assert len(ids) == 1


def test_the_rejected_answer_is_part_of_the_id_but_not_of_the_prompt() -> None:
    rows = [{"prompt": "a", "chosen": "b", "rejected": r} for r in ("c", "d")]
    records, _ = reading.read(rows)
    assert records["record_id"].n_unique() == 2
    assert records["prompt_id"].n_unique() == 1


REJECTED: list[tuple[dict[str, Any], str]] = [
    ({"chosen": "\n\nHuman: a\n\nAssistant: b", "rejected": "\n\nHuman: x\n\nAssistant: b"}, "prompts-differ"),
    ({"chosen": "\n\nHuman: a\n\nAssistant: b", "rejected": "\n\nHuman: a"}, "no-answer"),
    ({"chosen": "\n\nHuman: a\n\nAssistant: b", "rejected": 5}, "wrong-type"),
    ({"chosen": "\n\nHuman: a\n\nAssistant: b"}, "missing-column"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "code"), REJECTED)
def test_what_is_no_preference_is_rejected(row: dict[str, Any], code: str) -> None:
    good = {"chosen": TALK + "x", "rejected": TALK + "y"}
    records, (reject,) = reading.read([good, good, row])
    assert len(records) == 2
    assert reject.code == code


def test_an_answer_that_mentions_a_dialogue_is_no_transcript() -> None:
    answer = "It begins with:\n\nHuman: hello"
    (record,) = reading.read([{"prompt": "a", "chosen": answer, "rejected": ""}])[0].to_dicts()
    assert (record["instruction"], record["answer"], record["rejected"]) == ("a", answer, "")
