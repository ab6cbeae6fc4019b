"""train advise: examples in the prompt, retrieval, or fine-tuning: eight questions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from train.commands import options

YES, NO = ("yes", "y", "true", "はい"), ("no", "n", "false", "いいえ")


def advise(
    answers: Annotated[
        list[str], typer.Option("--answer", help="QUESTION=yes or no [asked one by one].")
    ] = [],  # noqa: B006
    run: Annotated[
        Path | None, typer.Option(help="Folder of a run whose figures decide with you.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Also write answers and reasons as JSON.")
    ] = None,
    locale: options.Locale = "en",
    json: options.Json = False,
) -> None:
    """Ask eight questions and say which way to go, and why."""
    from json import dumps

    from curate.publish import write_whole
    from train.advice import QUESTIONS, SIMPLEST_FIRST
    from train.advice import advise as advised
    from train.locale import translator

    t = translator(locale)
    given = dict(read(answer) for answer in answers)
    for question in QUESTIONS if not given else ():
        given[question.name] = typer.confirm(t(question.asks), default=False)
    advice = advised(given, run)
    document = dumps(advice.document(), indent=1, ensure_ascii=False)
    if out:
        write_whole(out, document.encode() + b"\n")
    if json:
        typer.echo(document)
        return
    typer.echo(t("advice: {ways}").format(ways=" + ".join(t(way) for way in advice.ways)))
    for question, reason in zip(QUESTIONS, advice.reasons, strict=True):
        said = t("yes") if advice.answers[question.name] else t("no")
        typer.echo(f"  {t(question.asks)} {said}: {t(reason)}")
    for says, args in advice.figures:
        typer.echo(f"  {t(says).format(**args)}")
    typer.echo(f"  {t(SIMPLEST_FIRST)}")


def read(answer: str) -> tuple[str, bool]:
    """Question and answer of NAME=yes; BadSetting where it is neither yes nor no."""
    from curate.errors import BadSetting

    name, _, said = answer.partition("=")
    if said.lower() not in (*YES, *NO):
        raise BadSetting(f"--answer {answer!r}: write QUESTION=yes or QUESTION=no")
    return name, said.lower() in YES
