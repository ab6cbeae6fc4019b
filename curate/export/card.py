"""Card: what a person should know before training on an approved snapshot; in English or Japanese.

Text from the data (names of sources, categories and checks) stands in code spans, so that a page
that shows the card runs and fetches nothing of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from curate.export.facts import UNKNOWN, Counts, Facts
from curate.locale import Translator, sentence, translator
from curate.show.numbers import number, percent
from curate.show.shown import one_line

LISTED = 30  # rows of one table; the rest is counted
SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
UNREVIEWED = {
    "warn": "Warnings that nobody has reviewed, on these records:",
    "info": "Remarks that nobody has reviewed, on these records:",
}
HUB_SPLITS = {"dev": "validation"}


def card(
    facts: Facts,
    files: Mapping[str, str],
    locale: str,
    ledger: str | None,
    approved: str | None = None,
) -> str:
    """README.md: front matter as the hub reads it, then the sections.

    `ledger` is a file beside; `approved` is the id of the approved snapshot that this is a copy of.
    """
    t = translator(locale)
    parts = [
        "\n".join(front_matter(facts, files, approved)),
        f"# {t('Approved data set')}",
        t("A copy of the approved snapshot {id}.").format(id=code(approved)) if approved else "",
        t("Made by curate from the snapshot {parent}.").format(parent=code(facts.parent)),
        t("What became of each of its records: {ledger}").format(ledger=code(ledger))
        if ledger
        else "",
        *outcome_parts(facts, t),
        *content_parts(facts, t),
        *decision_parts(facts, t),
        *unknown_parts(facts, t),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def front_matter(facts: Facts, files: Mapping[str, str], approved: str | None) -> Iterator[str]:
    """YAML; JSON texts are YAML texts.

    A copy's configuration has the name of what was approved, for `datasets` keeps what it has
    loaded under that name, and would give the old records where a folder was exported anew.
    """
    yield "---"
    if facts.licence:
        yield f"license: {json.dumps(facts.licence, ensure_ascii=False)}"
    spoken = [name for name in facts.languages if name != UNKNOWN]
    if spoken:
        yield "language:"
        yield from (f"- {json.dumps(name)}" for name in spoken)
    yield "size_categories:"
    yield f"- {size_of(facts.records)}"
    yield "configs:"
    yield f"- config_name: {approved or 'default'}"
    yield "  default: true"
    yield "  data_files:"
    for split, file in files.items():
        if facts.splits[split]:
            yield f"  - split: {HUB_SPLITS.get(split, split)}"
            yield f"    path: {file}"
    yield "---"


def size_of(records: int) -> str:
    """The hub's word for a number of records."""
    names = ["n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M", "10M<n<100M"]
    return next((name for name, end in zip(names, SIZES, strict=False) if records < end), names[-1])


def outcome_parts(facts: Facts, t: Translator) -> Iterator[str]:
    """What became of the parent's records, and how they are split."""
    yield f"## {t('What became of the records')}"
    yield table(t, facts.outcomes, t("outcome"), t, code_names=False)
    yield t("Read from the sources and not readable: {n}").format(n=number(facts.rejected))
    yield f"## {t('Splits')}"
    yield table(t, facts.splits, t("split"), code_names=False)
    yield t(
        "Split by groups of duplicates, equal prompts and parents; no record of train or dev "
        "nearly repeats one of test."
    )
    if facts.splits_held:
        yield t("In their split because of an earlier approved snapshot: {n}").format(
            n=number(facts.splits_held)
        )
    for split, n in facts.splits.items():
        if not n:
            yield t("{split} is empty: there are too few groups for its share.").format(split=split)


def content_parts(facts: Facts, t: Translator) -> Iterator[str]:
    """Sources, licence, languages, categories, refusals."""
    yield f"## {t('Sources')}"
    head = f"| {t('source')} | {t('records')} | {t('approved')} |\n| --- | ---: | ---: |"
    lines = [
        f"| {code(name)} | {number(total)} | {number(kept)} |"
        for name, (total, kept) in list(facts.sources.items())[:LISTED]
    ]
    yield "\n".join([head, *lines])
    yield more(len(facts.sources), t)
    given = code(facts.licence) if facts.licence else t("not given")
    yield t("Licence: {licence}").format(licence=given)
    yield f"## {t('Languages of the answers')}"
    yield table(t, facts.languages, t("language"))
    if facts.categories:
        yield f"## {t('Categories')}"
        yield table(t, facts.categories, t("category"))
        yield more(len(facts.categories), t)
    if facts.refusal_share is not None:
        told = {"n": number(facts.refusals), "total": number(facts.records)}
        share = percent(facts.refusal_share)
        yield t("Answers that refuse: {share} ({n} of {total})").format(share=share, **told)


