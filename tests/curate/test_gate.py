"""Gate: what may be written, and when it fails a build."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from curate.errors import BadSetting
from curate.finding import SCHEMA
from curate.gate import NAMED, decidable, failed, failed_said, parse, told
from curate.plan import make
from curate.reading import Reading

DOCUMENT: dict[str, Any] = {
    "schema": "curate-report/1",
    "rows": {"read": 10, "kept": 8, "rejected": 2},
    "findings": {"total": 3},
    "checks": [
        {"name": "refusal", "checked": 8, "flagged": 2, "could_not_tell": 0, "skipped": None},
        {"name": "refusal-share", "checked": 8, "flagged": 1, "could_not_tell": 0, "skipped": None},
        {"name": "mojibake", "checked": 8, "flagged": 0, "could_not_tell": 3, "skipped": None},
        {"name": "invalid-sql", "checked": 0, "flagged": 0, "could_not_tell": 0, "skipped": None},
        {
            "name": "secret",
            "checked": 8,
            "flagged": 0,
            "could_not_tell": 8,
            "reasons": {"the check failed: it broke": 8},
            "skipped": None,
        },
        {
            "name": "eval-leakage",
            "checked": 0,
            "flagged": 0,
            "could_not_tell": 0,
            "skipped": "no file",
        },
        {
            "name": "annotator-agreement",
            "checked": 8,
            "flagged": 0,
            "could_not_tell": 0,
            "skipped": None,
        },
    ],
    "measures": {
        "refusal-share": {"share": 0.25},
        "annotator-agreement": {"alpha": 0.6, "kappa": None},
    },
}


def findings(*severities: str) -> pl.DataFrame:
    rows = [
        {
            "record_id": f"{n:032}",
            "source": "a.jsonl",
            "line": n,
            "check": "refusal",
            "severity": severity,
            "message": "m",
        }
        for n, severity in enumerate(severities, start=1)
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


REPORT: Any = SimpleNamespace(document=DOCUMENT, findings=findings("warn", "warn", "info"))


@pytest.mark.parametrize(
    "text",
    [
        "error", "refusal>0.25", "refusal-share>=0.26", "refusal-share<0.2", "mojibake>0",
        "rejected>2", "could-not-tell>11", "skipped>1", "findings>3", "annotator-agreement.alpha<0.6",
        "refusal>1", "refusal>1.", "refusal>.25", "refusal>2.5e-1",
    ],
)  # fmt: skip
def test_passes(text: str) -> None:
    assert failed(REPORT, [parse(text)]) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("warn", "warn: 2 findings"),
        ("info", "info: 3 findings"),
        ("refusal>0.2", "refusal>0.2: it is 0.25"),
        (" refusal-share > 0.2 ", " refusal-share > 0.2 : it is 0.25"),
        ("rejected>1", "rejected>1: it is 2"),
        ("could-not-tell>=3", "could-not-tell>=3: it is 11"),
        ("skipped>0", "skipped>0: it is 1"),
        ("annotator-agreement.alpha<0.7", "annotator-agreement.alpha<0.7: it is 0.6"),
    ],
)
def test_fails(text: str, said: str) -> None:
    assert failed(REPORT, [parse(text)]) == [said]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "severe",
        "refusal",
        "refusal>",
        "refusal>many",
        "refusal=0.2",
        "x y>1",
        "refusal>-1",
        "refusal>1.2.3",
    ],
)
def test_what_may_not_be_written(text: str) -> None:
    with pytest.raises(BadSetting, match="write a severity"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("refusl>0.2", "unknown name 'refusl'; did you mean 'refusal'"),
        ("annotator-agreement.alfa<1", "unknown measure 'alfa'; did you mean 'alpha'"),
    ],
)
def test_unknown_names_are_refused_with_the_nearest(text: str, said: str) -> None:
    with pytest.raises(BadSetting) as caught:
        failed(REPORT, [parse(text)])
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("eval-leakage>0", "eval-leakage says nothing of this data: no file"),
        ("eval-leakage.rejected>0", "eval-leakage says nothing of this data: no file"),
        ("secret>0", "secret says nothing of this data: the check failed: it broke"),
        ("annotator-agreement.kappa<0.4", "annotator-agreement says nothing .* it has no kappa"),
    ],
)
def test_what_nobody_can_tell_is_no_pass(text: str, why: str) -> None:
    with pytest.raises(BadSetting, match=f"'{text}' cannot be decided: {why}"):
        failed(REPORT, [parse("findings>3"), parse(text)])


def test_a_check_that_applies_to_no_record_passes() -> None:
    assert failed(REPORT, [parse("invalid-sql>0")]) == []


@pytest.mark.parametrize("text", ["refusal-share>20", "refusal>1.5", "refusal-share>20.0"])
def test_a_share_is_at_most_one(text: str) -> None:
    with pytest.raises(BadSetting, match=r"is a share, from 0 to 1; for 20 % write refusal.*>0\.2"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("refusl>0.2", "unknown name 'refusl'; did you mean 'refusal'"),
        ("eval-leakage>0", "cannot be decided: eval-leakage .* no --eval FILE given"),
        ("mojibake>0", "cannot be decided: mojibake .* left out by --skip"),
    ],
)
def test_what_will_not_be_asked_is_refused_before_reading(text: str, said: str) -> None:
    plan = make(Reading(), skip=["mojibake"])
    decidable([parse("error"), parse("rejected>0"), parse("refusal>0")], plan)
    with pytest.raises(BadSetting, match=said):
        decidable([parse(text)], plan)


def baseline(folder: Path, known: pl.DataFrame) -> Path:
    known.write_parquet(folder / "findings.parquet")
    (folder / "report.json").write_text(json.dumps(DOCUMENT))
    return folder / "report.json"


def test_a_baseline_forgives_what_it_knows(tmp_path: Path) -> None:
    assert failed(REPORT, [parse("info")], baseline(tmp_path, REPORT.findings)) == []


def test_a_baseline_does_not_forgive_new_findings(tmp_path: Path) -> None:
    known = baseline(tmp_path, REPORT.findings.head(2))
    assert failed(REPORT, [parse("info"), parse("warn")], known) == [
        "info: 1 new findings",
        "new: refusal a.jsonl:3: m",
    ]


def test_the_worst_new_findings_are_named_and_the_others_counted(tmp_path: Path) -> None:
    many = findings(*["info"] * NAMED, "error", "warn")
    known = baseline(tmp_path, many.clear())
    report: Any = SimpleNamespace(document=DOCUMENT, findings=many)
    both, warn, first, *_, last = failed(report, [parse("info"), parse("warn")], known)
    assert (both, warn) == ("info: 12 new findings", "warn: 2 new findings")
    assert (first, last) == ("new: refusal a.jsonl:11: m", "new: 2 more")
    assert [one["severity"] for one in told(many)] == ["error", "warn", *["info"] * NAMED]


def test_a_new_finding_on_the_data_set_is_named(tmp_path: Path) -> None:
    whole = findings("warn").with_columns(source=pl.lit(None, pl.String))
    report: Any = SimpleNamespace(document=DOCUMENT, findings=whole)
    reasons = failed(report, [parse("warn")], baseline(tmp_path, whole.clear()))
    assert reasons == ["warn: 1 new findings", "new: refusal the whole data set: m"]


def test_a_finding_on_the_data_set_is_known_too(tmp_path: Path) -> None:
    whole = findings("warn").with_columns(record_id=pl.lit(None, pl.String))
    report: Any = SimpleNamespace(document=DOCUMENT, findings=whole)
    assert failed(report, [parse("warn")], baseline(tmp_path, whole)) == []


def test_the_gate_speaks_japanese(tmp_path: Path) -> None:
    evidence = '{"says": "the answer is empty", "args": {}}'
    whole = findings("warn", "warn", *["info"] * NAMED).with_columns(
        source=pl.Series([None, *["a.jsonl"] * (NAMED + 1)]), evidence=pl.lit(evidence)
    )
    report: Any = SimpleNamespace(document=DOCUMENT, findings=whole)
    conditions = [parse("info"), parse("refusal>0.2")]
    known = baseline(tmp_path, whole.clear())
    both, share, first, second, *_, last = failed_said(report, conditions, known, "ja")
    assert (both, share) == ("info: 新しい指摘 12 件", "refusal>0.2: 値は 0.25 です")
    assert (first, second) == (
        "新規: refusal データ全体: 回答が空です",
        "新規: refusal a.jsonl:2: 回答が空です",
    )
    assert last == "新規: ほか 2 件"
    assert failed_said(report, [parse("info")], None, "ja") == ["info: 指摘 12 件"]
    assert failed_said(report, [parse("info")], None, "en") == []


def test_a_baseline_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="does not exist"):
        failed(REPORT, [parse("warn")], tmp_path / "report.json")
