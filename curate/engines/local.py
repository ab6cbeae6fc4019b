"""This machine: in this process, or in a pool of processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import polars as pl

Item = TypeVar("Item")
Result = TypeVar("Result")

THREADS = "POLARS_MAX_THREADS"


@dataclass(frozen=True)
class Local:
    """`workers` processes; 1 works in this one, with polars' own threads."""

    workers: int
    name: ClassVar[str] = "local"

    def map(self, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Results in the items' order; at most two items a worker wait in memory."""
        if self.workers == 1:
            yield from map(work, items)
            return
        # Forking a process whose polars threads run can hang it for ever, so spawn.
        context = multiprocessing.get_context("spawn")
        with (
            one_thread_each(),
            ProcessPoolExecutor(
                self.workers, mp_context=context, initializer=begin, initargs=(work,)
            ) as pool,
        ):
            waiting: deque[Future[Result]] = deque()
            try:
                for item in items:
                    waiting.append(pool.submit(worked, item))
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


work_here: Callable[[Any], Any]  # of this worker process; sent once, not with every item


def begin(work: Callable[[Any], Any]) -> None:
    """Make this process a worker. Ctrl-C reaches every process; only the parent answers it."""
    global work_here
    work_here = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def worked(item: Any) -> Any:
    """Do the work on one item."""
    return work_here(item)


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
