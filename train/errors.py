"""What can go wrong in training, beside curate.errors."""

from __future__ import annotations

from typing import Any

from curate.errors import CurateError
from curate.locale import Translator


class BadRecipe(CurateError):
    """A recipe cannot be used; says file, line and what was allowed."""


class NotApproved(CurateError):
    """The records are not, or no longer, an approved snapshot; `says` has {places} for `given`."""

    code = "not-approved"

    def __init__(self, says: str, **given: Any) -> None:
        super().__init__(says.format(**given) if given else says)
        self.says, self.given = says, given

    def told(self, t: Translator) -> NotApproved:
        """The same in the translator's language."""
        return type(self)(t(self.says), **self.given)


class NoSnapshot(NotApproved):
    """Nothing here bears the name of the snapshot that was asked for."""

    code = "no-snapshot"


class BadModel(CurateError):
    """A model or tokenizer cannot be found or used."""