def decision_parts(facts: Facts, t: Translator) -> Iterator[str]:
    """Who decided, how well they agreed, and how bad the data was."""
    yield f"## {t('Decisions')}"
    yield t("Persons who decided: {n}").format(n=len(facts.reviewers))
    if facts.decisions:
        yield table(t, facts.decisions, t("verdict of a person"), t, code_names=False)
    if facts.policies:
        yield table(t, facts.policies, t("policy"))
    found = facts.agreement
    if found.percent is None or found.range is None:
        yield t("Agreement: not known, no record was decided by two persons.")
    else:
        says = "agreement: {percent} ({low} to {high}) over {n} records that two people decided"
        agreed = {"percent": found.percent, "low": found.range[0], "high": found.range[1]}
        same = {name: f"{value:.1%}" for name, value in agreed.items()}
        yield t(says).format(n=number(found.items), **same)
        alpha = found.alpha
        if alpha.value is not None:
            says = "Krippendorff's alpha {alpha} ({low} to {high})"
            told = {"alpha": alpha.value, "low": alpha.low, "high": alpha.high}
            yield t(says).format(**{name: f"{value:.3f}" for name, value in told.items()})
    rate = facts.rate
    if rate.value is None:
        yield t("Bad records in all the data: not known, none was drawn at random and decided.")
    else:
        says = "bad records in all the data: {share} ({low} to {high}), by {n} drawn at random"
        told_rate = {"share": rate.value, "low": rate.low or 0.0, "high": rate.high or 0.0}
        shares = {name: f"{value:.1%}" for name, value in told_rate.items()}
        yield t(says).format(**shares, n=rate.sample)


def unknown_parts(facts: Facts, t: Translator) -> Iterator[str]:
    """What was not decided, not checked, and could not be told."""
    yield f"## {t('What is not known')}"
    if facts.undecided:
        yield t("Errors that nobody has decided on go along with these records:")
        yield table(t, facts.undecided, t("check"))
    else:
        yield t("No error is left undecided.")
    for severity, counts in facts.unreviewed.items():
        if counts:
            yield t(UNREVIEWED[severity])
            yield table(t, counts, t("check"))
            yield more(len(counts), t)
    if facts.on_dataset:
        yield t("Said of the data as a whole, before decisions:")
        yield bullets(code(sentence(t, *told)) for told in facts.on_dataset)
    if facts.skipped:
        yield t("Checks that were not asked:")
        yield bullets(f"{code(name)}: {t(why)}" for name, why in facts.skipped)
    if facts.unsure:
        yield t("Records of which a check could not tell:")
        yield table(t, facts.unsure, t("check"))


def table(
    t: Translator,
    counts: Counts,
    what: str,
    names: Translator = str,
    code_names: bool = True,
) -> str:
    """Names and counts, the first LISTED."""
    head = f"| {what} | {t('records')} |\n| --- | ---: |"
    lines = [
        f"| {code(name) if code_names else names(name)} | {number(n)} |"
        for name, n in list(counts.items())[:LISTED]
    ]
    return "\n".join([head, *lines])


def more(count: int, t: Translator) -> str:
    """How many rows of a table are not shown."""
    return t("… and {n} more").format(n=number(count - LISTED)) if count > LISTED else ""


def bullets(lines: Iterable[str]) -> str:
    """A list."""
    return "\n".join(f"- {line}" for line in lines)


def code(text: str) -> str:
    """Any text as a code span of one line, which no table and no page can take for markup."""
    shown = one_line(text).replace("|", "¦")
    ticks = max((len(run) for run in re.findall(r"`+", shown)), default=0) + 1
    pad = " " if ticks > 1 else ""
    return f"{'`' * ticks}{pad}{shown}{pad}{'`' * ticks}" if shown else "–"
