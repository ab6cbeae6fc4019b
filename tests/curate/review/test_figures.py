"""Figures: progress, agreement, and a rate of bad records that the order cannot bend."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from curate.audit import audit
from curate.cli import app
from curate.report import Report
from curate.review import Review, figures
from curate.review.exchange import read_decisions
from curate.review.figures import agreement_by_check, agreement_of, bad_rate, progress, wilson
from curate.review.likeness import alike
from curate.review.settings import change
from curate.review.shown import Shown
from curate.store.database import open_store
from curate.workspace import Workspace
from tests.conftest import rows

# Of 400 records 60 have a finding, all of them bad; of the others every tenth is bad unseen.
RECORDS = [
    *({"instruction": f"{n}を英語で。", "output": ""} for n in range(60)),
    *({"instruction": f"What is {n} plus one?", "output": f"It is {n + 1}."} for n in range(340)),
]
BAD = 60 + 34


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    where = tmp_path_factory.mktemp("ws") / ".curate"
    return audit(RECORDS, workspace=where, only=["empty-answer"])


@pytest.fixture
def review(report: Report, tmp_path: Path) -> Iterator[Review]:
    store = open_store(Workspace(tmp_path))
    yield Review(report, store)
    store.engine.dispose()


def is_bad(review: Review) -> dict[str, bool]:
    """What a perfect person would say of every record."""
    rows = review.report.snapshot.frame(0, ["record_id", "line"])
    return {record_id: line <= 60 or line % 10 == 0 for record_id, line in rows.iter_rows()}


def work(review: Review, name: str, truth: dict[str, bool], most: int) -> None:
    for _ in range(most):
        found = review.claim(name)
        if not isinstance(found, Shown):
            return
        review.decide(found, "drop" if truth[found.record_id] else "keep", seconds=1.0)


def test_progress_counts_every_item_once(review: Review) -> None:
    work(review, "mika", is_bad(review), 5)
    shown = review.claim("太郎")
    now = progress(review)
    assert now.items == len(review.queue()) == sum(now.states.values())
    assert now.states["done"] == sum(now.verdicts.values()) == now.reviewers["mika"] == 5
    assert now.checks["empty-answer"] == (5, 60)
    assert isinstance(shown, Shown)
    assert [lease.reviewer for lease in now.leased] == ["太郎"]


def test_the_rate_is_that_of_all_the_data_not_of_what_was_flagged(review: Review) -> None:
    change(review.store, "control_share", 0.5)
    assert bad_rate(review).value is None
    work(review, "mika", is_bad(review), 500)
    rate = bad_rate(review)
    assert rate.sample >= 55
    assert rate.value is not None
    assert rate.low is not None
    assert rate.high is not None
    assert rate.low < BAD / 400 < rate.high
    assert rate.high < 0.6  # among the records that were looked at, more are bad


def test_a_twin_that_counts_whatever_was_decided_is_caught(review: Review) -> None:
    """The rate over all decisions is bent by the checks that chose them."""
    change(review.store, "control_share", 0.5)
    work(review, "mika", is_bad(review), 500)
    known = figures._standings(review).values()
    spoken = [one.verdict.kind == "drop" for one in known if one.verdict]
    low, _ = wilson(sum(spoken), len(spoken))
    assert low > BAD / 400


def test_agreement_of_two_blind_reviewers(review: Review) -> None:
    change(review.store, "double_share", 1.0)
    assert agreement_of(review).percent is None
    truth = is_bad(review)
    work(review, "mika", truth, 500)
    chance = random.Random(1)
    work(review, "太郎", {one: bad ^ (chance.random() < 0.2) for one, bad in truth.items()}, 500)
    found = agreement_of(review)
    [pair] = found.pairs
    assert found.items == pair.items == len(review.queue())
    assert found.percent == pytest.approx(pair.percent)
    assert 0.6 < pair.percent < 0.95
    assert found.alpha.value is not None
    assert found.alpha.low is not None
    assert found.alpha.low < found.alpha.value < pair.percent
    [between] = found.between
    assert (found.kappa, found.sure) == (pair.kappa, between.kappa)
    assert between.alpha == found.alpha  # of two people there is no other
    assert between.range[0] < pair.percent < between.range[1]
    assert set(agreement_by_check(review)) == {"empty-answer"}
    assert progress(review).states["conflict"] > 0


def test_two_edits_of_one_text_agree_in_kind_and_in_nothing_else(review: Review) -> None:
    change(review.store, "double_share", 1.0)
    for name, new in (("mika", "It is five."), ("太郎", "It is six.")):
        shown = review.claim(name)
        assert isinstance(shown, Shown)
        review.decide(shown, "edit", {"changes": {"answer": {"old": "", "new": new}}})
    found = agreement_of(review)
    assert progress(review).states["conflict"] == 1
    assert (found.items, found.percent, found.kinds, found.edits.edits) == (1, 0.0, 1.0, 1)
    assert found.pairs[0].percent == 0.0
    assert found.edits.chrf == pytest.approx(alike("It is five.", "It is six."))
    [between] = found.between
    assert between.edits == found.edits
    assert agreement_by_check(review)["empty-answer"].edits == found.edits


def test_two_who_relabel_differently_do_not_agree(review: Review) -> None:
    """A figure that looks at the kind of decision alone would call this agreement."""
    change(review.store, "double_share", 1.0)
    for name, new in (("mika", "greeting"), ("太郎", "farewell")):
        shown = review.claim(name)
        assert isinstance(shown, Shown)
        review.decide(shown, "relabel", {"changes": {"label": {"old": None, "new": new}}})
    assert agreement_of(review).percent == 0


PANDALM = ("annotator1", "annotator2", "annotator3")


@pytest.mark.usefixtures("shared")
def test_the_published_kappas_of_pandalm(tmp_path: Path) -> None:
    """Three people's labels of 999 records as their decisions, taken in as any other's."""
    given = list(rows("iaa_pandalm_en"))
    records = [{"instruction": row["id"], "output": f"See {row['id']}."} for row in given]
    report = audit(records, workspace=tmp_path / ".curate", only=["empty-answer"])
    ids = dict(report.snapshot.frame(0, ["instruction", "record_id"]).iter_rows())
    said = [
        {
            "record_id": ids[row["id"]], "kind": "relabel", "reviewer": name,
            "request_id": f"{row['id']} {name}", "decided_at": "2026-11-21T12:00:00+00:00",
            "payload": {"changes": {"label": {"old": None, "new": str(row[name])}}},
        }
        for row in given
        for name in PANDALM
    ]  # fmt: skip
    file = tmp_path / "decisions.jsonl"
    file.write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in said))
    store = open_store(Workspace(tmp_path / ".curate"))
    assert read_decisions(store, file).new == 3 * len(given)
    store.engine.dispose()
    words = ["status", "--workspace", str(tmp_path / ".curate")]
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    for pair, kappa in (("1 and annotator2", 0.852), ("1 and annotator3", 0.879),
                        ("2 and annotator3", 0.862)):  # fmt: skip
        [said] = [line for line in result.output.splitlines() if f"annotator{pair}: " in line]
        assert f"; kappa {kappa} (" in said
        assert "; Krippendorff's alpha 0.8" in said


@given(hits=st.integers(0, 50), more=st.integers(0, 50))
def test_wilsons_interval_holds_its_share(hits: int, more: int) -> None:
    total = hits + more or 1
    low, high = wilson(min(hits, total), total)
    assert 0 <= low <= hits / total + 1e-12
    assert hits / total - 1e-12 <= high <= 1


def test_wilsons_interval_of_a_known_case() -> None:
    """As printed for 10 of 100: 5.52 % to 17.44 %."""
    assert wilson(10, 100) == (pytest.approx(0.0552, abs=1e-4), pytest.approx(0.1744, abs=1e-4))
