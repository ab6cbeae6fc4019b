"""Open a store, bring its tables up to date, and run a piece of work in one transaction.

SQLite keeps a write-ahead log and waits for the disk at every commit (`synchronous=FULL`), so that
what was acknowledged survives a power cut; a write takes its lock at the start (`BEGIN IMMEDIATE`),
so that nothing it has read can change before it writes. PostgreSQL runs as it is.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from curate.errors import MissingExtra
from curate.store.refusals import StoreTrouble
from curate.workspace import Workspace

URL = "CURATE_STORE"  # environment variable
FILE = "store.db"
HEAD = "0002"  # the newest migration; saves loading alembic where nothing is to be done
BUSY_SECONDS = 30  # how long SQLite waits for another writer
PATIENCE_SECONDS = 60  # how long work is tried again while the database is away
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 1.0  # seconds
MIGRATING = 0x6375_7261  # PostgreSQL's advisory lock while tables are made

JSON: dict[str, Any] = {
    "json_serializer": lambda value: orjson.dumps(value).decode(),
    "json_deserializer": orjson.loads,
}

T = TypeVar("T")
Connection = sa.Connection
Insert = sqlite.Insert | postgresql.Insert


@dataclass(frozen=True)
class Store:
    """An open database; `clock` gives seconds since 1970."""

    engine: sa.Engine
    clock: Callable[[], float] | None = None

    def read(self, work: Callable[[Connection], T]) -> T:
        """Do work that writes nothing, on one state of the database."""
        return self._patiently(lambda: self._within(self.engine, work))

    def write(self, work: Callable[[Connection], T]) -> T:
        """Do work in one transaction: all of it or nothing; `work` may run more than once."""
        writing = self.engine.execution_options(writes=True)
        return self._patiently(lambda: self._within(writing, work))

    def now(self, on: Connection) -> float:
        """The time, by the database's clock where several machines share it."""
        if self.clock is not None:
            return self.clock()
        if on.dialect.name == "postgresql":
            return float(on.scalar(sa.text("SELECT extract(epoch FROM clock_timestamp())")) or 0)
        return time.time()

    @property
    def name(self) -> str:
        """Where it is, without a password; a file by its path, in whatever script it is written."""
        url = self.engine.url
        if url.get_backend_name() == "sqlite":
            return f"sqlite:///{url.database}"
        return url.render_as_string(hide_password=True)

    @staticmethod
    def _within(engine: sa.Engine, work: Callable[[Connection], T]) -> T:
        with engine.begin() as on:
            return work(on)

    def _patiently(self, attempt: Callable[[], T]) -> T:
        """Try again while a server restarts or another writer holds the file; then StoreTrouble."""
        deadline, pause = time.monotonic() + PATIENCE_SECONDS, FIRST_PAUSE
        while True:
            try:
                return attempt()
            except sa.exc.DBAPIError as error:
                if not _passes(error) or time.monotonic() > deadline:
                    raise _trouble(self.name, error) from error
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


def insert(on: Connection, table: sa.Table) -> Insert:
    """An INSERT that can say what happens on a conflict, which both databases spell alike."""
    made = postgresql.insert if on.dialect.name == "postgresql" else sqlite.insert
    return made(table)


def has_store(where: Workspace) -> bool:
    """Whether there is a store for a workspace, in its folder or where `CURATE_STORE` names."""
    return bool(os.environ.get(URL)) or (where.path / FILE).is_file()


def open_store(
    where: Workspace,
    url: str | None = None,
    clock: Callable[[], float] | None = None,
    *,
    reading: bool = False,
) -> Store:
    """The store of a workspace, or the one that `CURATE_STORE` names, with all its tables.

    Whoever is only `reading` makes none: where there is none, an empty one stands in for it.
    """
    named = url or os.environ.get(URL)
    absent = reading and not named and not has_store(where)
    store = Store(_postgres(named) if named else _sqlite(where.path / FILE, absent), clock)
    try:
        store._patiently(lambda: _up_to_date(store))
        if absent:
            store.read(lambda on: on.exec_driver_sql("PRAGMA query_only=ON"))
    except BaseException:
        store.engine.dispose()
        raise
    return store


