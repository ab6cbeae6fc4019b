"""Telling: traces on the screen; private values masked, hidden characters made visible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from curate.locale import Translator, translator
from curate.show.fix_terminal import masked_texts
from curate.show.numbers import number, percent
from curate.show.shown import one_line, visible
from curate.show.terminal import write
from curate.store.decision import Decision
from curate.trace.people import History
from curate.trace.reading import TracedRun
from curate.trace.reasons import ADVICE, REASONS
from curate.trace.tracing import Channel, Suspect, Traced
from curate.trace.triage import Triage

WIDTH = 90  # characters of a text
SHORT = 8  # characters of an id that name a record
ASKED, SAID = ("prompt", "answer", "reference"), ("prompt", "answer")
WORDS = {
    "data-caused": "caused by the data",
    "not-covered": "not covered by the data",
    "under-trained": "under-trained",
    "reference-doubtful": "reference doubtful",
    "could-not-tell": "could not tell",
}
"""What triage says, in words."""


def table(run: TracedRun, found: Sequence[Traced], locale: str, console: Console) -> None:
    """Each failure with its triage and its first record."""
    t = translator(locale)
    write(head(run, t), console)
    for one in masked(found):
        write(line(run, one, t), console)
    if found:
        says = t("curate trace {run} NUMBER shows the records behind one")
        write([Text(says.format(run=run.folder), "dim")], console)


def head(run: TracedRun, t: Translator) -> Iterator[Text]:
    """Which run, how many failures, by what evidence."""
    told = {"run": one_line(run.name), "n": number(len(run.failures))}
    yield Text(t("{run}: failures: {n}").format(**told), "bold")
    if run.traces is None:
        says = t("gradients are missing ({why}): only texts are compared")
        yield Text(says.format(why=one_line(t(run.without or ""))), "yellow")
    elif left := len(run.failures) - len(run.traces.failing):
        says = t("without gradients, less severe: {n}; their texts are compared")
        yield Text(says.format(n=number(left)), "yellow")


def line(run: TracedRun, one: Traced, t: Translator) -> Iterator[Text]:
    """A failure in the table: what was asked, what it comes from, the first record."""
    short = one.failure["record_id"][:SHORT]
    told = f"{one.number:>3}  {named(one.failure)}  {short}  {likeliest(one.triage, t)}"
    yield Text(told, "bold")
    yield Text(f"     {cut(one.failure['prompt'])}")
    if one.triage.traceable and one.suspects:
        first = one.suspects[0]
        yield Text(f"     → {named(first.record)}  {why(first, t)}")


def detail(
    run: TracedRun, found: Traced, people: History, locale: str, console: Console,
    *, anyway: bool = False,
) -> None:  # fmt: skip
    """One failure: what it comes from, what to do, and the records behind it."""
    t = translator(locale)
    [one] = masked([found])
    write(head(run, t), console)
    write(case(one, t), console)
    if not one.triage.traceable and not anyway:
        says = t("data most likely did not cause it; --anyway shows records all the same")
        write([Text(says, "yellow")], console)
        return
    for each in one.suspects:
        write(record(each, people, t), console)
    write(baseline(one, t), console)


def case(one: Traced, t: Translator) -> Iterator[Text]:
    """The failure itself and its triage."""
    yield Text(f"{one.number}  {named(one.failure)}  {one.failure['record_id']}", "bold")
    for name, says in (("prompt", "asked"), ("answer", "answered"), ("reference", "reference")):
        yield Text(f"   {t(says)}: {cut(one.failure[name])}")
    others = [
        t("{class_} {share}").format(class_=t(WORDS[name]), share=percent(chance))
        for name, chance in sorted(one.triage.probabilities.items(), key=lambda pair: -pair[1])
        if name != one.triage.said
    ]
    yield Text(f"{likeliest(one.triage, t)}{t('; ')}{t(', ').join(others)}", "bold cyan")
    yield Text(f"   {t(ADVICE[one.triage.said])}")
    if one.triage.missing:
        says = t("not measured: {names}")
        yield Text(f"   {says.format(names=', '.join(one.triage.missing))}", "dim")
    if not one.captured:
        says = t("no gradients of this answer were kept: only texts are compared")
        yield Text(f"   {says}", "dim")


def likeliest(triage: Triage, t: Translator) -> str:
    """What triage says, and how sure it is."""
    if triage.said not in triage.probabilities:
        return t(WORDS[triage.said])
    says = t("{class_} {share}")
    return says.format(class_=t(WORDS[triage.said]), share=percent(triage.probability))


def record(one: Suspect, people: History, t: Translator) -> Iterator[Text]:
    """A record behind a failure: why, its texts, its numbers, and who decided what on it."""
    short = one.record["record_id"][:SHORT]
    yield Text(f"{one.rank:>3}  {named(one.record)}  {short}  {why(one, t)}", "bold")
    for name, says in (("prompt", "asks"), ("answer", "answers")):
        yield Text(f"     {t(says)}: {cut(one.record[name])}")
    gradient = t("none") if one.gradient is None else channel(one.gradient, t)
    says = t("gradient {gradient}; text {text}: prompts {near} alike, answers {said}")
    told = {"near": percent(one.near), "said": percent(one.says), "gradient": gradient}
    yield Text(f"     {says.format(text=channel(one.text, t), **told)}", "dim")
    if one.copies:
        places = ", ".join(map(named, one.copies))
        says = t("one decision covers as well: {places}")
        yield Text(f"     {says.format(places=places)}", "dim")
    for each in people.get(one.record["first_id"], ()):
        yield Text(f"     {entry(each, t)}", "dim")


def baseline(one: Traced, t: Translator) -> Iterator[Text]:
    """What text alone would have said."""
    places = ", ".join(map(named, one.lexical))
    yield Text(t("by text alone: {places}").format(places=places), "dim")


def entry(one: Decision, t: Translator) -> str:
    """An entry of the log."""
    when = datetime.fromtimestamp(one.decided_at or 0).astimezone().date().isoformat()
    what = f"{t('undo')} {one.undoes}" if one.undoes else t(one.kind)
    policy = t("policy {policy}").format(policy=one.policy) if one.policy else ""
    parts = [when, one_line(one.reviewer), what, policy, one_line(one.reason or "")]
    return "  ".join(filter(None, parts))


def channel(one: Channel, t: Translator) -> str:
    """A score and its rank."""
    says = t("{score} (number {rank})")
    return says.format(score=f"{one.score:.2f}", rank=number(one.rank))


def why(one: Suspect, t: Translator) -> str:
    """The reasons in words."""
    return t("; ").join(t(REASONS[code]) for code in one.reasons)


def named(row: Mapping[str, Any]) -> str:
    """Source and line."""
    return one_line(f"{row['source']}:{row['line']}")


def cut(text: str | None) -> str:
    """The beginning of a text."""
    shown = one_line(text or "")
    return shown if len(shown) <= WIDTH else shown[:WIDTH] + "…"


def masked(found: Sequence[Traced]) -> list[Traced]:
    """The same with every private value in their texts masked, hidden characters visible."""
    texts = {text: "" for one in found for text in texts_of(one)}
    hidden = dict(zip(texts, map(visible, masked_texts(list(texts))), strict=True))

    def covered(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
        return {**row, **{name: hidden[row[name] or ""] for name in names}}

    def each(suspects: Sequence[Suspect]) -> tuple[Suspect, ...]:
        return tuple(
            replace(
                one, record=covered(one.record, SAID),
                copies=tuple(covered(copy, SAID) for copy in one.copies),
            )
            for one in suspects
        )  # fmt: skip

    return [
        replace(
            one, failure=covered(one.failure, ASKED), suspects=each(one.suspects),
            lexical=tuple(covered(row, SAID) for row in one.lexical),
        )
        for one in found
    ]  # fmt: skip


def texts_of(one: Traced) -> Iterator[str]:
    """Every text that may be shown."""
    yield from (one.failure[name] or "" for name in ASKED)
    behind = [row for each in one.suspects for row in (each.record, *each.copies)]
    for row in (*behind, *one.lexical):
        yield from (row[name] or "" for name in SAID)
