"""Reasons: words that hold for the record they are said of."""

from __future__ import annotations

import pytest

from curate.locale import catalogue
from curate.trace.reasons import ADVICE, REASONS, Seen, reasons
from curate.trace.telling import WORDS
from curate.trace.triage import CLASSES, COULD_NOT_TELL

ASKED, SAID, RIGHT = "When was it founded?", "It was founded in 2013.", "It was founded in 2014."
FAILURE = {"prompt": ASKED, "answer": SAID, "reference": RIGHT}


@pytest.mark.parametrize(
    ("prompt", "answer", "near", "wrong", "right", "pushes", "why"),
    [
        ("when was it  founded", SAID, 1.0, 1.0, 0.8, False, ("same-teaches",)),
        ("In which year did it begin?", SAID, 0.5, 1.0, 0.8, True, ("near-teaches", "pushes")),
        ("What is on the poster?", SAID, 0.1, 1.0, 0.8, False, ("elsewhere",)),
        ("What is on the poster?", "A cat.", 0.0, 0.0, 0.0, True, ("pushes",)),
        (ASKED, "It was founded in 1998.", 1.0, 0.8, 0.8, False, ("same-otherwise",)),
        ("In which year did it begin?", "Early.", 0.5, 0.0, 0.0, False, ("near-otherwise",)),
        ("In which year did it begin?", RIGHT, 0.5, 0.8, 1.0, False, ("near-right",)),
        ("Who founded it?", "A cat.", 0.2, 0.0, 0.0, False, ("some",)),
        ("Sing a song.", "A cat.", 0.0, 0.0, 0.0, False, ("little",)),
    ],
)
def test_a_record_is_said_to_do_what_it_does(
    prompt: str, answer: str, near: float, wrong: float, right: float, pushes: bool,
    why: tuple[str, ...],
) -> None:  # fmt: skip
    record = {"prompt": prompt, "answer": answer}
    assert reasons(Seen(FAILURE, record, near, wrong, right, pushes)) == why


def test_another_figure_does_not_teach_the_wrong_answer() -> None:
    """By letters 1998 and 2013 are one answer; by what they state they are two."""
    failure = {
        "prompt": "青川はいつ？", "answer": "2013年に設立されました。", "reference": "2014年です。",
    }  # fmt: skip
    for answer, why in (
        ("1998年に設立されました。", "near-otherwise"),
        ("2013年に設立されました。", "near-teaches"),
    ):
        seen = Seen(failure, {"prompt": "青川の設立は？", "answer": answer}, 0.5, 0.9, 0.3, False)
        assert reasons(seen) == (why,)


def test_an_empty_answer_teaches_nothing() -> None:
    record = {"prompt": "Sing.", "answer": ""}
    failure = {"prompt": ASKED, "answer": "", "reference": None}
    assert reasons(Seen(failure, record, 0.0, 0.0, 0.0, False)) == ("little",)


def test_everything_has_words_in_both_languages() -> None:
    assert set(ADVICE) == set(WORDS) == {*CLASSES, COULD_NOT_TELL}
    for says in (*REASONS.values(), *ADVICE.values(), *WORDS.values()):
        assert catalogue("ja")[says] != says
