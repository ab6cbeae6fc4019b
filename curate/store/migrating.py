"""Run alembic's migrations from inside the package, on an open connection."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from curate.store.refusals import StoreTrouble

SCRIPTS = Path(__file__).parent / "migrations"


def configured(on: sa.Connection | None = None) -> Config:
    """Alembic's settings: where the scripts lie, and what they run on."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = on
    return config


def migrate(on: sa.Connection, to: str) -> None:
    """Bring the tables to a version."""
    command.upgrade(configured(on), to)


def known(version: str, name: str) -> None:
    """StoreTrouble where a newer curate has made the tables."""
    try:
        ScriptDirectory.from_config(configured()).get_revision(version)
    except CommandError as error:
        says = "{name} was made by a newer curate (version {version}); update curate to use it"
        raise StoreTrouble(says=says, name=name, version=version) from error
