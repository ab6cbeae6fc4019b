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


def separated(given: list[str]) -> list[str]:
    """Each of the names, given one by one or between commas."""
    return [name.strip() for text in given for name in text.split(",") if name.strip()]


Formats = Annotated[
    list[str],
    typer.Option(
        "--format", help="Also write sarif, junit or md, separated by commas.", callback=separated
    ),
]
Locale = Annotated[str, typer.Option(help="Language of the report: en or ja.")]
