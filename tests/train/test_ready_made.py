"""Ready-made texts: taken apart where the template writes the same text again, else left whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.train import tiny
from tests.train.planted import clean
from train import plan, recipe
from train.approved import record_of
from train.ready_made import parted
from train.styles import END, PREAMBLE, Alpaca
from train.template import template_of

TEMPLATE = template_of(
    recipe.load("lora", ["template.name=alpaca", "template.add_eos_token_to_answer=false"]),
    tiny.tokenizer(),
)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip)


def text_of(instruction: str, given: str | None, answer: str) -> str:
    """As Alpaca's template writes it."""
    asked = f"{instruction}\n\n{given}" if given else instruction
    pieces = Alpaca(END).pieces([("user", asked), ("assistant", answer)], given)
    return "".join(text for text, _ in pieces)


def row(text: str) -> clean.Row:
    return clean.row(3, "train") | {"instruction": None, "answer": text, "shape": "text"}


@pytest.mark.parametrize("given", [None, "It is red."])
def test_a_text_under_the_templates_headings_is_trained_on_its_answer(given: str | None) -> None:
    text = text_of("この本は何ですか。\n\n短く。", given, "A book.\nAnd a good one.")
    record = record_of(row(text))
    assert record.prompt.startswith("この本は何ですか。\n\n短く。")
    assert (record.input, record.answer) == (given, "A book.\nAnd a good one.")
    pieces = TEMPLATE.pieces(record)
    assert "".join(piece for piece, _ in pieces) == text, "what was approved is what is trained"
    assert [piece for piece, trained in pieces if trained] == ["A book.\nAnd a good one." + END]


@pytest.mark.parametrize(
    "text",
    [
        "奈良の鹿は神の使いとされる。",
        "",
        text_of("Say it.", None, "Yes.").replace("describes", "explains"),
        text_of("Say it.", None, "Yes.\n\n### Instruction:\nAnd now?\n\n### Response:\nNo."),
        "Well. " + text_of("Say it.", None, "Yes."),
        f"{PREAMBLE}\n\n### Instruction:\nSay it.",
    ],
)
def test_any_other_text_stays_whole(text: str) -> None:
    record = record_of(row(text))
    assert parted(text) is None
    assert (record.prompt, record.answer) == ("", text)


def test_a_record_that_has_a_question_is_never_taken_apart() -> None:
    text = text_of("Say it.", None, "Yes.")
    asked = record_of(row(text) | {"instruction": "What does this text say?"})
    assert (asked.prompt, asked.answer) == ("What does this text say?", text)


def test_the_plan_finds_nothing_wrong_with_them(tmp_path: Path) -> None:
    base = ("model.llm_backbone=tiny", "tokenizer.max_length=256", "template.name=alpaca")
    rows = clean.rows()
    asked, answer = rows[3]["instruction"], rows[3]["answer"]
    codes = []
    for number, text in enumerate((text_of(asked, None, answer), f"{asked}\n{answer}")):
        changed = [*rows[:3], rows[3] | {"instruction": None, "answer": text}, *rows[4:]]
        snapshot = clean.snapshot(tmp_path / str(number), changed, {})
        made = plan.plan(recipe.load("lora", base), snapshot=str(snapshot))
        codes.append([problem.code for problem in made.problems])
    assert codes == [[], ["empty-prompt"]]


@given(WORDS, st.none() | WORDS, st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_taken_apart_is_written_the_same_again(
    instruction: str, given: str | None, answer: str
) -> None:
    """Law: parting and writing are inverse."""
    assume("### " not in f"{instruction}{given}{answer}")
    text = text_of(instruction, given, answer)
    parts = parted(text)
    assert parts is not None
    assert text_of(parts["instruction"], parts.get("input"), parts["answer"]) == text
