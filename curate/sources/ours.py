"""Ours: what curate itself wrote beside the data, which is no data to be read again."""

from __future__ import annotations

from pathlib import Path

REPORT = "report.json"
OF_A_REPORT = frozenset(
    {
        REPORT, "report.html", "report.md", "report.sarif", "report.junit.xml",
        "findings.parquet", "candidates.parquet", "rejects.jsonl",
    }
)  # fmt: skip
MARK = b'"schema": "curate-report/'
HEAD_BYTES = 256  # of a report.json: its schema stands first


def written_by_curate(entry: Path) -> bool:
    """Whether this is a workspace, or a file of a report (a report.json of ours lies beside it)."""
    if entry.is_dir():
        return is_workspace(entry)
    return entry.name in OF_A_REPORT and is_report(entry.with_name(REPORT))


def is_workspace(folder: Path) -> bool:
    """Whether audits and snapshots of ours lie in a folder."""
    return (folder / "audits" / "latest").is_file() and (folder / "snapshots").is_dir()


def is_report(file: Path) -> bool:
    """Whether a file is the report.json of an audit."""
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return MARK in opened.read(HEAD_BYTES)
