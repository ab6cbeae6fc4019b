"""What export-decisions and import-decisions share: the shapes that decisions travel in."""

from __future__ import annotations

from pathlib import Path
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


def refuse_other_shapes(file: Path) -> None:
    """BadSource where a file that is to be our own log is of another tool."""
    from curate.errors import BadSource
    from curate.review import argilla, label_studio

    content = file.read_bytes() if file.is_file() else b""
    for tool in (argilla, label_studio):
        if tool.resembles(content):
            raise BadSource(f"{file} looks like a file of {tool.TOOL}; add --format {tool.TOOL}")


def listed(lines: list[str]) -> None:
    """The lines, one each; all of them, since nothing is left out in silence."""
    for line in lines:
        typer.echo(f"  {line}")
