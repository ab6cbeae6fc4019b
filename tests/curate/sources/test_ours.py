"""What curate wrote beside the data is skipped, named, and never read again."""

from __future__ import annotations

from pathlib import Path

import pytest

from curate import outputs
from curate.audit import audit
from curate.errors import NothingToAudit
from curate.reading import sources
from curate.report import FILES, KEPT
from curate.sources.ours import OF_A_REPORT

LINE = '{"instruction": "Say hello.", "output": "こんにちは。"}\n'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "train.jsonl").write_text(LINE, encoding="utf-8")
    return folder


def names(folder: Path) -> list[str]:
    return [source.name.removeprefix(f"{folder}/") for source in sources(folder)]


def test_every_file_of_a_report_is_known() -> None:
    assert {*FILES, *KEPT, *(writer.FILE for writer in outputs.found().values())} == OF_A_REPORT


def test_a_second_audit_of_a_folder_reads_the_same_data(data: Path) -> None:
    first = audit(data, workspace=data / "kept")
    first.save(data / "out", formats=("sarif", "junit", "md"))
    again = audit(data, workspace=data / "kept")
    assert again.document["rows"] == first.document["rows"]
    assert names(data) == ["train.jsonl"]
    assert sources(data)[0].said.endswith("skipped, because curate wrote it: kept, out")


def test_a_report_among_the_data_is_skipped_file_by_file(data: Path) -> None:
    audit(data, workspace=data / ".curate").save(data)
    assert names(data) == ["train.jsonl"]
    assert "curate wrote it: findings.parquet, rejects.jsonl, report.html" in sources(data)[0].said


def test_files_that_only_have_such_names_are_data(data: Path) -> None:
    (data / "rejects.jsonl").write_text(LINE, encoding="utf-8")
    (data / "report.json").write_text(f"[{LINE}]", encoding="utf-8")
    assert names(data) == ["rejects.jsonl", "report.json", "train.jsonl"]


def test_a_folder_of_ours_alone_holds_nothing_to_audit(data: Path) -> None:
    audit(data, workspace=data / "kept").save(data / "out")
    for folder in (data / "out", data / "kept"):
        with pytest.raises(NothingToAudit, match="only what curate wrote itself"):
            sources(folder)
