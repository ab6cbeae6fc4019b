"""Lane: a thread of its own, whose patterns stay compiled.

polars keeps the 32 patterns compiled that a thread used last. An audit uses hundreds, so each of
them would be compiled anew for every chunk, which for long patterns costs far more than the
search. Work on a fixed few patterns goes to a lane, where no other pattern pushes them out.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import ParamSpec, TypeVar

PATTERNS = 28  # that a lane may use: polars keeps 32, a few are for the work around them

P = ParamSpec("P")
Result = TypeVar("Result")


def run_in(lane: str, work: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
    """Do the work in the lane of that name and wait; its exceptions are raised here."""
    return _thread(lane).submit(work, *args, **kwargs).result()


@cache
def _thread(lane: str) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"curate-{lane}")
