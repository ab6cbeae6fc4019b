"""What `curate duplicates` says on the screen: the least alike pairs first, each with its diff."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from rich.console import Console
from rich.text import Text

from curate import plan
from curate.check import ask
from curate.content.diff import visible
from curate.content.masking import mask_spans
from curate.duplicates import Duplicates
from curate.finding import Hit
from curate.locale import Translator, translator
from curate.record import SCHEMA, with_prompt
from curate.show.fix_terminal import private, shown_lines
from curate.show.numbers import number, percent

FIELDS = {
    "system": "System prompt",
    "history": "Earlier turns",
    "prompt": "Prompt",
    "answer": "Answer",
}


def show(found: Duplicates, most: int, locale: str, console: Console) -> None:
    """The pairs around the threshold, then the counts and what to do next."""
    t = translator(locale)
    for line in (*pairs(found, most, t, console), *counts(found, t)):
        console.print(line, soft_wrap=True)


def pairs(found: Duplicates, most: int, t: Translator, console: Console) -> Iterator[Text]:
    """Each pair under its similarity and its places."""
    for similarity, going, staying in found.shown(most):
        places = [visible(f"{record['source']}:{record['line']}") for record in (going, staying)]
        said = t("{similarity} alike: {going} could go, {staying} stays")
        head = said.format(similarity=percent(similarity), going=places[0], staying=places[1])
        yield Text(head, "bold")
        for field, name in FIELDS.items():
            before, after = masked([str(staying[field] or ""), str(going[field] or "")])
            if before != after:
                yield Text(f"  {t(name)}", "dim")
                yield from shown_lines(before, after, t, plain=not console.is_terminal)
        yield Text("")


def counts(found: Duplicates, t: Translator) -> Iterator[Text]:
    """How many could go at this threshold, in how many clusters, and how to keep the threshold."""
    total = len(found.report.snapshot)
    whole = {
        "threshold": f"{found.threshold:g}",
        "n": number(len(found.gone)),
        "records": number(total),
        "clusters": number(found.gone["kept"].n_unique()),
    }
    if not len(found.gone):
        yield Text(t("At {threshold} no record of {records} is a near-duplicate.").format(**whole))
        return
    said = t("At {threshold}: {n} of {records} records could go, in {clusters} clusters.")
    yield Text(said.format(**whole), "bold")
    largest = max(found.sizes)
    yield Text(t("The largest cluster holds {n} records.").format(n=number(largest)))
    command = f"curate audit SOURCE --set near-duplicate.threshold={found.threshold:g}"
    yield Text(t("To audit with this threshold: {command}").format(command=command))


def masked(texts: list[str]) -> list[str]:
    """The texts with every private value masked."""
    empty = dict.fromkeys(SCHEMA)
    rows = [{**empty, "instruction": "", "answer": text} for text in texts]
    frame = with_prompt(pl.DataFrame(rows, schema=SCHEMA))
    spans: dict[int, list[tuple[int, int, str | None]]] = {}
    for check in plan.every_check(()).values():
        if check.group != "privacy":
            continue
        for at, said in ask(check, frame):
            if isinstance(said, Hit):
                spans.setdefault(at, []).extend(private(said, len(texts[at])))
    return [mask_spans(text, spans.get(at, ())) for at, text in enumerate(texts)]
