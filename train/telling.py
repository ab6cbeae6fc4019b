"""Telling: what a run says while it goes on, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from curate.locale import Translator

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Telling:
    """Says sentences whose {places} are filled, by way of a function that takes lines."""

    out: Tell
    t: Translator

    def __call__(self, says: str, **args: Any) -> None:
        self.out(self.t(says).format(**args))


def silent(_: str) -> None:
    """What the other processes have to say, the first one says for them."""
