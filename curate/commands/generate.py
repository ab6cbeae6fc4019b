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
    from curate.assist.generate import generated
    from curate.assist.telling import candidates

    given = flags.Flags(
        tuple(sources), into, out, workspace, server, model, weights, changes, max_tokens,
        per_minute, at_once, timeout, locale, dry_run,
    )  # fmt: skip
    candidates(lambda scorer, job: generated(sources, category, count, seed, scorer, job), given)
    return 0
