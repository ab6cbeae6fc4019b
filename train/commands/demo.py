"""train demo: the whole loop, from records with wrong answers to a model that has them right."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from train.commands import options


def demo(
    folder: Annotated[Path, typer.Argument(help="New folder to work in.")] = Path("loop-demo"),
    model: Annotated[
        str, typer.Option(help="smollm2-135m-instruct, or tiny: random, in seconds.")
    ] = "smollm2-135m-instruct",
    locale: options.Locale = "en",
) -> None:
    """Show the whole loop: audit, export, train, review what failed, train again, compare."""
    from functools import partial

    from train.demo import demo as shown

    shown(folder, model, partial(print, flush=True), locale)
