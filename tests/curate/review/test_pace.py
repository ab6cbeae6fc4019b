"""Pace: the burn-down ends where the review stands, whatever was decided and undone on the way."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.audit import audit
from curate.report import Report
from curate.review import Review, pace
from curate.review.figures import progress
from curate.review.pace import burn_down, tally
from curate.review.policy import decide
from curate.review.settings import change
from curate.review.shown import Shown
from curate.store.database import open_store
from curate.workspace import Workspace

RECORDS = [
    *({"instruction": f"{n}を英語で。", "output": ""} for n in range(6)),
    *({"instruction": "Name a colour.", "output": "Blue, as the sky."} for _ in range(3)),
    *({"instruction": f"What is {n} plus one?", "output": f"It is {n + 1}."} for n in range(20)),
]
STEPS = ("keep", "drop", "skip", "edit", "undo", "policy", "revert")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    where = tmp_path_factory.mktemp("ws") / ".curate"
    return audit(RECORDS, workspace=where, only=["empty-answer", "exact-duplicate"])


def step(review: Review, name: str, kind: str) -> None:
    """One thing that a person may do."""
    if kind == "undo":
        review.undo(name)
    elif kind == "policy":
        decide(review, "exact-duplicate", "survivor", name)
    elif kind == "revert":
        policies = [one for one in tally(review).decisions if one.policy is not None]
        review.revert([one.act for one in policies if one.act], name)
    else:
        shown = review.claim(name)
        if isinstance(shown, Shown):
            changes = {"changes": {"answer": {"old": "", "new": f"{name} wrote this"}}}
            review.decide(shown, kind, changes if kind == "edit" else None, seconds=2.0)


@given(st.lists(st.tuples(st.sampled_from(["mika", "太郎"]), st.sampled_from(STEPS)), max_size=14))
@settings(max_examples=25, deadline=None)
def test_the_burn_down_ends_where_the_review_stands(
    report: Report, steps: list[tuple[str, str]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Workspace(Path(folder)))
        review = Review(report, store)
        change(store, "double_share", 0.5)
        for name, kind in steps:
            step(review, name, kind)
        points = burn_down(review)
        done = progress(review).states.get("done", 0)
        assert (points[-1].decided if points else 0) == done
        assert all(one.decided + one.open == len(review.queue()) for one in points)
        assert [one.at for one in points] == sorted(one.at for one in points)
        ways = [abs(b.decided - a.decided) for a, b in zip(points, points[1:], strict=False)]
        assert set(ways) <= {1}
        store.engine.dispose()


def test_a_twin_that_only_counts_verdicts_is_caught(report: Report, tmp_path: Path) -> None:
    review = Review(report, open_store(Workspace(tmp_path)))
    for kind in ("drop", "undo", "keep"):
        step(review, "mika", kind)
    assert [one.decided for one in burn_down(review)] == [1, 0, 1]
    review.store.engine.dispose()


def test_the_tally_tells_who_and_what_and_how_long(report: Report, tmp_path: Path) -> None:
    review = Review(report, open_store(Workspace(tmp_path)))
    assert tally(review) == pace.Tally(())
    assert tally(review).median_seconds is None
    for name, kind in (("mika", "drop"), ("mika", "edit"), ("太郎", "keep"), ("太郎", "policy")):
        step(review, name, kind)
    done = tally(review)
    assert {name: dict(of) for name, of in done.by_reviewer.items()} == {
        "mika": {"drop": 1, "edit": 1},
        "太郎": {"keep": 1},
    }
    assert done.by_check["exact-duplicate"]["choose"] == 1
    assert done.seconds == {"mika": 2.0, "太郎": 2.0}
    assert done.median_seconds == 2.0
    review.store.engine.dispose()
