"""curate status: how far the review of the latest audit is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from curate.commands import options

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from curate.content.agreement import Alpha
    from curate.locale import Translator
    from curate.review import Review
    from curate.review.figures import Agreement, Between, Progress, Rate
    from curate.review.likeness import Interval, Likeness
    from curate.review.pace import Tally


def status(workspace: options.Workspace = None, locale: options.Locale = "en") -> int:
    """Say what is decided and what is open, who agrees, and how much of the data is bad."""
    from curate import workspace as workspaces
    from curate.locale import translator
    from curate.review import figures, open_review, pace, stopping

    t = translator(locale)
    review = open_review(workspaces.find(workspace), reading=True)
    for line in (
        *progress_said(t, figures.progress(review)),
        *pace_said(t, pace.tally(review)),
        *agreement_said(t, figures.agreement_of(review)),
        *checks_said(t, figures.agreement_by_check(review)),
        *rate_said(t, figures.bad_rate(review)),
        *stopping.left_of(review).told(t),
        *order_said(t, review),
        *store_said(t, review),
    ):
        typer.echo(line)
    return 0


def progress_said(t: Translator, now: Progress) -> Iterator[str]:
    """What is done, what is not, and with whom it is."""
    from curate.review.shown import clock_time

    done = now.states.get("done", 0)
    yield t("decided: {n} of {total}").format(n=done, total=now.items)
    if now.states.get("open"):
        yield t("open: {n}").format(n=now.states["open"])
    if now.states.get("conflict"):
        says = "reviewers differ, to be adjudicated: {n}"
        yield t(says).format(n=now.states["conflict"])
    for kind, n in sorted(now.verdicts.items()):
        yield f"  {t(kind)}: {n}"
    yield from failures_said(t, now)
    for policy, n in sorted(now.policies.items()):
        yield "  " + t("policy {policy}: {n}").format(policy=policy, n=n)
    for name, n in sorted(now.reviewers.items()):
        yield "  " + t("by {reviewer}: {n}").format(reviewer=name, n=n)
    if now.gone:
        yield "  " + t("on records that this audit has not: {n}").format(n=now.gone)
    for lease in now.leased:
        told = {"reviewer": lease.reviewer, "time": clock_time(lease.until), "n": 1}
        yield t("with {reviewer} until {time}: {n}").format(**told)


def failures_said(t: Translator, now: Progress) -> Iterator[str]:
    """What was said of failures of models, and how many records came back because of them."""
    from curate.review.failures import VERDICTS

    for verdict, n in sorted(now.failures.items()):
        says = "failures of models, {verdict}: {n}"
        yield "  " + t(says).format(verdict=t(VERDICTS.get(verdict, verdict)), n=n)
    if now.opened:
        yield "  " + t("records looked at again because of failures: {n}").format(n=now.opened)


def pace_said(t: Translator, done: Tally) -> Iterator[str]:
    """How long a decision takes, where the app has timed it."""
    if done.median_seconds is not None:
        says = "seconds from shown to decided: {seconds} (median)"
        yield t(says).format(seconds=f"{done.median_seconds:.1f}")


def agreement_said(t: Translator, found: Agreement) -> Iterator[str]:
    """How far two people agree, where two were asked."""
    if found.percent is None or found.range is None:
        return
    says = "agreement: {percent} ({low} to {high}) over {n} records that two people decided"
    told = {"percent": found.percent, "low": found.range[0], "high": found.range[1]}
    yield t(says).format(n=found.items, **{name: f"{one:.1%}" for name, one in told.items()})
    if kinds := kinds_said(t, found):
        yield "  " + kinds
    for between in found.between:
        yield "  " + pair_said(t, between)
    alpha = alpha_said(t, found.alpha) if found.enough else ""
    for said in (alpha, likeness_said(t, found.edits)):
        if said:
            yield "  " + said


def kinds_said(t: Translator, found: Agreement) -> str:
    """How many chose the same kind of verdict; empty where that is as many as agree wholly."""
    if found.kinds is None or found.kinds == found.percent:
        return ""
    return t("the same kind of verdict: {percent}").format(percent=f"{found.kinds:.1%}")


def pair_said(t: Translator, between: Between) -> str:
    """What two people have in common."""
    pair = between.pair
    low, high = between.range
    told = {"one": pair.one, "other": pair.other, "n": pair.items, "percent": f"{pair.percent:.1%}"}
    says = "{one} and {other}: {percent} ({low} to {high}) over {n}"
    parts = [t(says).format(low=f"{low:.1%}", high=f"{high:.1%}", **told)]
    if between.enough:
        parts += [kappa_said(t, pair.kappa, between.kappa), alpha_said(t, between.alpha)]
    return "; ".join(filter(None, parts))


def kappa_said(t: Translator, kappa: float | None, sure: Interval) -> str:
    """Cohen's kappa; empty where nothing varies."""
    if kappa is None or sure.low is None:
        return ""
    told = {"kappa": kappa, "low": sure.low, "high": sure.high}
    return t("kappa {kappa} ({low} to {high})").format(**three(told))


