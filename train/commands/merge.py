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
    locale: options.Locale = "en",
    as_json: options.Json = False,
) -> int:
    """Write the merged model as safetensors; refused where a logit moves too far."""
    from curate.errors import BadSetting, unknown
    from train.locale import translator
    from train.quiet import quiet

    t = translator(locale)
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
        t("{place}: {number}, logits moved by at most {moved}; answers that stayed the same: "
          "{equal} of {all}").format(
            place=result.place, number=result.number, moved=f"{result.max_logit_diff:.2g}",
            equal=result.equal_answers, all=result.answers,
        )
    )  # fmt: skip
    typer.echo(
        t("answering took {apart} s with base and adapter apart, and {merged} s merged").format(
            apart=f"{result.seconds_apart:.3g}", merged=f"{result.seconds_merged:.3g}"
        )
    )
    return 0
