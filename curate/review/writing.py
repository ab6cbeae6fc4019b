"""Writing: new records and draft rules that failures led to, and what they must not do.

A new record may not be near a record of the test set; which one it is near is not told, since
test records are counted and never shown. Both lie in the workspace, made anew from the log, so that
what is undone is gone:

    curate audit data.jsonl .curate/written/records.jsonl --rules .curate/written/rule-….yaml
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from curate.check import ask
from curate.content.sameness import folded_column, plain, widths
from curate.dedup import near_duplicates
from curate.errors import unknown
from curate.finding import Hit
from curate.heldout import heldout, matches
from curate.publish import write_whole
from curate.record import SCHEMA, SEPARATOR, with_prompt
from curate.report import Report
from curate.review.failing import about
from curate.review.review import Review
from curate.rulebook.rule_check import check_of
from curate.rulebook.rule_file import read
from curate.rules import failures as wrong_examples
from curate.store import failures as kept
from curate.store.database import Store
from curate.store.refusals import Refused
from curate.workspace import Workspace

PARTS = ("instruction", "input", "output", "system")
NEEDED = ("instruction", "output")
LEAST = 20  # letters, wide ones twice, from which a prompt is no everyday phrase
ALIKE = 0.8  # Jaccard similarity from which texts are near-duplicates, as in an audit
RECORDS = "records.jsonl"
SHOWN = 20  # records that a draft rule finds, shown


@dataclass(frozen=True, slots=True)
class Tried:
    """What a draft rule does: examples it gets wrong, and what it finds in the whole snapshot."""

    wrong: tuple[str, ...]
    checked: int
    found: int
    records: tuple[Mapping[str, Any], ...]  # the first of them: record_id, source, line, message


def new_record(review: Review, approved: str, wrote: Mapping[str, str]) -> dict[str, str]:
    """The record as it is kept; Refused where a part is missing or it is near the test set."""
    for name in wrote:
        if name not in PARTS:
            raise Refused(says="{problem}", problem=unknown("part of a record", name, PARTS))
    record = {name: wrote[name] for name in PARTS if wrote.get(name)}
    missing = [name for name in NEEDED if not record.get(name, "").strip()]
    if missing:
        raise Refused(says="a new record needs its {part}", part=missing[0])
    if near_test(where_of(review).path / "approved" / approved, record):
        raise Refused(
            says="this is too near a record of the test set, which must not be trained on; "
            "write about something else"
        )
    return record


def near_test(approved: Path, record: Mapping[str, str]) -> bool:
    """Whether a record repeats one of the test set; Refused where the test set is not here."""
    file = approved / "manifest.json"
    if not file.is_file():
        raise Refused(
            says="the approved snapshot {id} is not in this workspace, so nobody can tell whether "
            "this record is near its test set",
            id=approved.name,
        )
    parts = [one for one in orjson.loads(file.read_bytes())["parts"] if one["split"] == "test"]
    if not parts:
        return False
    columns = list(SCHEMA)
    tests = with_prompt(pl.concat([pl.read_parquet(approved / one["file"]) for one in parts]
                                  ).select(columns))  # fmt: skip
    mine = with_prompt(as_frame([record]))
    if any(matches(mine, heldout(tests))) or holds_prompt(tests, mine):
        return True
    return any(near(texts, new) for texts, new in zip(sides(tests), sides(mine), strict=True))


def sides(records: pl.DataFrame) -> list[pl.Series]:
    """The prompts, and the prompts with their answers."""
    whole = pl.concat_str("prompt", pl.lit(SEPARATOR), "answer", ignore_nulls=True)
    return [records["prompt"].fill_null(""), records.select(whole).to_series()]


def holds_prompt(tests: pl.DataFrame, mine: pl.DataFrame) -> bool:
    """Whether a test prompt stands whole in the new one; a word or two says nothing."""
    prompts = tests.select(folded_column("prompt")).to_series()
    telling = prompts.filter(
        prompts.to_frame().select(widths(pl.col("prompt"))).to_series() >= LEAST
    )
    asked = mine.select(folded_column("prompt")).item() or ""
    return any(prompt in asked for prompt in telling)


def near(texts: pl.Series, new: pl.Series) -> bool:
    """Whether the new text is a near-duplicate of one of the others."""
    found, _ = near_duplicates(plain(pl.concat([texts, new])))
    last = len(texts)
    close = found.similarity >= ALIKE
    return bool(((found.pairs == last).any(axis=1) & close).any())


def as_frame(records: Sequence[Mapping[str, str]]) -> pl.DataFrame:
    """Written records in the columns of a snapshot."""
    rows = [{**one, "answer": one.get("output")} for one in records]
    names = ("instruction", "input", "answer", "system")
    return pl.DataFrame([{name: row.get(name) for name in names} for row in rows], schema=SCHEMA)


def try_rule(report: Report, text: str) -> Tried:
    """Run a draft's rules on their own examples and on the whole snapshot; BadRule where wrong."""
    pack = read("draft", text.encode())
    wrong = tuple(one.message for rule in pack.rules for one in wrong_examples(rule))
    names = list(dict.fromkeys(rule.check for rule in pack.rules))
    checks = [
        check_of(name, [rule for rule in pack.rules if rule.check == name], pack.checks.get(name))
        for name in names
    ]
    found: dict[str, Mapping[str, Any]] = {}
    checked = 0
    for frame in report.snapshot.frames():
        checked += len(frame)
        for check in checks:
            for row, said in ask(check, frame):
                if isinstance(said, Hit):
                    told = frame.row(row, named=True)
                    place = {name: told[name] for name in ("record_id", "source", "line")}
                    found.setdefault(told["record_id"], {**place, "message": said.message})
    return Tried(wrong, checked, len(found), tuple(list(found.values())[:SHOWN]))


def draft_rule(text: str) -> str:
    """A draft that does what its examples say; BadRule or Refused where it does not."""
    wrong = [
        one.message for rule in read("draft", text.encode()).rules for one in wrong_examples(rule)
    ]
    if wrong:
        raise Refused(says="the rule gets its own example wrong: {problem}", problem=wrong[0])
    return text


def save_drafts(store: Store, where: Workspace) -> None:
    """Put the records and rules of all verdicts in force into the workspace."""
    told = [about(one) for one in store.read(kept.answers)]
    records = b"".join(orjson.dumps(one["wrote"]) + b"\n" for one in told if one.get("wrote"))
    rules = {digest(one["rule"]): str(one["rule"]) for one in told if one.get("rule")}
    folder = where.path / "written"
    if records or (folder / RECORDS).exists():
        write_whole(folder / RECORDS, records)
    for name, text in rules.items():
        write_whole(folder / f"rule-{name}.yaml", text.encode())
    for file in folder.glob("rule-*.yaml"):
        if file.stem.removeprefix("rule-") not in rules:
            file.unlink()


def digest(text: str) -> str:
    """A short name for a text."""
    return blake2b(text.encode(), digest_size=4).hexdigest()


def where_of(review: Review) -> Workspace:
    """The workspace that a review's report lies in."""
    return Workspace(review.report.folder.parent.parent)
