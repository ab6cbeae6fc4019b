"""What export-decisions and import-decisions share: the shapes that decisions travel in."""

from __future__ import annotations

from types import ModuleType
from typing import Annotated

import typer

Form = Annotated[
    str,
    typer.Option("--format", help="jsonl (the whole log), argilla or label-studio (verdicts)."),
]


def shape(form: str) -> ModuleType | None:
    """The module that writes and reads the shape of another tool; None for our own."""
    from curate.errors import BadSetting, unknown
    from curate.review import argilla, label_studio

    known = {"jsonl": None, argilla.TOOL: argilla, label_studio.TOOL: label_studio}
    if form not in known:
        raise BadSetting(f"--format: {unknown('format', form, known)}")
    return known[form]


def listed(lines: list[str]) -> None:
    """The lines, one each; all of them, since nothing is left out in silence."""
    for line in lines:
        typer.echo(f"  {line}")