def alpha_said(t: Translator, alpha: Alpha) -> str:
    """Krippendorff's alpha over everybody; empty where nothing varies."""
    if alpha.value is None:
        return ""
    told = {"alpha": alpha.value, "low": alpha.low, "high": alpha.high}
    return t("Krippendorff's alpha {alpha} ({low} to {high})").format(**three(told))


def three(told: Mapping[str, float | None]) -> dict[str, str]:
    """Numbers with three decimals."""
    return {name: f"{value:.3f}" for name, value in told.items()}


def likeness_said(t: Translator, edits: Likeness) -> str:
    """How like two people's edits are; empty where no two edited the same text."""
    if not edits.edits:
        return ""
    if edits.chrf is None:
        says = "chrF between edits: {n} pairs; to compute it: pip install 'curate[review]'"
        return t(says).format(n=edits.edits)
    told = {"chrf": edits.chrf, "low": edits.low, "high": edits.high}
    says = "chrF between edits: {chrf} ({low} to {high}) over {n} pairs"
    return t(says).format(n=edits.edits, **{name: f"{value:.1f}" for name, value in told.items()})


def checks_said(t: Translator, found: Mapping[str, Agreement]) -> Iterator[str]:
    """The same for each check, where there is more than one."""
    for check, of in found.items() if len(found) > 1 else ():
        low, high = of.range or (0.0, 1.0)
        told = {"percent": f"{of.percent:.1%}", "low": f"{low:.1%}", "high": f"{high:.1%}"}
        says = "{percent} ({low} to {high}) over {n}"
        parts = [t(says).format(n=of.items, **told), kinds_said(t, of)]
        if of.enough:
            parts += [kappa_said(t, of.kappa, of.sure), alpha_said(t, of.alpha)]
        parts.append(likeness_said(t, of.edits))
        yield f"  {check}: " + "; ".join(filter(None, parts))


def rate_said(t: Translator, rate: Rate) -> Iterator[str]:
    """How much of all the data is bad, where enough was drawn at random to say so."""
    if rate.value is None:
        return
    says = "bad records in all the data: {share} ({low} to {high}), by {n} drawn at random"
    yield t(says).format(
        share=f"{rate.value:.1%}", low=f"{rate.low:.1%}", high=f"{rate.high:.1%}", n=rate.sample
    )


def order_said(t: Translator, review: Review) -> Iterator[str]:
    """What the order `best` goes by: whose signals, and how many verdicts."""
    from curate.review.learning import EACH

    run, lessons = review.goes_by()
    if run is None:
        says = "order best: by the audit alone, and {n} verdicts (it learns from every {each})"
        yield t(says).format(n=lessons, each=EACH)
    else:
        says = (
            "order best: by the audit, what the run {run} measured, and {n} verdicts (it learns "
            "from every {each})"
        )
        yield t(says).format(run=run.name, n=lessons, each=EACH)


def store_said(t: Translator, review: Review) -> Iterator[str]:
    """Where the decisions are kept."""
    yield t("kept in {store}").format(store=review.store.name)
