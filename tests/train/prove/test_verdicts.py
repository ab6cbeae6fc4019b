"""Verdicts: fixed, by chance, not fixed and broken, told apart by the control and the paraphrases."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.train.test_failures import answered, record
from train.approved import Record
from train.evaluate import Answered
from train.failures import failures
from train.prove import verdicts
from train.prove.questions import Asked, Questions
from train.prove.verdicts import Answers, Judgement, Outcome, judged, verdict

RIGHT, WRONG = "It was founded in 2014.", "It was founded in 2013."
YES, NO = Outcome(True, (True, True)), Outcome(False, (False, False))


@pytest.mark.parametrize(
    ("repair", "control", "wanted"),
    [
        ([YES, YES], [NO, NO], "fixed"),
        ([YES, YES, NO], [NO, NO, YES], "fixed"),
        ([YES, YES], [YES, YES], "by-chance"),
        ([YES, YES], [NO, YES], "by-chance"),  # half is enough for the control, not for the repair
        ([YES, NO], [NO, NO], "not-fixed"),
        ([NO, NO], [NO, NO], "not-fixed"),
        ([NO, NO], [YES, YES], "not-fixed"),
    ],
)
def test_the_seeds_of_both_arms_decide(
    repair: Sequence[Outcome], control: Sequence[Outcome], wanted: str
) -> None:
    assert verdict(repair, control) == wanted


def test_a_prover_without_a_control_would_call_chance_a_fix() -> None:
    def twin(repair: Sequence[Outcome]) -> str:
        return "fixed" if verdicts.most([one.right for one in repair]) else "not-fixed"

    assert twin([YES, YES]) == "fixed"
    assert verdict([YES, YES], [YES, YES]) != twin([YES, YES])


@pytest.mark.parametrize(
    ("itself", "paraphrases", "right"),
    [
        (True, (), True), (True, (True, False), True), (True, (False, False), False),
        (False, (True, True), False), (True, (True, False, False), False),
    ],
)  # fmt: skip
def test_what_is_learnt_by_heart_alone_is_not_right(
    itself: bool, paraphrases: tuple[bool, ...], right: bool
) -> None:
    assert Outcome(itself, paraphrases).right == right


def asked(number: int) -> Asked:
    one, *others = (record(number + n, f"Channel {number}, way {n}?", RIGHT) for n in (0, 1, 2))
    [failure] = failures([one], [answered(one, WRONG)])
    return Asked(failure, one, tuple(others), None)


def said(records: Sequence[Record], wrong: Sequence[int]) -> dict[str, Answered]:
    return {one.record_id: answered(one, WRONG if one.line in wrong else RIGHT) for one in records}


def judgement(failing: int, **wrong: Sequence[Sequence[int]]) -> Judgement:
    """So many failures, and four records that were right; by arm and seed the lines now wrong."""
    some = tuple(asked(10 * n) for n in range(1, failing + 1))
    passed = tuple(record(n, f"Passed {n}?", RIGHT) for n in range(1, 5))
    questions = Questions(some, passed, {}, (), ())
    answers: Answers = {
        kind: [said(questions.records, lines) for lines in wrong[kind]]  # type: ignore[misc]
        for kind in ("dirty", "control", "repair")
    }
    return judged(questions, answers)


ALL = [10, 11, 12, 20, 21, 22]


def test_a_real_repair_is_proven() -> None:
    found = judgement(2, dirty=[ALL, ALL], control=[ALL, ALL], repair=[[], [21]])
    assert [one.verdict for one in found.failures] == ["fixed", "fixed"]
    assert found.proven
    assert (found.broken, found.by_chance) == ((), 1.0)
    assert (found.mean("repair"), found.mean("control"), found.mean("dirty", 1)) == (1.0, 0.0, 0.0)


def test_what_the_control_fixes_is_chance_and_proves_nothing() -> None:
    found = judgement(2, dirty=[ALL, []], control=[[], [20]], repair=[[], []])
    assert [one.verdict for one in found.failures] == ["by-chance", "by-chance"]
    assert not found.proven
    assert found.mean("dirty", 1) == 1.0


def test_one_failure_and_two_seeds_do_not_prove_and_four_seeds_do() -> None:
    few = judgement(1, dirty=[ALL] * 2, control=[ALL] * 2, repair=[[]] * 2)
    assert (few.count("fixed"), few.proven) == (1, False)
    assert judgement(1, dirty=[ALL] * 4, control=[ALL] * 4, repair=[[]] * 4).proven


def test_what_was_right_and_is_wrong_is_broken_where_most_seeds_say_so() -> None:
    found = judgement(
        1, dirty=[ALL] * 3, control=[ALL, [2, *ALL], [2, *ALL]], repair=[[1, 2], [1, 2], [3]]
    )
    assert [(one.record.record_id, one.in_control) for one in found.broken] == [
        ("r1", False),
        ("r2", True),
    ]
    assert (found.broken_in_control, found.passed, found.by_chance) == (1, 4, 1.0)
