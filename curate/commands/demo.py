"""curate demo: write a small bilingual data set whose faults are known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def demo(
    folder: Annotated[Path, typer.Argument(help="Folder to write into.")] = Path("demo"),
) -> int:
    """Write a small bilingual data set with planted faults, and the list of them."""
    from curate.demo import FILES, write

    planted = write(folder)
    checks = len({fault["check"] for fault in planted})
    typer.echo(f"{folder}: {', '.join(FILES)}; {len(planted)} faults planted, for {checks} checks")
    sources = " ".join(f"{folder}/{name}" for name in FILES[:3])
    typer.echo(f"next: curate audit {sources} --eval {folder}/eval.jsonl")
    return 0
