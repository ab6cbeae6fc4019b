"""curate checks: every question that an audit asks, and why it matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from curate.commands import options

if TYPE_CHECKING:
    from collections.abc import Iterable

    from curate.check import Check

HEAD = """# All checks

Made by `curate checks --markdown`; a test holds it against the code.

Of a conversation, a check marked *each answer* judges every answer of the assistant: the earlier
ones with the user's message before them as the prompt, found as "in answer 2 of 5: ...". A message
that calls a tool is no answer. Numbers and shares (such as `refusal-share`) count records, by their
last answer.
"""


def checks(
    name: Annotated[str | None, typer.Argument(help="Show one check in full.")] = None,
    rules: options.Rules = [],  # noqa: B006
    markdown: Annotated[bool, typer.Option("--markdown", help="As docs/checks.md has it.")] = False,
) -> int:
    """List every check, or show one: what it asks, why it matters, what can be set."""
    from curate.errors import BadSetting, unknown
    from curate.plan import every_check

    known = every_check(tuple(rules))
    if name is not None and name not in known:
        raise BadSetting(unknown("check", name, known, listed_by="curate checks"))
    if markdown:
        typer.echo(catalogue(known.values()))
    elif name is not None:
        typer.echo(in_full(known[name]))
    else:
        for check in in_groups(known.values()):
            typer.echo(f"{check.group:10} {check.name:22} {check.says}")
    return 0


def in_groups(checks: Iterable[Check]) -> list[Check]:
    """Checks in the order of the report: by group, then by name."""
    from curate.check import GROUPS

    return sorted(checks, key=lambda check: (GROUPS.index(check.group), check.name))


def in_full(check: Check) -> str:
    """One check as text."""
    lines = [
        f"{check.name} ({check.group}, {check.severity}{', each answer' * check.each_answer})",
        "",
        f"Flagged because {check.says}.",
    ]
    lines += ["", check.why.strip()]
    if check.params:
        lines += ["", "Parameters (--set CHECK.PARAM=VALUE):"]
        lines += [
            f"  {check.name}.{param} = {shown(value)}" for param, value in check.params.items()
        ]
    return "\n".join(lines)


def shown(value: object) -> str:
    """A default as one would write it after --set."""
    if isinstance(value, tuple):
        return ",".join(map(str, value)) or "(none)"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) or "(none)"


def catalogue(checks: Iterable[Check]) -> str:
    """docs/checks.md."""
    parts = [HEAD]
    group = ""
    for check in in_groups(checks):
        if check.group != group:
            group = check.group
            parts.append(f"## {group.capitalize()}\n")
        why = check.why.strip()
        asked = f"*{check.severity}*{' · *each answer*' * check.each_answer}"
        parts.append(f"### `{check.name}`\n\n{asked} · flagged because {check.says}.\n\n{why}\n")
        if check.params:
            listed = ", ".join(f"`{param}` = {shown(v)}" for param, v in check.params.items())
            parts.append(f"Parameters: {listed}\n")
    return "\n".join(parts).rstrip()
