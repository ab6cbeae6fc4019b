"""Measures: what is asked of every answer. One file is one measure; they are found by folder.

A measure that does not apply to a record, or cannot tell, says None, and None counts nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal

from curate.errors import BadSetting, unknown

Value = float | bool | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer of a model, what was asked, and what should have come."""

    prompt: str
    answer: str
    reference: str
    reached_stop: bool = True


@dataclass(frozen=True, slots=True)
class Measure:
    """One question; `better` says which way is up, None where neither is."""

    name: str
    says: str  # finishes "this measure is ..."
    better: Literal["higher", "lower"] | None
    ask: Callable[[Sequence[Attempt]], list[Value]]


@cache
def found() -> Mapping[str, Measure]:
    """Every measure by its name, sorted."""
    names = sorted(each.name for each in iter_modules(__path__))
    modules = (import_module(f"{__name__}.{name}") for name in names)
    return {module.MEASURE.name: module.MEASURE for module in modules}


def chosen(names: Iterable[str] = ()) -> list[Measure]:
    """The measures of these names, all where none is named; BadSetting names the nearest."""
    known = found()
    for name in (wanted := tuple(names)):
        if name not in known:
            raise BadSetting(f"evaluate.metrics: {unknown('measure', name, known)}")
    return [known[name] for name in wanted or known]


def asked(measures: Iterable[Measure], attempts: Sequence[Attempt]) -> list[dict[str, Value]]:
    """Every measure of every attempt."""
    columns = {measure.name: measure.ask(attempts) for measure in measures}
    return [{name: values[n] for name, values in columns.items()} for n in range(len(attempts))]


def one_by_one(judge: Callable[[Attempt], Value]) -> Callable[[Sequence[Attempt]], list[Value]]:
    """Make a measure's question from one about a single attempt."""
    return lambda attempts: [judge(one) for one in attempts]
