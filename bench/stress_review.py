"""Review under fire: reviewers and servers are killed at random, and every decision is counted.

    python -m bench.stress_review [--store sqlite|postgresql] [--long] [--broken]

Each reviewer is a process that writes down every decision once the store has acknowledged it. At
the end the log is held against those notes: `lost` were acknowledged and are not there, `doubled`
are records with more than one verdict, `starved` are records without any. One JSON line tells.
`--broken` runs a twin whose claims look at no lease and whose decisions ask for none; it must fail.
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
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench import postgres
from curate.review import ALL, Review
from curate.review.frames import Filters
from curate.review.queue import Item
from curate.review.settings import change
from curate.review.why import Nothing
from curate.store import decisions, leases
from curate.store.database import Store, open_store
from curate.store.refusals import Refused
from curate.workspace import Workspace

REVIEWERS = 8
LEASE_SECONDS = 1.0
RESENT, DREAMING, DRAFTED = 0.05, 0.002, 0.05  # shares of decisions
SEED = 7


@dataclass(frozen=True, slots=True)
class Size:
    """How much is done, and how often somebody is killed meanwhile."""

    records: int
    kills: int
    server_kills: int


SIZES = {
    ("sqlite", False): Size(2_000, 30, 0),
    ("sqlite", True): Size(20_000, 200, 0),
    ("postgresql", False): Size(2_000, 8, 2),
    ("postgresql", True): Size(20_000, 200, 8),
}
BROKEN = Size(300, 2, 0)


class Made(Review):
    """A review of records that are made up; all the rest is the real thing."""

    def __init__(self, records: int, store: Store) -> None:
        super().__init__(None, store)  # type: ignore[arg-type]
        ids = (f"{number:032x}" for number in range(records))
        self.items = [Item(one, {one: ("empty-answer",)}) for one in ids]

    def queue(self, order: str = "severity", filters: Filters = ALL) -> list[Item]:
        return self.items


def reviewer(name: str, where: Path, url: str | None, records: int, notes: Path) -> None:
    """One person at work until nothing is left: claim, perhaps dream or send twice, decide."""
    review = Made(records, open_store(Workspace(where), url))
    chance = random.Random(f"{name} {os.getpid()}")
    with notes.open("a", buffering=1) as told:
        while True:
            shown = review.claim(name)
            if isinstance(shown, Nothing):
                if shown.until is None:
                    return
                time.sleep(0.1)
                continue
            if chance.random() < DRAFTED:
                review.keep_draft(shown, {"answer": "途中"})
            if chance.random() < DREAMING:
                time.sleep(LEASE_SECONDS * 1.5)
            try:
                taken = review.decide(shown, chance.choice(["keep", "drop"]))
                if chance.random() < RESENT:
                    review.decide(shown, "drop")
            except Refused:
                continue
            told.write(f"{taken.decisions[0].request_id}\n")


def break_it() -> None:
    """Make the twin: a claim is anybody's, and a decision is taken from whoever sends it."""
    from curate.review import deciding

    real = leases.take

    def take(store, on, record_id, reviewer, seconds, request_id, ordered_by=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        leases.release(on, record_id, getattr(leases.of(on, record_id), "reviewer", ""))
        return real(store, on, record_id, reviewer, seconds, request_id, ordered_by)

    leases.take = take
    leases.live = lambda store, on: []
    deciding.still_open = lambda on, shown: True


def fork(name: str, where: Path, url: str | None, size: Size) -> int:
    """A reviewer in a process of its own; its number."""
    pid = os.fork()
    if pid:
        return pid
    try:
        reviewer(name, where, url, size.records, where / f"{name}.notes")
    except BaseException as error:  # noqa: BLE001 - a forked process ends here, whatever happens
        sys.stderr.write(f"{name}: {error!r}\n")
        os._exit(1)
    os._exit(0)


def stress(
    size: Size, where: Path, url: str | None, server: postgres.Server | None
) -> dict[str, object]:
    """Let them work and kill them; what was lost, doubled or starved."""
    store = open_store(Workspace(where), url)
    change(store, "lease_seconds", LEASE_SECONDS)
    store.engine.dispose()  # a connection is not for two processes
    began, chance = time.monotonic(), random.Random(SEED)
    living = {fork(f"r{n}", where, url, size): f"r{n}" for n in range(REVIEWERS)}
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
                living[fork(again, where, url, size)] = again
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


def run(store: str, *, long: bool = False, broken: bool = False) -> dict[str, object]:
    """One run on a fresh store."""
    size = SIZES[store, long]
    if broken:
        break_it()
        size = BROKEN
    with ExitStack() as stack:
        where = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(postgres.running()) if store == "postgresql" else None
        url = server.new("stress") if server else None
        return {"store": store, **stress(size, where, url, server)}


def main() -> None:
    """Run and print; exit code 1 where anything was lost, doubled or starved."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--store", choices=("sqlite", "postgresql"), action="append")
    words.add_argument("--long", action="store_true")
    words.add_argument("--broken", action="store_true")
    asked = words.parse_args()
    bad = 0
    for store in asked.store or ("sqlite", "postgresql"):
        result = run(store, long=asked.long, broken=asked.broken)
        sys.stdout.write(json.dumps(result) + "\n")
        bad += any(result[what] for what in ("lost", "doubled", "starved", "failed"))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
