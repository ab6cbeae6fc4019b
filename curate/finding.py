"""Finding: one check said one thing about one record."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal

import polars as pl

Severity = Literal["info", "warn", "error"]
SEVERITIES: tuple[Severity, ...] = ("info", "warn", "error")

SCHEMA: dict[str, Any] = {
    "record_id": pl.String,  # null: the finding is about the whole data set
    "source": pl.String,
    "line": pl.UInt32,
    "check": pl.String,
    "severity": pl.String,
    "score": pl.Float64,
    "field": pl.String,
    "start": pl.UInt32,  # characters
    "end": pl.UInt32,
    "message": pl.String,  # English
    "evidence": pl.String,  # JSON; {"says": template, "args": {...}} and what the check adds
    "fix": pl.String,  # JSON or null
}


@dataclasses.dataclass(frozen=True, slots=True)
class Hit:
    """What a check says, before it is known on which record.

    `says` is an English template whose {names} are filled from `args`; the template is what the
    Japanese catalogue translates. `start` and `end` count characters of `field`.
    """

    says: str
    args: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    field: str | None = None  # a column of the batch: prompt, answer, input, system, ...
    start: int | None = None
    end: int | None = None
    score: float | None = None
    severity: Severity | None = None  # null: the check's own
    evidence: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    fix: Mapping[str, Any] | None = None  # {"field": ..., "text": the whole new text}

    @property
    def message(self) -> str:
        """The English sentence."""
        return self.says.format(**self.args)


@dataclasses.dataclass(frozen=True, slots=True)
class Unsure:
    """The check could not tell, and why; counted, never hidden."""

    why: str
