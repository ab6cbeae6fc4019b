"""curate duplicates: another threshold, the same audit, and the least alike pairs first."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from curate.audit import audit
from curate.duplicates import at_threshold
from curate.errors import BadSetting, NothingToAudit
from curate.show import duplicates_terminal
from curate.workspace import Workspace
from tests.curate.checks.test_near_duplicate import EN, JA, alpaca

MAIL = "karen.mitchell@northgate-office.net"
OTHER = EN.replace("long", "short").replace("torn", "old").replace("winter", "summer")
DATA = [
    alpaca("Tell me of the harbour.", f"{EN} Write to {MAIL} today."),
    alpaca("Tell me of the harbour.", f"{EN} Write to {MAIL} tomorrow."),
    alpaca("Say it in other words.", f"{OTHER} Ask Ms Brown."),
    alpaca("Say it in other words.", f"{OTHER} Ask Mr Green now."),
    alpaca("港について。", JA),
    alpaca("港について。", JA.replace("守り", "護り")),
]


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("duplicates")
    changes = ["near-duplicate.threshold=0.85"]
    audit(DATA, workspace=folder, only=["near-duplicate"], changes=changes)
    return Workspace(folder)


def said(where: Workspace, threshold: float | None, locale: str = "en") -> str:
    screen = io.StringIO()
    console = Console(file=screen, width=100)
    duplicates_terminal.show(at_threshold(where, threshold), 10, locale, console)
    return screen.getvalue()


def test_the_threshold_of_the_audit_is_the_default(where: Workspace) -> None:
    assert at_threshold(where).threshold == 0.85


@pytest.mark.parametrize("threshold", [0.5, 0.6, 0.8, 0.9, 1.0])
def test_a_moved_threshold_says_what_a_new_audit_says(
    where: Workspace, tmp_path: Path, threshold: float
) -> None:
    changes = [f"near-duplicate.threshold={threshold}"]
    again = audit(DATA, workspace=tmp_path, only=["near-duplicate"], changes=changes)
    moved = at_threshold(where, threshold)
    places = moved.report.snapshot.places(moved.gone["record"])
    lines = moved.report.snapshot.take(places, ["line"])["line"]
    assert sorted(again.findings["line"]) == sorted(lines)


def test_the_least_alike_come_first_with_what_differs(where: Workspace) -> None:
    text = said(where, 0.5)
    alike = [float(line.split("%")[0]) for line in text.splitlines() if "% alike: " in line]
    assert len(alike) >= 3
    assert alike == sorted(alike)
    assert "{+守+}" in text or "{+護+}" in text


def test_private_values_are_masked(where: Workspace) -> None:
    text = said(where, 0.5)
    assert MAIL not in text
    assert "••••" in text


def test_in_japanese(where: Workspace) -> None:
    text = said(where, 0.7, "ja")
    assert "件を外せます" in text
    assert "could go" not in text


def test_nothing_at_this_threshold(where: Workspace) -> None:
    assert "no record of 6 is a near-duplicate" in said(where, 1.0)


def test_where_there_is_nothing_to_show(tmp_path: Path, where: Workspace) -> None:
    with pytest.raises(NothingToAudit, match="curate audit SOURCE --only near-duplicate"):
        at_threshold(Workspace(tmp_path / "none"), 0.8)
    with pytest.raises(BadSetting, match="allowed: 0.5 to 1"):
        at_threshold(where, 0.4)
