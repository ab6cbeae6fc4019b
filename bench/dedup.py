"""Near-duplicates against the peers: CPU seconds of the whole process, from file to duplicates.

usage: python -m bench.dedup [--rows N] [--runs N] [--peers NAME ...] [--shared DIR] [--kept DIR]
       python -m bench.dedup --rows 20000 --peers data-juicer

Every tool reads the same file and runs in turn, so that the machine's mood falls on all alike; the
ratio of medians is what counts. `floor` decodes the file by polars, the fastest reader of a library
here, and numbers every shingle once, nothing else; beside it the same with our own reader, as ours
has it. A peer that is not installed is left out, and said so. datasketch runs on a tenth of the
file and is scaled by ten.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from bench.audit import made, middle, show
from bench.meter import Cost, measure

ROOT = Path(__file__).parent.parent
PACKAGES = {  # tool -> its distribution and its module
    "rensa": ("rensa", "rensa"),
    "daft": ("daft", "daft"),
    "gaoya": ("gaoya", "gaoya"),
    "datasketch": ("datasketch", "datasketch"),
    "data-juicer": ("py-data-juicer", "data_juicer"),
}
OURS = ("curate", "curate 1 thread", "curate thorough", "floor", "floor, our reader")
SCALED = {"datasketch": 10}  # a tenth of the file


def main() -> None:
    """Print one line a tool, and the ratios to ours."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rows", type=int, default=520_020)
    words.add_argument("--runs", type=int, default=3)
    words.add_argument("--peers", nargs="*", default=["rensa", "daft", "gaoya", "datasketch"])
    words.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    words.add_argument("--kept", type=Path, help="folder for the made files, to use them again")
    said = words.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = said.kept or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        whole, tenth = (made(rows, said.shared, folder) for rows in (said.rows, said.rows // 10))
        tools = [*OURS, *installed(said.peers)]
        costs: dict[str, list[Cost]] = {tool: [] for tool in tools}
        for _ in range(said.runs):
            for tool in tools:
                costs[tool].append(one(tool, tenth if tool in SCALED else whole))
        table(costs)


def installed(peers: list[str]) -> list[str]:
    """The peers that are here; the others are named on stderr."""
    here = [peer for peer in peers if importlib.util.find_spec(PACKAGES[peer][1])]
    missing = sorted(set(peers) - set(here))
    if missing:
        sys.stderr.write(f"not installed, left out: {', '.join(missing)}\n")
    return here


def one(tool: str, file: Path) -> Cost:
    """One run of one tool, in a process of its own."""
    return measure([sys.executable, "-m", "bench.dedup_tools", tool, str(file)], ROOT)


def table(costs: dict[str, list[Cost]]) -> None:
    """Medians, and how many times ours each tool costs."""
    ours, floor = middle(costs["curate"]), middle(costs["floor"])
    show("| tool | CPU s | wall s | peak MB | CPU, times ours | CPU, times the floor |")
    show("|---|---|---|---|---|---|")
    for tool, runs in costs.items():
        cost, scale = middle(runs), SCALED.get(tool, 1)
        cpu = cost.cpu * scale
        note = f" (a tenth, times {scale})" if scale > 1 else ""
        show(
            f"| {named(tool)}{note} | {cpu:.2f} | {cost.wall * scale:.2f} | {cost.peak:.0f} "
            f"| {cpu / ours.cpu:.2f} | {cpu / floor.cpu:.2f} |"
        )


def named(tool: str) -> str:
    """A tool with its version."""
    return f"{tool} {version(PACKAGES[tool][0])}" if tool in PACKAGES else tool


if __name__ == "__main__":
    main()
