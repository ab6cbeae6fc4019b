"""curate judge: a model reads records by a rubric; what it says is shown, and never decides."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from curate.assist import flags
from curate.commands import options

if TYPE_CHECKING:
    from curate.assist.calibrate import Calibration
    from curate.assist.judging import Remarked
    from curate.locale import Translator

OUT = Path("curate-report")
SHOWN = 5  # reasons


def judge(
    out: options.Out = OUT,
    workspace: options.Workspace = None,
    server: flags.Server = None,
    model: flags.Model = None,
    weights: flags.Weights = None,
    rubric: Annotated[
        Path | None, typer.Option(help="Axes to score, as YAML [help, truth, form, tone, safety].")
    ] = None,
    records: Annotated[
        int | None, typer.Option(help="Judge so many, drawn at random [all].", min=1)
    ] = None,
    seed: Annotated[int, typer.Option(help="Draws them.")] = 0,
    max_tokens: flags.Tokens = None,
    per_minute: flags.PerMinute = None,
    at_once: flags.AtOnce = 4,
    timeout: flags.Timeout = 120.0,
    locale: options.Locale = "en",
    dry_run: flags.DryRun = False,
) -> int:
    """Judge the records of the latest audit; its report then says what the judge said."""
    from curate import workspace as workspaces
    from curate.assist import job, judging
    from curate.assist.budget import Limits
    from curate.assist.rubric import rubric as read
    from curate.locale import translator
    from curate.show.numbers import number

    t = translator(locale)
    where = workspaces.find(workspace)
    asks = read(rubric)
    report, drawn = judging.drawn(where, records, seed)
    if weights is not None and model is None:
        made = judging.scored(report, drawn, weights, where, t=t, dry_run=dry_run)
        counted(t, made)
    else:
        may = Limits(tokens=max_tokens, calls_a_minute=per_minute, at_once=at_once)
        with job.open_job(where, t, may, server, model, timeout, dry_run) as asked:
            made = judging.remarked(report, drawn, asks, asked, where)
            counted(t, made)
            typer.echo(t("tokens spent: {n}").format(n=number(asked.budget.spent)))
    if made.calibration is not None:
        typer.echo(told(t, made.calibration))
    made.report.save(out, locale)
    typer.echo(t("findings: {page}; decide with: curate review").format(page=out / "report.html"))
    return 0


def counted(t: Translator, made: Remarked) -> None:
    """Say how many records were judged, and why the others were not."""
    from curate.show.numbers import number

    left = sum(made.unjudged.values())
    says = t("{all} records = {judged} judged + {left} without judgement; flagged: {flagged}")
    typer.echo(
        says.format(all=number(made.judged + left), judged=number(made.judged),
                    left=number(left), flagged=number(made.flagged))
    )  # fmt: skip
    for why, n in sorted(made.unjudged.items(), key=lambda each: -each[1])[:SHOWN]:
        typer.echo(t("without judgement: {n}: {why}").format(n=number(n), why=t(why)))


def told(t: Translator, calibration: Calibration) -> str:
    """How far the judge may be trusted."""
    from curate.assist.judge import LEAST_DECISIONS
    from curate.show.numbers import percent

    if calibration.one_sided and calibration.decisions >= LEAST_DECISIONS:
        says = t(
            "uncalibrated: the {n} decisions on what was judged all say the same, and some of "
            "each kind are needed; flagged is what scores under {threshold}"
        )
        return says.format(n=calibration.decisions, threshold=calibration.threshold)
    if calibration.agreement is None or calibration.chance is None:
        says = t(
            "uncalibrated: people have decided on {n} of what was judged, 50 are needed; "
            "flagged is what scores under {threshold}"
        )
        return says.format(n=calibration.decisions, threshold=calibration.threshold)
    says = t(
        "calibrated on {n} decisions: agrees with people on {agreement} (always saying the more "
        "common thing: {chance}); flagged is what scores under {threshold}"
    )
    return says.format(
        n=calibration.decisions, threshold=calibration.threshold,
        agreement=percent(calibration.agreement), chance=percent(calibration.chance),
    )  # fmt: skip
