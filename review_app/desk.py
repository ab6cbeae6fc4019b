"""Desk: what a page has before it, a review, whoever reviews, and the words to say it in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from curate.locale import Translator
from curate.review import Review
from curate.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Desk:
    """One person at work, in one language."""

    review: Review
    reviewer: str
    t: Translator
    locale: str
    workspace: Workspace

    def say(self, says: str, **args: Any) -> str:
        """A sentence in the person's language, its {names} filled in."""
        return self.t(says).format(**args)
