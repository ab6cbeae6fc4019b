"""Reviewers at once, each in a browser of their own and by keys alone: nobody decides twice."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from bench.review_load import LEAST, THINK, made, people, spoken
from curate.workspace import Workspace
from tests.e2e.served import Server

pytestmark = pytest.mark.browser

APP = Path(__file__).parents[2] / "review_app" / "app.py"
BROKEN = f"""
import runpy
from bench.stress_twins import doubled
from curate.store import leases
if leases.take.__module__ == "curate.store.leases":  # the script runs for every key
    doubled()
runpy.run_path({str(APP)!r}, run_name="__main__")
"""


@pytest.fixture(autouse=True)
def _chromium() -> None:
    if shutil.which("chromium") is None:
        pytest.skip("no chromium is installed; apt-get install chromium")


def together(where: Workspace, reviewers: int, think: float, script: Path | None = None) -> int:
    """Let them work until nothing is left; how many keys were pressed."""
    server = Server(where.path, where.path.parent / "server.log", script)
    server.start()
    try:
        done = asyncio.run(people(server.url, reviewers, think, None))
    finally:
        server.kill()
    return sum(len(waited) for _, waited in done)


@pytest.mark.parametrize(
    ("reviewers", "records", "think"),
    [(3, 18, LEAST), pytest.param(10, 300, THINK, marks=[pytest.mark.long])],
)
@pytest.mark.timeout(1800)
def test_nothing_is_decided_twice(
    tmp_path: Path, reviewers: int, records: int, think: float
) -> None:
    where = made(tmp_path, records)
    pressed = together(where, reviewers, think)
    decided = spoken(where)
    assert len(decided) == records
    assert max(decided.values()) == 1
    assert pressed == records


def test_a_server_that_lets_anybody_have_a_record_is_caught(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text(BROKEN)
    where = made(tmp_path, 12)
    together(where, 3, LEAST, tmp_path / "broken.py")
    assert max(spoken(where).values()) > 1
