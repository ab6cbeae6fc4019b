"""Engines: one contract, whatever the engine."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.engines import Engine, open_engine
from curate.engines.local import THREADS
from curate.errors import BadSetting


def slow_square(number: int) -> int:
    time.sleep(random.random() / 200)
    return number * number


def failing(number: int) -> int:
    if number == 5:
        raise ValueError("record 5")
    return number


def process(_: int) -> int:
    time.sleep(0.02)
    return os.getpid()


def threads(_: int) -> str | None:
    return os.environ.get(THREADS)


@pytest.fixture(params=[1, 2, 3])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with open_engine("local", request.param) as opened:
        yield opened


def test_map_keeps_the_items_order(engine: Engine) -> None:
    assert list(engine.map(slow_square, iter(range(40)))) == [n * n for n in range(40)]


def test_map_takes_no_more_than_it_can_hold() -> None:
    taken = []

    def items() -> object:
        for number in range(100):
            taken.append(number)
            yield number

    with open_engine("local", 2) as engine:
        results = engine.map(slow_square, items())  # type: ignore[arg-type]
        next(results)
        assert len(taken) <= 6
        results.close()  # type: ignore[attr-defined]


def test_a_fault_comes_through(engine: Engine) -> None:
    with pytest.raises(ValueError, match="record 5"):
        list(engine.map(failing, range(10)))


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


def test_closing_ends_the_processes() -> None:
    with open_engine("local", 2) as engine:
        processes = set(engine.map(process, range(8)))
    assert not any(Path(f"/proc/{number}").exists() for number in processes)


keys = st.lists(st.one_of(st.none(), st.integers(0, 6)), max_size=30)


@given(parts=st.lists(keys, min_size=1, max_size=4))
def test_meet_brings_exactly_the_equal_keys_together(parts: list[list[int | None]]) -> None:
    frames = [
        pl.DataFrame(
            {"part": [number] * len(part), "row": range(len(part)), "key": part},
            schema={"part": pl.UInt32, "row": pl.UInt32, "key": pl.UInt64},
        )
        for number, part in enumerate(parts)
    ]
    met = open_engine("local", 1).meet(frames)
    flat = [(key, p, r) for p, part in enumerate(parts) for r, key in enumerate(part)]
    every = [key for key, *_ in flat]
    expected = sorted(f for f in flat if f[0] is not None and every.count(f[0]) > 1)
    assert met.select("key", "part", "row").rows() == expected


def test_an_unknown_engine() -> None:
    with pytest.raises(BadSetting, match="unknown engine 'spark'; known: local"):
        open_engine("spark", 1)
