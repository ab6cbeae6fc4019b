"""Aims: the figures that CauseBench is for, each with the bound that it is held against."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.causebench.measures import Interval, interval

Seed = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Aim:
    """One figure of a seed, and where its mean over seeds should lie."""

    name: str
    of: Callable[[Seed], float]
    bound: float
    at_least: bool = True

    def met(self, found: Interval | None) -> bool | None:
        """Whether the mean reaches the bound; None where nothing was measured."""
        if found is None:
            return None
        return found.mean >= self.bound if self.at_least else found.mean <= self.bound

    @property
    def said(self) -> str:
        """The bound in signs."""
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"


def at(*path: str) -> Callable[[Seed], float]:
    """A figure of a seed by its path; NaN where the seed has it not."""

    def of(seed: Seed) -> float:
        here: Any = seed
        for name in path:
            here = here.get(name) if isinstance(here, Mapping) else None
        return float("nan") if here is None else float(here)

    return of


def less(one: Callable[[Seed], float], other: Callable[[Seed], float]) -> Callable[[Seed], float]:
    """The difference of two figures of the same seed."""
    return lambda seed: one(seed) - other(seed)


FIRST = at("trace", "trace", "hit1")
GONE = at("gone", "repair")
AIMS = (
    Aim("queue: bad records found at 10 % reading", at("queue", "best", "recall", "10"), 0.60),
    *(
        Aim(f"queue: {kind} ones found at 10 % reading", at("queue", "best", "kinds", kind), 0.85)
        for kind in ("isolated", "swapped", "refusal")
    ),
    Aim("trace: recall@10", at("trace", "trace", "recall10"), 0.80),
    Aim("trace: first record right", FIRST, 0.60),
    Aim(
        "trace: first record right, ahead of BM25 x answer by",
        less(FIRST, at("trace", "BM25 x answer", "hit1")), 0.10,
    ),
    Aim("triage: AUROC, data-caused against the rest", at("triage", "auroc"), 0.85),
    Aim("quality recovered, 5 % read", at("recovered", "5"), 0.50),
    Aim("quality recovered, 10 % read", at("recovered", "10"), 0.80),
    Aim("traced failures gone", GONE, 0.80),
    Aim("traced failures gone, above the control", less(GONE, at("gone", "control")), 0.50),
    Aim("newly broken", at("broken", "repair"), 0.01, at_least=False),
    Aim("time that tracing takes", at("cost", "share_of_time"), 0.20, at_least=False),
    Aim("bytes a record and checkpoint", at("cost", "bytes"), 5_000, at_least=False),
)  # fmt: skip


def judged(seeds: Sequence[Seed]) -> Iterator[tuple[Aim, Interval | None]]:
    """Every aim with its mean over seeds."""
    for aim in AIMS:
        yield aim, over(seeds, aim.of)


def over(seeds: Sequence[Seed], of: Callable[[Seed], float]) -> Interval | None:
    """One figure over the seeds; a seed that has it not is left out."""
    return interval([of(seed) for seed in seeds])
