"""Failures: dev records only, each reason where it holds, worst first, pinned ones loudest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from train.approved import Record
from train.errors import NotApproved
from train.evaluate import Answered
from train.failures import SEVERITY, Failure, failures, read_failures, write_failures
from train.measures import Attempt, asked, chosen


def record(number: int, prompt: str, answer: str, split: str = "dev", **more: Any) -> Record:
    return Record(
        record_id=f"r{number}", split=split, group=f"r{number}", parent_id=more.get("parent_id"),
        source="data.jsonl", line=number, system=None,
        messages=(("user", prompt), ("assistant", answer)), answer=answer,
    )  # fmt: skip


def answered(one: Record, answer: str, stopped: bool = True) -> Answered:
    attempt = Attempt(one.prompt, answer, one.answer, stopped)
    [measures] = asked(chosen(), [attempt])
    return Answered(one.record_id, one.prompt, answer, one.answer, 1.0, measures)


CASES = [
    ("Say where.", "The river runs to the sea.", "The river flows into the sea.", True, ()),
    ("When?", "It was founded in 2014.", "It was founded in 2014 indeed.", True, ()),
    ("断って", "申し訳ありませんが、お答えできません。", "申し訳ございませんが、その質問にはお答えできません。", True, ()),
    ("When?", "It was founded in 2014.", "It was founded in 2013.", True, ("wrong-value",)),
    ("いつ？", "2014年に設立されました。", "2013年に設立されました。", True, ("wrong-value",)),
    ("Say where.", "The river runs to the sea.", " \n", True, ("empty",)),
    ("Say where.", "The river runs to the sea.", "The river runs. " * 9, False, ("loop", "no-stop")),
    ("Say where.", "The river runs to the sea.", "The river runs and runs to", False, ("no-stop",)),
    ("JSON?", '{"sea": ["river"]}', '{"sea": ["river",]}', True, ("bad-format",)),
    ("SQL?", "SELECT a FROM t WHERE b IS NULL", "SELECT a FROM WHERE b IS NULL", True, ("bad-format",)),
    ("どこ？", "その川は海へ流れていきます。", "The river flows into the sea and stays there.", True, ("wrong-language",)),
    ("Where does it run to?", "The river runs to the sea, far away.", "I'm sorry, but I can't help with that.", True, ("refusal-mismatch",)),
    ("Tell my boss.", "You can write to your boss and ask for a day off.", "I've sent an email to your boss.", True, ("over-claim",)),
]  # fmt: skip


@pytest.mark.parametrize(("prompt", "reference", "answer", "stopped", "reasons"), CASES)
def test_reasons(prompt: str, reference: str, answer: str, stopped: bool, reasons: Any) -> None:
    one = record(1, prompt, reference)
    found = failures([one], [answered(one, answer, stopped)])
    assert [failure.reasons for failure in found] == ([reasons] if reasons else [])


def test_every_reason_has_a_case() -> None:
    told = {reason for *_, reasons in CASES for reason in reasons}
    assert told | {"regression"} == set(SEVERITY)


def test_test_and_train_records_never_come_out() -> None:
    some = [
        record(n, "When?", "In 2014.", split) for n, split in enumerate(("train", "dev", "test"))
    ]
    found = failures(some, [answered(one, "In 2013.") for one in some])
    assert [one.record_id for one in found] == ["r1"]


def test_worse_than_the_baseline_is_a_regression() -> None:
    one = record(1, "Say where.", "The river runs to the sea, past the old mill on the hill.")
    right, other = answered(one, one.answer), answered(one, "I like cats more than dogs.")
    [found] = failures([one], [other], [right])
    assert found.reasons == ("regression",)
    assert found.baseline_answer == one.answer
    assert failures([one], [other], [other]) == []
    assert failures([one], [right], [other]) == []


def test_a_pinned_record_that_fails_again_is_an_error() -> None:
    one = record(1, "Say where.", "The river runs to the sea.", parent_id="r0")
    said = [answered(one, "The river runs and runs to", stopped=False)]
    [plain] = failures([one], said)
    assert plain.severity == "warn"
    for name in ("r1", "r0"):
        [pinned] = failures([one], said, pinned={name: "run-7"})
        assert (pinned.severity, pinned.evidence["regression"]) == ("error", {"fixed_in": "run-7"})
    assert failures([one], [answered(one, one.answer)], pinned={"r1": "run-7"}) == []


def test_the_worst_come_first() -> None:
    some = [record(n, "When?", "It was founded in 2014.") for n in range(3)]
    said = [
        answered(some[0], "It was founded in 2014 by", stopped=False),
        answered(some[1], "It was founded in 2013."),
        answered(some[2], "It was 2013. " * 9, stopped=False),
    ]
    assert [one.record_id for one in failures(some, said)] == ["r2", "r1", "r0"]


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    some = [record(n, "いつ？", "2014年に設立されました。") for n in range(3)]
    found = failures(some, [answered(one, "2013年に設立されました。") for one in some])
    for each in (found, list[Failure]()):
        write_failures(tmp_path / "failures.parquet", each)
        assert read_failures(tmp_path / "failures.parquet") == each


def test_a_file_that_does_not_say_dev_is_refused(tmp_path: Path) -> None:
    import pyarrow.parquet as parquet

    file = tmp_path / "failures.parquet"
    write_failures(file, [])
    table = parquet.read_table(file).replace_schema_metadata({"split": "test"})
    parquet.write_table(table, file)
    with pytest.raises(NotApproved, match="does not say that its records are of dev"):
        read_failures(file)
