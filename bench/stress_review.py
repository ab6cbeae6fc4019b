"""Review under fire: reviewers and servers are killed at random, and every decision is counted.

    python -m bench.stress_review [--store sqlite|postgresql] [--small | --long]
                                  [--broken lost|doubled|starved]

Each reviewer is a process that writes down every decision once the store has acknowledged it. At
the end the log is held against those notes: `lost` were acknowledged and are not there, `doubled`
are records with more than one verdict, `starved` are records without any. One JSON line tells.
`--broken` lets them work on a twin that breaks this one promise; the count must be above 0.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench import postgres
from bench.stress_twins import TWINS
from curate.review import ALL, Review
from curate.review.frames import Filters
from curate.review.queue import Item
from curate.review.settings import change
from curate.review.why import Nothing
from curate.store import decisions
from curate.store.database import Store, open_store
from curate.store.refusals import Refused
from curate.workspace import Workspace

REVIEWERS = 8
LEASE_SECONDS = 1.0
PAUSE_SECONDS = LEASE_SECONDS / 4
PAUSES = 12  # in a row, then one gives up: what a killed person had should be free after 4
RESENT, DREAMING, DRAFTED = 0.05, 0.002, 0.05  # shares of decisions
SEED = 7


@dataclass(frozen=True, slots=True)
class Size:
    """How much is done, and how often somebody is killed meanwhile."""

    records: int
    kills: int
    server_kills: int
    thought: float = 0.0  # seconds at most, before a decision and after it


# Few kills are enough where people think: they fall upon a record in hand or a decision just told.
SMALL = Size(60, 30, 0, thought=0.5)
SIZES = {
    ("sqlite", "small"): SMALL,
    ("sqlite", "quick"): Size(400, 15, 0),
    ("sqlite", "usual"): Size(2_000, 30, 0),
    ("sqlite", "long"): Size(20_000, 200, 0),
    ("postgresql", "small"): SMALL,
    ("postgresql", "quick"): Size(400, 15, 1),
    ("postgresql", "usual"): Size(2_000, 30, 2),
    ("postgresql", "long"): Size(20_000, 200, 8),
}
COUNTS = ("lost", "doubled", "starved", "failed")


class Made(Review):
    """A review of records that are made up; all the rest is the real thing."""

    def __init__(self, records: int, store: Store) -> None:
        super().__init__(None, store)  # type: ignore[arg-type]
        ids = (f"{number:032x}" for number in range(records))
        self.items = [Item(one, {one: ("empty-answer",)}) for one in ids]

    def queue(self, order: str = "severity", filters: Filters = ALL) -> list[Item]:
        return self.items


def reviewer(name: str, where: Path, url: str | None, size: Size, notes: Path) -> None:
    """One person at work until nothing is left, or nothing comes free for long: claim, decide."""
    review = Made(size.records, open_store(Workspace(where), url))
    chance = random.Random(f"{name} {os.getpid()}")
    pauses = 0
    with notes.open("a", buffering=1) as told:
        while True:
            shown = review.claim(name)
            if isinstance(shown, Nothing):
                if shown.until is None or pauses == PAUSES:
                    return
                pauses += 1
                time.sleep(PAUSE_SECONDS)
                continue
            pauses = 0
            if chance.random() < DRAFTED:
                review.keep_draft(shown, {"answer": "途中"})
            if chance.random() < DREAMING:
                time.sleep(LEASE_SECONDS * 1.5)
            time.sleep(chance.random() * size.thought)
            try:
                taken = review.decide(shown, chance.choice(["keep", "drop"]))
                if chance.random() < RESENT:
                    review.decide(shown, "drop")
            except Refused:
                continue
            told.write(f"{taken.decisions[0].request_id}\n")
            time.sleep(chance.random() * size.thought)


def fork(name: str, where: Path, url: str | None, size: Size, broken: str | None) -> int:
    """A reviewer in a process of its own, which alone is broken; its number."""
    pid = os.fork()
    if pid:
        return pid
    try:
        if broken is not None:
            TWINS[broken]()
        reviewer(name, where, url, size, where / f"{name}.notes")
    except BaseException as error:  # noqa: BLE001 - a forked process ends here, whatever happens
        sys.stderr.write(f"{name}: {error!r}\n")
        os._exit(1)
    os._exit(0)


def stress(
    size: Size, where: Path, url: str | None, server: postgres.Server | None, broken: str | None
) -> dict[str, object]:
    """Let them work and kill them; what was lost, doubled or starved."""
    store = open_store(Workspace(where), url)
    change(store, "lease_seconds", LEASE_SECONDS)
    store.engine.dispose()  # a connection is not for two processes
    began, chance = time.monotonic(), random.Random(SEED)
    living = {fork(f"r{n}", where, url, size, broken): f"r{n}" for n in range(REVIEWERS)}
    moments = sorted(chance.sample(range(size.records * 9 // 10), size.kills + size.server_kills))
    servers = set(chance.sample(moments, size.server_kills))
    failed = 0
    while living:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid:
            living.pop(pid)
            failed += status != 0
        elif moments and acknowledged(where) >= moments[0]:
            moment = moments.pop(0)
            if server is not None and moment in servers:
                server.kill_one_backend()
            else:
                victim = chance.choice(sorted(living))
                os.kill(victim, signal.SIGKILL)
                os.waitpid(victim, 0)
                name = living.pop(victim)
                again = name if chance.random() < 0.5 else f"{name}+"
                living[fork(again, where, url, size, broken)] = again
        else:
            time.sleep(0.01)
    counted = count(store, where, size)
    store.engine.dispose()
    done = size.kills + size.server_kills - len(moments)
    return {
        "kills": done,
        **counted,
        "failed": failed,
        "seconds": round(time.monotonic() - began, 1),
    }


def acknowledged(where: Path) -> int:
    """How many decisions have been acknowledged so far; a line has a request id and its end."""
    return sum(file.stat().st_size for file in where.glob("*.notes")) // 33


def told(where: Path) -> Iterator[str]:
    """The request ids that were acknowledged."""
    for file in where.glob("*.notes"):
        yield from (line for line in file.read_text().splitlines() if len(line) == 32)


def count(store: Store, where: Path, size: Size) -> dict[str, int]:
    """Hold the log against the notes."""
    log = store.read(lambda on: list(decisions.log(on)))
    by_record = Counter(one.record_id for one in log)
    there = {one.request_id for one in log}
    return {
        "decisions": len(log),
        "lost": sum(request not in there for request in told(where)),
        "doubled": sum(n > 1 for n in by_record.values()),
        "starved": size.records - len(by_record),
    }


def run(store: str, size: Size, broken: str | None = None) -> dict[str, object]:
    """One run on a fresh store."""
    with ExitStack() as stack:
        where = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(postgres.running()) if store == "postgresql" else None
        url = server.new("stress") if server else None
        return {"store": store, **stress(size, where, url, server, broken)}


def main(said: Sequence[str] | None = None) -> int:
    """Run and print; 1 where anything was lost, doubled or starved."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--store", choices=("sqlite", "postgresql"), action="append")
    size = words.add_mutually_exclusive_group()
    for name in ("small", "long"):
        size.add_argument(f"--{name}", dest="size", action="store_const", const=name)
    words.add_argument("--broken", choices=TWINS)
    asked = words.parse_args(said)
    bad = False
    for store in asked.store or ("sqlite", "postgresql"):
        result = run(store, SIZES[store, asked.size or "usual"], asked.broken)
        sys.stdout.write(json.dumps(result) + "\n")
        bad |= any(result[what] for what in COUNTS)
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
