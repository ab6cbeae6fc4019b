"""A Ray cluster: the same two verbs on many machines.

Without an address, a cluster of this machine alone is started, which only this machine can reach,
and ended afterwards. Work writes nothing but its own part, so it may run again; results come back
in order and the driver alone commits them.
"""

from __future__ import annotations

import os
import pickle
import socket
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import polars as pl

from curate.engines import TRIES, Survive, WorkerDied, outlived
from curate.engines.local import NUMBERS, THREADS, not_alone, worked
from curate.errors import BadSetting, CurateError, MissingExtra

if TYPE_CHECKING:
    from ray import ObjectRef

Item = TypeVar("Item")
Result = TypeVar("Result")

DEAL_ROWS = 1 << 22
"""Keys dealt into buckets at once: 64 MB, so that a billion keys make a few hundred deals."""

BUCKETS_EACH = 4
"""Buckets for each worker, so that one large bucket does not keep all others waiting."""

ANSWER_SECONDS = 5
UNREACHED = (
    "--address {address}: no Ray cluster answers there ({error}); start one with "
    "`ray start --head` and give the HOST:PORT that it prints"
)
UNLOADED = (
    "--engine ray: the installed ray cannot be loaded ({error}); install it again: "
    "pip install --force-reinstall 'curate[ray]', or leave out --engine ray"
)
UNSTARTED = (
    "--engine ray: Ray did not start ({error}); nothing was audited. Try again, or leave out "
    "--engine ray; why it failed stands in Ray's own logs, under /tmp/ray/session_latest/logs"
)
DIED = "a Ray worker died: {error}"
UNSEEN = (
    "Ray node {node} does not see {folder}: every node needs the workspace and the sources "
    "under the same path; put both on a shared file system and name it with --workspace"
)


class Ray:
    """The cluster at `address`, or one of `workers` processes that lives as long as this."""

    name: ClassVar[str] = "ray"

    def __init__(
        self, workers: int, address: str | None = None, shared: Path | None = None
    ) -> None:
        if find_spec("ray") is None:
            raise MissingExtra("--engine ray", "ray")
        self.workers = workers
        self._address = address
        self._shared = shared
        self._started = False

    def __enter__(self) -> Ray:
        ray = loaded(alone=self._address is None)
        if not ray.is_initialized():
            self._connect()
            self._started = True
        try:
            self.workers = max(1, int(ray.cluster_resources().get("CPU", 1)))
            if self._shared is not None:
                see_everywhere(self._shared.resolve())
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._started:
            loaded().shutdown()
            self._started = False

    def map(
        self,
        work: Callable[[Item], Result],
        items: Iterable[Item],
        survive: Survive[Item, Result] | None = None,
    ) -> Iterator[Result]:
        """Results in the items' order; at most two items a worker wait, or lie in the cluster."""
        ray = loaded()
        # Ray's own retries are off: it cannot tell an item that kills from a machine that fails.
        task = ray.remote(num_cpus=1, max_retries=0)(worked_there)
        known = ray.put(pickle.dumps(work))
        there, number = os.getcwd(), next(NUMBERS)  # noqa: PTH109

        def submit(item: Item) -> ObjectRef[bytes]:
            return task.remote(there, number, known, pickle.dumps(item))  # type: ignore[no-any-return]

        waiting: deque[tuple[Item, ObjectRef[bytes]]] = deque()
        try:
            for item in items:
                waiting.append((item, submit(item)))
                if len(waiting) > 2 * self.workers:
                    yield self._result(*waiting.popleft(), submit, survive)
            while waiting:
                yield self._result(*waiting.popleft(), submit, survive)
        finally:
            for _, left in waiting:
                ray.cancel(left, force=True)

    def meet(self, keyed: Iterable[pl.DataFrame]) -> pl.DataFrame:
        """As Local.meet. Keys are dealt by value into buckets, and each bucket meets by itself.

        The driver holds one deal at a time, and at last the rows that met.
        """
        ray = loaded()
        buckets = BUCKETS_EACH * self.workers
        # These tasks are pure functions, so Ray may run one again, and rebuild what a node lost.
        pure = ray.remote(num_cpus=1, max_retries=TRIES - 1)
        deal = pure(dealt).options(num_returns=buckets)
        deals = [deal.remote(frame, buckets) for frame in gathered(keyed, DEAL_ROWS)]
        meet = pure(met)
        met_rows = [meet.remote(*bucket) for bucket in zip(*deals, strict=True)]
        frames: list[pl.DataFrame] = [fetched(rows) for rows in met_rows]
        return pl.concat(frames).sort("key", "part", "row")

    def _connect(self) -> None:
        if self._address is None:
            where = {"address": "local", "num_cpus": self.workers, "include_dashboard": False}
        else:
            answers(self._address)
            where = {"address": self._address}
        settings = {"env_vars": {THREADS: "1"}}
        ray = loaded()
        try:
            ray.init(**where, log_to_driver=False, logging_level="error", runtime_env=settings)
        except Exception as error:  # of any kind: a node that timed out, a port that is taken
            ray.shutdown()
            raise CurateError(UNSTARTED.format(error=in_short(error))) from None

    def _result(
        self,
        item: Item,
        reference: ObjectRef[bytes],
        submit: Callable[[Item], ObjectRef[bytes]],
        survive: Survive[Item, Result] | None,
    ) -> Result:
        def attempt(again: Item) -> Result:
            return pickle.loads(fetched(submit(again)))  # type: ignore[no-any-return]

        try:
            return pickle.loads(fetched(reference))  # type: ignore[no-any-return]
        except WorkerDied:
            return outlived(item, attempt, survive, TRIES - 1)


