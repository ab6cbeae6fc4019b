"""train merge: add a run's adapter into its base, and show that the answers stay the same."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from train.commands import options


def merge(
    run: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    out: Annotated[Path, typer.Argument(help="New folder for the merged model.")],
    dtype: Annotated[
        str | None, typer.Option(help="bfloat16, float16 or float32 [as the base is saved].")
    ] = None,
    as_json: options.Json = False,
) -> int:
    """Write the merged model as safetensors; refused where a logit moves too far."""
    from curate.errors import BadSetting, unknown
    from train.quiet import quiet

    formats = ("bfloat16", "float16", "float32")
    if dtype is not None and dtype not in formats:
        raise BadSetting(f"--dtype: {unknown('number format', dtype, formats)}")
    with quiet():
        from train.merge import merge as merged

        result = merged(run, out, dtype)
    if as_json:
        typer.echo(json.dumps(asdict(result)))
        return 0
    typer.echo(
        f"{result.place}: {result.number}, logits moved by at most {result.max_logit_diff:.2g}, "
        f"{result.equal_answers} of {result.answers} answers are the same"
    )
    return 0
