"""How cost grows: measured here, computed for more, and simulated for keys that many share.

usage: python -m bench.scale [--rows N ...] [--workers N] [--keys N] [--shared DIR] [--kept DIR]

Audits files made from the public data beside the checkout, on this engine and that; takes the
bytes that one record leaves at each station; computes what 10 million and a billion would leave;
deals skewed keys into buckets. The tables are written into docs/scale.md between its marks.
"""

from __future__ import annotations

import argparse
import pickle
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from bench.audit import made
from bench.meter import measure
from curate import plan as plans
from curate.engines.local import not_alone
from curate.engines.ray import BUCKETS_EACH, DEAL_ROWS, dealt
from curate.reading import Reading, chunks, sources
from curate.scan import scan
from curate.settle import BUCKET

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "scale.md"
KEY_BYTES = 16  # part, row and key of one record
COMPUTED = (10_000_000, 1_000_000_000)  # records
WORKERS = (16, 128)  # of the clusters for which it is computed
DRIVER = """
import sys
import numpy as np
import polars as pl
from curate.engines import open_engine

def own():
    status = open("/proc/self/status").read()
    return int(status.partition("RssAnon:")[2].split()[0]) // 1000

def frames(rows, most, each=250_000):
    for part, first in enumerate(range(0, rows, each)):
        chance = np.random.default_rng(part)
        keys = pl.Series("key", chance.integers(0, 20 * rows, min(each, rows - first), np.uint64))
        frame = pl.DataFrame(keys).with_row_index("row")
        yield frame.with_columns(part=pl.lit(part, pl.UInt32))
        most.append(own())

if __name__ == "__main__":
    with open_engine(sys.argv[1], int(sys.argv[2])) as engine:
        most = [own()]
        met = engine.meet(frames(int(sys.argv[3]), most))
        print(most[0], max(*most, own()))
"""
SHARED_KEYS = (1, 1_000, 100_000, 1_000_000)  # records that share the most common key


