"""Audit: read records, ask every check, and give a report. Nothing is changed or deleted.

Three steps: *scan* every chunk alone, *settle* the records that share a key, *weigh* the facts of
all records together. The engine decides where the work runs, never what comes of it.
"""

from __future__ import annotations

import base64
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Literal

import orjson
import polars as pl

from curate import workspace as workspaces
from curate.document import document
from curate.engines import Engine, open_engine
from curate.errors import NothingToAudit, Unaccounted
from curate.hits import HITS, Count, passing
from curate.plan import Plan, make
from curate.private import masked
from curate.quarantine import around_poison
from curate.reading import Chunk, Reading, Reject, Source, as_written, chunks, sources
from curate.report import SHOWN_REJECTS, Report, concluded, keep
from curate.scan import Scanned, scan
from curate.settle import settle
from curate.snapshot import commit
from curate.weigh import survey, together, weigh
from curate.workspace import Workspace

SMALL_BYTES = 24 << 20  # below this, starting worker processes costs more than it saves
ADVANCE = Callable[[int, int], None]
"""Told the bytes and the records just read."""
PHASE = Callable[[Literal["reading", "comparing", "weighing", "writing"]], None]
"""Told what is done now."""


@dataclass
class Tally:
    """What has been scanned so far; small, whatever the size of the input."""

    counts: dict[str, Count]
    read: Counter[str] = field(default_factory=Counter)  # by source
    rejected: Counter[str] = field(default_factory=Counter)  # by source
    codes: Counter[str] = field(default_factory=Counter)  # rejects by code
    notes: dict[str, Counter[str]] = field(default_factory=dict)  # by source
    first: list[Reject] = field(default_factory=list)  # the first rejects, to show
    hits: list[pl.DataFrame] = field(default_factory=list)
    keys: dict[str, list[pl.Series]] = field(default_factory=dict)
    facts: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    past: dict[str, list[pl.DataFrame]] = field(default_factory=dict)  # of earlier answers
    parts: list[Any] = field(default_factory=list)
    private: set[str] = field(default_factory=set)  # values that no output may show

    def take(self, scanned: Scanned, source: str, rejects: BinaryIO) -> None:
        """Take in what came of one chunk."""
        self.read[source] += scanned.read
        self.rejected[source] += len(scanned.rejects)
        self.notes.setdefault(source, Counter()).update(scanned.notes)
        for reject in scanned.rejects:
            self.codes[reject.code] += 1
            rejects.write(reject_line(reject))
        self.first += scanned.rejects[: SHOWN_REJECTS - len(self.first)]
        self.hits.append(scanned.hits)
        self.parts.append(scanned.part)
        self.private |= scanned.private
        for name, count in scanned.counts.items():
            self.counts[name].add(count)
        for name, keys in scanned.keys.items():
            self.keys.setdefault(name, []).append(keys)
        for name, facts in scanned.facts.items():
            self.facts.setdefault(name, []).append(facts)
        for name, facts in scanned.past.items():
            self.past.setdefault(name, []).append(facts)


def audit(
    source: Any,
    *,
    reading: Reading | None = None,
    workspace: Path | None = None,
    engine: str = "local",
    workers: int | None = None,
    address: str | None = None,
    rule_files: Sequence[Path] = (),
    only: str | Sequence[str] = (),
    skip: str | Sequence[str] = (),
    changes: str | Sequence[str] = (),
    given: Mapping[str, Mapping[str, Any]] | None = None,
) -> Report:
    """Find what is wrong with `source`: a path, several, a frame, or a list of records.

    The rest is as on the command line: `only` and `skip` name checks (one text with commas will
    do), `changes` are CHECK.PARAM=VALUE, `given` are parameters by check.
    Raises a CurateError that says what to do when the source or a setting is wrong.
    """
    plan = make(
        reading or Reading(),
        rule_files=rule_files,
        only=listed(only),
        skip=listed(skip),
        changes=[changes] if isinstance(changes, str) else changes,
        given=given,
    )
    several = isinstance(source, list | tuple) and not holds_records(source)
    opened = sources(source if several else [source], plan.reading)
    return audit_opened(opened, plan, workspace, engine, workers, address)


def audit_opened(
    opened: Sequence[Source],
    plan: Plan,
    workspace: Path | None = None,
    engine: str = "local",
    workers: int | None = None,
    address: str | None = None,
    advance: ADVANCE | None = None,
    phase: PHASE | None = None,
) -> Report:
    """The same, of sources that are open already; `advance` and `phase` hear of the progress."""
    where = workspaces.find(workspace)
    workers = workers or default_workers(opened)
    with where.scratch() as folder:
        runs = open_engine(engine, workers, address, folder)
        told = advance or (lambda _bytes, _records: None), phase or (lambda _name: None)
        return run(opened, plan, runs, where, folder, *told)


def listed(names: str | Sequence[str]) -> Sequence[str]:
    """Names as a list; a text holds them between commas."""
    if not isinstance(names, str):
        return names
    return [name.strip() for name in names.split(",") if name.strip()]


