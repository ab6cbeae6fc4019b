"""Other wordings: the same ones every time, in the language of the prompt, never the prompt itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.train.snapshots import row
from train.approved import Record, record_of
from train.tracing.rewording import asked_otherwise, reworded, turned, with_answer, with_prompt


def record(number: int, country: str, split: str = "dev", **changes: object) -> Record:
    return record_of({**row(number, country, split), **changes})


@pytest.mark.parametrize(
    ("prompt", "first", "second"),
    [
        ("Capital of Peru?", "Please answer this: Capital of Peru?", "I have a question. Capital of Peru? Thank you."),
        ("日本の首都は？", "次の質問に答えてください。日本の首都は？", "質問があります。日本の首都は？よろしくお願いします。"),
        ("Translate: I am here.", "Please answer this: Translate: I am here.", "I am here.\n\nTranslate:"),
    ],
)  # fmt: skip
def test_a_polite_frame_then_the_request_turned_around(
    prompt: str, first: str, second: str
) -> None:
    assert list(reworded(prompt))[:2] == [first, second]


def test_real_wordings_come_first_and_never_a_test_record() -> None:
    asked = record(1, "Peru", group="peru")
    other = record(2, "Peru", "train", group="peru", instruction="Which city is Peru's capital?")
    yardstick = record(3, "Peru", "test", group="peru", instruction="What is Peru's capital?")
    elsewhere = record(4, "Peru", "train", group="cuba", instruction="Peru, its capital?")
    made = asked_otherwise(asked, [yardstick, elsewhere, asked, other], 2)
    assert [one.prompt for one in made] == [other.prompt, "Please answer this: Capital of Peru?"]
    assert {one.answer for one in made} == {"Lima"}


@settings(deadline=None)
@given(st.text(min_size=1).filter(str.strip), st.integers(1, 5))
def test_as_many_as_asked_for_and_all_different(prompt: str, count: int) -> None:
    asked = with_prompt(record(1, "Peru"), prompt)
    made = [one.prompt for one in asked_otherwise(asked, [], count)]
    assert len({*made, prompt}) == len(made) + 1
    assert len(made) >= min(count, 3)
    assert made == [one.prompt for one in asked_otherwise(asked, [], count)]


def test_nothing_is_turned_that_has_one_part() -> None:
    assert turned("Capital of Peru?") is None
    assert turned("Summarise this.\nA long text.") == "A long text.\n\nSummarise this."


def test_another_answer_changes_the_answer_alone() -> None:
    before = record(1, "Peru")
    after = with_answer(before, "Quito")
    assert (after.answer, after.messages[-1]) == ("Quito", ("assistant", "Quito"))
    assert after.messages[:-1] == before.messages[:-1]
