"""Options that several commands share, said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Recipe = Annotated[str | None, typer.Option(help="Recipe file or preset [qlora-all-linear].")]
Changes = Annotated[list[str], typer.Option("--set", help="SETTING=VALUE, as training.epochs=3.")]
Snapshot = Annotated[
    str | None, typer.Option(help="Approved snapshot: id or folder [the newest one].")
]
Model = Annotated[str | None, typer.Option(help="Base model: folder or name.")]
Workspace = Annotated[
    Path | None, typer.Option(help="Folder of snapshots and runs [nearest .curate/].")
]
Locale = Annotated[str, typer.Option(help="Language of what is said: en or ja.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
