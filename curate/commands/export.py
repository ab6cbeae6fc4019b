"""curate export: what review decided, as the data set to train on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from curate.commands import options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate.export.approve import Approved, Undecided
    from curate.locale import Translator

HELD_BACK = 1
FORMATS = "parquet, jsonl, hf, openai, csv"


def export(
    out: Annotated[
        Path | None,
        typer.Argument(help="Folder for a copy; without it the workspace alone has it."),
    ] = None,
    form: Annotated[str, typer.Option("--format", help=f"Of the copy: {FORMATS}.")] = "parquet",
    shares: Annotated[
        str, typer.Option("--split", help="Shares of train, dev and test.")
    ] = "0.9,0.05,0.05",
    seed: Annotated[int, typer.Option(help="Of the split.")] = 0,
    allow_undecided: Annotated[
        bool,
        typer.Option("--allow-undecided", help="Export although errors wait for a decision."),
    ] = False,
    licence: Annotated[str | None, typer.Option(help="Named in the card, as cc-by-4.0.")] = None,
    workspace: options.Workspace = None,
    locale: options.Locale = "en",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count; write nothing.")] = False,
) -> int:
    """Apply all decisions: the approved snapshot, with a ledger of every record and a card.

    Exit codes: 0 written, 1 held back by undecided errors, 2 bad call, 3 nothing to export.
    """
    from curate import workspace as workspaces
    from curate.errors import BadSetting, unknown
    from curate.export import approve as approving
    from curate.export import formats
    from curate.export.split import shares_of
    from curate.locale import translator
    from curate.review import open_review

    t = translator(locale)
    if form not in formats.FORMATS:
        raise BadSetting(f"--format: {unknown('format', form, formats.FORMATS)}")
    if out is not None:
        formats.refuse_to_overwrite(out)
    terms = approving.Terms(shares_of(shares), seed, allow_undecided, licence, locale)
    place = workspaces.find(workspace)
    done = approving.approve(open_review(place, reading=True), place, terms, write=not dry_run)
    if done.held:
        for line in held_said(t, done.undecided):
            typer.echo(line)
        return HELD_BACK
    lines = [*said(t, done)]
    if out is not None and not dry_run:  # before a word of it: nobody may be there to read it
        earlier = formats.ours_in(out)
        formats.export(done, out, form, place)
        lines += copied_said(t, out, sorted(earlier - formats.ours_in(out)))
    for line in lines:
        typer.echo(line)
    return 0


def held_said(t: Translator, undecided: Undecided) -> Iterator[str]:
    """What is undecided, and what to do."""
    yield t("Nothing was exported: records with an undecided error: {n}").format(
        n=undecided.records
    )
    yield from undecided_said(t, undecided)
    yield t("Decide on them: {command}").format(command="curate review")
    yield t("Or let them go along, which the card will tell: {command}").format(
        command="curate export --allow-undecided"
    )


def undecided_said(t: Translator, undecided: Undecided) -> Iterator[str]:
    """The counts by check."""
    for check, n in undecided.checks.items():
        yield f"  {check}: {n}"
    if undecided.conflicts:
        says = "reviewers differ, to be adjudicated: {n}"
        yield "  " + t(says).format(n=undecided.conflicts)
    if undecided.alone:
        yield "  " + t("waiting for another reviewer: {n}").format(n=undecided.alone)


def said(t: Translator, done: Approved) -> Iterator[str]:
    """What became of the records, and where the approved snapshot lies."""
    assert done.facts is not None
    total = sum(done.outcomes.values())
    parts = [f"{t(kind)} {n}" for kind, n in done.outcomes.items()]
    yield t("{n} records: {outcomes}").format(n=total, outcomes=t(", ").join(parts))
    parts = [f"{name} {n}" for name, n in done.facts.splits.items()]
    yield t("Splits: {splits}").format(splits=t(", ").join(parts))
    if done.undecided:
        yield t("Among them with an undecided error: {n}").format(n=done.undecided.records)
        yield from undecided_said(t, done.undecided)
    if done.manifest is None:
        yield t("Nothing was written.")
        return
    yield t("Approved snapshot {id} in {path}").format(id=done.manifest["id"], path=done.path)


def copied_said(t: Translator, out: Path, gone: list[str]) -> Iterator[str]:
    """Where the copy lies, and which files of an earlier copy in another format went."""
    yield t("Copied to {path}").format(path=out)
    if gone:
        says = "Removed with the earlier copy, since this format has them not: {files}"
        yield t(says).format(files=", ".join(gone))
