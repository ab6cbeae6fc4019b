"""Fixing: run the normalisers over a snapshot, part by part, and keep what comes of it as the next.

The new snapshot knows its parent, and holds `changes.parquet`: every step with its rule and the
text before and after, so that each can be undone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import orjson
import polars as pl

from curate import fixes
from curate.errors import BadSetting, BadSource, NothingToAudit, unknown
from curate.fix import CHANGES, Fix, Left, Patch, apply, patches, prepared
from curate.publish import write_table, write_whole
from curate.reading import Reading, chunks, decode, sources
from curate.snapshot import Snapshot, commit, open_snapshot, write_part
from curate.workspace import Workspace

SHOWN_EACH = 20  # patches of each fix that are kept to be shown
CHANGES_FILE = "changes.parquet"
LATEST = "latest-fix"  # file of the workspace: id of the snapshot that was fixed, or undone, last


@dataclass
class Fixed:
    """What the fixes did, or would do; `snapshot` is null where nothing was written."""

    parent: Snapshot
    snapshot: Snapshot | None = None
    records: int = 0
    changed: int = 0  # records
    patches: Counter[tuple[str, str]] = field(default_factory=Counter)  # by fix and rule
    left: Counter[tuple[str, str]] = field(default_factory=Counter)  # by fix and reason
    shown: dict[str, list[Patch]] = field(default_factory=dict)  # the first of each fix

    @property
    def changes_file(self) -> Path | None:
        """Where the table of changes lies, once written."""
        return None if self.snapshot is None else self.snapshot.path / CHANGES_FILE

    def take(self, said: Patch | Left) -> None:
        """Count one."""
        if isinstance(said, Left):
            self.left[said.fix, said.why] += 1
            return
        self.patches.update((said.fix, rule) for rule in said.rules)
        first = self.shown.setdefault(said.fix, [])
        if len(first) < SHOWN_EACH:
            first.append(said)


def chosen(only: Sequence[str], changes: Sequence[str]) -> list[Fix]:
    """The fixes to run, with the parameters that FIX.PARAM=VALUE texts set.

    BadSetting names what is unknown or not allowed.
    """
    known = fixes.found()
    for name in only:
        if name not in known:
            raise BadSetting(f"--only: {unknown('fix', name, known)}")
    for change in changes:
        name, param, value = split(change)
        if name not in known:
            raise BadSetting(f"--set {change!r}: {unknown('fix', name, known)}")
        allowed = known[name].choices
        if param not in allowed:
            what = unknown(f"parameter of {name}", param, allowed) if allowed else "it has none"
            raise BadSetting(f"--set {change!r}: {what}")
        if value not in allowed[param]:
            raise BadSetting(f"--set {change!r}: {unknown('value', value, allowed[param])}")
        known[name] = known[name].with_params({param: value})
    return [fix for name, fix in known.items() if not only or name in only]


def split(change: str) -> tuple[str, str, str]:
    """FIX.PARAM=VALUE in its parts."""
    target, equals, value = change.partition("=")
    name, dot, param = target.strip().partition(".")
    if not (equals and dot):
        raise BadSetting(f"--set {change!r}: write FIX.PARAM=VALUE, as json.style=2")
    return name, param, value.strip()


def opened(named: str | None, where: Workspace) -> Snapshot:
    """A snapshot by its id (or its first digits), or of a file; by default the newest one."""
    if named is None:
        report = orjson.loads((where.audited() / "report.json").read_bytes())
        kept = open_snapshot(where.snapshots / report["snapshot"])
        return replace(kept, rejected=report["rows"]["rejected"])
    if Path(named).exists() or named == "-":
        return taken_in(named, where)
    return by_id(named, where)


def by_id(named: str, where: Workspace) -> Snapshot:
    """The one snapshot whose id begins like this."""
    found = sorted(where.snapshots.glob(f"{named}*")) if named.isalnum() else []
    if len(found) != 1:
        what = f"{len(found)} snapshots begin like that" if found else "no file, no snapshot"
        raise BadSource(f"{named!r}: {what}; give a file, a folder or the id of a snapshot")
    return open_snapshot(found[0])


def latest(where: Workspace) -> Snapshot:
    """The snapshot that `curate fix` made last."""
    pointer = where.path / LATEST
    if not pointer.exists():
        raise BadSource(f"{where.path} holds no fixed snapshot yet; run: curate fix")
    return open_snapshot(where.snapshots / pointer.read_text(encoding="utf-8").strip())


def point(where: Workspace, snapshot: Snapshot) -> None:
    """Make this the snapshot that `latest` gives."""
    write_whole(where.path / LATEST, snapshot.id.encode())


def taken_in(named: str, where: Workspace) -> Snapshot:
    """The records of a file or folder as a snapshot; what cannot be read an audit will name."""
    reading = Reading()
    opened = sources([named], reading)
    with where.scratch() as scratch:
        folder = scratch / "parts"
        folder.mkdir()
        parts, rejected = [], 0
        for number, chunk in enumerate(c for s in opened for c in chunks(s, reading)):
            decoded = decode(chunk, reading)
            parts.append(write_part(decoded.records, folder, number))
            rejected += len(decoded.rejects)
        if not sum(part.records for part in parts):
            raise NothingToAudit(f"there is no record in {named}")
        names = [source.name for source in opened]
        return replace(commit(folder, parts, where, None, sources=names), rejected=rejected)


def run(parent: Snapshot, fixes: Sequence[Fix], where: Workspace, *, write: bool) -> Fixed:
    """Fix every record of a snapshot; keep the result as a new one if asked and if any changed."""
    ready = prepared(fixes, parent.frames(["answer"]))
    done = Fixed(parent)
    with where.scratch() as scratch:
        folder = scratch / "parts"
        folder.mkdir()
        parts, tables = [], [pl.DataFrame(schema=CHANGES)]
        for number, records in enumerate(parent.frames()):
            new, changes = apply(records, heard(records, ready, done))
            done.records += len(records)
            done.changed += changes.select("record_id", "source", "line").n_unique()
            tables.append(changes)
            if write:
                parts.append(write_part(new, folder, number))
        if write and done.changed:
            write_table(pl.concat(tables), folder / CHANGES_FILE)
            settings = {fix.name: dict(fix.params) for fix in ready}
            done.snapshot = commit(folder, parts, where, parent.id, by="fix", fixes=settings)
            point(where, done.snapshot)
    return done


def heard(records: pl.DataFrame, fixes: Sequence[Fix], done: Fixed) -> Iterator[Patch | Left]:
    """The patches of one part, counted on the way."""
    for said in patches(records, fixes):
        done.take(said)
        yield said
