"""What can go wrong in training, beside curate.errors."""

from __future__ import annotations

from curate.errors import CurateError


class BadRecipe(CurateError):
    """A recipe cannot be used; says file, line and what was allowed."""


class NotApproved(CurateError):
    """The records are not, or no longer, an approved snapshot."""


class BadModel(CurateError):
    """A model or tokenizer cannot be found or used."""
