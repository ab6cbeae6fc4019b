"""train chat: talk to what a run made, in the template that it was trained in."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from train.commands import options


def chat(
    runs: Annotated[
        list[Path],
        typer.Argument(help="Run folders; several share one base, `model NAME` changes."),
    ],
    settings: Annotated[
        list[str], typer.Option("--set", help="SETTING=VALUE, as max_new_tokens=64.")
    ] = [],  # noqa: B006
    locale: options.Locale = "en",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a line: asked, run, said.")
    ] = False,
) -> int:
    """Ask questions; settings may change on the fly, and a wrong answer goes to review."""
    import json
    from dataclasses import asdict

    from train.locale import translator
    from train.quiet import quiet

    t = translator(locale)

    with quiet():
        from train import chat as talking

        conversation = talking.begin(runs, t)
        for setting in settings:
            conversation = talking.settings(conversation, f"--{setting}")
        typer.echo(t(talking.WORDS), err=True)

        def say(line: talking.Said) -> None:
            typer.echo(json.dumps(asdict(line), ensure_ascii=False) if as_json else line.said)

        talking.talk(conversation, lines(), say)
    return 0


def lines() -> Iterator[str]:
    """What is typed, or piped in."""
    while True:
        if sys.stdin.isatty():
            typer.echo("> ", nl=False, err=True)
        line = sys.stdin.readline()
        if not line:
            return
        yield line
