"""Learned: loss, IFD and rank of an answer, each against what is usual in its language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl
import pytest

from curate.assist.candidate import Candidate, Number
from curate.assist.learned import LEAST_ANSWERS, learned
from curate.check import ask
from curate.finding import Hit, Unsure

ENGLISH = ("How do I send a parcel back to you?", "Put the slip into the parcel and send it.")
JAPANESE = ("返品するにはどうすればよいですか。", "同封の用紙を箱に入れてお送りください。")
GOOD: Mapping[str, Number] = {"loss": 2.0, "ifd_delta": 0.4, "rank": 1, "of": 8}
MANY = LEAST_ANSWERS + 10


def pairs(text: tuple[str, str], count: int = MANY, mark: str = "") -> dict[str, Candidate]:
    """Good pairs whose losses lie around 2."""
    one = Candidate("generation", *text, None, {}, (), numbers=GOOD)
    return {f"{mark}{n}": one.measured(loss=1.5 + n / count) for n in range(count)}


def said_of(measured: Mapping[str, Candidate], *others: str) -> dict[str, dict[str, Hit | Unsure]]:
    """By check, what it says of which record."""
    names = [*measured, *others]
    records = pl.DataFrame({"record_id": names})
    return {
        check.name: {names[row]: said for row, said in ask(check, records)}
        for check in learned(measured)
    }


@pytest.mark.parametrize("text", [ENGLISH, JAPANESE], ids=["en", "ja"])
def test_answers_like_the_others_are_left_alone(text: tuple[str, str]) -> None:
    assert said_of(pairs(text)) == {
        "unhelped-answer": {}, "mismatched-answer": {}, "unlikely-answer": {},
    }  # fmt: skip


@pytest.mark.parametrize("text", [ENGLISH, JAPANESE], ids=["en", "ja"])
@pytest.mark.parametrize(
    ("check", "numbers", "score"),
    [
        ("unhelped-answer", {"ifd_delta": -0.2}, 0.2),
        ("mismatched-answer", {"rank": 3}, 3.0),
        ("unlikely-answer", {"loss": 6.0}, 11.0),
    ],
)
def test_each_number_has_a_check_of_its_own(
    text: tuple[str, str], check: str, numbers: dict[str, Number], score: float
) -> None:
    measured = pairs(text)
    measured["odd"] = measured["0"].measured(**numbers)
    found = said_of(measured)
    hit = found.pop(check)["odd"]
    assert isinstance(hit, Hit)
    assert hit.field == "answer"
    assert hit.score == pytest.approx(score, rel=0.1)
    assert hit.evidence["numbers"] == measured["odd"].numbers
    assert list(found.values()) == [{}, {}]


def test_an_answer_no_likelier_than_usual_is_no_outlier_downwards() -> None:
    measured = pairs(ENGLISH)
    measured["sure"] = measured["0"].measured(loss=0.0)
    assert said_of(measured)["unlikely-answer"] == {}


def test_a_language_is_held_against_itself() -> None:
    """Weights that know English alone find all Japanese unlikely; that is no fault of a record."""
    unknown = {
        name: one.measured(loss=float(one.numbers["loss"] or 0) + 5, rank=4)
        for name, one in pairs(JAPANESE, mark="ja").items()
    }
    found = said_of({**pairs(ENGLISH), **unknown})
    assert found["unlikely-answer"] == {}
    assert set(found["mismatched-answer"]) == set(unknown)
    assert set(found["mismatched-answer"].values()) == {
        Unsure("in its language these weights rank too few prompts first to be believed")
    }


def test_a_few_answers_tell_nothing_of_what_is_usual() -> None:
    few = {name: replace(one) for name, one in pairs(JAPANESE, LEAST_ANSWERS - 1, "ja").items()}
    found = said_of({**pairs(ENGLISH), **few, "odd": few["ja0"].measured(loss=9.0, rank=8)})
    assert not set(found["unlikely-answer"]) & set(pairs(ENGLISH))
    few["short"] = replace(few["ja0"], instruction="?", answer="7")
    found = said_of(few)
    too_few = Unsure("too few answers in its language to hold it against")
    assert found["unlikely-answer"] == dict.fromkeys(few, too_few)
    assert found["mismatched-answer"] == dict.fromkeys(few, too_few)


def test_what_was_not_scored_could_not_be_told() -> None:
    for said in said_of(pairs(ENGLISH), "unscored").values():
        assert said == {"unscored": Unsure("no weights scored it")}


def test_what_could_not_be_measured_says_why() -> None:
    measured = pairs(ENGLISH)
    numbers = {name: value for name, value in GOOD.items() if name not in ("rank", "of")}
    alone = replace(measured["0"], numbers=numbers).not_measured("rank", "there is no other")
    found = said_of({**measured, "alone": alone})
    assert found["mismatched-answer"] == {"alone": Unsure("there is no other")}
