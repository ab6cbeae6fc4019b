"""Failures in review: first in the queue, decided once, each verdict with its effect and one undo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson
import polars as pl
import pytest

from curate.commands.revert import revert
from curate.commands.status import progress_said
from curate.errors import BadRule
from curate.finding import SCHEMA
from curate.intake import take_in
from curate.locale import translator
from curate.report import Report
from curate.review import Review, figures
from curate.review.failing import case_of, finding_of, opened_record, waiting
from curate.review.failures import Answer, answer, answer_opened, recipe_notes
from curate.review.frames import Filters
from curate.review.shown import Shown
from curate.review.writing import try_rule
from curate.store import decisions
from curate.store import failures as kept
from curate.store.decision import Decision
from curate.store.refusals import Refused
from curate.store.standing import standings
from curate.workspace import Workspace
from tests.curate.review.failed_run import records, reviewing, run_folder, workspace

WRONG = [
    {"n": 1, "answer": "It was founded in 2013."},
    {"n": 4, "answer": "青川チャンネルは2013年に設立されました。", "severity": "warn"},
]
RULE = """
channel-year:
  says: "the answer gives the channel a wrong year"
  check: wrong-year
  field: answer
  severity: error
  matches: 'founded in 2013'
  bad: ["It was founded in 2013."]
  good: ["It was founded in 2014."]
checks:
  wrong-year:
    says: "the answer gives a wrong year"
    group: pairs
    why: "The channel was founded in 2014, and a model that learns another year repeats it."
