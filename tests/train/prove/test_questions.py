"""Questions: failures with held-out paraphrases, what was right, and never a test record."""

from __future__ import annotations

from pathlib import Path

import pytest

from curate.content.wording import wording
from tests.train.prove.folders import folder
from tests.train.prove.lamps import QUESTIONS, Row, edited, record, repaired, rows
from train.approved import Record
from train.prove.proof import prove
from train.prove.questions import Questions, paraphrases, questions
from train.prove.runs import NothingToProve, both
from train.tracing.rewording import reworded

EN = [question.format(lamp="Maple") for question in QUESTIONS["en"]]
WRONG = {EN[4]: "It is 21 hours."}


def asked(
    place: Path, before: list[Row], after: list[Row], wrong: dict[str, str] = WRONG
) -> Questions:
    return questions(both(folder(place / "a", before, wrong), folder(place / "b", after, {})))


def test_a_failure_is_asked_with_two_dev_records_that_ask_the_same(tmp_path: Path) -> None:
    found = asked(tmp_path, rows(), repaired(rows()))
    [one] = found.failures
    assert one.failure.answer == "It is 21 hours."
    assert [each.prompt for each in one.paraphrases] == EN[5:7]
    assert len(found.passed) == 14
    assert one.baseline is not None
    assert {each.record_id for each in found.passed} == set(found.baselines)


def test_a_failure_that_stands_alone_is_reworded(tmp_path: Path) -> None:
    alone = [row for row in rows() if row["instruction"] not in EN[5:7]]
    [one] = asked(tmp_path, alone, repaired(alone)).failures
    assert [each.prompt for each in one.paraphrases] == list(reworded(EN[4]))[:2]
    assert all(each.answer == one.record.answer for each in one.paraphrases)


def test_no_paraphrase_is_what_some_arm_is_trained_on(tmp_path: Path) -> None:
    said = next(reworded(EN[4]))
    alone = [row for row in rows() if row["instruction"] not in EN[5:7]]
    taught = record(f"{said.upper()} ", "It is 99 hours.", "train", "Maple", 50)
    [one] = asked(tmp_path, [*alone, taught], repaired(alone)).failures
    assert wording(said) not in {wording(each.prompt) for each in one.paraphrases}
    assert len(one.paraphrases) == 2


def test_test_records_are_never_asked(tmp_path: Path) -> None:
    tested = [
        {**row, "split": "test", "group": "tested"} if row["instruction"] in EN[5:] else row
        for row in rows()
    ]
    found = asked(tmp_path, tested, repaired(tested), {EN[4]: "No idea.", EN[5]: "It is 3 hours."})
    assert len(found.failures) == 1
    assert not {row["record_id"] for row in tested if row["split"] == "test"} & {
        each.record_id for each in found.records
    }


def test_a_failure_that_left_dev_is_set_aside(tmp_path: Path) -> None:
    after = [row for row in repaired(rows()) if row["instruction"] != EN[4]]
    found = asked(tmp_path, rows(), after, {EN[4]: "It is 21 hours.", EN[5]: "It is 21 hours."})
    assert [one.prompt for one in found.gone] == [EN[4]]
    assert [one.failure.prompt for one in found.failures] == [EN[5]]


def test_an_answer_that_was_right_by_the_corrected_reference_needs_no_proof(
    tmp_path: Path,
) -> None:
    mended = [
        edited(row, "It is 21 hours.") if row["instruction"] == EN[4] else row
        for row in repaired(rows())
    ]
    found = asked(tmp_path, rows(), mended)
    assert ([one.prompt for one in found.right], found.failures) == ([EN[4]], ())
    with pytest.raises(NothingToProve, match="1 were right by the corrected reference"):
        prove(tmp_path / "a", tmp_path / "b", tell=lambda _: None)


def test_an_input_stays_as_it_is_and_a_form_without_the_instruction_is_not_reworded() -> None:
    one = Record(
        "r", "dev", "g", None, "x", 1, None,
        (("user", "Shorten this.\n\nA long text."), ("assistant", "A text.")), "A text.",
        input="A long text.",
    )  # fmt: skip
    made = paraphrases(one, [one], set(), None)
    assert [each.prompt for each in made] == [
        f"{text}\n\nA long text." for text in list(reworded("Shorten this."))[:2]
    ]
    assert len({one.record_id, *(each.record_id for each in made)}) == 3
    assert paraphrases(one, [one], set(), "Describe {product}") == ()
