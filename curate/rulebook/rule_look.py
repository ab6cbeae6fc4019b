"""The closer look of rules at the few suspects: which rules fire, where, and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from curate.check import Params, Said
from curate.content.masking import mask
from curate.content.signs import WHOLE, Kind, showing, shows, sign
from curate.finding import Hit
from curate.rulebook.lane import PATTERNS, run_in
from curate.rulebook.rule import COLUMNS, Rule
from curate.rulebook.rule_text import before, begins_with, exactly

EVIDENCE_CHARS = 200  # of a matched text that are kept as evidence

OPEN, SHUT = "\ufdd0", "\ufdd1"  # noncharacters: never in text that is meant for people
MARKED = re.compile(f"{OPEN}([^{OPEN}{SHUT}]*){SHUT}")

BRACKETS = {"(": ")", "（": "）"}
SCRIPTS = {"en": "[A-Za-z]", "ja": r"[\p{Hiragana}\p{Katakana}\p{Han}]"}


class Match(NamedTuple):
    """One place where one rule fires; `start` counts characters of `column`."""

    rule: Rule
    column: str
    start: int
    text: str


class View(NamedTuple):
    """What rules look at; those with the same view are asked together."""

    field: str
    column: str
    language: str | None
    begins: tuple[str, ...]


def look(rules: Sequence[Rule], suspects: pl.DataFrame, _: Params) -> Iterator[tuple[int, Said]]:
    """Every match of a rule that masks; of the others, the first that fires speaks for all."""
    check = rules[0].check
    places = dict.fromkeys((rule.field, column) for rule in rules for column in COLUMNS[rule.field])
    texts = {place: run_in(f"{check}-texts", texts_of, *place, suspects) for place in places}
    found: dict[int, list[Match]] = {}
    for lane, some in enumerate(lanes(rules)):
        for number, match in run_in(f"{check}-{lane}", matches, some, texts):
            found.setdefault(number, []).append(match)
    rank = {rule.name: number for number, rule in enumerate(rules)}
    for number in sorted(found):
        in_order = sorted(found[number], key=lambda match: rank[match.rule.name])
        yield from ((number, hit) for hit in hits(in_order))


def texts_of(field: str, column: str, suspects: pl.DataFrame) -> pl.DataFrame:
    """What a field looks at: `row`, `prompt`, `before` (in the column) and `text`."""
    text = exactly(field, column).str.replace_all(f"[{OPEN}{SHUT}]", "\ufffd")
    texts = suspects.select("prompt", before(field, column).alias("before"), text.alias("text"))
    return texts.with_row_index("row").drop_nulls("text")


def lanes(rules: Sequence[Rule]) -> list[list[Rule]]:
    """The rules in groups that each use no more patterns than a lane keeps."""
    groups: list[list[Rule]] = [[]]
    used: set[object] = set()
    for rule in rules:
        own = {rule.matches, rule.unless, rule.unless_prompt, rule.language, rule.begins}
        if groups[-1] and len(used | own) > PATTERNS:
            groups.append([])
            used = set()
        groups[-1].append(rule)
        used |= own
    return groups


def matches(
    rules: Sequence[Rule], texts: Mapping[tuple[str, str], pl.DataFrame]
) -> list[tuple[int, Match]]:
    """(row, match) wherever a rule fires."""
    alike: dict[View, list[Rule]] = {}
    for rule in rules:
        for column in COLUMNS[rule.field]:
            view = View(rule.field, column, rule.language, rule.begins)
            alike.setdefault(view, []).append(rule)
    return [
        (number, match)
        for view, some in alike.items()
        for rule, number, text in fired(some, seen(view, texts[view.field, view.column]))
        for match in matches_in(rule, view.column, text)
    ]


def seen(view: View, texts: pl.DataFrame) -> pl.DataFrame:
    """The texts that the rules of a view are asked of."""
    if view.language == "ja":  # other text is told apart far faster than it is searched
        texts = texts[shows(sign(kinds=["eastern"]), texts["text"]).arg_true()]
    if view.language is not None and len(texts):
        texts = texts[texts["text"].str.contains(SCRIPTS[view.language]).arg_true()]
    if view.begins and len(texts):
        begun = texts.select_seq(begins_with(pl.col("text"), view.begins)).to_series()
        texts = texts[begun.arg_true()]
    return texts


def fired(rules: Sequence[Rule], texts: pl.DataFrame) -> Iterator[tuple[Rule, int, str]]:
    """(rule, row, column with each match between marks) wherever a rule fires."""
    if texts.is_empty():
        return
    groups = sharing(rules)
    signs = [sign(*needs) if needs else sign(kinds=kinds) for needs, kinds in groups]
    found = showing(signs, texts["text"])
    for ((needs, kinds), alike), rows in zip(groups.items(), found, strict=True):
        some = narrowed(needs, kinds, texts, rows)
        if some.is_empty():
            continue
        holds = (pl.col("text").str.contains(rule.matches).alias(rule.name) for rule in alike)
        held = some.select_seq(holds)  # here, where patterns stay compiled, in no other thread
        for rule in alike:
            if held[rule.name].any():
                yield from marked(rule, some[held[rule.name].arg_true()])


def sharing(rules: Sequence[Rule]) -> dict[tuple[tuple[str, ...], tuple[Kind, ...]], list[Rule]]:
    """The rules that need and show the same, which is looked for once, and without a pattern."""
    groups: dict[tuple[tuple[str, ...], tuple[Kind, ...]], list[Rule]] = {}
    for rule in rules:
        groups.setdefault((rule.needs, rule.shows), []).append(rule)
    return groups


def narrowed(
    needs: Sequence[str], kinds: Sequence[Kind], texts: pl.DataFrame, rows: pl.Series
) -> pl.DataFrame:
    """The texts that hold what is needed and shown, of which these rows show a sign at least."""
    if not needs and not kinds:
        return texts
    some = texts[rows]
    if len(some) and any(len(literal.encode()) < WHOLE for literal in needs):
        some = some[some["text"].str.contains_any(list(needs)).arg_true()]
    if len(some) and needs and kinds:
        some = some[shows(sign(kinds=kinds), some["text"]).arg_true()]
    return some


def marked(rule: Rule, texts: pl.DataFrame) -> Iterator[tuple[Rule, int, str]]:
    """Where nothing keeps the rule silent: the column with each match between marks."""
    between = pl.col("text").str.replace_all(rule.matches, f"{OPEN}${{0}}{SHUT}")
    placed = texts.select_seq("row", cleared(rule), marked=pl.concat_str("before", between))
    for number, is_cleared, text in placed.iter_rows():
        if is_cleared:
            yield rule, number, text


def cleared(rule: Rule) -> pl.Expr:
    """Whether nothing else in the record keeps the rule silent."""
    silent = pl.lit(value=False)
    if rule.unless is not None:
        silent |= pl.col("text").str.contains(rule.unless)
    if rule.unless_prompt is not None:
        silent |= pl.col("prompt").fill_null("").str.contains(rule.unless_prompt)
    return ~silent


def matches_in(rule: Rule, column: str, text: str) -> Iterator[Match]:
    """The matches between marks that the rule's validator accepts."""
    for earlier, found in enumerate(MARKED.finditer(text)):
        if rule.valid is None or is_valid(rule.valid, found[1]):
            opened = bracket_before(text, found) if rule.mask else ""
            start = found.start() - 2 * earlier - len(opened)
            yield Match(rule, column, start, opened + found[1])


