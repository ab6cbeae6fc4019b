"""curate generate: new records of a category that is short, after chosen ones."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from curate.assist import flags
from curate.commands import options

OUT = Path("curate-report")
INTO = Path("generated.jsonl")


def generate(
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Data files.")],
    category: Annotated[str, typer.Option(help="Category that is short, as the audit says.")],
    count: Annotated[int, typer.Option(help="New records to ask for.", min=1)] = 20,
    seed: Annotated[int, typer.Option(help="Draws the records that new ones are made after.")] = 0,
    into: flags.Into = INTO,
    out: options.Out = OUT,
    workspace: options.Workspace = None,
    server: flags.Server = None,
    model: flags.Model = None,
    weights: flags.Weights = None,
    changes: flags.Limits = [],  # noqa: B006
    max_tokens: flags.Tokens = None,
    per_minute: flags.PerMinute = None,
    at_once: flags.AtOnce = 4,
    timeout: flags.Timeout = 120.0,
    locale: options.Locale = "en",
    dry_run: flags.DryRun = False,
) -> int:
    """Ask for new pairs of a category; each is a finding until somebody has decided on it."""
    from curate import workspace as workspaces
    from curate.assist import job, telling
    from curate.assist.budget import Limits
    from curate.assist.doubts import limits_of
    from curate.assist.generate import generated
    from curate.assist.weights import Weights
    from curate.locale import translator

    limits = limits_of(changes)
    where = workspaces.find(workspace)
    may = Limits(tokens=max_tokens, calls_a_minute=per_minute, at_once=at_once)
    scorer = Weights(weights) if weights else None
    with job.open_job(where, translator(locale), may, server, model, timeout, dry_run) as asked:
        made = generated(sources, category, count, seed, scorer, asked)
        telling.told(made, into, out, where, limits, locale, asked)
    return 0
