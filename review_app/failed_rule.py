"""Failed rule: a draft to begin with, whose examples are the failure itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from review_app.failed_case import Failed

DRAFT = """\
{name}:
  says: {says}
  field: answer
  severity: error
  matches: {matches}
  bad: [{bad}]
  good: [{good}]
"""


def skeleton(seen: Failed) -> str:
    """A rule that finds what the model said wrongly, where the evidence tells; else a blank."""
    value = wrong_value(seen)
    return DRAFT.format(
        name="my-rule",
        says=quoted(f"the answer says {value}" if value else "the answer says …"),
        matches=quoted(re.escape(value)),
        bad=quoted(seen.value("answer")),
        good=quoted(seen.value("reference")),
    )


def wrong_value(seen: Failed) -> str:
    """The value that the model gave instead of the expected one; empty where none is known."""
    evidence: Mapping[str, Any] = seen.case.failure.told.get("evidence") or {}
    told = evidence.get("wrong-value") or {}
    return next((str(one) for one in told.get("found", ())), "")


def quoted(text: str) -> str:
    """The text as YAML: a JSON string is one."""
    return orjson.dumps(text).decode()
