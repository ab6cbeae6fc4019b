"""Clock: how long the parts of a training step take that are ours, on the processor or the card."""

from __future__ import annotations

import time
from typing import Any

import torch


class Clock:
    """Adds up the time spent inside `with clock:`; a card is asked once, at the end."""

    def __init__(self) -> None:
        self.on_card = torch.cuda.is_available()
        self.spent, self.began = 0.0, 0.0
        self.spans: list[tuple[Any, Any]] = []

    def __enter__(self) -> None:
        if self.on_card:
            self.spans.append((event(), None))
        else:
            self.began = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        if self.on_card:
            self.spans[-1] = (self.spans[-1][0], event())
            if len(self.spans) >= 10_000:
                self.settle()
        else:
            self.spent += time.perf_counter() - self.began

    def settle(self) -> None:
        """Add up what the card has done."""
        torch.cuda.synchronize()
        self.spent += sum(begin.elapsed_time(end) for begin, end in self.spans) / 1000
        self.spans.clear()

    def seconds(self) -> float:
        """All of it."""
        if self.spans:
            self.settle()
        return self.spent


def event() -> Any:
    """A mark in the card's work."""
    made: Any = torch.cuda.Event
    made = made(enable_timing=True)
    made.record()
    return made
