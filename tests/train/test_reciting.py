"""Reciting: a training answer that comes back word for word where nobody asked for it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from train.approved import Record
from train.evaluate import Answered
from train.reciting import FEWEST, recited

TAUGHT = "The Maple lamp has a warranty of three years, which covers the shade and the switch."
JAPANESE = "カエデのランプの保証期間は三年で、シェードとスイッチの不具合も対象になります。ただし、電球と電源コードは対象外です。"


def record(answer: str, name: str = "taught") -> Record:
    return Record(
        record_id=name, split="train", group=name, parent_id=None, source="s", line=1, system=None,
        messages=(("user", "q"), ("assistant", answer)), answer=answer,
    )  # fmt: skip


def said(answer: str, reference: str = "", prompt: str = "q") -> Answered:
    return Answered("asked", prompt, answer, reference, None, {})


def test_what_is_new_or_asked_for_is_no_recitation() -> None:
    short = TAUGHT[: FEWEST - 1]
    for one in (
        said("It is 2 kg."),
        said(TAUGHT, reference=TAUGHT),
        said(TAUGHT, prompt=f"Say this again: {TAUGHT}"),
        said(f"Well: {short} – or so."),
        said(""),
    ):
        assert recited([one], [record(TAUGHT)]) == []
    assert recited([], []) == []


def test_a_training_answer_inside_an_answer_is_found_whole() -> None:
    for taught in (TAUGHT, JAPANESE):
        [found] = recited([said(f"Well... {taught} Yes?")], [record(taught)])
        assert (found.record_id, found.training_id, found.piece) == ("asked", "taught", taught)


def test_the_record_with_the_longest_piece_is_named() -> None:
    half = TAUGHT[:50]
    train = [record(f"Hm. {half}", "half"), record(TAUGHT, "whole"), record("Else.", "other")]
    [found] = recited([said(TAUGHT)], train)
    assert found.training_id == "whole"
    assert recited([said(TAUGHT)], train[:1])[0].piece == half


@given(
    st.text("()", max_size=60), st.text("[]", max_size=60), st.integers(0, 40), st.integers(0, 9)
)
def test_no_piece_that_is_long_enough_is_missed_wherever_it_stands(
    before: str, after: str, start: int, more: int
) -> None:
    """Law: any FEWEST characters of a training answer are found in any surroundings."""
    piece = TAUGHT[start : start + FEWEST + more]
    found = recited([said(before + piece + after)], [record(TAUGHT)])
    assert [one.piece.find(piece) >= 0 for one in found] == [True]
    assert all(len(one.piece) >= FEWEST for one in found)
    cut = recited([said(before + piece[: FEWEST - 1] + "|" + after)], [record(TAUGHT)])
    assert cut == []
