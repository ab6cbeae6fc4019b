"""Turns: the earlier answers of a conversation, each asked about like a record of its own.

Training learns from every answer of the assistant, not from the last alone. A check that judges an
answer is so asked of the earlier ones too: its prompt is the user's message before it, its context
what stands before that. What is found is told on the record, in its `history`. A message that calls
a tool is no answer, and what a check says of a prompt is not asked again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import orjson
import polars as pl

from curate.check import Check, Params, Said
from curate.content.history import in_json
from curate.finding import Hit
from curate.hits import HITS, Count, framed
from curate.locale import IN_ANSWER
from curate.snapshot import Snapshot

PLACE = ("row", "at", "turn", "turns")
"""Of the record; of the message in its history; of the answer among the record's, from 1."""
NOT_THEIRS = ("input", "history", "rejected", "annotations", "meta")  # they are the record's

Earlier = tuple[int, int, int, int, str, str]


def earlier_answers(records: pl.DataFrame) -> pl.DataFrame | None:
    """A record for each earlier answer, with its place; null where there is none."""
    history = records["history"]
    if history.null_count() == len(history):
        return None
    rows = history.is_not_null().arg_true()
    told = zip(rows, records[rows].select("history", "roles", "prompt").iter_rows(), strict=True)
    found: list[Earlier] = [(row, *one) for row, said in told for one in answers(*said)]
    if not found:
        return None
    *places, asked, answered = zip(*found, strict=True)
    numbers = [pl.Series(n, v, dtype=pl.UInt32) for n, v in zip(PLACE, places, strict=True)]
    return records[numbers[0]].with_columns(
        *(pl.lit(None, pl.String).alias(name) for name in NOT_THEIRS),
        *(pl.Series(name, asked, dtype=pl.String) for name in ("instruction", "prompt")),
        pl.Series("answer", answered, dtype=pl.String),
        pl.lit("ua").alias("roles"),
        *numbers,
    )


def answers(history: str, roles: str, prompt: str) -> Iterator[tuple[int, int, int, str, str]]:
    """Of each earlier answer its place in the history and among all, its prompt and its text."""
    said = orjson.loads(history)
    last = len(said)
    if "u" in roles:
        last = roles.rindex("u") - roles.startswith("s")
        said.insert(last, ["user", prompt])
    spoken = [at for at, (role, _) in enumerate(said) if role == "assistant"]
    for turn, at in enumerate(spoken, start=1):
        if [role for role, _ in said[at + 1 : at + 2]] != ["tool"]:
            asked = next((text for role, text in reversed(said[:at]) if role == "user"), "")
            yield at - (at > last), turn, len(spoken) + roles.endswith("a"), asked, said[at][1]


def of_turns(check: Check, records: pl.DataFrame) -> Check:
    """The check as it is asked of the earlier answers of these records."""
    return replace(check, look=partial(look, check, records["history"]))


def look(
    check: Check, history: pl.Series, turns: pl.DataFrame, params: Params
) -> Iterator[tuple[int, Said]]:
    """What the check says of the answers; of suspects alone is the context made."""
    places = turns.select(PLACE).rows()
    if "history" in check.fields:
        context = [before(history[row], at) for row, at, _, _ in places]
        turns = turns.with_columns(pl.Series("history", context, dtype=pl.String))
    if check.look is None:
        told: Iterator[tuple[int, Said]] = ((n, Hit(check.says)) for n in range(len(turns)))
    else:
        told = iter(check.look(turns, params))
    for number, said in told:
        if not isinstance(said, Hit):
            yield number, said
        elif said.field in (None, "answer"):
            row, *place = places[number]
            yield number, placed(said, history[row], *place)


def before(history: str, at: int) -> str | None:
    """The history of an earlier answer: all before it but the message that it answers."""
    said = orjson.loads(history)[:at]
    asked = max((n for n, (role, _) in enumerate(said) if role == "user"), default=None)
    rest = [message for n, message in enumerate(said) if n != asked]
    return orjson.dumps(rest).decode() if rest else None


def placed(hit: Hit, history: str, at: int, turn: int, turns: int) -> Hit:
    """The hit on an answer as a hit on the record, whose repair could not be applied there."""
    start = end = None
    if hit.start is not None and hit.end is not None:
        start, end = in_json(history, at, hit.start, hit.end) or (None, None)
    args = {**hit.args, "turn": turn, "turns": turns}
    says = IN_ANSWER + hit.says
    return replace(hit, says=says, args=args, field="history", start=start, end=end, fix=None)


def counted(count: Count, past: Count) -> None:
    """Take in the count of earlier answers: a record counts once, in how many turns it may be."""
    count.seconds += past.seconds
    for why, times in past.reasons.items():
        count.unsure(why, min(times, count.checked - count.could_not_tell))


def weighed(
    check: Check,
    facts: pl.DataFrame,
    past: Sequence[pl.DataFrame],
    params: Params,
    snapshot: Snapshot,
) -> pl.DataFrame:
    """The hits on earlier answers, each weighed among all answers of the data."""
    assert check.weigh is not None
    turns = pl.concat(past)
    every = pl.concat([facts, turns.select(facts.columns)])
    said = [(n - len(facts), hit) for n, hit in check.weigh(every, params).on_records]
    told = [(n, hit) for n, hit in said if n >= 0]
    if not told:
        return pl.DataFrame(schema=HITS)
    places = turns[[n for n, _ in told]].select("part", *PLACE)
    records = snapshot.take(places, ["record_id", "source", "line", "history"])
    rows = zip(told, records["history"], places.drop("part", "row").rows(), strict=True)
    hits = [(n, placed(hit, text, *place)) for n, ((_, hit), text, place) in enumerate(rows)]
    return framed(check, hits, records.hstack(places.select("part", "row")))
