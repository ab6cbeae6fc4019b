"""Passages: what prompts share is left out, and what is each record's own is compared."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.dedup.passages import apart_from_shared, passages_of_all, without
from curate.dedup.records import Texts, prompt_passages, texts_of
from tests.curate.dedup import plain
from tests.making import record, records

NOTHING = np.empty(0, np.uint64)
EN = "The harbour was built in 1893 for the herring fleet. "
JA = "この港は一八九三年にニシン漁のために造られました。"


def texts(*made: dict[str, object]) -> Texts:
    return texts_of(records(*made), NOTHING)


def shown(found: Texts) -> list[str]:
    data = found.data.tobytes()
    bounds = found.offsets.tolist()
    return [data[a:b].decode() for a, b in zip(bounds[:-1], bounds[1:], strict=True)]


def test_a_text_is_the_prompt_with_all_that_stands_before_it_and_the_answer() -> None:
    made = record("Why?", "Because.", system="Be kind.", history=[("user", "Hi")], input="a = 1")
    found = texts(made, record("何？", "川です。"))
    assert shown(found)[0].split("\n") == [
        "be kind.",
        '[["user","hi"]]',
        "why?",
        "a = 1",
        "because.",
    ]
    assert shown(found)[1] == "何?\n川です。"
    assert found.ends.tolist() == [
        found.offsets[1] - 8,
        found.offsets[2] - len("川です。".encode()),
    ]


def test_the_rejected_answer_is_compared_too_and_what_is_not_asked_for_is_not() -> None:
    made = records(
        record("Why?", "So.", rejected="Not so."), record("何？", "川。", rejected="山。")
    )
    assert shown(texts_of(made, NOTHING)) == ["why?\nso.\nnot so.", "何?\n川。\n山。"]
    assert shown(texts_of(made, NOTHING, ("answer",))) == ["why?\nso.", "何?\n川。"]
    assert shown(texts_of(made, NOTHING, ())) == ["why?\n", "何?\n"]


WRITTEN = "aAzZ ÉéßΣςДд\u0301\u0308\u00a0 \nＡｚ１！？（ｶﾞパハ\u309aか\u3099\u3000①㎡ﬁ²…東京😀İK"


@given(st.lists(st.tuples(st.text(WRITTEN), st.text(WRITTEN)), min_size=1, max_size=5))
@settings(deadline=None)
def test_case_width_and_composition_do_not_count(made: list[tuple[str, str]]) -> None:
    given_ = records(*(record(prompt, answer) for prompt, answer in made))
    found = texts_of(given_, NOTHING)
    assert shown(found) == [plain.form(f"{prompt}\n{answer}") for prompt, answer in made]
    assert [found.ends[at] - found.offsets[at] for at in range(len(made))] == [
        len(plain.form(f"{prompt}\n").encode()) for prompt, _ in made
    ]


def test_a_model_reads_them_as_they_stand() -> None:
    made = records(record("Who IS it？", "Ｂｏｂ."))
    assert shown(texts_of(made, NOTHING, as_they_stand=True)) == ["Who IS it？\nＢｏｂ."]


@pytest.mark.parametrize("sign", ["？", "?", "！", "!", "。"])
def test_a_sentence_ends_alike_in_full_and_half_width(sign: str) -> None:
    one, other = "この港はいつ誰が造りましたか", "その船は何をとりに行きましたか"
    apart = records(record(f"{one}{sign}{other}{sign}", "A"))
    lines = records(record(f"{one}{sign}\n{other}{sign}", "A"))
    assert prompt_passages(apart).tolist() == prompt_passages(lines).tolist()
    assert len(prompt_passages(apart)) == 2


@pytest.mark.parametrize("passage", [EN, JA])
def test_passages_end_with_a_line_or_a_sentence_and_count_once_a_prompt(passage: str) -> None:
    made = [record(f"{passage}{passage}Who?", "A"), record(f"Who?\n{passage}\n", "B")]
    numbers = prompt_passages(records(*made))
    assert len(numbers) == 2
    assert numbers[0] == numbers[1]


def test_short_passages_and_answers_have_none() -> None:
    assert len(prompt_passages(records(record("Who? When? Where?", EN)))) == 0


@pytest.mark.parametrize("passage", [EN, JA])
def test_common_passages_are_left_out_but_never_all_of_a_prompt(passage: str) -> None:
    found = texts(
        record(f"{passage}Who built it?", "Nobody."), record(f"Who?\n{passage.strip()}", "B")
    )
    common = np.unique(passages_of_all(*found))
    left = shown(Texts(*without(*found, common)))
    assert left[0].strip() == "who built it?\nnobody."
    assert left[1].split() == ["who?", "b"]
    alone = texts(record(f"{passage}{passage}", "C"))
    assert (
        shown(Texts(*without(*alone, common)))[0].split("\n")[0].strip() == passage.strip().lower()
    )


@pytest.mark.parametrize(
    ("passage", "one", "other"),
    [
        (
            EN * 3,
            "Who were the first owners of the boats?",
            "Which streets lead to the old market hall?",
        ),
        (JA * 3, "最初の船の持ち主は誰でしたか。", "古い市場へはどの通りを行けばよいですか。"),
    ],
)
def test_two_questions_on_one_text_are_not_alike(passage: str, one: str, other: str) -> None:
    found = texts(record(one, "A", input=passage), record(other, "B", input=passage))
    assert apart_from_shared(*found, 0, 1) < 0.2
    same = texts(record(one, "A", input=passage), record(one, "A", input=passage))
    assert apart_from_shared(*same, 0, 1) == 1.0


def test_where_little_is_shared_nothing_is_taken_out() -> None:
    answer = " ".join(f"word{n}" for n in range(200))
    found = texts(record(f"{EN}Tell me more.", answer), record(f"{EN}Tell me less.", answer))
    assert apart_from_shared(*found, 0, 1) == 1.0


def test_no_records() -> None:
    none = records(record()).clear()
    assert len(prompt_passages(none)) == 0
    assert shown(texts_of(none, NOTHING)) == []
    assert isinstance(none, pl.DataFrame)