def main() -> None:
    """Fill the three marked tables of the page."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rows", type=int, nargs="+", default=[20_000, 520_020])
    words.add_argument("--workers", type=int, default=2)
    words.add_argument("--keys", type=int, default=10_000_000, help="keys of the simulation")
    words.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    words.add_argument("--kept", type=Path, help="folder for the made files, to use them again")
    said = words.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = said.kept or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        files = {rows: made(rows, said.shared, folder) for rows in said.rows}
        left = bytes_left(files[min(files)], Path(scratch))
        page = PAGE.read_text(encoding="utf-8")
        page = filled(page, "measured", measured(files, said.workers, Path(scratch)))
        page = filled(page, "computed", computed(left))
        page = filled(page, "driver", driving(said.keys, said.workers))
        page = filled(page, "skew", skewed(said.keys, said.workers))
        PAGE.write_text(page, encoding="utf-8")


def filled(page: str, name: str, lines: Iterator[str]) -> str:
    """The page with these lines between the two marks of this name."""
    table = "\n".join(lines)
    sys.stdout.write(table + "\n\n")
    sys.stdout.flush()
    between = re.compile(f"(<!-- {name}: begin -->\n).*?(<!-- {name}: end -->)", re.DOTALL)
    return between.sub(lambda found: found[1] + table + "\n" + found[2], page)


def measured(files: Mapping[int, Path], workers: int, scratch: Path) -> Iterator[str]:
    """Whole audits, each in a process of its own."""
    yield "| records | MB | engine, workers | wall s | records/s | peak MB, all processes |"
    yield "|---|---|---|---|---|---|"
    for rows, file in files.items():
        for engine, many in (("local", 1), ("local", workers), ("ray", workers)):
            where = scratch / f"{rows}-{engine}-{many}"
            command = [sys.executable, "-m", "curate", "audit", str(file), "--engine", engine]
            command += ["--workers", str(many), "--out", f"{where}-out", "--workspace", f"{where}"]
            cost = measure(command, ROOT)
            yield (
                f"| {rows:,} | {file.stat().st_size / 1e6:.0f} | {engine}, {many} "
                f"| {cost.wall:.1f} | {rows / cost.wall:,.0f} | {cost.peak:.0f} |"
            )


def bytes_left(file: Path, scratch: Path) -> dict[str, float]:
    """Bytes that one record leaves at each station, as they travel."""
    plan = plans.make(Reading())
    [source] = sources([file], plan.reading)
    parts = scratch / "parts"
    parts.mkdir()
    left: Counter[str] = Counter(read=source.bytes)
    records, keys = 0, Counter[str]()
    for numbered in enumerate(chunks(source, plan.reading)):
        scanned = partial(scan, plan=plan, folder=parts)(numbered)
        records += scanned.part.records
        left["snapshot"] += (parts / scanned.part.file).stat().st_size
        left["keys"] += sum(series.estimated_size() for series in scanned.keys.values())
        left["facts"] += sum(len(pickle.dumps(facts)) for facts in scanned.facts.values())
        left["hits"] += len(pickle.dumps(scanned.hits))
        keys.update({n: len(s) - s.null_count() for n, s in scanned.keys.items()})
    left["shuffled"] = KEY_BYTES * keys.total()
    return {name: count / records for name, count in left.items()}


def computed(left: Mapping[str, float]) -> Iterator[str]:
    """The same bytes for more records than fit here; nothing of it was run."""
    yield "| bytes | a record | " + " | ".join(f"{rows:,} records" for rows in COMPUTED) + " |"
    yield "|---|---|" + "---|" * len(COMPUTED)
    stations = {
        "read from the sources": left["read"],
        "written to the snapshot": left["snapshot"],
        "shuffled: keys dealt into buckets": left["shuffled"],
        "driver: keys, until their check has met": left["keys"],
        "driver: facts, until they are weighed": left["facts"],
        "driver: hits, to the end": left["hits"],
    }
    for station, each in stations.items():
        yield f"| {station} | {each:.0f} | " + " | ".join(size(each * n) for n in COMPUTED) + " |"
    driver = left["keys"] + left["facts"] + left["hits"]
    yield (
        f"| **driver in all** | {driver:.0f} | "
        + " | ".join(f"**{size(driver * n)}**" for n in COMPUTED)
        + " |"
    )
    for workers in WORKERS:
        buckets = workers * BUCKETS_EACH
        yield (
            f"| one bucket of one check, {workers} workers | | "
            + " | ".join(size(KEY_BYTES * n / buckets) for n in COMPUTED)
            + " |"
        )
    yield (
        "| deals of one check | | " + " | ".join(f"{-(-n // DEAL_ROWS):,}" for n in COMPUTED) + " |"
    )


def driving(rows: int, workers: int) -> Iterator[str]:
    """The driver's own memory while keys meet, each engine in a process of its own."""
    yield f"| engine | driver before, MB | driver at most, MB, while {rows:,} keys meet |"
    yield "|---|---|---|"
    for engine in ("local", "ray"):
        words = [sys.executable, "-c", DRIVER, engine, str(workers), str(rows)]
        done = subprocess.run(words, capture_output=True, check=True, text=True, cwd=ROOT)
        before, most = done.stdout.split()[-2:]
        yield f"| {engine} | {before} | {most} |"


def skewed(rows: int, workers: int) -> Iterator[str]:
    """Keys of which one is shared by many and a tenth by two, dealt by the code that Ray runs."""
    buckets = workers * BUCKETS_EACH
    yield (
        f"| of {rows:,} keys share one | keys that meet | largest of {buckets} buckets | MB "
        "| to the mean | largest bucket of records |"
    )
    yield "|---|---|---|---|---|---|"
    for shared in SHARED_KEYS:
        keys = pl.Series(keys_with(rows, shared))
        frame = pl.DataFrame({"key": keys}).with_row_index("row")
        frame = frame.with_columns(part=pl.lit(0, pl.UInt32))
        dealt_out = dealt(frame, buckets)
        largest = max(map(len, dealt_out))
        met = pl.concat([not_alone([bucket]) for bucket in dealt_out])
        many = max(1, -(-len(met) // BUCKET))
        together = (met["key"] % many).value_counts()["count"].max() if len(met) else 0
        yield (
            f"| {shared:,} | {len(met):,} | {largest:,} | {largest * KEY_BYTES / 1e6:.0f} "
            f"| {largest * buckets / rows:.2f} | {together:,} |"
        )


def keys_with(rows: int, shared: int) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """Random keys; one stands `shared` times, and a tenth of the others twice."""
    chance = np.random.default_rng(rows + shared)
    others = rows - shared
    single = chance.integers(0, 2**64, others - others // 20, dtype=np.uint64)
    twice = single[: others // 20]
    hot = chance.integers(0, 2**64, 1, dtype=np.uint64).repeat(shared)
    return np.concatenate([single, twice, hot])


def size(count: float) -> str:
    """Bytes for people."""
    for unit, many in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if count >= many:
            return f"{count / many:,.1f} {unit}"
    return f"{count:,.0f} B"


if __name__ == "__main__":
    main()
