"""People: who decided what on the records of a trace, where the workspace has a log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from curate.store import decisions
from curate.store.database import Connection, has_store, open_store
from curate.store.decision import Decision
from curate.workspace import Workspace

History = Mapping[str, tuple[Decision, ...]]
"""Record -> all that was ever decided on it, the oldest first; what was undone with it."""


def history(where: Workspace, records: Iterable[str]) -> History:
    """What the log says of these records; of none, where nothing was ever decided here."""
    if not has_store(where):
        return {}
    store = open_store(where)

    def work(on: Connection) -> History:
        return {one: tuple(decisions.log(on, one)) for one in sorted(set(records))}

    try:
        return store.read(work)
    finally:
        store.engine.dispose()