def bracket_before(text: str, found: re.Match[str]) -> str:
    """The bracket that a match shuts and does not open, as in `(03)1234-5678`; it is masked too."""
    opening = text[found.start() - 1 : found.start()]
    shut = found[1].find(BRACKETS.get(opening, opening))
    return opening if opening in BRACKETS and shut >= 0 and opening not in found[1][:shut] else ""


def is_valid(name: str, text: str) -> bool:
    from curate.content.checksums import VALIDATORS

    return VALIDATORS[name](text)


def hits(found: Sequence[Match]) -> Iterator[Hit]:
    """What the matches in one record come to."""
    private: list[Match] = []
    for match in found:
        if match.rule.mask and not any(overlap(match, other) for other in private):
            private.append(match)
    yield from (hit(match) for match in private)
    spoken = [match for match in found if not match.rule.mask]
    if spoken:
        names = dict.fromkeys(match.rule.name for match in spoken)
        yield hit(spoken[0], also=[name for name in names if name != spoken[0].rule.name])


def overlap(one: Match, other: Match) -> bool:
    return (
        one.column == other.column
        and one.start < other.start + len(other.text)
        and other.start < one.start + len(one.text)
    )


def hit(match: Match, also: Sequence[str] = ()) -> Hit:
    """A match as the finding will show it."""
    rule, text = match.rule, match.text
    evidence = {
        "rule": rule.name,
        "pack": rule.pack,
        "kind": rule.kind,
        "text": mask(text, rule.kind) if rule.mask else text[:EVIDENCE_CHARS],
    }
    return Hit(
        rule.says,
        field=match.column,
        start=match.start,
        end=match.start + len(text),
        severity=rule.severity,
        evidence={**evidence, "also": list(also)} if also else evidence,
    )
