"""curate rules: list, show, test and try the rules that checks are made of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from curate.commands import options

if TYPE_CHECKING:
    from curate.rulebook.rule import Rule

app = typer.Typer(help="List, show, test and try the rules.", no_args_is_help=True)

FAILED = 1


@app.command("list")
def list_rules(rules: options.Rules = []) -> int:  # noqa: B006
    """List every rule: its check, its pack, its severity, and what it says."""
    from curate.rules import load

    loaded = load(rules)
    for rule in sorted(loaded.rules, key=lambda rule: (rule.check, rule.name)):
        typer.echo(f"{rule.check:18} {rule.name:34} {rule.severity:5} {rule.says}")
    for line in loaded.overridden:
        typer.echo(line)
    return 0


@app.command("show")
def show(name: str, rules: options.Rules = []) -> int:  # noqa: B006
    """Show one rule in full, with its examples and the place where it is written."""
    from curate.errors import BadSetting, unknown
    from curate.rules import load

    known = {rule.name: rule for rule in load(rules).rules}
    if name not in known:
        raise BadSetting(unknown("rule", name, known))
    typer.echo(in_full(known[name]))
    return 0


def in_full(rule: Rule) -> str:
    """One rule as text."""
    lines = [f"{rule.name} ({rule.place})", f"says: {rule.says}"]
    if rule.says_ja:
        lines.append(f"      {rule.says_ja}")
    asked = {"check": rule.check, "field": rule.field, "language": rule.language,
             "severity": rule.severity, "kind": rule.kind, "matches": rule.matches,
             "unless": rule.unless, "unless_prompt": rule.unless_prompt, "valid": rule.valid,
             "capability": rule.capability}  # fmt: skip
    lines += [f"{key}: {value}" for key, value in asked.items() if value]
    for title, examples in (("bad", rule.bad), ("good", rule.good)):
        lines += [f"{title}:", *(f"  - {' | '.join(example.values())}" for example in examples)]
    return "\n".join(lines)


@app.command("test")
def test(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="Rule files [ours].")
    ] = None,
) -> int:
    """Run every rule on its own bad and good examples; exit code 1 if one is wrong."""
    from curate.rules import load

    named = [str(file) for file in files or []]
    loaded = load(files or [])
    mine = [rule for rule in loaded.rules if not named or rule.place.rpartition(":")[0] in named]
    names = {rule.name for rule in mine}
    failures = [failure for failure in loaded.test() if failure.rule.name in names]
    for failure in failures:
        typer.echo(failure.message)
    examples = sum(len(rule.bad) + len(rule.good) for rule in mine)
    typer.echo(f"{len(mine)} rules, {examples} examples, {len(failures)} wrong")
    return FAILED if failures else 0


@app.command("try")
def try_text(
    text: str,
    field: Annotated[str, typer.Option(help="prompt, answer, input or system.")] = "answer",
    rules: options.Rules = [],  # noqa: B006
) -> int:
    """Say which rules speak up on a text, and on which words."""
    from curate.errors import BadSetting, unknown
    from curate.rulebook.rule import EXAMPLE_PARTS
    from curate.rules import load, tried

    if field not in EXAMPLE_PARTS:
        raise BadSetting(f"--field: {unknown('field', field, EXAMPLE_PARTS)}")
    said = tried(load(rules), {field: text})
    for check, hit in said:
        words = hit.evidence.get("text", "")
        place = f"{hit.field} {hit.start}-{hit.end}"
        rule = hit.evidence.get("rule", "")
        typer.echo(f"{check.name}  {rule}  {place}  {words!r}  {hit.message}")
    if not said:
        typer.echo("no rule speaks up")
    return 0
