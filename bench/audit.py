"""What an audit costs, against a strict floor that only reads and decodes.

usage: python -m bench.audit [--rows N ...] [--runs N] [--workers N ...] [--near-duplicates]
                             [--shared DIR] [--kept DIR]

Makes the file from the public data beside the checkout with the generator there, runs the floor and
the audit in turn, and prints the median of CPU seconds of the whole process tree.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.meter import Cost, measure

ROOT = Path(__file__).parent.parent
WITHOUT = ["--skip", "near-duplicate"]
WITH = ["--set", "contradiction.near=0.8"]  # prompts too, which are not compared by default
FLOOR = """
import sys, orjson
with open(sys.argv[1], "rb") as file:
    for line in file:
        orjson.loads(line)
"""


def main() -> None:
    """Print one line a size and a number of workers."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rows", type=int, nargs="+", default=[520_020])
    words.add_argument("--runs", type=int, default=3)
    words.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    words.add_argument("--near-duplicates", action="store_true", help="ask for them as well")
    words.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    words.add_argument("--kept", type=Path, help="folder for the made files, to use them again")
    said = words.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = said.kept or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        show(
            "| records | MB | workers | CPU s | wall s | records/s | peak MB | floor CPU s "
            "| ratio |"
        )
        show("|---|---|---|---|---|---|---|---|---|")
        for rows in said.rows:
            file = made(rows, said.shared, folder)
            for workers in said.workers:
                asked = WITH if said.near_duplicates else WITHOUT
                one_line(file, rows, workers, said.runs, Path(scratch), asked)


def one_line(
    file: Path, rows: int, workers: int, runs: int, scratch: Path, asked: list[str]
) -> None:
    """Floor and audit in turn, the medians of both."""
    floors, audits = [], []
    for run in range(runs):
        out = scratch / f"out-{run}"
        floors.append(measure([sys.executable, "-c", FLOOR, str(file)]))
        command = [sys.executable, "-m", "curate", "audit", str(file), "--workers", str(workers)]
        command += ["--out", str(out), "--workspace", str(scratch / f"ws-{run}"), *asked]
        audits.append(measure(command, ROOT))
    cost, floor = middle(audits), middle(floors)
    show(
        f"| {rows:,} | {file.stat().st_size / 1e6:.0f} | {workers} | {cost.cpu:.1f} "
        f"| {cost.wall:.1f} | {rows / cost.wall:,.0f} | {cost.peak:.0f} | {floor.cpu:.2f} "
        f"| {cost.cpu / floor.cpu:.1f} |"
    )


def middle(costs: list[Cost]) -> Cost:
    """The median of each figure."""
    return Cost(
        statistics.median(c.cpu for c in costs),
        statistics.median(c.wall for c in costs),
        statistics.median(c.peak for c in costs),
    )


def made(rows: int, shared: Path, folder: Path, language: str = "en") -> Path:
    """The file of so many records, made once."""
    pool, file = folder / f"pool_{language}.jsonl", folder / f"{language}_{rows}.jsonl"
    bench = shared / "bench"
    if not pool.exists():
        run(bench / "make_pool.py", language, shared / "data", pool)
    if not file.exists():
        run(bench / "gen_data.py", pool, file, "--rows", rows, "--lang", language)
    return file


def run(script: Path, *words: object) -> None:
    """Run one of the generators."""
    subprocess.run([sys.executable, str(script), *map(str, words)], check=True, stdout=sys.stderr)


def show(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
