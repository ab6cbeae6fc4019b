"""Records that mean the same: what of a record is compared, and which records stand for copies."""

from __future__ import annotations

from functools import partial

import numpy as np

from curate.dedup.records import texts_of
from curate.meaning.alike import Own, first_of_each, own_of_both, spoken
from tests.making import record, records

NOTHING = np.empty(0, np.uint64)
stand = partial(texts_of, common=NOTHING, as_they_stand=True)
SHARED = "The old harbour was built for the herring fleet long ago."
SHARED_JA = "この古い港はニシン漁の船団のために造られました。"


def test_prompts_and_whole_texts() -> None:
    made = records(
        record("Who?", "Nobody."), record("誰ですか。", "私です。", system="港の案内役。")
    )
    prompts, wholes = spoken(stand(made))
    assert prompts == ["Who?\n", "港の案内役。\n誰ですか。\n"]
    assert wholes == ["Who?\nNobody.", "港の案内役。\n誰ですか。\n私です。"]


def test_without_a_prompt_the_whole_stands_for_it() -> None:
    prompts, wholes = spoken(stand(records(record("", "Nobody."))))
    assert prompts == wholes == ["\nNobody."]


def test_what_is_left_without_a_shared_paragraph() -> None:
    made = records(
        record("Who built it?", "The town.", input=SHARED),
        record("When was it?", "Long ago.", input=SHARED),
        record("誰が造りましたか。", "町です。", input=SHARED_JA),
        record("いつですか。", "昔です。", input=SHARED_JA),
        record("Who?", "Nobody."),
    )
    texts = stand(made)
    assert own_of_both(texts, 0, 1) == (
        Own("Who built it?", "Who built it?\n\nThe town."),
        Own("When was it?", "When was it?\n\nLong ago."),
    )
    assert own_of_both(texts, 2, 3) == (
        Own("誰が造りましたか。", "誰が造りましたか。\n\n町です。"),
        Own("いつですか。", "いつですか。\n\n昔です。"),
    )
    assert own_of_both(texts, 0, 4) == ()


def test_a_passage_that_is_less_than_half_does_not_count() -> None:
    long = "And so it went on, from one year to the next, as everybody knows. " * 5
    made = records(record("Who?", long, input=SHARED), record("When?", long, input=SHARED))
    assert own_of_both(stand(made), 0, 1) == ()


def test_one_of_each_id_in_the_order_of_the_ids_where_the_model_knows_a_word() -> None:
    ids = np.array([7, 3, 7, 5, 3], np.uint64)
    assert first_of_each(ids, np.array([True] * 5)).tolist() == [1, 3, 0]
    assert first_of_each(ids, np.array([True, False, True, True, False])).tolist() == [3, 0]
