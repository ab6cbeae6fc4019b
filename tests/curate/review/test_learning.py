"""Learning: weights follow verdicts in portions, by the log alone, and not what chance drew."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from curate.audit import audit
from curate.cli import app
from curate.report import Report
from curate.review import Review
from curate.review.best import beginning
from curate.review.learning import EACH, learnt, lessons
from curate.review.settings import change
from curate.review.shown import Shown
from curate.review.stopping import left_of
from curate.store.database import open_store
from curate.workspace import Workspace

SENSE = ["quick", "quiet", "plain", "warm", "blue", "tall"]
RECORDS = [
    *({"instruction": f"Describe a {SENSE[n % 6]} thing number {n}.", "output": f"It is {SENSE[n % 6]}."} for n in range(90)),
    *({"instruction": f"{n}番の物を説明してください。", "output": f"{n}番の物です。"} for n in range(90)),
    *({"instruction": f"Say {n}.", "output": ""} for n in range(20)),
]  # fmt: skip


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    where = tmp_path_factory.mktemp("ws") / ".curate"
    return audit(RECORDS, workspace=where, only=["empty-answer"])


@pytest.fixture
def review(report: Report, tmp_path: Path) -> Iterator[Review]:
    store = open_store(Workspace(tmp_path))
    yield Review(report, store)
    store.engine.dispose()


def work(review: Review, name: str, most: int) -> list[str]:
    """Decide in the order `best`: what has no answer is dropped."""
    done = []
    for _ in range(most):
        shown = review.claim(name, order="best")
        if not isinstance(shown, Shown):
            break
        line = review.report.record(shown.record_id)["line"]  # type: ignore[index]
        review.decide(shown, "drop" if line > 180 else "keep", seconds=1.0)
        done.append(shown.record_id)
    return done


def test_a_record_without_findings_can_be_decided_and_then_is_done(review: Review) -> None:
    done = work(review, "mika", 300)
    assert len(done) == len(set(done)) == len(RECORDS)
    found = review.claim("花子", order="best")
    assert not isinstance(found, Shown)
    assert found.reasons[0].args == {"n": 200, "total": 200}
    review.undo("mika")
    again = review.claim("花子", order="best")
    assert isinstance(again, Shown)
    assert again.record_id == done[-1]


def test_weights_are_fitted_anew_after_every_fifty_verdicts(review: Review) -> None:
    change(review.store, "control_share", 0.0)
    work(review, "mika", EACH - 1)
    assert review.best().weights == beginning()
    before = review.queue("best")
    work(review, "花子", 1)
    fitted = review.best()
    assert fitted.lessons == EACH
    assert fitted.weights.signals["severity"] > beginning().signals["severity"]
    after = review.queue("best")
    assert sorted(item.key for item in after) == sorted(item.key for item in before)
    work(review, "mika", EACH - 1)
    assert review.best() is fitted


def test_what_chance_drew_is_never_learnt_from(review: Review) -> None:
    change(review.store, "control_share", 0.5)
    work(review, "mika", EACH + 20)
    known = review.followed.all()
    by_order = [one for one in known.values() if one.decisions[0].ordered_by == "best"]
    assert 0 < len(by_order) < EACH < len(known)
    assert review.best().lessons == 0


def test_the_same_decisions_give_the_same_order_in_whatever_order_they_are_read(
    review: Review, report: Report
) -> None:
    work(review, "mika", 2 * EACH + 30)
    best = review.best()
    known = list(review.followed.all().items())
    random.Random(5).shuffle(known)
    taught = lessons(dict(known), best.signals.frame["record_id"])
    assert len(taught) == best.lessons
    assert learnt(best.signals, taught) == best.weights
    other = Review(report, review.store)
    assert [one.key for one in other.queue("best")] == [one.key for one in review.queue("best")]


def test_status_says_what_is_left_and_what_the_order_goes_by(tmp_path: Path) -> None:
    where = tmp_path / ".curate"
    found = audit(RECORDS, workspace=where, only=["empty-answer"])
    told = CliRunner().invoke(app, ["status", "--workspace", str(where)]).output
    assert "to be able to say that fewer than 1 % of what is left is bad" in told
    assert "bad records in what is left" not in told  # nobody has decided a drawn record
    review = Review(found, open_store(Workspace(where)))
    change(review.store, "control_share", 0.5)
    work(review, "mika", 140)
    sample = left_of(review)
    assert sample.sample > 0
    told = CliRunner().invoke(app, ["status", "--workspace", str(where)]).output
    assert f"by {sample.sample} drawn at random" in told
    assert "order best: by the audit alone" in told
    japanese = (
        CliRunner().invoke(app, ["status", "--workspace", str(where), "--locale", "ja"]).output
    )
    assert "順序「best」" in japanese
    review.store.engine.dispose()
