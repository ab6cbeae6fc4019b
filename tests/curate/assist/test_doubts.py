"""Doubts: numbers beside a candidate become findings of any audit, and are known before it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from curate.assist.candidate import Candidate, write
from curate.assist.doubts import DOUBTS, doubts_of, limits_of
from curate.audit import audit
from curate.errors import BadSetting
from curate.report import Report

AUTHOR = {"model": "m", "prompt_hash": "00", "parameters": {}}
GOOD = Candidate(
    "backtranslation", "How do I return a parcel that I do not want?",
    "You can return anything within 30 days; put the slip into the parcel.", "en",
    {"record_id": "ab", "source": "a.md", "line": 3}, (AUTHOR,),
    numbers={"loss": 1.9, "ifd_delta": 0.6, "ifd_place": 0.5, "rank": 1, "of": 8,
             "likeness": 0.4, "copied": 0.1, "repeated": 0.2, "same_language": True, "kept_facts": True, "changed": ""},
)  # fmt: skip
JAPANESE = replace(
    GOOD, instruction="不要になった荷物はどうやって返品すればよいですか。",
    answer="30日以内であれば、同封の用紙を箱に入れて郵便局からお送りください。", language="ja",
)  # fmt: skip
BAD = {
    "synthetic-unhelped": ("ifd_delta", -0.1), "synthetic-least-helped": ("ifd_place", 0.05),
    "synthetic-confusable": ("rank", 3), "synthetic-unlike": ("likeness", 0.01),
    "synthetic-copied": ("copied", 0.7), "synthetic-repeated": ("repeated", 0.9),
    "synthetic-other-language": ("same_language", False),
    "synthetic-meaning-changed": ("kept_facts", False),
}  # fmt: skip


def audited(folder: Path, *candidates: Candidate, **limits: float) -> Report:
    write(candidates, folder / "c.jsonl")
    given = {name.replace("_", "-"): {"limit": limit} for name, limit in limits.items()}
    return audit(folder / "c.jsonl", workspace=folder / "ws", given=given)


def findings(folder: Path, *candidates: Candidate, **limits: float) -> pl.DataFrame:
    found = audited(folder, *candidates, **limits).findings
    return found.filter(pl.col("check").str.starts_with("synthetic"))


def test_a_good_pair_waits_for_a_decision_and_no_more(tmp_path: Path) -> None:
    found = findings(tmp_path, GOOD, JAPANESE)
    assert found["check"].to_list() == ["synthetic", "synthetic"]
    assert found["severity"].to_list() == ["error", "error"]
    assert '"parent":{"record_id":"ab"' in found["evidence"][0]


def test_every_number_has_a_check() -> None:
    assert set(DOUBTS) == set(BAD)


@pytest.mark.parametrize("name", BAD)
def test_each_number_is_a_finding(name: str, tmp_path: Path) -> None:
    number, value = BAD[name]
    bad = GOOD.measured(**{number: value, "changed": "1990"})
    assert doubts_of([bad, JAPANESE], {}) == [[name], []]
    found = findings(tmp_path, bad, JAPANESE)
    assert sorted(found["check"]) == ["synthetic", "synthetic", name]
    assert found.filter(check=name)["line"].to_list() == [1]


def test_a_limit_moves_and_the_report_keeps_it(tmp_path: Path) -> None:
    bad = GOOD.measured(copied=0.7)
    assert len(findings(tmp_path, bad)) == 2
    assert len(findings(tmp_path, bad, synthetic_copied=0.8)) == 1
    moved = limits_of(["synthetic-copied=0.8"])
    assert doubts_of([bad], moved) == [[]]
    assert audited(tmp_path, bad, synthetic_copied=0.8).document["settings"] == moved


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("synthetic-copies=1", "did you mean 'synthetic-copied'"),
        ("synthetic-copied=much", "a number"),
        ("synthetic-copied=2", "is no share"),
        ("synthetic-other-language=0", "has no parameters"),
    ],
)
def test_a_limit_without_sense_is_refused(change: str, said: str) -> None:
    with pytest.raises(BadSetting, match=said):
        limits_of([change])


def test_what_was_not_measured_could_not_be_told(tmp_path: Path) -> None:
    numbers = {name: value for name, value in GOOD.numbers.items() if name != "rank"}
    one = replace(GOOD, numbers=numbers).not_measured("rank", "no weights")
    checks = {check["name"]: check for check in audited(tmp_path, one).document["checks"]}
    entry = checks["synthetic-confusable"]
    assert (entry["checked"], entry["could_not_tell"]) == (1, 1)
    assert entry["reasons"] == {"the number was not measured: no weights": 1}


def test_other_findings_stay(tmp_path: Path) -> None:
    report = audited(tmp_path, replace(GOOD, answer="```python\nprint(1)"))
    assert {"unclosed-code", "synthetic"} <= set(report.findings["check"])


def test_records_that_nobody_made_are_not_asked(tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_text('{"instruction": "synthetic?", "output": "Yes."}\n', "utf-8")
    report = audit(tmp_path / "c.jsonl", workspace=tmp_path / "ws")
    entries = [c for c in report.document["checks"] if c["name"].startswith("synthetic")]
    assert {entry["skipped"] for entry in entries} == {"no language model had a part in any record"}
    assert not report.findings["check"].str.starts_with("synthetic").any()
