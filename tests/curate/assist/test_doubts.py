"""Doubts and the gate: numbers beside a record become findings of an audit like any other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from curate.assist.candidate import Candidate, write
from curate.assist.doubts import CHECKS, DOUBTS, doubts_of, limits_of
from curate.assist.gate import audited, with_findings
from curate.errors import BadSetting
from curate.workspace import Workspace

AUTHOR = {"model": "m", "prompt_hash": "00", "parameters": {}}
GOOD = Candidate(
    "backtranslation", "How do I return a parcel that I do not want?",
    "You can return anything within 30 days; put the slip into the parcel.", "en",
    {"record_id": "ab", "source": "a.md", "line": 3}, (AUTHOR,),
    numbers={"ifd_delta": 0.6, "ifd_place": 0.5, "rank": 1, "of": 8, "likeness": 0.4, "copied": 0.1,
             "repeated": 0.2, "same_language": True, "kept_facts": True, "changed": ""},
)  # fmt: skip
JAPANESE = replace(
    GOOD, instruction="不要になった荷物はどうやって返品すればよいですか。",
    answer="30日以内であれば、同封の用紙を箱に入れて郵便局からお送りください。", language="ja",
)  # fmt: skip
BAD = {"ifd_delta": -0.1, "ifd_place": 0.05, "rank": 3, "likeness": 0.01, "copied": 0.7,
       "repeated": 0.9, "same_language": False, "kept_facts": False}  # fmt: skip


def findings(tmp_path: Path, *candidates: Candidate, **limits: float) -> pl.DataFrame:
    write(candidates, tmp_path / "c.jsonl")
    moved = {name.replace("_", "-"): limit for name, limit in limits.items()}
    report = audited([str(tmp_path / "c.jsonl")], CHECKS, Workspace(tmp_path / "ws"), moved)
    return report.findings.filter(pl.col("check").str.starts_with("synthetic"))


def test_a_good_pair_waits_for_a_decision_and_no_more(tmp_path: Path) -> None:
    found = findings(tmp_path, GOOD, JAPANESE)
    assert found["check"].to_list() == ["synthetic", "synthetic"]
    assert found["severity"].to_list() == ["error", "error"]
    assert '"parent":{"record_id":"ab"' in found["evidence"][0]


@pytest.mark.parametrize("doubt", DOUBTS, ids=lambda doubt: doubt.name)
def test_each_number_is_a_finding(doubt: object, tmp_path: Path) -> None:
    number = getattr(doubt, "number")  # noqa: B009
    name = getattr(doubt, "name")  # noqa: B009
    bad = GOOD.measured(**{number: BAD[number], "changed": "1990"})
    assert doubts_of(bad, {}) == [name]
    found = findings(tmp_path, bad, JAPANESE)
    assert sorted(found["check"]) == ["synthetic", "synthetic", name]
    assert found.filter(check=name)["line"].to_list() == [1]


def test_a_limit_moves(tmp_path: Path) -> None:
    bad = GOOD.measured(copied=0.7)
    assert len(findings(tmp_path, bad)) == 2
    assert len(findings(tmp_path, bad, synthetic_copied=0.8)) == 1
    assert limits_of(["synthetic-copied=0.8"]) == {"synthetic-copied": 0.8}
    with pytest.raises(BadSetting, match="did you mean 'synthetic-copied'"):
        limits_of(["synthetic-copies=1"])
    with pytest.raises(BadSetting, match="a number"):
        limits_of(["synthetic-copied=much"])


def test_what_was_not_measured_could_not_be_told(tmp_path: Path) -> None:
    numbers = {name: value for name, value in GOOD.numbers.items() if name != "rank"}
    one = replace(GOOD, numbers=numbers).not_measured("rank", "no weights")
    write([one], tmp_path / "c.jsonl")
    report = audited([str(tmp_path / "c.jsonl")], CHECKS, Workspace(tmp_path / "ws"))
    [entry] = [c for c in report.document["checks"] if c["name"] == "synthetic-confusable"]
    assert (entry["checked"], entry["could_not_tell"]) == (1, 1)
    assert entry["reasons"] == {"the number was not measured: no weights": 1}


def test_other_findings_stay_and_asking_twice_says_it_once(tmp_path: Path) -> None:
    write([replace(GOOD, answer="```python\nprint(1)")], tmp_path / "c.jsonl")
    where = Workspace(tmp_path / "ws")
    report = audited([str(tmp_path / "c.jsonl")], CHECKS, where)
    names = sorted(report.findings["check"])
    assert {"unclosed-code", "synthetic"} <= set(names)
    again = with_findings(report, CHECKS, where)
    assert sorted(again.findings["check"]) == names
    assert again.document["findings"] == report.document["findings"]


def test_records_that_nobody_made_are_not_asked(tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_text('{"instruction": "synthetic?", "output": "Yes."}\n', "utf-8")
    report = audited([str(tmp_path / "c.jsonl")], CHECKS, Workspace(tmp_path / "ws"))
    assert not report.findings["check"].str.starts_with("synthetic").any()
