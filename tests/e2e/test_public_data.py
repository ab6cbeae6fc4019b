"""Every public set beside the checkout is audited to its end, and what is known of it is found."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest

from curate.audit import audit
from curate.report import Report
from tests.conftest import SHARED

SETS = sorted(path.name.removesuffix(".jsonl.gz") for path in SHARED.glob("*.jsonl.gz"))
LONG = ["langid_tatoeba_112"]  # half of the time that all sets take
NAMES = [pytest.param(name, marks=pytest.mark.long if name in LONG else ()) for name in SETS]
STEP = 13  # which meets every language
REJECTED = {
    "iaa_pandalm_en": 4,  # answers that are true or false instead of text
    "postedit_instruction_ja": 683,  # dialogs without the corrected turns
    "pref_hh_harmless_en": 5,  # transcripts that do not share their beginning
}
Audited = Callable[..., Report]


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Audited:
    """Audit a set once, however many tests ask."""
    done: dict[str, Report] = {}
    workspace = tmp_path_factory.mktemp("ws")

    def once(name: str, **choices: Any) -> Report:
        key = f"{name} {choices}"
        if key not in done:
            done[key] = audit(SHARED / f"{name}.jsonl.gz", workspace=workspace, **choices)
        return done[key]

    return once


def lines(name: str, *fields: str) -> pl.DataFrame:
    """Columns of a set, with the line of each row."""
    with gzip.open(SHARED / f"{name}.jsonl.gz") as file:
        rows = [orjson.loads(line) for line in file]
    return pl.DataFrame([{f: row[f] for f in fields} for row in rows]).with_row_index("line", 1)


def flagged(report: Report, check: str, **where: Any) -> set[int]:
    """Lines on which a check found something."""
    found = report.findings.filter(pl.col("check") == check)
    for column, value in where.items():
        found = found.filter(pl.col(column) == value)
    return set(found["line"].drop_nulls())


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize("name", NAMES)
def test_every_set_is_audited_and_accounted_for(name: str, audited: Audited) -> None:
    with gzip.open(SHARED / f"{name}.jsonl.gz") as file:
        count = sum(1 for _ in file)
    accounted_for(name, audited(name), count)


def accounted_for(name: str, report: Report, count: int) -> None:
    rows = report.document["rows"]
    assert rows["read"] == rows["kept"] + rows["rejected"] == count
    assert rows["rejected"] == REJECTED.get(name, 0)
    failing = {
        check["name"]: check["reasons"]
        for check in report.document["checks"]
        if any(reason.startswith("the check failed") for reason in check["reasons"])
    }
    assert failing == {}


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize("name", LONG)
def test_a_part_of_a_long_set_is_audited_and_accounted_for(name: str, tmp_path: Path) -> None:
    with gzip.open(SHARED / f"{name}.jsonl.gz") as file:
        lines = list(islice(file, 0, None, STEP))
    (tmp_path / "data.jsonl").write_bytes(b"".join(lines))
    accounted_for(name, audit(tmp_path / "data.jsonl", workspace=tmp_path / "ws"), len(lines))


@pytest.mark.usefixtures("shared")
class TestAlpaca:
    """Figures of the data's README."""

    NAME = "instruct_alpaca_en"

    def test_empty_answers(self, audited: Audited) -> None:
        truth = lines(self.NAME, "output").filter(pl.col("output") == "")
        assert len(truth) == 28
        assert flagged(audited(self.NAME), "empty-answer", severity="error") >= set(truth["line"])

    def test_no_input_markers(self, audited: Audited) -> None:
        found = flagged(audited(self.NAME), "placeholder-input")
        assert 540 <= len(found) <= 700

    def test_hardly_any_refusals(self, audited: Audited) -> None:
        assert len(flagged(audited(self.NAME), "refusal")) < 0.002 * 52_002

    def test_no_duplicates(self, audited: Audited) -> None:
        assert flagged(audited(self.NAME), "exact-duplicate") == set()


@pytest.mark.usefixtures("shared")
def test_refusals_of_xstest(audited: Audited) -> None:
    truth = lines("refusal_xstest_en", "final_label")
    found = flagged(audited("refusal_xstest_en"), "refusal")
    labels = {label: set(part["line"]) for (label,), part in truth.group_by("final_label")}
    refusals = next(lines for label, lines in labels.items() if "full_refusal" in label_key(label))
    fine = next(lines for label, lines in labels.items() if "compliance" in label_key(label))
    right, wrong, missed = len(found & refusals), len(found & fine), len(refusals - found)
    assert 2 * right / (2 * right + wrong + missed) >= 0.93


def label_key(label: object) -> str:
    """A label in one spelling."""
    return str(label).lower().replace(" ", "_")


@pytest.mark.usefixtures("shared")
def test_one_instruction_with_many_inputs_is_no_duplicate(audited: Audited) -> None:
    truth = lines("instruct_superni_en", "instruction", "input", "output")
    repeated = truth.filter(~pl.struct("instruction", "input", "output").is_first_distinct())
    report = audited("instruct_superni_en")
    assert flagged(report, "exact-duplicate") == set(repeated["line"])


@pytest.mark.usefixtures("shared")
def test_shared_paragraphs_are_no_duplicates(audited: Audited) -> None:
    truth = lines("instruct_jaquad_ja", "instruction", "input", "output")
    repeated = truth.filter(~pl.struct("instruction", "input", "output").is_first_distinct())
    assert flagged(audited("instruct_jaquad_ja"), "exact-duplicate") == set(repeated["line"])


@pytest.mark.usefixtures("shared")
def test_extracted_answers_are_grounded(audited: Audited) -> None:
    assert flagged(audited("instruct_jaquad_ja"), "ungrounded") == set()


@pytest.mark.usefixtures("shared")
def test_agreement_of_pandalm(tmp_path: Path) -> None:
    from curate.reading import Reading

    annotators = ("annotator1", "annotator2", "annotator3")
    report = audit(
        SHARED / "iaa_pandalm_en.jsonl.gz",
        reading=Reading(annotators=annotators),
        only=["annotator-agreement"],
        workspace=tmp_path,
    )
    pairs = report.document["measures"]["annotator-agreement"]["pairs"]
    kappas = [kappa for *_, kappa in pairs]
    assert kappas == pytest.approx([0.852, 0.879, 0.862], abs=0.006)  # 4 of 999 are no text
