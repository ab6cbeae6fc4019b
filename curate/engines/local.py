"""This machine: in this process, or in a pool of processes."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import count
from typing import Any, ClassVar, TypeVar

import polars as pl

from curate.engines import Survive, WorkerDied, outlived

Item = TypeVar("Item")
Result = TypeVar("Result")

THREADS = "POLARS_MAX_THREADS"
NUMBERS = count()
RARELY = 100_000  # new objects between two looks for cycles of garbage; records hold none
DIED = "a worker process died; is memory short? Fewer --workers need less"


class Local:
    """`workers` processes, kept until it is closed; 1 works in this one."""

    name: ClassVar[str] = "local"

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None
        self._lone: ProcessPoolExecutor | None = None  # for work that is under suspicion
        self._settings = ExitStack()

    def __enter__(self) -> Local:
        self._settings.enter_context(rarely_collecting())
        return self

    def __exit__(self, *_: object) -> None:
        for pool in (self._pool, self._lone):
            if pool is not None:
                pool.shutdown(cancel_futures=True)
        self._pool = self._lone = None
        self._settings.close()

    def map(
        self,
        work: Callable[[Item], Result],
        items: Iterable[Item],
        survive: Survive[Item, Result] | None = None,
    ) -> Iterator[Result]:
        """Results in the items' order; at most two items a worker wait in memory.

        In this process (one worker) nothing can outlive a death.
        """
        if self.workers == 1:
            yield from map(work, items)
            return
        does = partial(worked, next(NUMBERS), pickle.dumps(work))
        waiting: deque[tuple[Item, Future[Result]]] = deque()
        try:
            for item in items:
                waiting.append((item, self._submitted(does, item)))
                if len(waiting) > 2 * self.workers:
                    yield self._result(*waiting.popleft(), does, survive)
            while waiting:
                yield self._result(*waiting.popleft(), does, survive)
        finally:
            for _, left in waiting:
                left.cancel()

    def meet(self, keyed: Iterable[pl.DataFrame]) -> pl.DataFrame:
        """Frames (part, row, key) in, the rows whose key is not alone out, sorted by key."""
        return not_alone(keyed)

    def _submitted(self, does: Callable[[Item], Result], item: Item) -> Future[Result]:
        if self._pool is None:
            self._pool = self._opened(self.workers)
        try:
            return self._pool.submit(does, item)
        except BrokenProcessPool:
            self._pool.shutdown()
            self._pool = self._opened(self.workers)
            return self._pool.submit(does, item)

    def _result(
        self,
        item: Item,
        future: Future[Result],
        does: Callable[[Item], Result],
        survive: Survive[Item, Result] | None,
    ) -> Result:
        try:
            return future.result()
        except BrokenProcessPool:  # whichever of the items it was
            return outlived(item, partial(self._alone, does), survive)

    def _alone(self, does: Callable[[Item], Result], item: Item) -> Result:
        """The work on one item in a process of its own, so that a death has one cause."""
        if self._lone is None:
            self._lone = self._opened(1)
        try:
            return self._lone.submit(does, item).result()
        except BrokenProcessPool:
            self._lone.shutdown()
            self._lone = None
            raise WorkerDied(DIED) from None

    def _opened(self, workers: int) -> ProcessPoolExecutor:
        # Forking a process whose polars threads run can hang it for ever, so spawn.
        context = multiprocessing.get_context("spawn")
        self._settings.enter_context(one_thread_each())  # processes start one by one
        return ProcessPoolExecutor(workers, mp_context=context, initializer=begin)


def begin() -> None:
    """Make this process a worker. Ctrl-C reaches every process; only the parent answers it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(RARELY)


work_here: tuple[int, Callable[[Any], Any]] | None = None  # of this worker, by its number


def worked(number: int, pickled: bytes, item: Any) -> Any:
    """Do the work on one item; work that comes again is not unpickled again."""
    global work_here
    if work_here is None or work_here[0] != number:
        work_here = number, pickle.loads(pickled)
    return work_here[1](item)


def not_alone(keyed: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The rows (part, row, key) whose key is not alone, sorted by key; null is no key."""
    together = pl.concat([frame.drop_nulls("key") for frame in keyed])
    return together.filter(pl.col("key").is_duplicated()).sort("key", "part", "row")


@contextmanager
def rarely_collecting() -> Iterator[None]:
    """While open, look for cycles of garbage rarely: a few records bring 700 new objects."""
    before = gc.get_threshold()
    gc.set_threshold(RARELY, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


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
