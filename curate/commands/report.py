"""curate report: the latest audit again: other thresholds, another language, other forms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from curate.commands import options

if TYPE_CHECKING:
    from curate.report import Report

OUT = Path("curate-report")
Out = Annotated[
    Path | None, typer.Option(help="Folder for the files [where the audit was last shown].")
]


def report(
    out: Out = None,
    workspace: options.Workspace = None,
    changes: options.Changes = [],  # noqa: B006
    rules: options.Rules = [],  # noqa: B006
    fail_on: options.FailOn = [],  # noqa: B006
    baseline: options.Baseline = None,
    formats: options.Formats = [],  # noqa: B006
    locale: options.Locale = "en",
    quiet: Annotated[bool, typer.Option("--quiet", help="Write the files, print nothing.")] = False,
) -> int:
    """Show the latest audit again; thresholds move without reading or scoring anything twice."""
    from curate import gate
    from curate import workspace as workspaces
    from curate.rejudge import rejudged
    from curate.report import open_report
    from curate.show import terminal

    conditions = [gate.parse(text) for text in fail_on]
    where = workspaces.find(workspace)
    folder = where.audited()
    shown = opened = open_report(folder, where)
    if changes:
        shown = rejudged(opened, changes, where, rules)
    failed = gate.failed(shown, conditions, baseline)
    said = gate.failed_said(shown, conditions, baseline, locale)
    out = out or last_shown(opened)
    shown.gated(failed, said).save(out, locale, formats)
    if not quiet:
        terminal.show(shown, out, locale)
    terminal.gate(said or failed, locale)
    return 1 if failed else 0


def last_shown(opened: Report) -> Path:
    """The folder that the audit was last shown in, as one would write it here."""
    if opened.page is None:
        return OUT
    folder, here = opened.page.parent, Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder
