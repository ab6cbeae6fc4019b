"""Fix: what normalising would change in records, as patches that can be undone one by one.

Nothing is changed in place. `patches` says what each normaliser would do, `apply` makes the new
records with their new ids, `unfixing` takes patches back. What holds for all: fixing twice changes
no more than fixing once, the order of records does not matter, and what is not named in a patch is
untouched.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
import polars as pl

from curate.content import house_style
from curate.record import content_id, messages

TEXTS = ("system", "history", "instruction", "input", "answer", "rejected")
ANSWERS = ("answer", "rejected")  # a preference pair must not differ by its layout

ROUNDS = 4  # a fix may give another one something to do; more than this is a fault
MAJORITY = "majority"  # value of a parameter: the form that most records use

Params = Mapping[str, Any]
Row = Mapping[str, Any]

CHANGES: dict[str, Any] = {
    "record_id": pl.String,  # before all fixes
    "new_record_id": pl.String,  # after all of them
    "source": pl.String,
    "line": pl.UInt32,
    "step": pl.UInt32,  # counts from 0 within a record
    "fix": pl.String,
    "rules": pl.List(pl.String),
    "field": pl.String,
    "before": pl.String,
    "after": pl.String,
}


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What a normaliser makes of one text: which of its rules acted, and why it left the rest."""

    text: str
    rules: tuple[str, ...] = ()
    left: str | None = None


@dataclass(frozen=True, slots=True)
class Fix:
    """One normaliser. `says` finishes the sentence "this fix changes ..."."""

    name: str
    says: str
    rank: int
    rewrite: Callable[[str, Row, Params], Rewritten]
    suspects: Callable[[pl.Expr, Params], pl.Expr]  # texts that may change; cheap
    fields: tuple[str, ...] = TEXTS
    params: Params = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # allowed values
    aspects: Mapping[str, str] = field(default_factory=dict)  # parameter -> aspect of style
    spares: str | None = None  # instructions about this very thing, where it must not act

    def with_params(self, params: Params) -> Fix:
        """The same fix with some parameters set."""
        return dataclasses.replace(self, params={**self.params, **params})


@dataclass(frozen=True, slots=True)
class Patch:
    """One change of one field of one record by one fix."""

    record_id: str
    source: str
    line: int
    fix: str
    rules: tuple[str, ...]
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Left:
    """A text that a fix would not touch, and why."""

    record_id: str
    source: str
    line: int
    fix: str
    field: str
    why: str


def prepared(fixes: Iterable[Fix], frames: Iterable[pl.DataFrame]) -> list[Fix]:
    """The fixes with every "majority" replaced by the form that most records of the data use."""
    chosen = list(fixes)
    if not any(MAJORITY in (fix.params.get(p) for p in fix.aspects) for fix in chosen):
        return chosen
    counts: dict[str, dict[str, int]] = {}
    for frame in frames:
        for aspect, forms in house_style.form_counts(house_style.measured(frame)).items():
            known = counts.setdefault(aspect, {})
            for form, count in forms.items():
                known[form] = known.get(form, 0) + count
    return [fix.with_params(settled(fix, counts)) for fix in chosen]


def settled(fix: Fix, counts: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """Parameters of a fix, the majority being known; where nobody shows a form, there is none."""
    params = dict(fix.params)
    for param, aspect in fix.aspects.items():
        if params[param] == MAJORITY:
            params[param] = house_style.majority(
                house_style.choices(aspect, counts.get(aspect, {}))
            )
    return params


def patches(records: pl.DataFrame, fixes: Sequence[Fix]) -> Iterator[Patch | Left]:
    """Every change the fixes would make, in the order of making, and what they leave and why."""
    flags = [
        pl.col(name).is_not_null() if name == "history" else fix.suspects(pl.col(name), fix.params)
        for fix in fixes
        for name in fix.fields
    ]
    if not flags:
        return
    suspected = records.select(pl.any_horizontal(*[flag.fill_null(value=False) for flag in flags]))
    for row in records.filter(suspected.to_series()).iter_rows(named=True):
        yield from of_record(row, fixes)


def of_record(row: dict[str, Any], fixes: Sequence[Fix]) -> list[Patch | Left]:
    """Run the fixes over one record until none has anything more to do."""
    now, made = dict(row), list[Patch | Left]()
    for _ in range(ROUNDS):
        said = [one for fix in fixes for one in of_fix(now, row, fix)]
        changed = [one for one in said if isinstance(one, Patch)]
        made += changed
        if not changed:
            return made + [one for one in said if isinstance(one, Left)]
    where = (row["record_id"], row["source"], row["line"])
    return [Left(*where, fixes[-1].name, "answer", "the fixes undo one another here")]


def of_fix(now: dict[str, Any], row: Row, fix: Fix) -> Iterator[Patch | Left]:
    """What one fix makes of each field as it stands now; `now` takes the change over."""
    where = (row["record_id"], row["source"], row["line"], fix.name)
    for name in fix.fields:
        text = now[name]
        if not text:
            continue
        new = turns_rewritten(text, now, fix) if name == "history" else rewritten(text, now, fix)
        if new.left is not None:
            yield Left(*where, name, new.left)
        if new.text != text:
            yield Patch(*where, new.rules, name, text, new.text)
            now[name] = new.text


def rewritten(text: str, row: Row, fix: Fix) -> Rewritten:
    """What the fix makes of a text, unless the instruction is about the very thing it changes."""
    new = fix.rewrite(text, row, fix.params)
    if new.text == text or fix.spares is None:
        return new
    if re.search(fix.spares, row["instruction"] or "", re.IGNORECASE):
        return Rewritten(text, left="the instruction is about this very thing")
    return new


def turns_rewritten(history: str, row: Row, fix: Fix) -> Rewritten:
    """The same for every earlier turn of a conversation."""
    turns = orjson.loads(history)
    new = [rewritten(text, row, fix) for _, text in turns]
    left = next((one.left for one in new if one.left is not None), None)
    if all(one.text == text for one, (_, text) in zip(new, turns, strict=True)):
        return Rewritten(history, left=left)
    said = [[role, one.text] for one, (role, _) in zip(new, turns, strict=True)]
    rules = tuple(sorted({rule for one in new for rule in one.rules}))
    return Rewritten(orjson.dumps(said).decode(), rules, left)


def apply(records: pl.DataFrame, made: Iterable[Patch | Left]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The records after the patches, with new ids where they changed, and the table of changes."""
    columns = [name for name in records.columns if name != "prompt"]
    by_record: dict[tuple[str, str, int], list[Patch]] = {}
    for one in made:
        if isinstance(one, Patch):
            by_record.setdefault((one.record_id, one.source, one.line), []).append(one)
    rows, changes = [], []
    places = records.select("record_id", "source", "line").rows()
    touched = [number for number, place in enumerate(places) if place in by_record]
    for row in records[touched].select(columns).iter_rows(named=True):
        steps = by_record[row["record_id"], row["source"], row["line"]]
        fields = {**row, **{step.field: step.after for step in steps}}
        before, whole = messages(fields)
        fields |= {"record_id": content_id(whole), "prompt_id": content_id(before)}
        rows.append(fields)
        changes += [change(step, n, fields["record_id"]) for n, step in enumerate(steps)]
    new = records.select(columns)
    if touched:
        fixed = pl.DataFrame(rows, schema=new.schema)
        new = new.with_columns(new[c].scatter(touched, fixed[c]) for c in (*TEXTS, *IDS))
    return new, pl.DataFrame(changes, schema=CHANGES)


IDS = ("record_id", "prompt_id")


def change(step: Patch, number: int, new_id: str) -> dict[str, Any]:
    """One row of the table of changes."""
    fields = dataclasses.asdict(step)
    return {**fields, "rules": list(step.rules), "step": number, "new_record_id": new_id}
