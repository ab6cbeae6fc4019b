"""Rules that share a check become that Check.

Its `suspects` is one search for all rules of a field: for their patterns, or, where rules say what
a text `begins` with or `needs`, for those literals alone. The closer look is in rule_look.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import groupby

import polars as pl

from curate.check import Check, Params
from curate.content.signs import Sign, Signs, sign
from curate.content.wide import holds_any, may_be_japanese, only_where
from curate.finding import SEVERITIES
from curate.rulebook.rule import COLUMNS, CheckText, Rule
from curate.rulebook.rule_look import look
from curate.rulebook.rule_pattern import closed
from curate.rulebook.rule_text import around, begins_with, either

STEM_CHARS = 8
SEARCHED_QUICKLY = 3  # bytes of a literal
SEARCHED_AT_ONCE = 18  # literals; more fall off the fast matcher


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
        signs=partial(signs, worst_first),
        suspects=partial(suspects, worst_first),
        look=partial(look, worst_first),
    )


def signs(rules: Sequence[Rule], _: Params) -> Signs | None:
    """By column, what one of the rules needs at least; null where a rule does not say."""
    found: dict[str, Sign] = {}
    for rule in rules:
        needed = sign_of(rule)
        if needed is None:
            return None
        for column in COLUMNS[rule.field]:
            # The history is JSON, whose escapes hide what a rule sees in it.
            shown = sign(kinds=["any"]) if column == "history" else needed
            found[column] = found.get(column, Sign()) | shown
    return found


def sign_of(rule: Rule) -> Sign | None:
    """What a text must show for one rule to fire; null where the rule does not say."""
    if rule.language == "ja":
        return sign(kinds=["eastern"])
    if rule.needs or rule.shows:
        return sign(*rule.needs) if rule.needs else sign(kinds=rule.shows)
    return None


def suspects(rules: Sequence[Rule], _: Params) -> pl.Expr:
    """Whether any rule could fire; never null."""

    def alike(rule: Rule) -> tuple[str, bool, bool, bool]:
        return rule.field, rule.language == "ja", bool(rule.begins), bool(rule.needs)

    groups = [list(group) for _, group in groupby(sorted(rules, key=alike), key=alike)]
    return pl.any_horizontal(
        flag
        for group in groups
        for column in COLUMNS[group[0].field]
        for flag in could(group, column)
    )


def could(alike: Sequence[Rule], column: str) -> list[pl.Expr]:
    """Whether rules that restrict themselves in the same way could fire on a column."""
    text = around(alike[0].field, column).fill_null("")
    if alike[0].language == "ja":  # other text is told apart far faster than it is searched
        text = only_where(may_be_japanese(text), text)
    begins, needs = union(r.begins for r in alike), union(r.needs for r in alike)
    if begins and needs:
        return [any_literal(only_where(begins_with(text, begins), text), stems(needs))]
    if begins:
        return [begins_with(text, begins)]
    if needs:
        return [any_literal(text, needs)]
    return [text.str.contains(pattern) for pattern in fused([rule.matches for rule in alike])]


def stems(literals: Sequence[str]) -> list[str]:
    """The beginnings of many literals: fewer, so cheaper to look for among a few texts."""
    return sorted({literal[:STEM_CHARS] for literal in literals})


def union(literals: Iterable[Sequence[str]]) -> list[str]:
    return sorted({literal for some in literals for literal in some})


def any_literal(text: pl.Expr, literals: Sequence[str]) -> pl.Expr:
    """Whether one of the literals is in the text.

    One pattern is the fastest way to ask, but for literals of one or two bytes: among longer ones
    they cost the engine its quick search, so they are asked for apart; and so do too many at once.
    """
    short = [literal for literal in literals if len(literal.encode()) < SEARCHED_QUICKLY]
    long = [literal for literal in literals if literal not in short]
    few = [long[at : at + SEARCHED_AT_ONCE] for at in range(0, len(long), SEARCHED_AT_ONCE)]
    return holds_any(text, [either(some) for some in (short, *few) if some])


def fused(patterns: Sequence[str]) -> list[str]:
    """All patterns as one alternation, or as the few that the engine can hold."""
    whole = "|".join(f"(?:{closed(pattern)})" for pattern in patterns)
    try:
        pl.Series([""]).str.contains(whole)
    except pl.exceptions.ComputeError:
        half = len(patterns) // 2
        return [*fused(patterns[:half]), *fused(patterns[half:])]
    return [whole]
