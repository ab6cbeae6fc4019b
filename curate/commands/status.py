"""curate status: how far the review of the latest audit is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from curate.commands import options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate.locale import Translator
    from curate.review import Review
    from curate.review.figures import Agreement, Progress, Rate


def status(workspace: options.Workspace = None, locale: options.Locale = "en") -> int:
    """Say what is decided and what is open, who agrees, and how much of the data is bad."""
    from curate import workspace as workspaces
    from curate.locale import translator
    from curate.review import figures, open_review

    t = translator(locale)
    review = open_review(workspaces.find(workspace))
    for line in (
        *progress_said(t, figures.progress(review)),
        *agreement_said(t, figures.agreement_of(review)),
        *rate_said(t, figures.bad_rate(review)),
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
    for policy, n in sorted(now.policies.items()):
        yield "  " + t("policy {policy}: {n}").format(policy=policy, n=n)
    for name, n in sorted(now.reviewers.items()):
        yield "  " + t("by {reviewer}: {n}").format(reviewer=name, n=n)
    for lease in now.leased:
        told = {"reviewer": lease.reviewer, "time": clock_time(lease.until), "n": 1}
        yield t("with {reviewer} until {time}: {n}").format(**told)


def agreement_said(t: Translator, found: Agreement) -> Iterator[str]:
    """How far two people agree, where two were asked."""
    if found.percent is None:
        return
    says = "agreement: {percent} over {n} records that two people decided"
    yield t(says).format(percent=f"{found.percent:.1%}", n=found.items)
    for pair in found.pairs:
        kappa = "–" if pair.kappa is None else f"{pair.kappa:.3f}"
        told = {"one": pair.one, "other": pair.other, "kappa": kappa, "n": pair.items}
        yield "  " + t("{one} and {other}: kappa {kappa} over {n}").format(**told)
    alpha = found.alpha
    if alpha.value is not None:
        told_alpha = {
            "alpha": f"{alpha.value:.3f}",
            "low": f"{alpha.low:.3f}",
            "high": f"{alpha.high:.3f}",
        }
        yield "  " + t("Krippendorff's alpha {alpha} ({low} to {high})").format(**told_alpha)


def rate_said(t: Translator, rate: Rate) -> Iterator[str]:
    """How much of all the data is bad, where enough was drawn at random to say so."""
    if rate.value is None:
        return
    says = "bad records in all the data: {share} ({low} to {high}), by {n} drawn at random"
    yield t(says).format(
        share=f"{rate.value:.1%}", low=f"{rate.low:.1%}", high=f"{rate.high:.1%}", n=rate.sample
    )


def store_said(t: Translator, review: Review) -> Iterator[str]:
    """Where the decisions are kept."""
    yield t("kept in {store}").format(store=review.store.name)
