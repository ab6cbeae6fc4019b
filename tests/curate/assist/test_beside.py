"""Beside: a reviewer sees where a pair comes from, its numbers and the judge's words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from curate.assist.beside import NUMBERS, beside
from curate.assist.calibrate import Calibration
from curate.assist.candidate import write
from curate.assist.gate import with_findings
from curate.assist.judge import Judged
from curate.assist.remarks import checks_of
from curate.audit import audit
from curate.locale import translator
from curate.workspace import Workspace
from tests.curate.assist.test_doubts import GOOD, JAPANESE


def test_a_record_that_people_wrote_has_nothing_beside_it() -> None:
    assert beside([{"evidence": '{"says": "x", "args": {}}'}, {"evidence": None}],
                  translator("en")) == []  # fmt: skip


def test_document_numbers_and_the_judges_words(tmp_path: Path) -> None:
    changed = JAPANESE.measured(kept_facts=False, changed="1889, 1898")
    write([replace(GOOD, before="the leaflet <b>as it was</b>"), changed], tmp_path / "c.jsonl")
    where = Workspace(tmp_path / "ws")
    report = audit(tmp_path / "c.jsonl", workspace=where.path)
    ids = [name for frame in report.snapshot.frames(["record_id"]) for name in frame["record_id"]]
    low = [Judged(ids[0], {"tone": 1}, {"tone": "it is curt"})]
    report = with_findings(report, checks_of(low, Calibration(0, 3), "m2"), where)
    first, second = (report.findings.filter(record_id=name).to_dicts() for name in ids)
    english = dict(beside(first, translator("en")))
    assert english["The text it was made from"] == "the leaflet <b>as it was</b>"
    assert english["Made from"] == "a.md:3"
    assert english["Written by"] == "m"
    assert "rank among near instructions, for its answer: 1/8" in english["Numbers"]
    assert english["Judge: m2 (uncalibrated)"] == "tone 1/5: it is curt"
    japanese = dict(beside(second, translator("ja")))
    assert "名前・数値・日付が保たれているか: いいえ (1889, 1898)" in japanese["数値"]


def test_every_number_has_words_in_both_languages() -> None:
    named = set(GOOD.numbers) - {"of", "changed"}
    assert set(NUMBERS) == named
    t = translator("ja")
    assert all(t(says) != says for says in NUMBERS.values())
