"""Report: all findings of one audit of one snapshot, counted, and what could not be told.

Candidates are all hits with their scores; findings are those whose score reaches its check's
threshold. Both are kept in the workspace, so that a threshold moves without a second audit.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from curate import finding
from curate.errors import BadSetting, BadSource, unknown
from curate.publish import JOURNAL, publish, write_table, write_whole
from curate.record import SCHEMA
from curate.snapshot import Snapshot, open_snapshot
from curate.sources.ours import MARK, begins
from curate.top import most_worth_a_look
from curate.workspace import Workspace

FORMAT = "curate-report/1"
FILES = ("report.html", "report.json", "findings.parquet", "rejects.jsonl")
KEPT = ("report.json", "findings.parquet", "candidates.parquet", "rejects.jsonl")
SHOWN_REJECTS = 20
# Group by group, so that a million findings need little memory; the least level takes half the
# time of the usual one, for files that are a twelfth larger.
WRITTEN: dict[str, Any] = {"row_group_size": 16_384, "compression_level": 1}


@dataclass(frozen=True)
class Report:
    """`document` is the content of report.json; `candidates` are all hits with their places."""

    document: dict[str, Any]
    findings: pl.DataFrame  # finding.SCHEMA
    candidates: pl.DataFrame  # hits.HITS
    snapshot: Snapshot
    folder: Path

    @property
    def rejects(self) -> list[dict[str, Any]]:
        """Some rejects, one of each code before others: source, line, offset, code, message."""
        first: dict[str, dict[str, Any]] = {}
        others: list[dict[str, Any]] = []
        with (self.folder / "rejects.jsonl").open("rb") as file:
            for line in file:
                if len(first) == len(self.document["rejects"]) and len(others) >= SHOWN_REJECTS:
                    break
                reject = orjson.loads(line)
                if first.setdefault(reject["code"], reject) is not reject:
                    others.append(reject)
                    del others[SHOWN_REJECTS:]
        return [*first.values(), *others][:SHOWN_REJECTS]

    def gated(self, failed: Sequence[str], said: Sequence[str] = ()) -> Report:
        """The same report, telling also which conditions of a gate it failed.

        `said` is the same in the language of the page.
        """
        gate = {"failed": list(failed), **({"said": list(said)} if said else {})}
        return replace(self, document={**self.document, "gate": gate})

    def records(self, ids: Iterable[str]) -> pl.DataFrame:
        """The records of these ids, for showing: all columns and `prompt`."""
        wanted = pl.Series(list(ids), dtype=pl.String)
        known = self.candidates.filter(pl.col("record_id").is_in(wanted.implode()))
        places = known.select("part", "row").unique(maintain_order=True)
        others = wanted.filter(~wanted.is_in(known["record_id"].implode()))
        places = pl.concat([places, self.places(others)]) if len(others) else places
        return self.snapshot.take(places, [*SCHEMA, "prompt"]).unique(
            "record_id", maintain_order=True
        )

    def places(self, ids: pl.Series) -> pl.DataFrame:
        """Part and row of records that no check found anything on, but a finding may name."""
        found = [
            frame.with_row_index("row")
            .filter(pl.col("record_id").is_in(ids.implode()))
            .select(pl.lit(part, dtype=pl.UInt32).alias("part"), "row")
            for part, frame in enumerate(self.snapshot.frames(["record_id"]))
        ]
        return pl.concat(found)

    def tables(self) -> dict[str, pl.DataFrame]:
        """What checks keep beside the report, by check."""
        files = sorted(self.folder.glob("*.parquet"))
        return {file.stem: pl.read_parquet(file) for file in files if file.name not in KEPT}

    def record(self, record_id: str) -> dict[str, Any] | None:
        """One record with findings; None where there is no such one."""
        found = self.records([record_id])
        return found.row(0, named=True) if len(found) else None

    def save(self, out: Path, locale: str = "en", formats: Sequence[str] = ()) -> None:
        """Put the report into a folder, whole or not at all; `formats` are sarif, junit, md."""
        from curate import outputs
        from curate.show.report_html import render

        writers, names = outputs.found(), replaceable(out, formats)
        with Workspace(self.folder.parent.parent).scratch() as made:
            (made / "report.html").write_text(render(self, locale), encoding="utf-8")
            (made / "report.json").write_bytes(as_file(self.document))
            for name in ("findings.parquet", "rejects.jsonl"):
                shutil.copyfile(self.folder / name, made / name)
            for name in formats:
                writer = writers[name]
                (made / writer.FILE).write_text(writer.render(self, locale), encoding="utf-8")
            try:
                publish(made, out, names)
            except OSError as error:
                raise BadSetting(
                    f"--out {out}: {error.strerror or error}; nothing was half written; "
                    "name a folder you may write to, with room for the report"
                ) from error
        write_whole(shown_in(self.folder), str(out.resolve()).encode())

    @property
    def page(self) -> Path | None:
        """report.html where it was last saved; None where it is not."""
        told = shown_in(self.folder)
        page = Path(told.read_text(encoding="utf-8")) / "report.html" if told.exists() else None
        return page if page is not None and page.exists() else None

    def __repr__(self) -> str:
        rows, counts = self.document["rows"], self.document["findings"]
        found = ", ".join(f"{name} {counts[name]}" for name in reversed(finding.SEVERITIES))
        return (
            f"<Report of {rows['read']} records: {rows['kept']} kept, {rows['rejected']} rejected; "
            f"findings: {found}; {self.folder}>"
        )

    def _repr_html_(self) -> str:
        from curate.show.notebook import notebook

        return notebook(self)


def replaceable(out: Path, formats: Sequence[str] = ()) -> list[str]:
    """Names that a report may take in this folder; BadSetting where a file there is not ours."""
    from curate import outputs

    writers = outputs.found()
    for name in formats:
        if name not in writers:
            raise BadSetting(f"--format: {unknown('format', name, writers)}")
    written = begins(out / "report.json", MARK)
    # A name like report.md is ours to replace where an earlier report of ours lies, or now.
    names = [*FILES, *(writers[name].FILE for name in (writers if written else formats))]
    theirs = [name for name in names if (out / name).exists()]
    if theirs and not written and not (out / JOURNAL).exists():
        raise BadSetting(
            f"--out {out}: curate did not write the {theirs[0]} that lies there; "
            "name another folder, or move the file away"
        )
    return names


def keep(
    document: dict[str, Any],
    candidates: pl.DataFrame,
    findings: pl.DataFrame,
    rejects: Path,
    snapshot: Snapshot,
    where: Workspace,
    tables: Mapping[str, pl.DataFrame] | None = None,
) -> Report:
    """Put an audit into the workspace and point `latest` at it; `tables` are kept by check."""
    told = orjson.dumps([document["snapshot"], document["settings"], document["rule_files"]])
    name = blake2b(told, digest_size=8).hexdigest()
    public = findings.select(list(finding.SCHEMA))
    with where.scratch() as folder:
        made = folder / name
        made.mkdir()
        (made / "report.json").write_bytes(as_file(document))
        write_table(public, made / "findings.parquet", **WRITTEN)
        write_table(candidates, made / "candidates.parquet", **WRITTEN)
        (made / "rejects.jsonl").write_bytes(rejects.read_bytes())
        for check, table in (tables or {}).items():
            write_table(table, made / f"{check}.parquet")
        publish(made, where.audits / name, [*KEPT, *(f"{check}.parquet" for check in tables or {})])
    write_whole(where.audits / "latest", name.encode())
    return Report(document, public, candidates, snapshot, where.audits / name)


def shown_in(folder: Path) -> Path:
    """The file that names the folder an audit was last shown in."""
    return folder.with_suffix(".out")


def open_report(folder: Path, where: Workspace) -> Report:
    """An audit that was kept; BadSource where there is none."""
    if not (folder / "report.json").exists():
        raise BadSource(f"{folder} holds no audit; run: curate audit SOURCE")
    document = json.loads((folder / "report.json").read_bytes())
    return Report(
        document,
        pl.read_parquet(folder / "findings.parquet"),
        pl.read_parquet(folder / "candidates.parquet"),
        open_snapshot(where.snapshots / document["snapshot"]),
        folder,
    )


def as_file(document: Mapping[str, Any]) -> bytes:
    """report.json: one order of keys, readable by people too."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def concluded(document: Mapping[str, Any], findings: pl.DataFrame) -> dict[str, Any]:
    """The document with all that depends on which candidates are findings."""
    by_check = counted(findings)
    checks = [
        {**check, **by_check.get(check["name"], {"flagged": 0, "severities": {}})}
        for check in document["checks"]
    ]
    totals = dict(findings["severity"].value_counts().iter_rows())
    return {
        **document,
        "checks": checks,
        "findings": {
            "total": len(findings),
            **{severity: totals.get(severity, 0) for severity in reversed(finding.SEVERITIES)},
        },
        "top": most_worth_a_look(findings),
    }


def counted(findings: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """By check: how many records (or data sets) it flags, and findings by severity."""
    found: dict[str, dict[str, Any]] = {}
    flagged = findings.group_by("check").agg(
        pl.struct("part", "row")
        .filter(pl.col("record_id").is_not_null())
        .n_unique()
        .alias("records"),
        pl.col("record_id").is_null().sum().alias("whole"),
    )
    for name, records, whole in flagged.sort("check").iter_rows():
        found[name] = {"flagged": records or whole, "severities": {}}
    counts = findings.group_by("check", "severity").len().sort("check", "severity")
    for name, severity, count in counts.iter_rows():
        found[name]["severities"][severity] = count
    return found
