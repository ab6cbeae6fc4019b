"""One run that the tests of tracing share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.train.tracing.traced import Traced, traced


@pytest.fixture(scope="session")
def one(approved: Path, tmp_path_factory: pytest.TempPathFactory) -> Traced:
    """Four epochs, so that three of them are kept."""
    return traced(approved, tmp_path_factory.mktemp("runs"), "training.epochs=4")
