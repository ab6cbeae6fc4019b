"""Settle: bring the records that share a key together and let their check judge each group.

The records that must meet are first sorted by key into buckets on the disk, so that no more than
one bucket is in memory however many records share a key somewhere.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from curate.check import Check
from curate.engines import TRIES, Engine
from curate.hits import HITS, Count, framed, sorted_out
from curate.plan import Plan
from curate.snapshot import Snapshot

BUCKET = 60_000  # records; about 100 MB of text at Alpaca's lengths


@dataclass(frozen=True)
class Bucket:
    """The files that hold one bucket of one check's records."""

    check: str
    files: tuple[Path, ...]


def settle(
    keys: dict[str, list[pl.Series]],
    snapshot: Snapshot,
    plan: Plan,
    engine: Engine,
    folder: Path,
    counts: dict[str, Count],
) -> tuple[list[pl.DataFrame], dict[str, dict[str, int]]]:
    """The hits of all checks whose records must meet; by check, how many groups of each size.

    Empties `keys` as it goes.
    """
    buckets: list[Bucket] = []
    sizes: dict[str, dict[str, int]] = {}
    for name in list(keys):
        met = engine.meet(
            pl.DataFrame({"key": part})
            .with_row_index("row")
            .with_columns(part=pl.lit(number, pl.UInt32))
            for number, part in enumerate(keys.pop(name))
        )
        groups = met.group_by("key").len().group_by("len").len(name="groups").sort("len")
        sizes[name] = {str(size): count for size, count in groups.iter_rows()}
        buckets += gathered(name, met, snapshot, plan, folder)
    hits = []
    for name, frame, count in engine.map(partial(judged, plan=plan), buckets, unjudged):
        counts[name].add(count)
        hits.append(frame)
    return hits, sizes


def gathered(
    name: str, met: pl.DataFrame, snapshot: Snapshot, plan: Plan, folder: Path
) -> Iterator[Bucket]:
    """Write the met records of one check into buckets of equal keys."""
    if not len(met):
        return
    check = next(c for c in plan.checks() if c.name == name)
    many = -(-len(met) // BUCKET)
    files: list[list[Path]] = [[] for _ in range(many)]
    columns = tuple(dict.fromkeys(["record_id", "source", "line", *check.fields]))
    for (number,), places in met.group_by("part", maintain_order=True):
        placed = places.with_columns(bucket=pl.col("key") % many)
        records = snapshot.frame(int(str(number)), columns)[placed["row"]]
        together = pl.concat([placed, records], how="horizontal")
        for (bucket,), frame in together.group_by("bucket"):
            file = folder / f"{name}-{bucket}-{number}.arrow"
            frame.drop("bucket").write_ipc(file)
            files[int(str(bucket))].append(file)
    for ready in files:
        if ready:
            yield Bucket(name, tuple(ready))


def judged(bucket: Bucket, plan: Plan) -> tuple[str, pl.DataFrame, Count]:
    """The hits on one bucket; runs on any worker."""
    check = next(c for c in plan.checks() if c.name == bucket.check)
    count = Count()
    started = time.process_time()
    records = together(bucket.files).sort("key", "record_id", "source", "line")
    frame = verdicts(check, records, plan, count)
    count.seconds = time.process_time() - started
    return bucket.check, frame, count


def unjudged(bucket: Bucket, _: object) -> tuple[str, pl.DataFrame, Count]:
    """What is left to say of a bucket that kills its worker: nobody could tell."""
    count = Count()
    records = sum(pl.scan_ipc(file).select(pl.len()).collect().item() for file in bucket.files)
    count.unsure(f"the check failed: its worker died {TRIES} times", records)
    return bucket.check, pl.DataFrame(schema=HITS), count


def together(files: Iterable[Path]) -> pl.DataFrame:
    """All records of a bucket."""
    return pl.concat([pl.read_ipc(file) for file in files])


def verdicts(check: Check, records: pl.DataFrame, plan: Plan, count: Count) -> pl.DataFrame:
    """The hits of one check on records sorted by key."""
    assert check.settle is not None
    try:
        said = sorted_out(check.settle(records, plan.params[check.name]), count)
    except Exception as error:  # noqa: BLE001 - a fault in one check must not hide the others
        count.unsure(f"the check failed: {type(error).__name__}: {error}", len(records))
        return pl.DataFrame(schema=HITS)
    return framed(check, said, records)