def integrity(store: Store) -> str:
    """`ok`, or what SQLite finds wrong in its file; PostgreSQL looks after its own."""
    if store.engine.dialect.name != "sqlite":
        return "ok"
    said = store.read(lambda on: on.exec_driver_sql("PRAGMA integrity_check").scalars().all())
    return "; ".join(map(str, said))


def _sqlite(file: Path, absent: bool = False) -> sa.Engine:
    url = sa.URL.create("sqlite", database=str(file))
    if absent:  # in memory, under the name of the file
        alone: Any = {"poolclass": sa.StaticPool, "creator": lambda: sqlite3.connect(":memory:")}
        engine = sa.create_engine(url, **alone, **JSON)
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS}, **JSON)

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}").close()

    @sa.event.listens_for(engine, "begin")
    def begin(on: Connection) -> None:
        on.exec_driver_sql(
            "BEGIN IMMEDIATE" if on.get_execution_options().get("writes") else "BEGIN"
        )

    return engine


def _postgres(url: str) -> sa.Engine:
    try:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() != "postgresql":
            raise StoreTrouble(
                says="{name}: {value} is not for us; allowed is postgresql+psycopg://USER@HOST/BASE",
                name=URL,
                value=parsed.render_as_string(hide_password=True),
            )
        parsed = parsed.set(drivername="postgresql+psycopg")
        return sa.create_engine(parsed, pool_pre_ping=True, **JSON)
    except sa.exc.ArgumentError as error:
        says = "{name} is no address of a database; write postgresql+psycopg://USER@HOST/BASE"
        raise StoreTrouble(says=says, name=URL) from error
    except ModuleNotFoundError as error:
        raise MissingExtra("PostgreSQL", "postgres") from error


def _up_to_date(store: Store) -> None:
    """Run what migrations are missing, in one transaction, SQLite backed up before."""
    engine = store.engine
    with engine.begin() as on:
        if _version(on) == HEAD:
            return
    from curate.store.migrating import known, migrate

    with engine.execution_options(writes=True).begin() as on:
        if on.dialect.name == "postgresql":
            on.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATING)))
        found = _version(on)  # another process may have been faster
        if found != HEAD:
            if found is not None:
                known(found, store.name)
            if found is not None and on.dialect.name == "sqlite":
                back_up(Path(str(engine.url.database)), found)
            migrate(on, HEAD)


def _version(on: Connection) -> str | None:
    if not sa.inspect(on).has_table("alembic_version"):
        return None
    found = on.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return None if found is None else str(found)


def back_up(file: Path, version: str) -> Path:
    """A copy of an SQLite store beside it, made while others use it; its path."""
    copy = file.with_name(f"{file.stem}-before-{version}-{time.time_ns()}.db")
    with closing(sqlite3.connect(file)) as here, closing(sqlite3.connect(copy)) as there:
        here.backup(there)
    return copy


def _passes(error: sa.exc.DBAPIError) -> bool:
    """Whether it is worth trying again: a lock, a deadlock, or a server that is away."""
    told = str(error.orig).lower()
    if isinstance(error.orig, sqlite3.Error):
        return "locked" in told or "busy" in told
    state = getattr(error.orig, "sqlstate", None) or ""
    away = error.connection_invalidated or state.startswith(("08", "40", "57P"))
    return away or (isinstance(error, sa.exc.OperationalError) and not state and "auth" not in told)


def _trouble(name: str, error: sa.exc.DBAPIError) -> StoreTrouble:
    told = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else repr(error.orig)
    if "full" in told:
        return StoreTrouble(
            says="{name}: the disk is full; nothing was recorded; make room and go on",
            name=name,
        )
    return StoreTrouble(says="{name}: {told}; nothing was recorded", name=name, told=told)
