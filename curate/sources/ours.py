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
MANIFEST = "manifest.json"
BESIDE_RECORDS = frozenset({MANIFEST, "ledger.parquet", "decisions.jsonl"})
SNAPSHOT_MARK = b'"format": "curate-'
HEAD_BYTES = 256  # of a report.json or a manifest: what it is stands first


def written_by_curate(entry: Path) -> bool:
    """Whether this is a workspace, a file of a report, or what lies beside a snapshot's records.

    What a file belongs to is told by the report.json or manifest.json of ours in its folder.
    """
    if entry.is_dir():
        return is_workspace(entry)
    if entry.name in BESIDE_RECORDS:
        return begins(entry.with_name(MANIFEST), SNAPSHOT_MARK)
    return entry.name in OF_A_REPORT and begins(entry.with_name(REPORT), MARK)


def is_workspace(folder: Path) -> bool:
    """Whether audits and snapshots of ours lie in a folder."""
    return (folder / "audits" / "latest").is_file() and (folder / "snapshots").is_dir()


def begins(file: Path, mark: bytes) -> bool:
    """Whether a file is there and holds a mark of ours at its beginning."""
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return mark in opened.read(HEAD_BYTES)
