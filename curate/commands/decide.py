"""curate decide: answer all findings of one check at once, where no person is needed."""

from __future__ import annotations

from typing import Annotated

import typer

from curate.commands import options

Reviewer = Annotated[
    str | None, typer.Option(help="Who decides; written in the log [the user's name].")
]


def decide(
    check: Annotated[str, typer.Option(help="The check whose findings are answered.")],
    keep: Annotated[
        str, typer.Option(help="survivor (copies go), all (false alarms), none (all go).")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count; record nothing.")] = False,
    reviewer: Reviewer = None,
    workspace: options.Workspace = None,
    locale: options.Locale = "en",
) -> int:
    """Let a policy answer every finding of a check: one act in the log, undone at once.

    It never speaks against a person, and other findings on the same records still wait for one.
    """
    from curate import workspace as workspaces
    from curate.locale import translator
    from curate.review import open_review, policy

    t = translator(locale)
    review = open_review(workspaces.find(workspace), reading=dry_run)
    plan = policy.decide(review, check, keep, who(reviewer), dry_run=dry_run)
    told = {"n": len(plan.decisions), "drops": plan.drops, "left": plan.left}
    if dry_run:
        says = (
            "Not recorded yet. Decisions: {n}; records that would go: {drops}; left alone: {left}."
        )
        if keep == "all":
            says = "Not recorded yet. Records that would stay as they are: {n}; left alone: {left}."
        typer.echo(t(says).format(**told))
        return 0
    typer.echo(t("Decisions: {n}; records that go: {drops}; left alone: {left}.").format(**told))
    if plan.decisions:
        typer.echo(t("Undo: {command}").format(command=f"curate revert {plan.act}"))
    return 0


def who(reviewer: str | None) -> str:
    """The name that goes into the log."""
    import getpass

    return reviewer or getpass.getuser()
