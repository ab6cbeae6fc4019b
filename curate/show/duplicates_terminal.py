"""What `curate duplicates` says on the screen: the least alike pairs first, each with its diff."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from curate.content.diff import visible
from curate.duplicates import Duplicates
from curate.locale import Translator, translator
from curate.show.fix_terminal import masked_texts, shown_lines
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
            before, after = masked_texts([str(staying[field] or ""), str(going[field] or "")])
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
