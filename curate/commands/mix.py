"""curate mix: several sources in wanted shares, with caps, seeded and reported."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from curate.commands import options

INTO = Path("mixed.jsonl")


def mix(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE[=WEIGHT[:CAP]]...", help="As own.jsonl=4 general.jsonl=1:500."
        ),
    ],
    into: Annotated[Path, typer.Option("--into", help="File for the mixture.")] = INTO,
    records: Annotated[
        int | None, typer.Option(help="In all [as many as keep the shares exactly].", min=1)
    ] = None,
    seed: Annotated[int, typer.Option(help="Draws and orders them.")] = 0,
    locale: options.Locale = "en",
) -> int:
    """Mix sources by weight, as own records with a share of general ones to replay."""
    from curate.assist import mixing
    from curate.locale import translator
    from curate.show.numbers import number, percent

    t = translator(locale)
    made = mixing.mixed(sources, records, seed, into)
    for portion, given in made:
        says = t("{name}: {given} of {all} records, {share} of the mixture")
        whole = sum(n for _, n in made)
        typer.echo(
            says.format(name=portion.name, given=number(given), all=number(portion.records),
                        share=percent(given / whole))
        )  # fmt: skip
    for file in (into, mixing.how_of(into)):
        typer.echo(t("written: {file}").format(file=file))
    return 0
