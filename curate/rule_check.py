"""Rules that share a check become that Check.

`suspects` is one search for all rules of a field: for their patterns, or, where rules say what a
text `begins` with or `needs`, for those literals alone. `look` runs each rule on the few suspects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import NamedTuple

import polars as pl

from curate.check import Check, Params, Said
from curate.finding import SEVERITIES, Hit
from curate.masking import mask
from curate.rule import COLUMNS, VERBOSE, CheckText, Rule

WINDOW = 300  # characters of an opening or an ending
EVIDENCE_CHARS = 200  # of a matched text that are kept as evidence

OPEN, SHUT = "\ufdd0", "\ufdd1"  # noncharacters: never in text that is meant for people
MARKED = re.compile(f"{OPEN}([^{OPEN}{SHUT}]*){SHUT}")

TWO_SENTENCES = r"\A\s*(?:(?s:.)*?(?:[.!?]+[\"'”’)\]]*\s+|[。！？]+[」』）)]*\s*|\n\s*)){2}"
SCRIPTS = {"en": r"\p{Latin}", "ja": r"[\p{Hiragana}\p{Katakana}\p{Han}]"}


class Match(NamedTuple):
    """One place where one rule fires; `start` counts characters of `column`."""

    rule: Rule
    column: str
    start: int
    text: str


def check_of(name: str, rules: Sequence[Rule], said: CheckText | None = None) -> Check:
    """One Check of all its rules; without a text of its own it says what its first rule says."""
    worst_first = tuple(sorted(rules, key=lambda rule: -SEVERITIES.index(rule.severity)))
    columns = dict.fromkeys(column for rule in rules for column in COLUMNS[rule.field])
    said = said or CheckText(rules[0].says, why=f"A rule of your own, at {rules[0].place}.")
    return Check(
        name=name,
        says=said.says,
        group=said.group,
        severity=worst_first[0].severity,
        why=said.why,
        fields=tuple({**columns, "prompt": None}),
        suspects=partial(suspects, worst_first),
        look=partial(look, worst_first),
    )


def suspects(rules: Sequence[Rule], _: Params) -> pl.Expr:
    """Whether any rule could fire; never null."""

    def alike(rule: Rule) -> tuple[str, bool, bool, bool]:
        return rule.field, rule.language == "ja", bool(rule.begins), bool(rule.needs)

    groups = [list(group) for _, group in groupby(sorted(rules, key=alike), key=alike)]
    return pl.any_horizontal(
        flag for group in groups for column in COLUMNS[group[0].field] for flag in could(group, column)
    )


def could(alike: Sequence[Rule], column: str) -> list[pl.Expr]:
    """Whether rules that restrict themselves in the same way could fire on a column."""
    text = around(alike[0].field, column).fill_null("")
    if alike[0].language == "ja":  # plain ASCII is told apart far faster than it is searched
        text = only(text, text.str.len_bytes() != text.str.len_chars())
    begins, needs = union(r.begins for r in alike), union(r.needs for r in alike)
    if begins and needs:
        return [any_literal(only(text, begins_with(text, begins)), needs)]
    if begins:
        return [begins_with(text, begins)]
    if needs:
        return [any_literal(text, needs)]
    return [text.str.contains(pattern) for pattern in fused([rule.matches for rule in alike])]


def only(text: pl.Expr, flag: pl.Expr) -> pl.Expr:
    """The text where the flag is true, else the empty text, which costs nothing to search."""
    return pl.when(flag).then(text).otherwise(pl.lit(""))


def union(literals: Iterable[Sequence[str]]) -> list[str]:
    return sorted({literal for some in literals for literal in some})


def around(field: str, column: str) -> pl.Expr:
    """What a field looks at in a column, or a little more of it."""
    text = pl.col(column)
    if field == "answer-opening":
        return text.str.slice(0, WINDOW)
    if field == "answer-ending":
        return text.str.tail(WINDOW)
    if column == "history":
        # It is JSON: an escape would glue its letter to the next word. Every span stays.
        for escape, plain in (("\\n", " \n"), ("\\t", " \t"), ('\\"', ' "')):
            text = text.str.replace_all(escape, plain, literal=True)
    return text


def begins_with(text: pl.Expr, literals: Sequence[str]) -> pl.Expr:
    """Whether the text begins with one of the literals, white space aside."""
    return text.str.contains(rf"\A\s*(?:{'|'.join(re.escape(literal) for literal in literals)})")


def any_literal(text: pl.Expr, literals: Sequence[str]) -> pl.Expr:
    """Whether one of the literals is in the text; one pattern is the fastest way to ask."""
    return text.str.contains("|".join(re.escape(literal) for literal in literals))


def fused(patterns: Sequence[str]) -> list[str]:
    """All patterns as one alternation, or as the few that the engine can hold."""
    # A pattern that allows comments may end in one: the line end closes it.
    closed = (p + "\n" if VERBOSE.match(p) else p for p in patterns)
    whole = "|".join(f"(?:{pattern})" for pattern in closed)
    try:
        pl.Series([""]).str.contains(whole)
    except pl.exceptions.ComputeError:
        half = len(patterns) // 2
        return [*fused(patterns[:half]), *fused(patterns[half:])]
    return [whole]


def look(rules: Sequence[Rule], suspects: pl.DataFrame, _: Params) -> Iterator[tuple[int, Said]]:
    """Every match of a rule that masks; of the others, the first that fires speaks for all."""
    found: dict[int, list[Match]] = {}
    seen: dict[tuple[str, str], pl.DataFrame] = {}
    for rule in rules:
        for column in COLUMNS[rule.field]:
            if (rule.field, column) not in seen:
                seen[rule.field, column] = exactly(rule.field, column, suspects)
            for number, text in marked(rule, seen[rule.field, column]):
                found.setdefault(number, []).extend(matches_in(rule, column, text))
    for number in sorted(found):
        yield from ((number, hit) for hit in hits(found[number]))


def exactly(field: str, column: str, suspects: pl.DataFrame) -> pl.DataFrame:
    """What a field looks at: `row`, `before` (what stands before it in the column), `text`."""
    whole = pl.col(column)
    text = around(field, column)
    before = pl.lit("")
    if field == "answer-opening":
        text = pl.coalesce(text.str.extract(TWO_SENTENCES, 0), text)
    if field == "answer-ending":
        length = whole.str.len_chars().cast(pl.Int64)
        before = whole.str.slice(0, (length - WINDOW).clip(0))
    safe = text.str.replace_all(f"[{OPEN}{SHUT}]", "\ufffd")
    seen = suspects.select("prompt", before.alias("before"), safe.alias("text"))
    return seen.with_row_index("row").drop_nulls("text")


def marked(rule: Rule, seen: pl.DataFrame) -> Iterator[tuple[int, str]]:
    """(row, column with each match between marks) where a rule fires.

    Cheap conditions come first, and each is asked only of the texts that passed those before.
    """
    for condition in conditions(rule):
        if seen.is_empty():
            return
        seen = seen.filter(condition)
    between = pl.col("text").str.replace_all(rule.matches, f"{OPEN}${{0}}{SHUT}")
    yield from seen.select("row", pl.concat_str("before", between)).iter_rows()


def conditions(rule: Rule) -> Iterator[pl.Expr]:
    """What must be true of `text` and `prompt` for the rule to fire."""
    text = pl.col("text")
    if rule.begins:
        yield begins_with(text, rule.begins)
    if rule.needs:
        yield text.str.contains_any(list(rule.needs))  # needs no compiling, as a pattern would
    yield text.str.contains(rule.matches)
    if rule.language is not None:
        yield text.str.contains(SCRIPTS[rule.language])
    if rule.unless is not None:
        yield ~text.str.contains(rule.unless)
    if rule.unless_prompt is not None:
        yield ~pl.col("prompt").fill_null("").str.contains(rule.unless_prompt)


def matches_in(rule: Rule, column: str, text: str) -> Iterator[Match]:
    """The matches between marks that the rule's validator accepts."""
    for before, found in enumerate(MARKED.finditer(text)):
        if rule.valid is None or is_valid(rule.valid, found[1]):
            yield Match(rule, column, found.start() - 2 * before, found[1])


def is_valid(name: str, text: str) -> bool:
    from curate.checksums import VALIDATORS

    return VALIDATORS[name](text)


def hits(matches: Sequence[Match]) -> Iterator[Hit]:
    """What the matches in one record come to."""
    private: list[Match] = []
    for match in matches:
        if match.rule.mask and not any(overlap(match, other) for other in private):
            private.append(match)
    yield from (hit(match) for match in private)
    spoken = [match for match in matches if not match.rule.mask]
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
