"""curate duplicates: another threshold, the same audit, and the least alike pairs first."""

from __future__ import annotations

import io
from pathlib import Path

import orjson
import pytest
from rich.console import Console
from typer.testing import CliRunner

from curate.audit import audit
from curate.checks.near_duplicate import THOROUGH
from curate.cli import app
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


def test_clusters_are_counted_in_words(where: Workspace, tmp_path: Path) -> None:
    two = Workspace(tmp_path)
    audit(
        DATA[:2],
        workspace=tmp_path,
        only=["near-duplicate"],
        changes=["near-duplicate.threshold=0.5"],
    )
    assert "1 cluster; the largest holds 2 records." in said(two, 0.5)
    assert "1グループあり" in said(two, 0.5, "ja")
    assert " clusters; the largest" in said(where, 0.5)


def test_private_values_are_masked(where: Workspace) -> None:
    text = said(where, 0.5)
    assert MAIL not in text
    assert "••••" in text


def test_one_direction_with_a_legend(where: Workspace) -> None:
    text = said(where, 0.5)
    assert "[-only in what stays-]  {+only in what could go+}" in text
    found = at_threshold(where, 0.5)
    for known, going, staying in found.shown(10):
        assert known["similarity"] < 1
        if "tomorrow" in going["answer"] + staying["answer"]:
            marks = "[-morrow-]{+day+}" if "tomorrow" in staying["answer"] else "[-day-]{+morrow+}"
            assert f"to{marks}." in text


def test_how_many_pairs_were_missed_is_said_below_what_the_bands_find(where: Workspace) -> None:
    assert "just 0.6 alike this audit has found about 62% (20 bands of 6 rows)" in said(where, 0.6)
    assert "curate audit --thorough finds more." in said(where, 0.6)
    assert "has found about" not in said(where, 0.7)


def test_a_thorough_audit_is_not_sent_to_thorough(tmp_path: Path) -> None:
    changes = [f"near-duplicate.{name}={value}" for name, value in THOROUGH.items()]
    audit(DATA, workspace=tmp_path, only=["near-duplicate"], changes=changes)
    text = said(Workspace(tmp_path), 0.5)
    assert "has found about 87% (32 bands of 4 rows)." in text
    assert "--thorough" not in text
    assert "--thorough" not in said(Workspace(tmp_path), 0.5, "ja")


def test_exact_copies_are_counted_and_each_pair_is_shown_once(tmp_path: Path) -> None:
    copies = [DATA[4], DATA[4], DATA[5], DATA[5]]
    audit(copies, workspace=tmp_path, only=["near-duplicate"])
    text = said(Workspace(tmp_path), None)
    assert text.count("alike: ") == 1
    assert "2 of 4 records could go" in text
    assert "1 cluster; the largest holds 3 records." in text
    assert "near-duplicate does not count: 1; exact-duplicate" in text


def test_copies_and_nothing_else(tmp_path: Path) -> None:
    audit([DATA[0]] * 3, workspace=tmp_path, only=["near-duplicate"])
    text = said(Workspace(tmp_path), None)
    assert "no record of 3 is a near-duplicate" in text
    assert "near-duplicate does not count: 2; exact-duplicate" in text


def test_earlier_turns_are_text(tmp_path: Path) -> None:
    def chat(first: str) -> dict[str, object]:
        turns = [("user", first), ("assistant", "はい。"), ("user", "港は？"), ("assistant", JA)]
        return {"messages": [{"role": role, "content": text} for role, text in turns]}

    audit([chat("Good day."), chat("Good night.")], workspace=tmp_path, only=["near-duplicate"])
    text = said(Workspace(tmp_path), None)
    assert "User: Good" in text
    assert '["' not in text


def test_for_a_program(where: Workspace) -> None:
    typed = CliRunner().invoke(
        app, ["duplicates", "--json", "--threshold", "0.5", "--workspace", str(where.path)]
    )
    told = orjson.loads(typed.stdout)
    assert told["removable"] == len(told["pairs"]) == len(at_threshold(where, 0.5).gone)
    names = {"cluster", "similarity", "answers_differ", "could_go", "stays"}
    assert set(told["pairs"][0]) == names
    clusters = [pair["cluster"] for pair in told["pairs"]]
    kept = [orjson.dumps(pair["stays"]) for pair in told["pairs"]]
    assert {*clusters} == {*range(1, sum(told["sizes"].values()) + 1)}
    assert len({*zip(clusters, kept, strict=True)}) == len({*clusters}) == len({*kept})
    assert told["recall"] == pytest.approx(0.27, abs=0.01)


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
