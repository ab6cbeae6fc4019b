"""train compare: what a later run fixed, left, and broke, and whose decision meant it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from train.commands import options

if TYPE_CHECKING:
    from curate.locale import Translator
    from train.compare import Changed, Comparison

SHOWN = 10  # records of a kind
SHORT = 16  # characters of a setting
GROUPS = ("fixed", "still", "broken", "gone")
WORDS = {
    "fixed": "Fixed: {n}",
    "still": "Still failing: {n}",
    "broken": "Newly broken: {n}",
    "gone": "Failed before and no longer among the dev records: {n}",
}
VERDICTS = {
    "better": "better", "worse": "worse", "other": "changed", "none": "no difference shown",
}  # fmt: skip


def compare(
    earlier: Annotated[Path, typer.Argument(help="Folder of the earlier run.")],
    later: Annotated[Path, typer.Argument(help="Folder of the later run.")],
    seed: Annotated[int, typer.Option(help="Of the bootstrap.")] = 0,
    prove: Annotated[
        bool, typer.Option("--prove", help="Train again, beside a control: was it the repair?")
    ] = False,
    seeds: Annotated[int, typer.Option(help="Of a proof, the runs' own being the first.")] = 2,
    quick: Annotated[
        bool, typer.Option("--quick", help="Stop a proof after its pre-check of a few steps.")
    ] = False,
    as_json: options.Json = False,
    locale: options.Locale = "en",
) -> int:
    """Compare two runs record by record; what is fixed must not fail again and is pinned."""
    if prove or quick:
        return proven(earlier, later, seeds, quick, as_json, locale)
    from train.compare import compare as compared
    from train.compare import pin
    from train.locale import translator

    found = compared(earlier, later, seed)
    pin(found)
    if as_json:
        typer.echo(document(found))
    else:
        for line in lines(found, translator(locale)):
            typer.echo(line)
    return 1 if found.broken else 0


def proven(earlier: Path, later: Path, seeds: int, quick: bool, as_json: bool, locale: str) -> int:
    """Prove, or only look ahead; 1 where something is newly broken or the repair is not proven."""
    import json

    from train.locale import translator
    from train.prove import words
    from train.prove.document import document
    from train.prove.proof import prove

    found = prove(earlier, later, seeds, quick, aside, locale)
    if as_json:
        typer.echo(json.dumps(document(found), ensure_ascii=False, indent=1))
    else:
        for line in words.lines(found, translator(locale)):
            typer.echo(line)
    judged = found.judgement
    return 1 if judged and (judged.broken or not judged.proven) else 0


def aside(line: str) -> None:
    """Progress that is no part of the answer."""
    sys.stderr.write(f"{line}\n")


def lines(found: Comparison, t: Translator) -> list[str]:
    """What a person reads."""
    told = [
        t("not quite comparable: {name} was {before} and is {after}").format(
            name=name, before=briefly(before), after=briefly(after)
        )
        for name, (before, after) in found.unlike.items()
    ]
    for name in GROUPS:
        records: tuple[Changed, ...] = getattr(found, name)
        told.append(t(WORDS[name]).format(n=len(records)))
        told += [f"  {line}" for one in records[:SHOWN] for line in record_lines(one, t)]
        if len(records) > SHOWN:
            told.append("  " + t("and {n} more; --json lists them").format(n=len(records) - SHOWN))
    return [*told, *figures(found, t)]


def briefly(value: object) -> str:
    """A setting on one line: of a hash its beginning."""
    text = "–" if value is None else str(value)
    return text if len(text) <= SHORT else f"{text[:SHORT]}…"


def figures(found: Comparison, t: Translator) -> Iterator[str]:
    """A line for each figure that has moved, and one for all that may not have."""
    unmoved = [one for one in found.differences if one.verdict == "none"]
    for one in found.differences:
        if one not in unmoved:
            yield (
                f"{one.split} {one.metric}: {one.before:.4g} → {one.after:.4g} "
                f"[{one.low:+.4g}, {one.high:+.4g}] n={one.records}  {t(VERDICTS[one.verdict])}"
            )
    for split in dict.fromkeys(one.split for one in unmoved):
        names = ", ".join(one.metric for one in unmoved if one.split == split)
        yield f"{split}, {t(VERDICTS['none'])}: {names}"


def record_lines(one: Changed, t: Translator) -> list[str]:
    """One record: where it stands, why it failed, who meant it."""
    failure = one.after or one.before
    assert failure is not None  # a record is listed because it failed in one of them
    told = [f"{failure.source}:{failure.line}  {one.record_id[:12]}  {', '.join(failure.reasons)}"]
    for credit in one.credits:
        said = t("meant by {reviewer}: {kind} on {record}").format(
            reviewer=credit.reviewer, kind=credit.verdict or credit.kind, record=credit.record_id
        )
        told.append(f"  {said}")
    return told


def document(found: Comparison) -> str:
    """The whole as JSON."""
    import json
    from dataclasses import asdict

    from train.compare import counts

    def each(one: Changed) -> dict[str, object]:
        failure = one.after or one.before
        reasons = failure.reasons if failure else ()
        return {
            "record_id": one.record_id,
            "reasons": list(reasons),
            "credits": [asdict(credit) for credit in one.credits],
        }

    told = {
        "earlier": found.earlier.name,
        "later": found.later.name,
        "counts": counts(found),
        **{name: [each(one) for one in getattr(found, name)] for name in GROUPS},
        "metrics": [asdict(one) for one in found.differences],
        "unlike": {name: list(both) for name, both in found.unlike.items()},
    }
    return json.dumps(told, ensure_ascii=False, indent=1)
