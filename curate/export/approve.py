"""Approve: a snapshot and the decisions on it make the approved snapshot, or nothing at all.

The parent stays as it is. Its records are read part by part; those that stay are written aside with
the texts that were decided, put into groups and splits, held against the test set, and then lie in
`.curate/approved/<id>/` as a whole. Same snapshot, decisions and terms give the same id.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from curate.content.wording import wording
from curate.dedup.sketch import Sketcher
from curate.dedup.whole import alike
from curate.engines import open_engine
from curate.errors import BadSource, NothingToAudit
from curate.export import ledger as ledgers
from curate.export import manifest as manifests
from curate.export.card import card
from curate.export.earlier import before, earlier_splits
from curate.export.facts import Facts, gathered
from curate.export.heldback import ALIKE, held_back
from curate.export.ledger import PLACE, balanced, closed, entries
from curate.export.manifest import ID_BYTES, SPLITS
from curate.export.outcome import ALONE, DIFFER, Outcome, applied, outcome_of
from curate.export.split import Placed, Shares, groups, placed
from curate.publish import publish, write_table, write_whole
from curate.record import SCHEMA
from curate.review import Review
from curate.review.exchange import as_entry
from curate.review.frames import clusters
from curate.snapshot import BETWEEN, Part, Snapshot, altered
from curate.store import decisions
from curate.store.decision import Decision
from curate.store.failures import on_failure
from curate.store.standing import Standing, standings
from curate.workspace import Workspace

NOTHING = Standing()
MADE_FROM = "$.synthetic.parent.record_id"  # in the meta of records that a model made
DECISIONS, CARD = "decisions.jsonl", "README.md"
BESIDE = {"ledger": ledgers.FILE, "decisions": DECISIONS, "card": CARD}  # the records
PART_COLUMNS = (*SCHEMA, "split", "group", "parent_id", "verdict", "answer_before")


@dataclass(frozen=True, slots=True)
class Terms:
    """What the user chose."""

    shares: Shares = Shares()
    seed: int = 0
    allow_undecided: bool = False
    licence: str | None = None
    locale: str = "en"  # of the card


@dataclass(frozen=True, slots=True)
class Undecided:
    """What is not answered: records with an error, by check, and where people are not done."""

    records: int
    conflicts: int  # people differ
    alone: int  # two are asked, and one has decided
    checks: Mapping[str, int]

    def __bool__(self) -> bool:
        return self.records > 0


@dataclass(frozen=True, slots=True)
class Approved:
    """What became of the records; `path` is null where nothing was written."""

    undecided: Undecided
    outcomes: Mapping[str, int]
    manifest: Mapping[str, Any] | None = None
    path: Path | None = None
    facts: Facts | None = None

    @property
    def held(self) -> bool:
        """Whether undecided errors held the export back."""
        return self.facts is None


def approve(review: Review, where: Workspace, terms: Terms, *, write: bool = True) -> Approved:
    """The approved snapshot of a review; nothing is written where errors hold it back."""
    parent = review.report.snapshot
    if changed := altered(parent):
        raise BadSource(f"{parent.path}: {', '.join(changed)} changed since the audit; audit again")
    current = review.store.read(lambda on: list(decisions.current_of(on)))
    with where.scratch() as scratch:
        aside = scratch / "staying"
        aside.mkdir()
        spoken, twice = standings(current), asked_twice(review)
        staying, ledger = decided(parent, spoken, errors_of(review), twice, aside)
        undecided = undecided_in(ledger)
        if undecided and not terms.allow_undecided:
            return Approved(undecided, ledgers.outcomes(ledger))
        if not len(staying):
            raise NothingToAudit("no record is left: review dropped all; curate log shows why")
        known = set(ledger["record_id"])
        log = lines([one for one in current if one.record_id in known or on_failure(one.record_id)])
        chosen = {"seed": terms.seed, "shares": {n: getattr(terms.shares, n) for n in SPLITS}}
        after = before(where, parent.id, digest(log), chosen)
        together, told = split(review, staying, terms, after)
        ledger = closed(ledger, told)
        counted = balanced(ledger, len(parent), int(told["held"].is_null().sum()))
        facts = gathered(review, staying, told, ledger, current, terms.licence)
        if not write:
            return Approved(undecided, counted, facts=facts)
        made = scratch / "approved"
        made.mkdir()
        write_parts(staying, together, told, made)
        write_table(ledger, made / ledgers.FILE, compression="zstd")
        (made / DECISIONS).write_bytes(log)
        said = {
            "parent": parent.id,
            **chosen,
            "after": after.name if after and facts.splits_held else None,
            "allow_undecided": terms.allow_undecided,
            "undecided": {
                "error": undecided.records,
                "conflict": undecided.conflicts,
                "alone": undecided.alone,
                "checks": dict(undecided.checks),
            },
            "outcomes": counted,
            "locale": terms.locale,
            **facts.said(),
        }
        manifest = finished(made, said, facts, "parquet")
        place = where.approved / manifest["id"]
        if not manifests.is_approved(place) or manifests.altered(place):
            publish(made, place, [file.name for file in made.iterdir()])
    write_whole(where.approved / "latest", manifest["id"].encode())
    return Approved(undecided, counted, manifest, place, facts)


def decided(
    parent: Snapshot,
    known: Mapping[str, Standing],
    errors: Mapping[tuple[str, str, int], Sequence[str]],
    twice: Mapping[str, int],
    folder: Path,
) -> tuple[Snapshot, pl.DataFrame]:
    """The records that stay, written aside, and the ledger of all."""
    parts, ledger = [], []
    for number, records in enumerate(parent.frames()):
        told: dict[int, Outcome] = {}
        for row, place in enumerate(records.select(PLACE).iter_rows()):
            if place[0] in known or place in errors:
                whole = records.row(row, named=True)
                standing = known.get(place[0], NOTHING)
                wanted = twice.get(place[0], 1)
                told[row] = outcome_of(whole, standing, errors.get(place, ()), wanted)
        ledger.append(entries(records, told))
        kept = applied(records, told)
        file = folder / f"staying-{number:05}.parquet"
        write_table(kept, file, compression="uncompressed", statistics=False)
        parts.append(Part(file.name, len(kept), "", ""))
    return Snapshot(folder, tuple(parts), parent.id), pl.concat(ledger)


def errors_of(review: Review) -> dict[tuple[str, str, int], list[str]]:
    """The checks that found an error at each place."""
    found = review.report.findings.filter(
        (pl.col("severity") == "error") & pl.col("record_id").is_not_null()
    )
    places: dict[tuple[str, str, int], list[str]] = defaultdict(list)
    for *place, check in found.select(*PLACE, "check").iter_rows():
        places[tuple(place)].append(check)
    return places


def asked_twice(review: Review) -> dict[str, int]:
    """Records that more than one person is asked about -> how many."""
    return {one: item.wanted for item in review.queue() for one in item.members if item.wanted > 1}


def undecided_in(ledger: pl.DataFrame) -> Undecided:
    """What nobody has answered, counted."""
    open_ = ledger.filter(pl.col("undecided").list.len() > 0)["undecided"]
    counted = Counter(check for checks in open_ for check in checks)
    conflicts, alone = counted.pop(DIFFER, 0), counted.pop(ALONE, 0)
    return Undecided(len(open_), conflicts, alone, dict(sorted(counted.items())))


def split(
    review: Review, staying: Snapshot, terms: Terms, after: Path | None
) -> tuple[list[str], pl.DataFrame]:
    """The groups of the records that stay; and for each its split and why, or why it is held."""
    needed = ["record_id", "first_id", "prompt_id", "prompt", "system", "history", "meta"]
    asked = pl.concat(staying.frames(needed))
    has_prompt = pl.col("prompt").fill_null("") != ""
    said = pl.concat_str(pl.col("history").fill_null(""), "prompt", separator=BETWEEN)
    ids = asked.with_columns(
        prompt_id=pl.when(has_prompt).then("prompt_id"),
        parent_id=pl.coalesce(pl.col("meta").str.json_path_match(MADE_FROM), "first_id"),
        wording=pl.when(has_prompt).then(said.map_elements(wording, pl.String)),
    )
    with open_engine("local", 1) as engine:
        # A rejected answer makes another preference, and no other test question.
        pairs, similarity = alike(staying, engine, Sketcher(), ("answer",))
        together = groups(ids, clusters(review.report.findings), pairs[similarity >= ALIKE])
        was = earlier_splits(after, ids, review.report.snapshot)
        chosen: list[Placed] = placed(together, terms.shares, terms.seed, was)
        held = held_back(staying, [one.split for one in chosen], engine)
    columns = {
        "split": [None if row in held else one.split for row, one in enumerate(chosen)],
        "split_reason": [None if row in held else one.why for row, one in enumerate(chosen)],
        "held": [held.get(row) for row in range(len(chosen))],
    }
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return together, ids.select("record_id").hstack(frame)


def write_parts(
    staying: Snapshot, together: Sequence[str], told: pl.DataFrame, folder: Path
) -> None:
    """One file for each split, the records in the order of the parent."""
    frames, at = [], 0
    for records in staying.frames():
        here = told[at : at + len(records)]
        group = pl.Series("group", together[at : at + len(records)], pl.String)
        frames.append(records.with_columns(here["split"], group).select(PART_COLUMNS))
        at += len(records)
    whole = pl.concat(frames)
    for name in SPLITS:
        file = folder / f"{name}.parquet"
        write_table(whole.filter(pl.col("split") == name), file, compression="zstd")


def lines(current: Sequence[Decision]) -> bytes:
    """The decisions in force, as `curate import-decisions` takes them."""
    ordered = sorted(current, key=lambda one: (one.record_id, one.decided_at or 0, one.request_id))
    return b"".join(orjson.dumps(as_entry(one, {})) + b"\n" for one in ordered)


def digest(content: bytes) -> str:
    """As the manifest has it."""
    return blake2b(content, digest_size=ID_BYTES).hexdigest()


def finished(folder: Path, said: Mapping[str, Any], facts: Facts, form: str) -> dict[str, Any]:
    """Write the card and the manifest of a folder whose parts are there."""
    counts = facts.splits
    files = {name: next(folder.glob(f"{FILE_OF.get((form, name), name)}.*")) for name in SPLITS}
    names = {name: file.name for name, file in files.items()}
    ledger = ledgers.FILE if (folder / ledgers.FILE).exists() else None
    text = card(facts, names, said["locale"], ledger, said.get("approved"))
    (folder / CARD).write_bytes(text.encode())
    manifest = manifests.named(
        {
            **said,
            "file_format": form,
            "records": {name: counts[name] for name in SPLITS},
            "parts": [
                manifests.entry(file, split=name, records=counts[name])
                for name, file in files.items()
            ],
            **{
                name: manifests.entry(folder / file)
                for name, file in BESIDE.items()
                if (folder / file).exists()
            },
        }
    )
    write_whole(folder / manifests.FILE, manifests.as_bytes(manifest))
    return manifest


FILE_OF = {("hf", "dev"): "validation"}
