"""A store of each kind, fresh for every test: SQLite in a folder, PostgreSQL on a server of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from bench import postgres
from curate.audit import audit
from curate.report import Report
from curate.store.database import Store, open_store
from curate.workspace import Workspace

KINDS = ("sqlite", "postgresql")
NAMES = count()


@dataclass
class Clock:
    """Time as a test wants it, in seconds."""

    at: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """One server for all tests; skipped visibly where PostgreSQL is not installed."""
    if postgres.programs() is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with postgres.running() as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=KINDS)
def opened(
    request: pytest.FixtureRequest, tmp_path: Path, clock: Clock
) -> Iterator[Callable[[], Store]]:
    """Opens one and the same database, as often as one likes."""
    url = None
    if request.param == "postgresql":
        server: postgres.Server = request.getfixturevalue("postgres_server")
        url = server.new(f"test{next(NAMES)}")
    made: list[Store] = []

    def open_again() -> Store:
        made.append(open_store(Workspace(tmp_path / "store"), url, clock))
        return made[-1]

    yield open_again
    for store in made:
        store.engine.dispose()


@pytest.fixture
def store(opened: Callable[[], Store]) -> Store:
    return opened()


RECORDS = [
    *({"instruction": f"What is {n} plus one?", "output": f"It is {n + 1}."} for n in range(60)),
    *({"instruction": f"{n}の次の数は何ですか。", "output": f"{n + 1}です。"} for n in range(60)),
    *({"instruction": f"Say {word}.", "output": ""} for word in ("hello", "goodbye", "thanks")),
    *({"instruction": f"{word}と言ってください。", "output": ""} for word in ("はい", "いいえ", "どうも")),
    *({"instruction": "Name a colour.", "output": "Blue is a colour of the sky."} for _ in range(3)),
    {"instruction": "Write a loop.", "output": "```python\nfor i in range(3):"},
    {"instruction": "ループを書いてください。", "output": "```python\nfor i in range(3):"},
    {"instruction": "首都は？", "output": "東京です。"},
    {"instruction": "首都は？", "output": "大阪です。"},
]  # fmt: skip


ASKED = ["empty-answer", "unclosed-code", "exact-duplicate", "contradiction"]


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A real audit: empty answers, open code, copies and a contradiction, in two languages."""
    place = tmp_path_factory.mktemp("audited") / ".curate"
    return audit(RECORDS, workspace=place, only=ASKED)
