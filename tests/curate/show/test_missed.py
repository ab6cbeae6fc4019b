"""Missed: a small share of pairs that are found is told, a large one is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from curate.audit import audit
from curate.checks.near_duplicate import THOROUGH
from curate.dedup.sketch import Sketcher
from curate.locale import translator
from curate.show import terminal
from curate.show.missed import missed
from tests.curate.checks.test_near_duplicate import alpaca

RECORDS = [alpaca("Tell me.", "It is so."), alpaca("教えて。", "そうです。")]
NAME = "near-duplicate"


def said(sketcher: Sketcher, threshold: float, locale: str = "en") -> list[str]:
    return [line.plain for line in missed(sketcher, threshold, translator(locale))]


@pytest.mark.parametrize("threshold", [0.7, 0.8, 1])
def test_where_nearly_all_are_found_nothing_is_said(threshold: float) -> None:
    assert said(Sketcher(), threshold) == []


def test_few_bands_are_told_with_what_finds_more() -> None:
    share, more = said(Sketcher(bands=1), 0.8)
    assert "just 0.8 alike this audit has found about 26% (1 bands of 6 rows)." in share
    assert more == "curate audit --thorough finds more."
    assert "0.8" in said(Sketcher(bands=1), 0.8, "ja")[0]
    assert len(said(Sketcher(*THOROUGH.values()), 0.5)) == 1  # nothing finds more


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ([], False),
        ([f"{NAME}.threshold=0.5"], True),
        ([f"{NAME}.bands=1"], True),
    ],
)
def test_an_audit_says_it(
    changes: list[str], told: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = audit(RECORDS, workspace=tmp_path, only=[NAME], changes=changes)
    terminal.show(report, tmp_path, "en")
    assert ("this audit has found about" in capsys.readouterr().out) == told


def test_an_audit_that_did_not_look_says_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changes = [f"{NAME}.bands=1"]
    terminal.show(audit(RECORDS, workspace=tmp_path, skip=[NAME], changes=changes), tmp_path, "en")
    assert "this audit has found about" not in capsys.readouterr().out
