"""What `curate duplicates` says on the screen: the least alike pairs first, each with its diff."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from rich.console import Console
from rich.text import Text

from curate.content.diff import visible
from curate.duplicates import Duplicates
from curate.locale import Translator, translator
from curate.show.copies import exact_copies
from curate.show.fix_terminal import MARKS, STYLES, masked_texts, shown_lines
from curate.show.missed import missed
from curate.show.numbers import many, number, similar

FIELDS = {
    "system": "System prompt",
    "history": "Earlier turns",
    "prompt": "Prompt",
    "answer": "Answer",
    "rejected": "Rejected answer",
}


def show(found: Duplicates, most: int, locale: str, console: Console) -> None:
    """The pairs around the threshold, then the counts and what to do next."""
    t = translator(locale)
    for line in (*pairs(found, most, t, console), *counts(found, t)):
        console.print(line, soft_wrap=True)


def pairs(found: Duplicates, most: int, t: Translator, console: Console) -> Iterator[Text]:
    """Each pair under its similarity and its places: from what stays to what could go."""
    plain = not console.is_terminal
    shown = found.shown(most)
    if shown:
        yield legend(t, plain=plain)
        yield Text("")
    for known, going, staying in shown:
        places = [visible(f"{record['source']}:{record['line']}") for record in (going, staying)]
        said = t("{similarity} alike: {going} could go, {staying} stays")
        if known["answers_differ"]:
            said = t("{similarity} alike: {going} could go, {staying} stays; the answers differ")
        alike = similar(known["similarity"])
        yield Text(said.format(similarity=alike, going=places[0], staying=places[1]), "bold")
        for field, name in FIELDS.items():
            before, after = masked_texts([text(record, field, t) for record in (staying, going)])
            if before != after:
                yield Text(f"  {t(name)}", "dim")
                yield from shown_lines(before, after, t, plain=plain)
        yield Text("")


def legend(t: Translator, *, plain: bool) -> Text:
    """Which side is which."""
    line = Text()
    sides = {"gone": t("only in what stays"), "new": t("only in what could go")}
    for kind, side in sides.items():
        line.append(MARKS[kind].format(side) if plain else side, STYLES[kind]).append("  ")
    return line


def text(record: Mapping[str, Any], field: str, t: Translator) -> str:
    """One field as it is read; earlier turns a line each, under their roles."""
    said = str(record[field] or "")
    if field != "history" or not said:
        return said
    roles = {"user": t("User"), "assistant": t("Assistant"), "tool": t("Tool")}
    turns = orjson.loads(said)
    return "\n".join(f"{roles.get(role, role)}: {words}" for role, words in turns)


def counts(found: Duplicates, t: Translator) -> Iterator[Text]:
    """How many could go at this threshold, in how many clusters, and how to keep the threshold."""
    whole = {
        "threshold": f"{found.threshold:g}",
        "n": number(len(found.gone)),
        "records": number(len(found.report.snapshot)),
    }
    if not len(found.gone):
        yield Text(t("At {threshold} no record of {records} is a near-duplicate.").format(**whole))
        yield from besides(found, t)
        return
    said = t("At {threshold}: {n} of {records} records could go.").format(**whole)
    clusters = many(found.gone["kept"].n_unique(), t("1 cluster"), t("{n} clusters"))
    largest = number(max(found.sizes))
    yield Text(said, "bold")
    yield Text(t("{clusters}; the largest holds {n} records.").format(clusters=clusters, n=largest))
    yield from besides(found, t)
    command = f"curate audit SOURCE --set near-duplicate.threshold={found.threshold:g}"
    yield Text(t("To audit with this threshold: {command}").format(command=command))


def besides(found: Duplicates, t: Translator) -> Iterator[Text]:
    """What is not among the counts."""
    yield from exact_copies(found.exact_copies, t)
    yield from missed(found.sketcher, found.threshold, t)
