"""Telling: differences on the screen or as JSON, private values masked, hidden characters shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from curate.diffing.differences import Changed, Differences, Row
from curate.locale import Translator, translator
from curate.show.fix_terminal import masked_texts, shown_lines
from curate.show.numbers import number
from curate.show.shown import one_line, visible

SHOWN = 20  # records of each kind on the screen
WIDTH = 72  # characters of a text that only came or went
MARKS = {"added": ("+", "green"), "removed": ("-", "red")}


def show(found: Differences, locale: str, console: Console) -> None:
    """The first records of each kind, then the counts."""
    t = translator(locale)
    for change, texts in zip(found.changed, safe(found.changed[:SHOWN]), strict=False):
        console.print(Text(head(change), "bold"), soft_wrap=True)
        for (field, _, _), (before, after) in zip(change.fields, texts, strict=True):
            console.print(Text(f"  {field}", "dim"), soft_wrap=True)
            for line in shown_lines(before, after, t, plain=not console.is_terminal):
                console.print(line, soft_wrap=True)
    for kind, rows in (("added", found.added), ("removed", found.removed)):
        for line in listed(kind, rows[:SHOWN]):
            console.print(line, soft_wrap=True)
    for line in summary(found, t):
        console.print(line, soft_wrap=True)


def head(change: Changed) -> str:
    """Where a changed record stands, and its ids."""
    before, after = change.before["record_id"][:8], change.after["record_id"][:8]
    ids = before if before == after else f"{before} -> {after}"
    return f"{where(change.after)}  {ids}"


def where(row: Row) -> str:
    """Source and line."""
    return one_line(f"{row['source']}:{row['line']}")


def safe(changes: Sequence[Changed]) -> Iterator[list[tuple[str, str]]]:
    """Before and after of every field of each change, private values masked."""
    texts = [text or "" for one in changes for _, *pair in one.fields for text in pair]
    hidden = iter(masked_texts(texts))
    for one in changes:
        yield [(next(hidden), next(hidden)) for _ in one.fields]


def listed(kind: str, rows: Sequence[Row]) -> Iterator[Text]:
    """One line a record: what it asks, or says where it asks nothing."""
    sign, style = MARKS[kind]
    asked = masked_texts([row["instruction"] or row["answer"] or "" for row in rows])
    for row, text in zip(rows, asked, strict=True):
        shown = one_line(text)
        cut = shown if len(shown) <= WIDTH else shown[:WIDTH] + "…"
        yield Text(f"{sign} {where(row)}  {row['record_id'][:8]}  {cut}", style)


def summary(found: Differences, t: Translator) -> Iterator[Text]:
    """The counts, and how many records were not shown."""
    counts = found.counts
    more = sum(max(0, counts[kind] - SHOWN) for kind in ("changed", "added", "removed"))
    if more:
        yield Text(t("… and {n} more; --json has all").format(n=number(more)), "dim")
    says = t("{one} -> {other}: {counts}")
    told = t(", ").join(f"{t(kind)} {number(n)}" for kind, n in counts.items())
    yield Text(says.format(one=found.one[:8], other=found.other[:8], counts=told), "bold")
    if found.one == found.other and found.same == sum(counts.values()):
        yield Text(t("Both are the snapshot {id}.").format(id=found.one), "bold")


def as_json(found: Differences) -> dict[str, Any]:
    """Everything, for a program."""
    changed = [
        {
            **named(change.after),
            "record_id": change.before["record_id"],
            "new_id": change.after["record_id"],
            "fields": [
                {"field": field, "before": visible(before), "after": visible(after)}
                for (field, _, _), (before, after) in zip(change.fields, texts, strict=True)
            ],
        }
        for change, texts in zip(found.changed, safe(found.changed), strict=True)
    ]
    return {
        "schema": "curate-diff/1",
        "one": found.one,
        "other": found.other,
        "counts": found.counts,
        "changed": changed,
        "added": list(map(named, found.added)),
        "removed": list(map(named, found.removed)),
    }


def named(row: Row) -> dict[str, Any]:
    """Which record it is."""
    return {name: row[name] for name in ("record_id", "source", "line", "split")}
