"""curate demo: write a small bilingual data set whose faults are known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def demo(
    folder: Annotated[Path, typer.Argument(help="Folder to write into.")] = Path("demo"),
    loop: Annotated[
        bool, typer.Option("--loop", help="A smaller set, to train on and repair.")
    ] = False,
) -> int:
    """Write a small bilingual data set with planted faults, and the list of them."""
    from curate.demo import FILES, write

    if loop:
        return write_loop(folder)
    planted = write(folder)
    checks = len({fault["check"] for fault in planted})
    typer.echo(f"{folder}: {', '.join(FILES)}; {len(planted)} faults planted, for {checks} checks")
    sources = " ".join(f"{folder}/{name}" for name in FILES[:3])
    typer.echo(f"next: curate audit {sources} --eval {folder}/eval.jsonl")
    typer.echo(f"then: curate audit {folder}/made.jsonl  # pairs that a model made")
    return 0


def write_loop(folder: Path) -> int:
    """The records of the loop's demo."""
    from curate.demo.loop import FILES, SEED, SPLIT, write

    planted = write(folder)
    typer.echo(f"{folder}: {', '.join(FILES)}; {len(planted)} wrong answers planted")
    typer.echo(f"next: curate audit {folder}/{FILES[0]}")
    typer.echo(f"then: curate export --split {SPLIT} --seed {SEED}")
    return 0
