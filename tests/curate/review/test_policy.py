"""Policies and bulk decisions: counted before, one act, undone at once, never against a person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from curate.audit import audit
from curate.errors import BadSetting
from curate.report import Report
from curate.review import Review
from curate.review.policy import bulk, decide, limits_in_force
from curate.review.shown import Shown
from curate.review.why import Nothing
from curate.store import decisions
from curate.store.database import open_store
from curate.store.refusals import Refused
from curate.store.standing import Standing, standings
from curate.workspace import Workspace

COPY = {"instruction": "色の名前を一つ。", "output": "青は空の色です。"}
RECORDS = [
    *({"instruction": f"What is {n} plus one?", "output": f"It is {n + 1}."} for n in range(20)),
    *(COPY for _ in range(3)),
    *({"instruction": f"Say {word}.", "output": ""} for word in ("hello", "goodbye", "ありがとう")),
]
ASKED = ["empty-answer", "exact-duplicate"]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return audit(RECORDS, workspace=tmp_path_factory.mktemp("ws") / ".curate", only=ASKED)


@pytest.fixture
def review(report: Report, tmp_path: Path) -> Iterator[Review]:
    store = open_store(Workspace(tmp_path))
    yield Review(report, store)
    store.engine.dispose()


def standing(review: Review, record_id: str) -> Standing:
    found = review.store.read(lambda on: standings(decisions.current_of(on, [record_id])))
    return found.get(record_id, Standing())


def copies(review: Review) -> tuple[str, list[dict[str, object]]]:
    """The id of the copies, and their three places in the data."""
    for frame in review.report.snapshot.frames(["record_id", "source", "line"]):
        rows = frame.filter(frame["record_id"].is_duplicated())
        return rows["record_id"][0], rows.to_dicts()
    raise AssertionError


def test_a_dry_run_counts_what_the_real_run_does(review: Review) -> None:
    dry = decide(review, "exact-duplicate", "survivor", "mika", dry_run=True)
    assert review.store.read(lambda on: list(decisions.log(on))) == []
    real = decide(review, "exact-duplicate", "survivor", "mika")
    assert (len(dry.decisions), dry.drops, dry.left) == (len(real.decisions), real.drops, real.left)
    assert (len(real.decisions), real.drops) == (1, 2)


def test_of_copies_one_stays(review: Review) -> None:
    decide(review, "exact-duplicate", "survivor", "mika")
    record_id, places = copies(review)
    assert [standing(review, record_id).drops(place) for place in places] == [False, True, True]


def test_a_policy_is_in_the_log_with_who_switched_it_on(review: Review) -> None:
    decide(review, "empty-answer", "none", "太郎")
    log = review.store.read(lambda on: list(decisions.log(on)))
    assert {(one.policy, one.reviewer, one.kind) for one in log} == {
        ("empty-answer: none", "太郎", "drop")
    }


def test_a_policy_names_the_limits_that_it_trusted(review: Review) -> None:
    plan = decide(review, "exact-duplicate", "survivor", "mai")
    assert {one.reason for one in plan.decisions} == {None}, "there is no limit to name"
    told = limits_in_force(review.report.document, "synthetic") or ""
    assert "synthetic-copied.limit=0.5" in told
    moved = {**review.report.document, "settings": {"synthetic-copied": {"limit": 0.4}}}
    assert "synthetic-copied.limit=0.4" in (limits_in_force(moved, "synthetic") or "")


def test_twice_is_once_and_one_undo_takes_all_back(review: Review) -> None:
    done = decide(review, "empty-answer", "none", "mika")
    assert len(done.decisions) == 3
    again = decide(review, "empty-answer", "none", "mika")
    assert (len(again.decisions), again.left) == (0, 3)
    assert len(review.revert([done.act], "mika")) == 3
    assert len(decide(review, "empty-answer", "none", "mika").decisions) == 3


def test_a_policy_never_speaks_against_a_person(review: Review) -> None:
    found = review.claim("mika")
    assert isinstance(found, Shown)
    review.decide(found, "keep")
    check = next(iter(found.item.checks.values()))[0]
    assert check == "empty-answer"
    plan = decide(review, check, "none", "太郎")
    assert (len(plan.decisions), plan.left) == (2, 1)
    assert not standing(review, found.record_id).drops({"record_id": found.record_id})


def test_a_survivor_that_a_person_dropped_leaves_its_copies_alone(review: Review) -> None:
    record_id, _ = copies(review)
    review.decide(review.pick("mika", record_id), "drop")
    assert len(decide(review, "exact-duplicate", "survivor", "mika").decisions) == 0


def test_a_policy_empties_the_queue_of_its_own_findings_only(review: Review) -> None:
    from curate.review.settings import change

    change(review.store, "control_share", 0.0)
    decide(review, "empty-answer", "all", "mika")
    found = review.claim("太郎")
    assert isinstance(found, Shown)
    assert found.record_id == copies(review)[0]
    review.decide(found, "keep")
    assert isinstance(review.claim("太郎"), Nothing)


@pytest.mark.parametrize(
    "order", [("near-duplicate", "exact-duplicate"), ("exact-duplicate", "near-duplicate")]
)
def test_of_copies_and_a_near_one_the_one_survivor_stays(
    order: tuple[str, str], tmp_path: Path
) -> None:
    copy = {**COPY, "output": "青は空の色です。よく晴れた日の海の色でもあります。"}
    near = {**copy, "output": f"{copy['output']}ええ。"}
    low = ["near-duplicate.threshold=0.5"]
    records = [copy, copy, near, near]
    found = audit(records, workspace=tmp_path / ".curate", only=order, changes=low)
    store = open_store(Workspace(tmp_path))
    review = Review(found, store)
    for check in order:
        decide(review, check, "survivor", "mika")
    places = [row for part in found.snapshot.frames(["record_id", "source", "line"])
              for row in part.to_dicts()]  # fmt: skip
    stay = [row["line"] for row in places if not standing(review, row["record_id"]).drops(row)]
    store.engine.dispose()
    assert stay == [3]


@pytest.mark.parametrize(
    ("check", "keep", "says"),
    [
        ("empty-answer", "survivor", "names no survivor"),
        ("empty-answer", "some", "unknown policy"),
        ("emtpy-answer", "all", "did you mean 'empty-answer'"),
    ],
)
def test_what_cannot_be_decided_says_why(review: Review, check: str, keep: str, says: str) -> None:
    with pytest.raises(BadSetting, match=says):
        decide(review, check, keep, "mika")


def test_bulk_is_previewed_counted_and_undone_at_once(review: Review) -> None:
    records = [record for item in review.queue() for record in item.checks]
    other = review.claim("太郎")
    assert isinstance(other, Shown)
    plan = bulk(review, records, "drop", "mika")
    assert (len(plan.decisions), plan.left) == (len(records) - 1, 1)
    with pytest.raises(Refused, match="were counted, now there are"):
        bulk(review, records, "drop", "mika", expected=len(records))
    bulk(review, records, "drop", "mika", expected=len(records) - 1)
    assert len(review.undo("mika")) == len(records) - 1
