"""Options that several commands share, said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Out = Annotated[
    Path,
    typer.Option(help="Folder for report.html, report.json, findings.parquet, rejects.jsonl."),
]
Workspace = Annotated[
    Path | None, typer.Option(help="Folder of snapshots and audits [nearest .curate/].")
]
Engine = Annotated[str, typer.Option(help="Where the work runs: local or ray.")]
Address = Annotated[
    str | None, typer.Option(help="Ray cluster to use, as HOST:PORT [a new one on this machine].")
]
Changes = Annotated[list[str], typer.Option("--set", help="CHECK.PARAM=VALUE.")]
Rules = Annotated[
    list[Path], typer.Option("--rules", help="Rule file that adds to or overrides ours.")
]
FailOn = Annotated[list[str], typer.Option(help="Gate: error, warn, or as 'refusal-share>0.2'.")]
Baseline = Annotated[
    Path | None, typer.Option(help="Earlier report.json: the gate fails on new findings only.")
]
Formats = Annotated[list[str], typer.Option("--format", help="Also write sarif, junit or md.")]
Locale = Annotated[str, typer.Option(help="Language of the report: en or ja.")]
