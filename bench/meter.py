"""Run a command and say what it cost: CPU seconds of its whole process tree, and peak memory."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

KIB = 1024
EVERY_SECONDS = 0.05


@dataclass(frozen=True)
class Cost:
    """CPU and wall seconds, and the largest sum of resident memory over the tree, in MB."""

    cpu: float
    wall: float
    peak: float


def measure(command: Sequence[str], cwd: Path | None = None) -> Cost:
    """Run a command to its end; RuntimeError with its last words if it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=cwd)
    peak = [0]
    watching = threading.Event()
    watcher = threading.Thread(target=watch, args=(process.pid, peak, watching))
    watcher.start()
    assert process.stderr is not None
    words = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    watching.set()
    watcher.join()
    if process.returncode not in (0, 1):
        raise RuntimeError(
            f"{' '.join(command)} ended with {process.returncode}: {words[-2000:]!r}"
        )
    wall = time.perf_counter() - started
    return Cost(usage.ru_utime + usage.ru_stime, wall, peak[0] / 1e6)


def watch(root: int, peak: list[int], done: threading.Event) -> None:
    """Keep the largest memory of a process and its descendants, until told."""
    while not done.wait(EVERY_SECONDS):
        peak[0] = max(peak[0], sum(map(resident, tree(root))))


def tree(root: int) -> set[int]:
    """A process and its descendants."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def resident(pid: int) -> int:
    """Bytes of a process in memory; of a page that several share, each counts its part."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * KIB for line in lines if line.startswith("Pss:"))