def loaded(*, alone: bool = False) -> Any:
    """The ray package. It reports its use to its makers unless told not to, so it is told.

    `alone`: what it starts listens on the loopback address, not on every network.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if alone:
        os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
    try:
        import ray
    except (ImportError, OSError) as error:
        raise CurateError(UNLOADED.format(error=in_short(error))) from None
    return ray


def answers(address: str) -> None:
    """BadSetting where nothing listens at HOST:PORT; Ray itself would ask on for a minute."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), ANSWER_SECONDS).close()
    except (OSError, ValueError, OverflowError) as error:
        raise BadSetting(UNREACHED.format(address=address, error=error)) from None


def fetched(reference: ObjectRef[Result]) -> Result:
    """What a task returned; the exception that it raised, or WorkerDied where it came to no end."""
    ray = loaded()
    try:
        result: Result = ray.get(reference)
        return result
    except ray.exceptions.RayTaskError as error:
        raise error.cause from None
    except ray.exceptions.RayError as error:
        raise WorkerDied(DIED.format(error=in_short(error))) from None


def in_short(error: Exception) -> str:
    """The first line of what an exception says, or its name."""
    return str(error).strip().partition("\n")[0] or type(error).__name__


def see_everywhere(folder: Path) -> None:
    """BadSetting where a node of the cluster does not see this folder."""
    ray = loaded()
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    with tempfile.NamedTemporaryFile(dir=folder, prefix="every-node-sees-") as mark:
        see = ray.remote(num_cpus=0, max_retries=TRIES - 1)(sees)
        asked = {
            node["NodeManagerAddress"]: see.options(
                scheduling_strategy=NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
            ).remote(Path(mark.name))
            for node in ray.nodes()
            if node["Alive"] and node["Resources"].get("CPU")
        }
        unseen = [node for node, seen in asked.items() if not fetched(seen)]
    if unseen:
        raise BadSetting(UNSEEN.format(node=", ".join(unseen), folder=folder))


def gathered(frames: Iterable[pl.DataFrame], rows: int) -> Iterator[pl.DataFrame]:
    """The same rows in frames of about so many."""
    held: list[pl.DataFrame] = []
    for frame in frames:
        held.append(frame)
        if sum(map(len, held)) >= rows:
            yield pl.concat(held)
            held = []
    if held:
        yield pl.concat(held)


def dealt(frame: pl.DataFrame, buckets: int) -> list[pl.DataFrame]:
    """The rows of each bucket; equal keys fall into one bucket."""
    keyed = frame.drop_nulls("key")
    bucket = keyed["key"] % buckets
    return [keyed.filter(bucket == number) for number in range(buckets)]


def met(*deals: pl.DataFrame) -> pl.DataFrame:
    """The rows of one bucket whose key is not alone."""
    return not_alone(deals)


def sees(file: Path) -> bool:
    """Whether this node sees a file."""
    return file.exists()


def worked_there(folder: str, number: int, pickled: bytes, item: bytes) -> bytes:
    """The work on one item, where relative paths mean what they mean to the driver.

    Item and result travel as bytes: what Ray itself hands over lies in its store and cannot be
    written to, and keeps its place there for as long as anybody looks at it.
    """
    with suppress(FileNotFoundError):  # every path may be a whole one
        os.chdir(folder)
    return pickle.dumps(worked(number, pickled, pickle.loads(item)))
