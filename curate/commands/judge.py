"""curate judge: a model reads records by a rubric; what it says is shown, and never decides."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from curate.assist import flags
from curate.commands import options

if TYPE_CHECKING:
    from curate.assist.calibrate import Calibration
    from curate.locale import Translator

OUT = Path("curate-report")


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

    t = translator(locale)
    where = workspaces.find(workspace)
    asks = read(rubric)
    report, drawn = judging.drawn(where, records, seed)
    if weights is not None and model is None:
        report = judging.scored(report, drawn, weights, where)
    else:
        may = Limits(tokens=max_tokens, calls_a_minute=per_minute, at_once=at_once)
        with job.open_job(where, t, may, server, model, timeout, dry_run) as asked:
            report, calibration = judging.remarked(report, drawn, asks, asked, where)
        typer.echo(told(t, calibration))
    report.save(out, locale)
    typer.echo(t("findings: {page}; decide with: curate review").format(page=out / "report.html"))
    return 0


def told(t: Translator, calibration: Calibration) -> str:
    """How far the judge may be trusted."""
    from curate.show.numbers import percent

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
