"""Local: processes of this machine. What every engine promises is in tests/contract."""

from __future__ import annotations

import gc
import os
import time
from pathlib import Path

import pytest

from curate.engines import open_engine
from curate.engines.local import RARELY, THREADS


def process(_: int) -> int:
    time.sleep(0.02)
    return os.getpid()


def threads(_: int) -> str | None:
    return os.environ.get(THREADS)


def new_objects_between_looks(_: int) -> int:
    return gc.get_threshold()[0]


@pytest.mark.parametrize("workers", [1, 2])
def test_cycles_are_looked_for_rarely_while_work_goes_on(workers: int) -> None:
    before = gc.get_threshold()
    with open_engine("local", workers) as engine:
        assert set(engine.map(new_objects_between_looks, range(4))) == {RARELY}
    assert gc.get_threshold() == before


def test_worker_processes_have_one_thread_and_we_keep_ours() -> None:
    before = dict(os.environ)
    with open_engine("local", 2) as engine:
        assert set(engine.map(threads, range(4))) == {"1"}
    assert dict(os.environ) == before


def test_the_same_processes_do_all_the_work() -> None:
    with open_engine("local", 2) as engine:
        first, second = (set(engine.map(process, range(8))) for _ in range(2))
    assert first | second == first
    assert os.getpid() not in first


def test_one_worker_is_this_process() -> None:
    assert set(open_engine("local", 1).map(process, range(3))) == {os.getpid()}


def test_closing_ends_the_processes() -> None:
    with open_engine("local", 2) as engine:
        processes = set(engine.map(process, range(8)))
    assert not any(Path(f"/proc/{number}").exists() for number in processes)
