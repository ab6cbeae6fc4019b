"""curate backtranslate: which instruction would this text be the answer to?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from curate.assist import flags
from curate.commands import options

OUT = Path("curate-report")
INTO = Path("backtranslated.jsonl")

Docs = Annotated[
    list[str], typer.Argument(metavar="DOCS...", help="Texts, Markdown, data files, folders.")
]


def backtranslate(
    docs: Docs,
    into: flags.Into = INTO,
    out: options.Out = OUT,
    workspace: options.Workspace = None,
    server: flags.Server = None,
    model: flags.Model = None,
    weights: flags.Weights = None,
    approved: Annotated[
        list[str], typer.Option("--approved", help="Approved records: examples, known prompts.")
    ] = [],  # noqa: B006
    persona: Annotated[str | None, typer.Option(help="Who asks, as 'a new customer'.")] = None,
    rewrite: Annotated[
        bool, typer.Option("--rewrite", help="Also rewrite each answer, given its text.")
    ] = False,
    regenerate: Annotated[
        bool, typer.Option("--regenerate", help="Answer each instruction anew and compare.")
    ] = False,
    rounds: Annotated[
        int, typer.Option(help="2: the best pairs of the first round are examples.", min=1, max=2)
    ] = 1,
    min_letters: Annotated[
        int, typer.Option(help="Shorter texts are left out; kana and kanji count twice.", min=1)
    ] = 40,
    changes: flags.Limits = [],  # noqa: B006
    max_tokens: flags.Tokens = None,
    per_minute: flags.PerMinute = None,
    at_once: flags.AtOnce = 4,
    timeout: flags.Timeout = 120.0,
    locale: options.Locale = "en",
    dry_run: flags.DryRun = False,
) -> int:
    """Ask a model for the instruction of each text, measure each pair, and audit them.

    Nothing is approved: each pair is a finding until somebody has decided on it.
    """
    from curate.assist.backtranslating import How, backtranslated
    from curate.assist.doubts import limits_of
    from curate.assist.into import left_out_of
    from curate.assist.passages import Cut
    from curate.assist.telling import candidates

    given = flags.Flags(
        (*docs, *approved), into, out, workspace, server, model, weights, changes, max_tokens,
        per_minute, at_once, timeout, locale, dry_run,
    )  # fmt: skip
    how = How(
        tuple(approved), persona, rewrite, regenerate, rounds, limits_of(changes),
        Cut(least_letters=min_letters), (into, left_out_of(into)),
    )  # fmt: skip
    candidates(lambda scorer, job: backtranslated(docs, how, scorer, job), given)
    return 0
