"""Processes: one, or several under torchrun that train one model together."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import torch.distributed as distributed

from curate.errors import BadSetting

T = TypeVar("T")
PATIENCE = timedelta(hours=12)  # the first process answers records while the others wait


@dataclass(frozen=True, slots=True)
class Together:
    """This process among those of the run."""

    rank: int
    count: int

    @property
    def first(self) -> bool:
        """Whether this is the process that writes."""
        return self.rank == 0

    def same(self, work: Callable[[], T]) -> T:
        """What the first process makes, given to all; its error is the error of all."""
        if self.count == 1:
            return work()
        said: list[Any] = [None, None]
        if self.first:
            try:
                said = [work(), None]
            except Exception as error:
                said = [None, error]
        distributed.broadcast_object_list(said, src=0)
        if said[1] is not None:
            raise said[1]
        made: T = said[0]
        return made

    def alone(self, work: Callable[[], T]) -> T:
        """Work of the first process that the others wait for and get."""
        return self.same(work)


def refuse_shards() -> None:
    """BadSetting under FSDP: the first process answers alone, for which it needs every weight."""
    if os.environ.get("ACCELERATE_USE_FSDP", "false").lower() == "true":
        raise BadSetting(
            "ACCELERATE_USE_FSDP is true, and `train run` does not shard a model yet: each card "
            "holds all of it; start with torchrun alone, or use a 4-bit base if that does not fit"
        )


@contextmanager
def together() -> Iterator[Together]:
    """The processes of this run; `torchrun` says in the environment how many there are."""
    count = int(os.environ.get("WORLD_SIZE", "1"))
    refuse_shards()
    if count == 1:
        yield Together(0, 1)
        return
    import torch
    from accelerate import PartialState

    state = PartialState(cpu=not torch.cuda.is_available(), timeout=PATIENCE)
    try:
        yield Together(state.process_index, state.num_processes)
    finally:
        state.destroy_process_group()
