"""curate audit: read anything, find what is wrong, show it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from curate.commands import options
from curate.errors import BadSetting

if TYPE_CHECKING:
    from curate.reading import Reading

GATE = 1
OUT = Path("curate-report")
THREADS = ("POLARS_MAX_THREADS", "1")
"""Processes share the work of an audit; threads of polars beside them cost more in waking each
other than they bring. It is read where polars is loaded."""

Sources = Annotated[
    list[str], typer.Argument(metavar="SOURCE...", help="Files, folders, or - (standard input).")
]


def audit(
    sources: Sources,
    out: options.Out = OUT,
    workspace: options.Workspace = None,
    shape: Annotated[
        str, typer.Option(help="alpaca, sharegpt, messages, ... [found by looking].")
    ] = "auto",
    mapping: Annotated[
        list[str], typer.Option("--map", help="FIELD=COLUMN, or FIELD=text with {columns}.")
    ] = [],  # noqa: B006
    label: Annotated[str | None, typer.Option(help="Column that holds the label.")] = None,
    category: Annotated[str | None, typer.Option(help="Column that holds the category.")] = None,
    annotator: Annotated[
        list[str],
        typer.Option(
            help="Column that names the annotator, beside --label; or several of labels, one each."
        ),
    ] = [],  # noqa: B006
    identifier: Annotated[
        str | None, typer.Option("--id", help="Column that holds your own id.")
    ] = None,
    lang: Annotated[
        str | None, typer.Option(help="Expected languages, as en,ja [those the data is mostly in].")
    ] = None,
    evals: Annotated[
        list[Path], typer.Option("--eval", help="Evaluation data that must not be in here.")
    ] = [],  # noqa: B006
    rules: options.Rules = [],  # noqa: B006
    only: Annotated[
        list[str], typer.Option(help="Checks to ask, separated by commas, or one each time.")
    ] = [],  # noqa: B006
    skip: Annotated[
        list[str], typer.Option(help="Checks to leave out, separated by commas or one each time.")
    ] = [],  # noqa: B006
    changes: options.Changes = [],  # noqa: B006
    tokenizer: Annotated[
        Path | None, typer.Option(help="tokenizer.json, to count tokens for too-long.")
    ] = None,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="Miss fewer near-duplicates, in more time.")
    ] = False,
    engine: options.Engine = "local",
    address: options.Address = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes [one a core; one for small input].", min=1)
    ] = None,
    fail_on: options.FailOn = [],  # noqa: B006
    baseline: options.Baseline = None,
    formats: options.Formats = [],  # noqa: B006
    locale: options.Locale = "en",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be read and asked; write nothing.")
    ] = False,
) -> int:
    """Find what is wrong with instruction data. Nothing is changed or deleted.

    Exit codes: 0 fine, 1 the gate failed, 2 bad call, 3 nothing to audit, 130 interrupted.
    """
    os.environ.setdefault(*THREADS)
    from curate import audit as auditing
    from curate import gate
    from curate import plan as plans
    from curate import reading as reader
    from curate.report import replaceable
    from curate.show import terminal, wrong_rules

    conditions = [gate.parse(text) for text in fail_on]
    reading = how_to_read(shape, mapping, label, category, annotator, identifier)
    plan = plans.make(
        reading,
        rule_files=rules,
        only=listed(*only),
        skip=listed(*skip),
        changes=changes,
        given={**given(lang, evals, tokenizer), **(thoroughly(changes) if thorough else {})},
    )
    gate.decidable(conditions, plan)
    wrong_rules.warn(rules)
    if dry_run:
        terminal.dry_run(reader.sources(sources, reading), plan, locale)
        return 0
    replaceable(out, formats)
    opened = reader.sources(sources, reading)
    with terminal.Progress(sum(source.bytes for source in opened), locale) as progress:
        report = auditing.audit_opened(
            opened, plan, workspace, engine, workers, address, progress.advance, progress.phase
        )
        failed = gate.failed(report, conditions, baseline)
        said = gate.failed_said(report, conditions, baseline, locale)
        report.gated(failed, said).save(out, locale, formats)
    terminal.show(report, out, locale)
    terminal.gate(said or failed, locale)
    return GATE if failed else 0


def listed(*texts: str) -> list[str]:
    """Names separated by commas, of one text or several."""
    return [name.strip() for text in texts for name in text.split(",") if name.strip()]


def how_to_read(
    shape: str,
    mapping: list[str],
    label: str | None,
    category: str | None,
    annotators: list[str],
    identifier: str | None,
) -> Reading:
    """What the flags say about the columns."""
    from curate.reading import Reading

    fields: dict[str, str] = {}
    for text in mapping:
        field, equals, column = text.partition("=")
        if not (equals and field.strip() and column):
            raise BadSetting(f"--map {text!r}: write FIELD=COLUMN, as instruction=質問")
        if field.strip() in fields:
            raise BadSetting(
                f"--map {field.strip()} is given twice ({fields[field.strip()]} and {column}); "
                "give it once; a template joins columns: --map FIELD='{one} {other}'"
            )
        fields[field.strip()] = column
    return Reading(
        shape=shape,
        mapping=fields,
        label=label,
        category=category,
        annotators=tuple(annotators),
        id=identifier,
    )


def given(lang: str | None, evals: list[Path], tokenizer: Path | None) -> dict[str, dict[str, Any]]:
    """Parameters of checks that have a flag of their own."""
    params: dict[str, dict[str, Any]] = {}
    if lang is not None:
        params["unexpected-language"] = {"languages": tuple(listed(lang))}
    if evals:
        params["eval-leakage"] = {"eval_files": tuple(map(str, evals))}
    if tokenizer is not None:
        params["too-long"] = {"tokenizer": str(tokenizer)}
    return params


def thoroughly(changes: list[str]) -> dict[str, dict[str, Any]]:
    """What --thorough sets; BadSetting where --set says otherwise beside it."""
    from curate.checks.near_duplicate import THOROUGH

    for change in changes:
        if change.partition("=")[0].strip() in {f"near-duplicate.{name}" for name in THOROUGH}:
            raise BadSetting(f"--thorough and --set {change}: both set it; leave one of them out")
    return {"near-duplicate": {**THOROUGH}}
