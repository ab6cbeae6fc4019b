"""Problem: one thing that a plan found wrong, in words of either language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from curate.locale import Translator

Severity = Literal["warn", "error"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What would go wrong in a run; an error means that `train run` refuses."""

    code: str
    severity: Severity
    says: str
    """The sentence, with {places} for `args`."""
    args: Mapping[str, Any] = field(default_factory=dict)
    record_ids: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.says.format(**self.args)

    def said(self, t: Translator) -> str:
        """The sentence in the translator's language."""
        return t(self.says).format(**self.args)

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "record_ids": list(self.record_ids),
        }


def error(code: str, says: str, records: Iterable[str] = (), **args: Any) -> Problem:
    """A problem that ends a run; `{n}` is the number of records where there are any."""
    return problem(code, "error", says, records, args)


def warn(code: str, says: str, records: Iterable[str] = (), **args: Any) -> Problem:
    """A problem that a person should know of."""
    return problem(code, "warn", says, records, args)


def problem(
    code: str, severity: Severity, says: str, records: Iterable[str], args: Mapping[str, Any]
) -> Problem:
    """A problem of either severity; each record is named once."""
    ids = tuple(dict.fromkeys(records))
    return Problem(code, severity, says, {"n": len(ids), **args} if ids else args, ids)