"""


@dataclass
class Desk:
    """Everything that a test looks at."""

    where: Workspace
    report: Report
    found: pl.DataFrame
    review: Review

    def id(self, n: int) -> str:
        return str(self.found["record_id"][n])

    def claim(self, reviewer: str = "mika") -> Shown:
        shown = self.review.claim(reviewer, order="failure-linked")
        assert isinstance(shown, Shown)
        return shown

    def in_force(self, n: int) -> Decision | None:
        read = self.review.store.read
        found = standings(read(lambda on: list(decisions.current_of(on, [self.id(n)]))))
        return found[self.id(n)].verdict if self.id(n) in found else None

    def decide_on_record(self, n: int, kind: str, **given: object) -> None:
        one = Decision(
            record_id=self.id(n), kind=kind, reviewer="hana", request_id=f"r{n}", **given
        )  # type: ignore[arg-type]
        self.review.store.write(lambda on: decisions.append(self.review.store, on, [one]))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    where, report = workspace(tmp_path)
    review = reviewing(where, report)
    found = records(report)
    take_in(where, run_folder(tmp_path, found, WRONG), review.store)
    yield Desk(where, report, found, review)
    review.store.engine.dispose()


def test_failures_come_first_then_what_is_near_them(desk: Desk) -> None:
    items = desk.review.queue("failure-linked")
    assert [item.key for item in items][:2] == [f"failure-{desk.id(1)}", f"failure-{desk.id(4)}"]
    assert {item.ordered_by for item in items} == {"failure-linked"}
    assert desk.id(7) in [item.key for item in items]  # an ordinary finding stays in the queue


def test_every_other_order_has_the_failures_too(desk: Desk) -> None:
    for order in ("severity", "check", "uncertainty", "oldest", "cluster-size", "disagreement"):
        keys = {item.key for item in desk.review.queue(order)}
        assert {f"failure-{desk.id(1)}", f"failure-{desk.id(4)}", desk.id(7)} == keys


def test_filters_see_the_record_behind_a_failure(desk: Desk) -> None:
    by_check = desk.review.queue(filters=Filters(check=("model-failure",)))
    assert len(by_check) == 2
    japanese = desk.review.queue(filters=Filters(check=("model-failure",), language=("ja",)))
    assert [item.key for item in japanese] == [f"failure-{desk.id(4)}"]


def test_a_failure_is_a_finding_on_its_record(desk: Desk) -> None:
    standing = desk.review.store.read(kept.standing)
    found = pl.DataFrame(list(map(finding_of, standing)), schema=SCHEMA)
    assert found.schema == pl.Schema(SCHEMA)
    assert set(found["record_id"]) == {desk.id(1), desk.id(4)}
    assert found["check"].unique().to_list() == ["model-failure"]
    assert "another value" in found["message"][0]


def test_who_approved_a_neighbour_is_shown(desk: Desk) -> None:
    desk.decide_on_record(0, "keep", reason="looks right")
    case = case_of(desk.review.store, desk.claim().record_id)
    assert case is not None
    [approval] = case.by_answer[0].decisions
    assert (approval.reviewer, approval.kind, approval.reason) == ("hana", "keep", "looks right")
    assert approval.decided_at
    assert case.says == ["the answer states another value than the reference"]
    assert case.failure.told["baseline_answer"] == "I do not know."


def test_a_record_that_was_kept_before_the_run_still_comes_up(desk: Desk) -> None:
    desk.decide_on_record(1, "keep")
    assert desk.claim().record_id == f"failure-{desk.id(1)}"


def test_a_decided_failure_is_not_asked_again_whatever_run_brings_it(
    desk: Desk, tmp_path: Path
) -> None:
    answer(desk.review, desk.claim(), Answer("under-trained", note="more epochs"))
    take_in(desk.where, run_folder(tmp_path, desk.found, WRONG, "run-2"), desk.review.store)
    assert desk.claim().record_id == f"failure-{desk.id(4)}"
    assert recipe_notes(desk.review.store) == ["more epochs"]


def test_a_relapse_waits_for_a_person_again_and_the_counts_add_up(
    desk: Desk, tmp_path: Path
) -> None:
    for _ in range(2):
        answer(desk.review, desk.claim(), Answer("training-records-wrong", opens=[near(desk)]))
    for _ in range(2):
        answer_opened(desk.review, desk.claim(), "keep")
    before = figures.progress(desk.review)
    assert (before.states["done"], before.states["open"], before.items) == (4, 1, 5)

    take_in(desk.where, run_folder(tmp_path, desk.found, [], "run-2"), desk.review.store)
    again = take_in(
        desk.where, run_folder(tmp_path, desk.found, WRONG[:1], "run-3"), desk.review.store
    )
    assert (again.new, again.known) == (1, 0)
    shown = desk.claim()
    assert shown.record_id == f"failure-{desk.id(1)}-again-1"
    after = figures.progress(desk.review)
    assert (after.states["done"], after.states["open"], after.items) == (2, 2, 4)

    case = case_of(desk.review.store, shown.record_id)
    assert case is not None
    assert case.run.name == "run-3"
    answer(desk.review, shown, Answer("training-records-wrong", opens=[desk.id(0)]))
    opened = desk.claim()
    assert opened_record(opened.record_id) == desk.id(0)  # decided before, and asked again
    answer_opened(desk.review, opened, "drop")
    dropped = desk.in_force(0)
    assert dropped is not None
    assert (dropped.kind, dropped.payload["failure"]) == ("drop", {"for": [desk.id(1)]})
    assert desk.claim().record_id == desk.id(7)


@pytest.mark.parametrize(
    ("locale", "lines"),
    [
        ("en", ["  drop: 1", "  failures of models, training records taught it, and are opened "
                "for review: 1", "  failures of models, the data is right, and the recipe is to be "
                "changed: 1", "  records looked at again because of failures: 1"]),
        ("ja", ["  モデルの失敗（データは正しいので、学習レシピを見直す）：1件",
                "  失敗をきっかけに見直したレコード：1件"]),
    ],
)  # fmt: skip
def test_a_verdict_on_a_failure_is_counted_as_that_and_its_effect_once(
    desk: Desk, locale: str, lines: list[str]
) -> None:
    answer(desk.review, desk.claim(), Answer("training-records-wrong", opens=[desk.id(0)]))
    answer(desk.review, desk.claim(), Answer("under-trained", note="more"))
    answer_opened(desk.review, desk.claim(), "drop")
    now = figures.progress(desk.review)
    assert (now.verdicts, now.opened) == ({"drop": 1}, 1)
    assert now.failures == {"training-records-wrong": 1, "under-trained": 1}
    said = list(progress_said(translator(locale), now))
    assert [line for line in said if line in lines] == lines
    assert not [line for line in said if "relabel" in line or "ラベル" in line]


def near(desk: Desk) -> str:
    """The training record most like the failure that comes next."""
    case = case_of(desk.review.store, desk.claim().record_id)
    assert case is not None
    return case.by_answer[0].record_id


def test_a_wrong_reference_is_edited_over_what_was_decided_before(desk: Desk) -> None:
    old = desk.found["answer"][1]
    desk.decide_on_record(
        1, "edit", payload={"changes": {"answer": {"old": old, "new": "In 2014."}, "instruction": {"old": "a", "new": "b"}}}
    )  # fmt: skip
    edit = {"answer": {"old": "In 2014.", "new": "It was founded in 2013."}}
    taken = answer(desk.review, desk.claim(), Answer("reference-wrong", changes=edit))
    assert len(taken.decisions) == 2
    now = desk.in_force(1)
    assert now is not None
    assert now.payload["changes"] == {
        "answer": {"old": old, "new": "It was founded in 2013."},
        "instruction": {"old": "a", "new": "b"},
    }
    desk.review.undo("mika")
    back = desk.in_force(1)
    assert back is not None
    assert back.reviewer == "hana"
    assert desk.claim().record_id == f"failure-{desk.id(1)}"


def test_training_records_that_taught_it_are_opened_and_decided_anew(desk: Desk) -> None:
    desk.decide_on_record(0, "keep")
    answer(desk.review, desk.claim(), Answer("training-records-wrong", opens=[desk.id(0)]))
    answer(desk.review, desk.claim(), Answer("under-trained", note="…"))
    shown = desk.claim()
    assert opened_record(shown.record_id) == desk.id(0)
    answer_opened(desk.review, shown, "drop", reason="a wrong year")
    now = desk.in_force(0)
    assert now is not None
    assert (now.kind, now.reviewer, now.findings) == ("drop", "mika", ("taught-failure",))
    assert now.payload["failure"] == {"for": [desk.id(1)]}
    assert desk.claim().record_id == desk.id(7)


def test_keeping_an_opened_record_leaves_it_as_it_was_decided(desk: Desk) -> None:
    changes = {"answer": {"old": "a", "new": "b"}}
    desk.decide_on_record(0, "edit", payload={"changes": changes})
    answer(desk.review, desk.claim(), Answer("training-records-wrong", opens=[desk.id(0)]))
    answer(desk.review, desk.claim(), Answer("under-trained", note="…"))
    answer_opened(desk.review, desk.claim(), "keep")
    now = desk.in_force(0)
    assert now is not None
    assert now.payload["changes"] == changes


def test_a_missing_record_is_written_where_an_audit_can_read_it(desk: Desk) -> None:
    wrote = {"instruction": "青川チャンネルは何年に始まりましたか。", "output": "2014年です。"}
    answer(desk.review, desk.claim(), Answer("coverage-missing", wrote=wrote))
    file = desk.where.path / "written" / "records.jsonl"
    assert [orjson.loads(line) for line in file.read_bytes().splitlines()] == [wrote]
    desk.review.undo("mika")
    answer(desk.review, desk.claim(), Answer("under-trained", note="…"))
    assert file.read_bytes() == b""


def test_taken_back_on_the_command_line_it_is_gone_too(desk: Desk) -> None:
    wrote = {"instruction": "青川チャンネルは何年に始まりましたか。", "output": "2014年です。"}
    made = answer(desk.review, desk.claim(), Answer("coverage-missing", wrote=wrote))
    file = desk.where.path / "written" / "records.jsonl"
    assert file.read_bytes()
    assert revert([str(made.decisions[0].id)], workspace=desk.where.path) == 0
    assert not file.read_bytes()


TEST_PROMPT = "How do plants make their food from sunlight?"


@pytest.mark.parametrize(
    "wrote",
    [
        {"instruction": TEST_PROMPT, "output": "They do not."},
        {"instruction": f"Please tell me: {TEST_PROMPT}", "output": "They do not."},
        {"instruction": "Explain it.", "input": TEST_PROMPT, "output": "They do not."},
        {"instruction": "Plants?", "output": "Plants make sugar from light, water and air."},
    ],
)
def test_a_new_record_near_the_test_set_is_refused_without_showing_it(
    desk: Desk, wrote: dict[str, str]
) -> None:
    shown = desk.claim()
    with pytest.raises(Refused, match="too near a record of the test set") as refused:
        answer(desk.review, shown, Answer("coverage-missing", wrote=wrote))
    assert "plants" not in str(refused.value).lower()
    assert desk.review.store.read(kept.answers) == []
    again = desk.claim()
    assert again.record_id == shown.record_id


def test_a_draft_rule_is_tried_on_the_whole_snapshot(desk: Desk) -> None:
    tried = try_rule(desk.report, RULE)
    assert (tried.wrong, tried.checked, tried.found) == ((), 8, 1)
    assert tried.records[0]["record_id"] == desk.id(0)
    answer(desk.review, desk.claim(), Answer("rule-missing", rule=RULE))
    [file] = (desk.where.path / "written").glob("rule-*.yaml")
    assert file.read_text(encoding="utf-8") == RULE


def test_a_draft_rule_that_gets_its_example_wrong_is_told(desk: Desk) -> None:
    wrong = RULE.replace('bad: ["It was founded in 2013."]', 'bad: ["It was founded in 1999."]')
    assert len(try_rule(desk.report, wrong).wrong) == 1
    with pytest.raises(Refused, match="gets its own example wrong"):
        answer(desk.review, desk.claim(), Answer("rule-missing", rule=wrong))
    with pytest.raises(BadRule, match="draft:"):
        try_rule(desk.report, "channel-year: {sayz: x}")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (Answer("reference-wrong"), "needs what is to be done"),
        (Answer("training-records-wrong"), "needs what is to be done"),
        (Answer("training-records-wrong", opens=["nowhere"]), "nowhere is not among"),
        (Answer("coverage-missing", wrote={"instruction": "a"}), "needs its output"),
        (Answer("coverage-missing", wrote={"instruktion": "a"}), "did you mean 'instruction'"),
        (Answer("under-trained"), "needs what is to be done"),
        (Answer("reference-wrng", note="a"), "did you mean 'reference-wrong'"),
    ],
)
def test_a_verdict_without_its_effect_is_refused(desk: Desk, given: Answer, says: str) -> None:
    with pytest.raises(Refused, match=says):
        answer(desk.review, desk.claim(), given)
    assert desk.review.store.read(kept.answers) == []


def test_the_same_request_counts_once(desk: Desk) -> None:
    shown, given = desk.claim(), Answer("under-trained", note="more")
    first, again = (answer(desk.review, shown, given) for _ in range(2))
    assert again.again
    assert [one.id for one in again.decisions] == [one.id for one in first.decisions]


def test_two_verdicts_of_two_people_are_a_conflict(desk: Desk) -> None:
    shown = desk.claim()
    key = shown.record_id
    answer(desk.review, shown, Answer("under-trained", note="more"))
    picked = desk.review.pick("hana", key)
    answer(desk.review, picked, Answer("training-records-wrong", opens=[desk.id(0)]))
    said = {one.outcome for one in desk.review.history(key)}
    assert len(said) == 2


def test_what_waits_is_the_same_every_time(desk: Desk) -> None:
    read = desk.review.store.read
    assert read(waiting) == read(waiting)
    assert hash(read(waiting))  # a queue is remembered by it
