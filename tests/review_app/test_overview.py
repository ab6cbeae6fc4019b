"""Overview: the figures on the page are those of the review."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from curate.review import figures, pace, stopping
from review_app.desk import Desk
from tests.review_app.conftest import draw


def tiles(at: AppTest) -> dict[str, str]:
    return {one.label: one.value for one in at.metric}


def test_before_anybody_has_decided_it_says_so(empty_desk: Desk) -> None:
    at = draw("overview", empty_desk)
    items = len(empty_desk.review.queue())
    assert tiles(at)["Decided"] == f"0 / {items}"
    assert tiles(at)["Agreement"] == tiles(at)["Estimated bad"] == "–"
    said = [one.value for one in at.caption]
    assert "Nothing is decided yet." in said
    assert "Nobody has decided anything yet." in said


def test_the_figures_are_those_of_the_review(desk: Desk) -> None:
    at = draw("overview", desk)
    now = figures.progress(desk.review)
    found = figures.agreement_of(desk.review)
    rate = figures.bad_rate(desk.review)
    assert tiles(at)["Decided"] == f"{now.states['done']} / {now.items}"
    assert tiles(at)["Reviewers differ"] == str(now.states["conflict"])
    assert tiles(at)["Agreement"] == f"{found.percent:.1%}"
    assert tiles(at)["Estimated bad"] == f"{rate.value:.1%}"
    [shown] = [one for one in at.metric if one.label == "Estimated bad"]
    assert shown.delta == f"{rate.low:.1%} to {rate.high:.1%}, from {rate.sample}"


def test_it_says_whether_one_may_stop_reading(desk: Desk, empty_desk: Desk) -> None:
    for one in (desk, empty_desk):
        said = [caption.value for caption in draw("overview", one).caption]
        for line in stopping.left_of(one.review).told(one.t):
            assert line in said
    assert any("fewer than 1 % of what is left" in line for line in said)


def test_reviewers_checks_and_pairs_have_their_tables(desk: Desk) -> None:
    at = draw("overview", desk)
    by_reviewer, by_check, agreement, pairs = (one.value for one in at.dataframe)
    done = pace.tally(desk.review)
    counted = dict(zip(by_reviewer["Reviewer"], by_reviewer["Decisions"], strict=True))
    assert counted == {name: of.total() for name, of in done.by_reviewer.items()}
    assert set(counted) == {"Mika", "太郎"}
    now = figures.progress(desk.review)
    assert set(by_check["Check"]) == set(now.checks)
    assert dict(zip(by_check["Check"], by_check["decided"], strict=True)) == {
        name: done for name, (done, _) in now.checks.items()
    }
    assert agreement["Check"][0] == "all"
    assert list(pairs["Pair"]) == ["Mika · 太郎"]
    assert pairs["chrF of edits"][0] != "–"


def test_a_share_decided_twice_is_set_for_everybody(empty_desk: Desk) -> None:
    at = draw("overview", empty_desk)
    assert empty_desk.review.settings.double_share == 0
    at.slider[0].set_value(20)
    at.button[0].click().run()
    assert not at.exception
    assert empty_desk.review.settings.double_share == 0.2
    assert empty_desk.review.settings.control_share == 0.1