def holds_records(source: Sequence[Any]) -> bool:
    """Whether a list is itself the data."""
    return bool(source) and isinstance(source[0], dict)


def default_workers(opened: Sequence[Source]) -> int:
    """As many as there are cores, one for little input."""
    if sum(source.bytes for source in opened) < SMALL_BYTES:
        return 1
    return min(os.cpu_count() or 1, 8)


def run(
    opened: Sequence[Source],
    plan: Plan,
    engine: Engine,
    where: Workspace,
    folder: Path,
    advance: ADVANCE,
    phase: PHASE,
) -> Report:
    """The whole algorithm."""
    started = time.perf_counter()
    parts = folder / "parts"
    parts.mkdir()
    with engine:
        tally = scanned_all(opened, plan, engine, folder, advance)
        if sum(part.records for part in tally.parts) == 0:
            raise NothingToAudit(nothing(opened, tally))
        account(tally)
        names = [source.name for source in opened]
        snapshot = commit(parts, tally.parts, where, None, sources=names)
        phase("comparing")
        settled, sizes = settle(tally.keys, snapshot, plan, engine, folder, tally.counts)
        surveyed = survey(snapshot, plan, engine, tally.counts)
    phase("weighing")
    weighed = weigh(tally.facts, tally.past, snapshot, plan, tally.counts)
    met = {name: {"sizes": groups} for name, groups in sizes.items()}
    measures = together(weighed.measures, met, surveyed.measures)
    candidates = in_order(emptied(tally.hits, settled, weighed.hits, surveyed.hits))
    told = document(
        opened, plan, engine.name, snapshot, tally, measures, time.perf_counter() - started
    )
    candidates = masked(candidates, tally.private)
    findings = passing(candidates, plan.checks(), plan)
    told = concluded(told, findings)
    phase("writing")
    rejects = folder / "rejects.jsonl"
    return keep(told, candidates, findings, rejects, snapshot, where, surveyed.tables)


def scanned_all(
    opened: Sequence[Source], plan: Plan, engine: Engine, folder: Path, advance: ADVANCE
) -> Tally:
    """Scan every chunk of every source."""
    tally = Tally({name: Count() for name in plan.asked})
    cut_from: list[Source] = []

    def numbered() -> Iterator[tuple[int, Chunk]]:
        for source in opened:
            for chunk in chunks(source, plan.reading):
                cut_from.append(source)
                yield len(cut_from) - 1, chunk

    work = partial(scan, plan=plan, folder=folder / "parts")
    survive = partial(around_poison, reading=plan.reading)
    with (folder / "rejects.jsonl").open("wb") as rejects:
        for scanned in engine.map(work, numbered(), survive):
            source = cut_from[scanned.number]
            scanned.rejects = as_written(scanned.rejects, source, plan.reading)
            tally.take(scanned, source.name, rejects)
            advance(scanned.bytes, scanned.read)
    return tally


def account(tally: Tally) -> None:
    """read = kept + rejected, or we stop."""
    kept = sum(part.records for part in tally.parts)
    read, rejected = sum(tally.read.values()), sum(tally.rejected.values())
    if read != kept + rejected:
        raise Unaccounted(
            f"read {read} records, but kept {kept} and rejected {rejected}: our fault"
        )


def nothing(opened: Sequence[Source], tally: Tally) -> str:
    """Say that there is no record, where was looked, and what was wrong with the first line."""
    places = ", ".join(source.name for source in opened) or "nowhere"
    said = f"there is no record to audit (looked in: {places})"
    if tally.first:
        first, count = tally.first[0], sum(tally.rejected.values())
        said += f"; all {count} were rejected, the first: {first.source}:{first.line}: "
        said += f"{first.message} ({first.code})"
    return said


def reject_line(reject: Reject) -> bytes:
    """One line of rejects.jsonl: place, reason, and the raw bytes, as text too where they are."""
    try:
        text = None if b"\0" in reject.raw else reject.raw.decode()
    except UnicodeDecodeError:
        text = None
    return orjson.dumps(
        {
            "source": reject.source,
            "line": reject.line,
            "offset": reject.offset,
            "code": reject.code,
            "message": reject.message,
            "says": reject.says,
            "args": dict(reject.args),
            "raw": text,
            "raw_base64": base64.b64encode(reject.raw).decode(),
        },
        option=orjson.OPT_APPEND_NEWLINE,
    )


def emptied(*hits: list[pl.DataFrame]) -> pl.DataFrame:
    """All hits of some lists, which let go of theirs: held twice they would be the most of all."""
    every = pl.concat([pl.DataFrame(schema=HITS), *chain.from_iterable(hits)])
    for some in hits:
        some.clear()
    return every


def in_order(hits: pl.DataFrame) -> pl.DataFrame:
    """Findings in one order, whatever the order of the work."""
    return hits.sort("part", "row", "check", "field", "start", "message", nulls_last=False)
