"""Opening a store: durable, backed up before a migration, and clear about what is wrong."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from curate.store import database, decisions, migrating
from curate.store.database import Store, back_up, integrity, open_store
from curate.store.decision import Decision
from curate.store.refusals import StoreTrouble
from curate.workspace import Workspace

NEXT = '''"""One column more."""
import sqlalchemy as sa
from alembic import op
revision = "0003"
down_revision = "0002"
def upgrade():
    with op.batch_alter_table("guidelines") as table:
        table.add_column(sa.Column("language", sa.Text))
'''


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(Workspace(tmp_path))
    yield made
    made.engine.dispose()


def keep(store: Store, record_id: str, reason: str | None = None) -> None:
    one = Decision(
        record_id=record_id, kind="keep", reviewer="太郎", request_id=record_id, reason=reason
    )
    store.write(lambda on: decisions.append(store, on, [one]))


def kept(store: Store) -> list[str]:
    return store.read(lambda on: [one.record_id for one in decisions.log(on)])


def test_sqlite_waits_for_the_disk_and_keeps_a_log(store: Store) -> None:
    with store.engine.connect() as on:
        said = [
            on.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous")
        ]
    assert said == ["wal", 2]  # 2 is FULL


def test_a_write_locks_from_its_start_and_a_read_does_not(store: Store) -> None:
    def write_inside(on: sa.Connection) -> None:
        held.append(on.exec_driver_sql("SELECT count(*) FROM decisions").scalar())
        assert kept(store) == []  # reading goes on meanwhile
        with store.engine.execution_options(writes=True).connect() as other:
            other.connection.driver_connection.execute("PRAGMA busy_timeout=1").close()  # type: ignore[union-attr]
            with pytest.raises(sa.exc.OperationalError, match="locked"):
                other.begin()
            other.connection.driver_connection.execute("PRAGMA busy_timeout=30000").close()  # type: ignore[union-attr]

    held: list[object] = []
    store.write(write_inside)
    assert held == [0]


def test_a_backup_can_be_made_while_others_use_the_store(store: Store, tmp_path: Path) -> None:
    keep(store, "a")
    with store.engine.connect() as on:
        on.exec_driver_sql("SELECT * FROM decisions")
        copy = back_up(tmp_path / database.FILE, "0001")
    (tmp_path / "restored").mkdir()
    shutil.copy(copy, tmp_path / "restored" / database.FILE)
    restored = open_store(Workspace(tmp_path / "restored"))
    assert kept(restored) == ["a"]
    restored.engine.dispose()


def test_a_migration_keeps_the_data_and_leaves_a_backup(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, "a")
    scripts = tmp_path / "migrations"
    shutil.copytree(migrating.SCRIPTS, scripts)
    (scripts / "versions" / "next_0003.py").write_text(NEXT)
    monkeypatch.setattr(migrating, "SCRIPTS", scripts)
    monkeypatch.setattr(database, "HEAD", "0003")
    newer = open_store(Workspace(tmp_path))
    assert kept(newer) == ["a"]
    columns = sa.inspect(newer.engine).get_columns("guidelines")
    assert "language" in [column["name"] for column in columns]
    newer.engine.dispose()
    [copy] = tmp_path.glob("store-before-0002-*.db")
    engine = sa.create_engine(f"sqlite:///{copy}")
    with engine.connect() as on:
        assert on.scalar(sa.text("SELECT count(*) FROM decisions")) == 1
    engine.dispose()


def test_a_full_disk_is_told_and_it_goes_on_when_there_is_room(store: Store) -> None:
    def pages(most: int) -> None:
        with store.engine.connect() as on:
            on.exec_driver_sql(f"PRAGMA max_page_count={most}")

    keep(store, "a")
    pages(1)  # SQLite takes the pages that there are
    with pytest.raises(StoreTrouble, match="the disk is full; nothing was recorded"):
        keep(store, "b", reason="長い理由" * 99_999)
    assert kept(store) == ["a"]
    pages(1_000_000)
    keep(store, "c")
    assert kept(store) == ["a", "c"]
    assert integrity(store) == "ok"


def test_whoever_only_reads_finds_what_is_there_and_makes_nothing(tmp_path: Path) -> None:
    where = Workspace(tmp_path / ".curate")
    reading = open_store(where, reading=True)
    assert kept(reading) == []
    assert reading.name.endswith("store.db")
    with pytest.raises(StoreTrouble, match="nothing was recorded"):
        keep(reading, "a")
    assert not where.path.exists()
    made = open_store(where)
    keep(made, "b")
    again = open_store(where, reading=True)
    assert kept(again) == ["b"]
    for each in (reading, made, again):
        each.engine.dispose()


def test_a_damaged_file_is_told(store: Store, tmp_path: Path) -> None:
    assert integrity(store) == "ok"
    store.engine.dispose()
    for file in tmp_path.glob("store.db*"):
        file.write_bytes(b"no database at all, whatever the name says" * 99)
    with pytest.raises(StoreTrouble, match="not a database"):
        open_store(Workspace(tmp_path))


@pytest.mark.parametrize("url", ["mysql://user:geheim@host/base", "nonsense"])
def test_another_kind_of_database_is_refused_without_its_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(StoreTrouble, match=r"postgresql\+psycopg") as told:
        open_store(Workspace(tmp_path), url)
    assert "geheim" not in str(told.value)


def test_the_address_comes_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(database.URL, "nonsense")
    with pytest.raises(StoreTrouble, match="CURATE_STORE"):
        open_store(Workspace(tmp_path))
