"""curate rules: list, show, test and try the rules that checks are made of."""

from __future__ import annotations

import sys
from collections.abc import Iterable
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
    typer.echo(listed(loaded.rules))
    for line in loaded.overridden:
        typer.echo(line)
    return 0


def listed(rules: Iterable[Rule]) -> str:
    """A line for each rule under a header, the rules of a check together."""
    rows = [("CHECK", "RULE", "PACK", "SEVERITY", "SAYS")]
    ordered = sorted(rules, key=lambda rule: (rule.check, rule.name))
    rows += [(rule.check, rule.name, rule.pack, rule.severity, rule.says) for rule in ordered]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1]
    return "\n".join(
        "  ".join([*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[-1]])
        for row in rows
    )


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(metavar="RULE|CHECK|PACK")],
    rules: options.Rules = [],  # noqa: B006
) -> int:
    """Show one rule in full, with its examples and its place; or list those of a check or pack."""
    from curate.errors import BadSetting, unknown
    from curate.rules import load

    loaded = load(rules).rules
    named = {rule.name: rule for rule in loaded}
    several = [rule for rule in loaded if name in (rule.check, rule.pack)]
    if name not in named and not several:
        names = {*named, *(word for rule in loaded for word in (rule.check, rule.pack))}
        raise BadSetting(unknown("rule, check or pack", name, names, listed_by="curate rules list"))
    if name in named:
        typer.echo(in_full(named[name]))
    if [rule.name for rule in several] not in ([], [name]):
        typer.echo(listed(several))
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
    from curate.show.numbers import many, number

    named = [str(file) for file in files or []]
    loaded = load(files or [])
    mine = [rule for rule in loaded.rules if not named or rule.place.rpartition(":")[0] in named]
    names = {rule.name for rule in mine}
    failures = [failure for failure in loaded.test() if failure.rule.name in names]
    for failure in failures:
        typer.echo(failure.message)
    examples = sum(len(rule.bad) + len(rule.good) for rule in mine)
    counted = many(len(mine), "1 rule", "{n} rules")
    typer.echo(f"{counted}, {number(examples)} examples, {number(len(failures))} wrong")
    return FAILED if failures else 0


@app.command("try")
def try_text(
    text: Annotated[str, typer.Argument(help="The text, or - (standard input).")],
    field: Annotated[str, typer.Option(help="prompt, answer, input or system.")] = "answer",
    rules: options.Rules = [],  # noqa: B006
) -> int:
    """Say which rules speak up on a text, and on which words."""
    from curate.errors import BadSetting, unknown
    from curate.rulebook.rule import EXAMPLE_PARTS
    from curate.rules import load, tried

    if field not in EXAMPLE_PARTS:
        raise BadSetting(f"--field: {unknown('field', field, EXAMPLE_PARTS)}")
    text = sys.stdin.read() if text == "-" else text
    said = tried(load(rules), {field: text})
    for check, hit in said:
        words = hit.evidence.get("text", "")
        place = f"{hit.field} {hit.start}-{hit.end}"
        rule = hit.evidence.get("rule", "")
        typer.echo(f"{check.name}  {rule}  {place}  {words!r}  {hit.message}")
    if not said:
        typer.echo("no rule speaks up")
    return 0
