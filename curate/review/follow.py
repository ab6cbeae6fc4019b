"""Follow the log: where every record stands, kept in memory and brought up to date by new entries.

What is kept here only tells where to look; a claim and a decision ask the store again.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from curate.review.queue import Item
from curate.store import decisions
from curate.store.database import Connection
from curate.store.standing import Standing, standings

NOTHING = Standing()

Closed = tuple[str, str | None, int]
"""What an item's being settled hangs on: its key, the record drawn at random, people wanted."""


class Followed:
    """The standings of all records; one for each app or command, shared by its threads."""

    def __init__(self) -> None:
        self._standings: dict[str, Standing] = {}
        self._seen = 0
        self._closed: set[Closed] = set()
        self._closing: dict[str, list[Closed]] = {}  # record -> what its next entry opens again
        self._lock = Lock()

    def refresh(self, on: Connection) -> int:
        """Take in what was decided since; the number of the newest entry."""
        with self._lock:
            seen, known = self._seen, self._standings
            if not seen:  # number first: what comes between is then read once more
                seen = decisions.newest(on)
                known = standings(decisions.current_of(on))
            changed, seen = decisions.touched(on, seen)
            now = standings(decisions.current_of(on, sorted(changed)))
            # Kept only once all is read: a server that dies in between leaves no gap behind.
            known |= {one: now.get(one, NOTHING) for one in changed}
            self._seen, self._standings = seen, known
            for record_id in changed:
                self._closed.difference_update(self._closing.pop(record_id, ()))
            return self._seen

    def passed(self, item: Item, seen: int) -> bool:
        """Whether an item is settled for everybody; remembered, since most of a queue soon is.

        What was found at an entry `seen` that is no longer the newest is not remembered.
        """
        name = (item.key, item.drawn, item.wanted)
        if name in self._closed:
            return True
        if not all(self.of(one).settled(item.asked_of(one), item.wanted) for one in item.records):
            return False
        with self._lock:
            if seen == self._seen:
                self._closed.add(name)
                for record_id in item.records:
                    self._closing.setdefault(record_id, []).append(name)
        return True

    def of(self, record_id: str) -> Standing:
        """Where a record stood at the last refresh."""
        return self._standings.get(record_id, NOTHING)

    def all(self) -> dict[str, Standing]:
        """Every record that anything was decided on."""
        return dict(self._standings)


def next_open(
    item: Item, of: Callable[[str], Standing], reviewer: str, *, adjudicating: bool
) -> str | None:
    """The first record of an item that this person may be asked about."""
    for record_id in item.records:
        standing = of(record_id)
        if adjudicating:
            if standing.in_conflict:
                return record_id
        elif standing.open_to(reviewer, item.asked_of(record_id), item.wanted):
            return record_id
    return None
