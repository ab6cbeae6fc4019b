"""What the store refuses or cannot do, said so that an app can say it in another language.

CurateError
├── Refused        a decision is not taken: too late, or not well formed; nothing was written
└── StoreTrouble   the database cannot be opened, written or understood
"""

from __future__ import annotations

from typing import Any

from curate.errors import CurateError


class Refused(CurateError):
    """A decision that was not taken. `says` is a template that the Japanese catalogue knows."""

    def __init__(self, *, says: str, **args: Any) -> None:
        super().__init__(says.format(**args))
        self.says = says
        self.args_said = args


class StoreTrouble(CurateError):
    """The database cannot be opened, written or understood; nothing was acknowledged."""

    def __init__(self, *, says: str, **args: Any) -> None:
        super().__init__(says.format(**args))
        self.says = says
        self.args_said = args
