"""This machine: in this process, or in a pool of processes."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import Any, ClassVar, TypeVar

import polars as pl

Item = TypeVar("Item")
Result = TypeVar("Result")

THREADS = "POLARS_MAX_THREADS"
WORKER_SETTINGS = {
    THREADS: "1",  # the pool is the parallelism
    # Memory that one chunk needed the next one needs too: giving it back costs page faults.
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:-1,muzzy_decay_ms:-1",
}
"""Environment of the workers, where the user has not set it; read when polars is loaded."""

NUMBERS = count()


class Local:
    """`workers` processes, kept until it is closed; 1 works in this one, with polars' threads."""

    name: ClassVar[str] = "local"

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None
        self._settings = ExitStack()

    def __enter__(self) -> Local:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
        self._settings.close()

    def map(self, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Results in the items' order; at most two items a worker wait in memory."""
        if self.workers == 1:
            yield from map(work, items)
            return
        pool = self._opened()
        number, pickled = next(NUMBERS), pickle.dumps(work)
        waiting: deque[Future[Result]] = deque()
        try:
            for item in items:
                waiting.append(pool.submit(worked, number, pickled, item))
                if len(waiting) > 2 * self.workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for left in waiting:
                left.cancel()

    def meet(self, keyed: Iterable[pl.DataFrame]) -> pl.DataFrame:
        """Frames (part, row, key) in, the rows whose key is not alone out, sorted by key."""
        together = pl.concat([frame.drop_nulls("key") for frame in keyed])
        return together.filter(pl.col("key").is_duplicated()).sort("key", "part", "row")

    def _opened(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # Forking a process whose polars threads run can hang it for ever, so spawn.
            context = multiprocessing.get_context("spawn")
            self._settings.enter_context(worker_settings())  # processes start one by one
            self._pool = ProcessPoolExecutor(self.workers, mp_context=context, initializer=begin)
        return self._pool


def begin() -> None:
    """Make this process a worker. Ctrl-C reaches every process; only the parent answers it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


work_here: tuple[int, Callable[[Any], Any]] | None = None  # of this worker, by its number


def worked(number: int, pickled: bytes, item: Any) -> Any:
    """Do the work on one item; work that comes again is not unpickled again."""
    global work_here
    if work_here is None or work_here[0] != number:
        work_here = number, pickle.loads(pickled)
    return work_here[1](item)


@contextmanager
def worker_settings() -> Iterator[None]:
    """While open, new processes start with the environment of workers."""
    missing = [name for name in WORKER_SETTINGS if name not in os.environ]
    before = os.environ.get(THREADS)
    os.environ.update({name: WORKER_SETTINGS[name] for name in {*missing, THREADS}})
    try:
        yield
    finally:
        for name in missing:
            del os.environ[name]
        if before is not None:
            os.environ[THREADS] = before
