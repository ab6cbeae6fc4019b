"""contradiction: clean prompts first, then contradicting answers."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from curate.audit import audit
from curate.check import ask
from curate.checks.contradiction import CHECK
from curate.errors import BadSetting
from curate.finding import Hit
from curate.plan import make
from curate.reading import Reading
from tests.making import record, records


def told(*made: dict[str, Any]) -> list[tuple[int, Hit]]:
    return ask(CHECK, records(*made))  # type: ignore[return-value]


CLEAN = [
    (("Capital of France?", "Paris"), ("Capital of Italy?", "Rome")),
    (("Capital of France?", "Paris"), ("capital of  france", "PARIS.")),
    (("Write a poem.", "Roses are red."), ("Write a poem.", "The sea is wide and grey today.")),
    (
        ("俳句を作ってください。", "古池や"),
        ("俳句を作ってください。", "柿くへば鐘が鳴るなり法隆寺"),
    ),
    (("Name a colour.", "Red"), ("Name a colour.", "Blue")),
    (("Say it.", "Yes"), ("Say it.", "")),
    (("", "Yes"), ("", "No")),
]


@pytest.mark.parametrize(("one", "other"), CLEAN)
def test_clean(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert told(record(*one), record(*other)) == []


def test_another_input_system_or_history_is_another_prompt() -> None:
    assert told(record("Is it so?", "Yes", input="a"), record("Is it so?", "No", input="b")) == []
    assert told(record("Is it so?", "Yes", system="a"), record("Is it so?", "No", system="b")) == []
    before = [("user", "Hello"), ("assistant", "Hi")]
    assert told(record("Is it so?", "Yes", history=before), record("Is it so?", "No")) == []


BAD = [
    ("Is the sky blue?", "Yes", "No", "label", "error"),
    ("空は青いですか？", "はい", "いいえ", "label", "error"),
    ("次の文を分類: とても良い", "肯定的", "否定的", "label", "error"),
    ("How tall is the tower?", "It is 332 m tall.", "It is 333 m tall.", "number", None),
    ("塔の高さは？", "333メートルです。", "332メートルです。", "number", None),
    ("When is it due?", "May 3, 2024", "May 4, 2024", "date", None),
    ("締め切りは？", "締め切りは5月3日です。", "締め切りは5月4日です。", "date", None),
    (
        "Can I return shoes that I have worn?",
        "Worn shoes can be returned within a month of the day of purchase.",
        "Worn shoes cannot be returned within a month of the day of purchase.",
        "negation",
        None,
    ),
    (
        "返品できますか？",
        "開封後の商品は返品できます。",
        "開封後の商品は返品できません。",
        "negation",
        None,
    ),
    ("Capital of Australia?", "Canberra", "Sydney", "text", None),
    ("オーストラリアの首都は？", "キャンベラ", "シドニー", "text", None),
    ("What is rain?", "Water that falls from clouds.", "It is " + "wet " * 18, "wording", "info"),
    ("Write a year of the war.", "1914", "1917", "number", "info"),
]


@pytest.mark.parametrize(("prompt", "one", "other", "kind", "severity"), BAD)
def test_bad(prompt: str, one: str, other: str, kind: str, severity: str | None) -> None:
    [(_, hit)] = told(record(prompt, one), record("Unrelated?", "Yes"), record(prompt, other))
    assert hit.evidence["kind"] == kind
    assert hit.severity == severity
    assert {answer["answer"] for answer in hit.evidence["answers"]} == {one, other}
    assert {answer["line"] for answer in hit.evidence["answers"]} == {1, 3}
    assert "2" in hit.message


EXCHANGED = [
    (
        "May I bring my dog?",
        "Dogs are welcome in the garden.",
        "The house takes no animals at all.",
    ),
    ("Write a reply to the guest.", "Do come as you are.", "Please wear a dark suit and a tie."),
    ("犬を連れて行けますか？", "庭でしたらご一緒にどうぞ。", "館内に動物は入れません。"),
]


@pytest.mark.parametrize(("prompt", "one", "other"), EXCHANGED)
def test_an_answer_that_is_chosen_here_and_rejected_there(
    prompt: str, one: str, other: str
) -> None:
    pair = record(prompt, one, rejected=other), record(prompt, f"{other} ", rejected=one)
    [(_, hit)] = told(*pair, record("Unrelated?", one, rejected=other))
    assert (hit.evidence["kind"], hit.severity) == ("exchanged", "error")
    clean = [record(prompt, one, rejected="No."), record(prompt, other, rejected="Never.")]
    assert "exchanged" not in [hit.evidence["kind"] for _, hit in told(*clean)]


def test_prompts_that_are_spelled_differently_are_one() -> None:
    [(_, hit)] = told(
        record("Is the sky blue?", "Yes"),
        record("is the  sky blue", "No"),
        record("Ｉｓ the sky blue？", "No"),
    )
    assert hit.evidence["total"] == 3


def test_an_alpaca_record_and_a_message_that_ask_the_same() -> None:
    said = told(record("Is it?", "Yes", input="Snow"), record("Is it?\n\nSnow", "No"))
    assert [hit.evidence["kind"] for _, hit in said] == ["label"]


def test_one_finding_for_all_answers_on_the_smallest_id() -> None:
    made = [record("How many?", str(n)) for n in range(70)]
    copies = [record("How many?", "1") for _ in range(3)]
    [(row, hit)] = told(*made, *copies)
    assert made[row]["record_id"] == min(one["record_id"] for one in made)
    assert hit.evidence["total"] == 70
    assert len(hit.evidence["answers"]) == 50


def test_keys_that_collide_are_told_apart() -> None:
    made = records(
        record("Is snow white?", "Yes"),
        record("Is coal white?", "No"),
        record("is coal white", "Yes"),
        record("Is snow white?", "Yes."),
    )
    met = made.with_columns(key=pl.lit(7, pl.UInt64)).sort("record_id")
    assert CHECK.settle is not None
    [(row, hit)] = CHECK.settle(met, {})
    assert isinstance(hit, Hit)
    assert {answer["line"] for answer in hit.evidence["answers"]} == {2, 3}
    assert met["line"][row] in (2, 3)


def test_answers_that_begin_alike_are_read_to_the_end() -> None:
    long = "The tower was built a very long time ago by people whose names we do not know"
    spaced = record("Who built it?", long.replace(" ", "   "))
    assert told(record("Who built it?", long), spaced) == []
    [(_, hit)] = told(record("Who built it?", long), record("Who built it?", long + " well enough"))
    assert hit.evidence["kind"] == "wording"


def test_the_order_of_the_records_does_not_matter() -> None:
    made = [record(f"Is {n} odd?", answer) for n in range(20) for answer in ("Yes", "No", "Maybe")]
    wanted = {hit.evidence["answers"][0]["record_id"] for _, hit in told(*made)}
    random.Random(1).shuffle(made)
    assert {hit.evidence["answers"][0]["record_id"] for _, hit in told(*made)} == wanted
    assert len(wanted) == 20


def test_nearly_equal_prompts_meet_too(tmp_path: Path) -> None:
    prompt = (
        "A visitor of the public library in the old town hall wants to know how many days a book "
        "may stay at home before it has to come back, and whether the rule is the same for every "
        "reader. Say it in one short sentence that can be printed on the back of the card, please."
    )
    data = [
        {"instruction": prompt, "output": "It may stay for 14 days."},
        {"instruction": prompt.replace(" please", " kindly"), "output": "It may stay for 21 days."},
        {"instruction": "Hi", "output": "Hello"},
    ]
    findings = audit(
        data, workspace=tmp_path / "ws", only=["contradiction"], changes="contradiction.near=0.8"
    ).findings
    [said] = findings["message"]
    assert "state different numbers" in said
    assert {1, 2} > {findings["line"][0]}
    off = audit(data, workspace=tmp_path / "w2", only=["contradiction"], changes=[])
    assert len(off.findings) == 0


def labelled(answer: str, who: str | None) -> dict[str, Any]:
    said = None if who is None else f'{{"{who}":"{answer}"}}'
    return record("この文は肯定的ですか。", answer, annotations=said)


def test_labels_that_named_annotators_gave_are_no_contradiction() -> None:
    assert told(labelled("はい", "花子"), labelled("いいえ", "太郎")) == []
    [(_, hit)] = told(labelled("はい", "花子"), labelled("いいえ", None))
    assert hit.evidence["kind"] == "label"


def test_where_nobody_knows_the_labels_rival_answers_are_told() -> None:
    made = [
        {**labelled(answer, None), "annotations": f'{{"{who}":null}}'}
        for answer, who in (("はい", "花子"), ("いいえ", "太郎"))
    ]
    [(_, hit)] = told(*made)
    assert hit.evidence["kind"] == "label"


@pytest.mark.parametrize("near", [0.3, 0.49])
def test_prompts_with_little_in_common_are_not_compared(near: float) -> None:
    with pytest.raises(BadSetting, match=r"near = 0\.\d+; allowed: 0 \(off\), or 0\.5 to 1"):
        make(Reading(), changes=[f"contradiction.near={near}"])
    for allowed in (0, 0.5, 1):
        assert make(Reading(), changes=[f"contradiction.near={allowed}"]).params["contradiction"]
