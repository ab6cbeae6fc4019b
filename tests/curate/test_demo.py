"""The demo holds one planted case of each fault in both languages beside clean twins.

All planted faults are found where they lie, and nothing is found on a twin or a clean record.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest

from curate import demo
from curate.audit import audit
from curate.errors import BadSetting
from curate.plan import every_check
from curate.report import Report

WHOLE = {"refusal-share", "class-imbalance", "source-mix"}
NOT_PLANTED = {  # and why
    "annotator-agreement": "needs annotators",
    "no-preference": "needs pairs of a chosen and a rejected answer",
    "semantic-duplicate": "needs an embedding model",
    "length-outliers": "stands on the records that are too long",
    "source-mix": "the demo is mostly one file, and is told so",
}
ONE_LANGUAGE = {"tone-drift": "ja"}  # English formality is not judged


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], Report]:
    folder = tmp_path_factory.mktemp("demo")
    told = demo.write(folder)
    sources = [folder / name for name in ("data.jsonl", "chat.jsonl", "faq.csv", "made.jsonl")]
    given = {"eval-leakage": {"eval_files": (str(folder / "eval.jsonl"),)}}
    return told, audit(sources, workspace=folder / "ws", given=given)


def places(report: Report) -> pl.DataFrame:
    """Findings with the bare name of their file."""
    return report.findings.with_columns(pl.col("source").str.split("/").list.last())


def test_every_planted_fault_is_found_where_it_lies(
    planted: tuple[list[dict[str, Any]], Report],
) -> None:
    told, report = planted
    found = set(places(report).select("check", "source", "line").rows())
    whole = {check for check, source, _ in found if source is None}
    missed = [
        fault
        for fault in told
        if not any((fault["check"], fault["source"], line) in found for line in fault["lines"])
        and not (fault["check"] in whole and not fault["lines"])
    ]
    assert missed == []


def test_nothing_is_found_on_a_twin_or_a_clean_record(
    planted: tuple[list[dict[str, Any]], Report],
) -> None:
    told, report = planted
    faulty = {(fault["source"], line) for fault in told for line in fault["lines"]}
    extra = [
        row
        for row in places(report).select("check", "source", "line", "message").rows()
        if row[1] is not None and (row[1], row[2]) not in faulty and row[0] != "refusal"
    ]
    assert extra == []


def test_near_duplicates_are_nothing_else(
    planted: tuple[list[dict[str, Any]], Report],
) -> None:
    told, report = planted
    lines = {
        line for fault in told if fault["check"] == "near-duplicate" for line in fault["lines"]
    }
    found = places(report).filter(pl.col("source") == "data.jsonl", pl.col("line").is_in(lines))
    assert found["check"].to_list() == ["near-duplicate"] * 2
    near = places(report).filter(pl.col("check") == "near-duplicate")
    assert set(near["line"]) == set(found["line"])


def test_refusals_beside_the_planted_ones_are_those_of_the_over_refused_category(
    planted: tuple[list[dict[str, Any]], Report],
) -> None:
    told, report = planted
    lines = {line for fault in told if fault["check"] == "refusal" for line in fault["lines"]}
    found = places(report).filter((pl.col("check") == "refusal") & ~pl.col("line").is_in(lines))
    categories = set(report.records(found["record_id"])["category"])
    assert categories == {"health"}
    assert len(found) == 14


def test_on_the_whole_data_set_only_what_is_planted(
    planted: tuple[list[dict[str, Any]], Report],
) -> None:
    _, report = planted
    whole = report.findings.filter(pl.col("record_id").is_null())
    assert set(whole["check"]) == WHOLE


def test_every_check_is_planted_in_both_languages(
    planted: tuple[list[dict[str, Any]], Report],
) -> None:
    told, _ = planted
    languages: dict[str, set[str]] = {}
    for fault in told:
        languages.setdefault(fault["check"], set()).update(fault["language"].split(", "))
    for check in set(every_check(())) - set(NOT_PLANTED):
        assert languages[check] == (
            {ONE_LANGUAGE[check]} if check in ONE_LANGUAGE else {"en", "ja"}
        )


def test_what_a_model_made_is_weak_in_one_number_each(
    planted: tuple[list[dict[str, Any]], Report],
) -> None:
    told, report = planted
    wanted = {(f["check"], f["lines"][0]) for f in told if f["source"] == "made.jsonl"}
    found = places(report).filter(pl.col("source") == "made.jsonl")
    synthetic = set(
        found.filter(pl.col("check").str.starts_with("synthetic"))["check", "line"].rows()
    )
    waiting = {("synthetic", line) for _, line in wanted}
    assert synthetic == wanted | waiting


def test_the_same_demo_every_time(tmp_path: Path) -> None:
    demo.write(tmp_path / "a")
    demo.write(tmp_path / "b")
    for name in demo.FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_the_list_says_what_the_function_gives(tmp_path: Path) -> None:
    told = demo.write(tmp_path)
    lines = (tmp_path / "planted.jsonl").read_bytes().splitlines()
    assert [orjson.loads(line) for line in lines] == told


def test_a_demo_written_again_changes_nothing(tmp_path: Path) -> None:
    assert demo.write(tmp_path) == demo.write(tmp_path)


@pytest.mark.parametrize("name", demo.FILES)
def test_a_file_of_the_user_is_never_overwritten(name: str, tmp_path: Path) -> None:
    mine = tmp_path / name
    mine.write_text("mine")
    with pytest.raises(BadSetting, match="is there already"):
        demo.write(tmp_path)
    assert [file.read_text() for file in tmp_path.iterdir()] == ["mine"]


def test_a_file_is_no_folder_to_write_into(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("mine")
    with pytest.raises(BadSetting, match="name a folder"):
        demo.write(tmp_path / "notes")
