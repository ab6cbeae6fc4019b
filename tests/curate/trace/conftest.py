"""A run with traces, made once; what changes a run makes its own copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from curate.trace import reading
from curate.trace.reading import TracedRun
from curate.workspace import Workspace
from tests.traced_run import records, run_folder, workspace


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `.curate`, the run `traced` and the same run without traces, `plain`."""
    folder = tmp_path_factory.mktemp("traced")
    where, report = workspace(folder)
    found = records(report)
    run_folder(folder, where, found, name="traced")
    run_folder(folder, where, found, name="plain", traces=False)
    return folder


@pytest.fixture
def copied(made: Path, tmp_path: Path) -> Path:
    """The same folder, to be changed."""
    return Path(shutil.copytree(made, tmp_path / "copy"))


@pytest.fixture(scope="session")
def run(made: Path) -> TracedRun:
    return reading.opened(made / "traced", where=Workspace(made / ".curate"))


@pytest.fixture(scope="session")
def plain(made: Path) -> TracedRun:
    return reading.opened(made / "plain", where=Workspace(made / ".curate"))
