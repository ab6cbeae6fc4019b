"""What the tests of training share: a tiny model, a few approved records, no network, one core."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.train import snapshots, tiny

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"


@pytest.fixture(scope="session", autouse=True)
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Models made for tests lie in a folder of the tests."""
    place = tmp_path_factory.mktemp("models")
    before = os.environ.get("CURATE_CACHE")
    os.environ["CURATE_CACHE"] = str(place)
    yield place
    if before is None:
        del os.environ["CURATE_CACHE"]
    else:
        os.environ["CURATE_CACHE"] = before


@pytest.fixture(scope="session", autouse=True)
def loaded() -> None:
    """Each training ends with a look for garbage, which need not go through the libraries."""
    from train import run  # noqa: F401

    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model in a folder."""
    return tiny.save(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An approved snapshot: 10 training, 2 dev, 2 test records."""
    return snapshots.approve(tmp_path_factory.mktemp("approved"))
