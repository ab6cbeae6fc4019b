"""What all tests share: the public data beside the checkout, and the rule that CI skips nothing."""

from __future__ import annotations

import gc
import gzip
import os
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from tests.warm import Warm

SHARED = Path(__file__).parent.parent.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of public data sets with ground truth; skips visibly where it is missing."""
    if not SHARED.is_dir():
        pytest.skip("the public data sets do not lie beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    """Starts commands at once; loading the libraries of training takes longer than most work."""
    made = Warm()
    yield made
    made.close()


def rows(name: str) -> Iterator[dict[str, object]]:
    """The rows of one public data set."""
    with gzip.open(SHARED / f"{name}.jsonl.gz") as file:
        for line in file:
            yield orjson.loads(line)


def pytest_collection_finish() -> None:
    """Libraries collect garbage after each training and each drawn page: spare them what stays."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """At the end all is let go in order."""
    gc.unfreeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """In CI a skipped test is a failed one: it was meant to run."""
    report = yield
    if report.skipped and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {item.nodeid}: {report.longrepr}"
    return report
