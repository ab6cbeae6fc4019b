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
            self._settings.enter_context(one_thread_each())  # processes start one by one
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
def one_thread_each() -> Iterator[None]:
    """While open, new processes start polars with one thread: the pool is the parallelism."""
    before = os.environ.get(THREADS)
    os.environ[THREADS] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[THREADS]
        else:
            os.environ[THREADS] = before
