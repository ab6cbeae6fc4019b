"""Flags: what every command that asks a language model takes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

Server = Annotated[
    str | None, typer.Option(help="OpenAI-compatible server, as http://127.0.0.1:8000/v1.")
]
Model = Annotated[
    str | None, typer.Option(help="Name of the model there, or a folder of weights here.")
]
Tokens = Annotated[
    int | None, typer.Option("--max-tokens", help="Tokens to spend at most, in all.", min=1)
]
PerMinute = Annotated[
    float | None, typer.Option("--per-minute", help="Calls a minute, at most.", min=0.1)
]
AtOnce = Annotated[int, typer.Option("--at-once", help="Calls at the same time.", min=1)]
Timeout = Annotated[float, typer.Option(help="Seconds to wait for one answer.", min=0.1)]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be asked and spent; ask nothing.")
]
Weights = Annotated[
    Path | None, typer.Option(help="Folder of weights to score with: helps, rank among others.")
]
Into = Annotated[Path, typer.Option("--into", help="File for the candidates.")]
Limits = Annotated[
    list[str], typer.Option("--set", metavar="CHECK=LIMIT", help="Move a limit, as often.")
]


@dataclass(frozen=True, slots=True)
class Flags:
    """What every command was given that has candidates made."""

    sources: tuple[str, ...]  # files that are read, and must not be written
    into: Path
    out: Path
    workspace: Path | None
    server: str | None
    model: str | None
    weights: Path | None
    changes: list[str]
    max_tokens: int | None
    per_minute: float | None
    at_once: int
    timeout: float
    locale: str
    dry_run: bool
