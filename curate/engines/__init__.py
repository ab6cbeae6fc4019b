"""Engine: where work runs. An engine knows two verbs and nothing about checks.

`map` runs a function on every item, in any order of work, and gives the results in the items'
order. `meet` brings equal keys together: the places (part, row) of all records that share a key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

import polars as pl

from curate.errors import BadSetting

Item = TypeVar("Item")
Result = TypeVar("Result")

NAMES = ("local",)


class Engine(Protocol):
    """What an audit asks of the place where it runs; leaving its `with` block gives it back."""

    @property
    def name(self) -> str: ...

    def __enter__(self) -> Engine: ...

    def __exit__(self, *_: object) -> None: ...

    def map(self, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]: ...

    def meet(self, keyed: Iterable[pl.DataFrame]) -> pl.DataFrame: ...


def open_engine(name: str, workers: int) -> Engine:
    """The engine of this name."""
    if name == "local":
        from curate.engines.local import Local

        return Local(workers)
    raise BadSetting(f"unknown engine {name!r}; known: {', '.join(NAMES)}")
