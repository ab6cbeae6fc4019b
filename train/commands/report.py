"""train report: the page of a run, in English or Japanese."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from train.commands import options


def report(
    run: Annotated[Path, typer.Argument(help="Folder of a run that has ended.")],
    out: Annotated[
        Path | None, typer.Option(help="File to write [report.html in the run].")
    ] = None,
    locale: options.Locale = "en",
) -> None:
    """Write report.html: answers before and after, losses, failures, forgetting, time, memory."""
    from train.report import write

    typer.echo(write(run, locale, out))
