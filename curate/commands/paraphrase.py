"""curate paraphrase: the same requests in other words, answers unchanged."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from curate.assist import flags
from curate.commands import options

OUT = Path("curate-report")
INTO = Path("paraphrased.jsonl")


def paraphrase(
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Data files.")],
    into: flags.Into = INTO,
    out: options.Out = OUT,
    workspace: options.Workspace = None,
    server: flags.Server = None,
    model: flags.Model = None,
    weights: flags.Weights = None,
    times: Annotated[int, typer.Option(help="Paraphrases of each record.", min=1)] = 1,
    persona: Annotated[str | None, typer.Option(help="Who asks, as 'a new customer'.")] = None,
    changes: flags.Limits = [],  # noqa: B006
    max_tokens: flags.Tokens = None,
    per_minute: flags.PerMinute = None,
    at_once: flags.AtOnce = 4,
    timeout: flags.Timeout = 120.0,
    locale: options.Locale = "en",
    dry_run: flags.DryRun = False,
) -> int:
    """Say each instruction in other words; what lost a name, a number or a date is flagged."""
    from curate.assist.paraphrase import paraphrased
    from curate.assist.telling import candidates

    given = flags.Flags(
        tuple(sources), into, out, workspace, server, model, weights, changes, max_tokens,
        per_minute, at_once, timeout, locale, dry_run,
    )  # fmt: skip
    candidates(lambda scorer, job: paraphrased(sources, times, persona, scorer, job), given)
    return 0
