"""JSON validity: where the reference is JSON, whether the answer can be read as JSON too."""

from __future__ import annotations

import json
import re

from train.measures import Attempt, Measure, one_by_one

FENCED = re.compile(r"\A\s*```(?:json)?[ \t]*\n(.*?)\n?```\s*\Z", re.DOTALL | re.IGNORECASE)


def json_valid(one: Attempt) -> bool | None:
    """None where no JSON is wanted; a fence around it is no fault."""
    return reads(one.answer) if is_json(one.reference) else None


def is_json(text: str) -> bool:
    """Whether a text is a JSON object or array; a bare number or word is not meant as JSON."""
    return bare(text)[:1] in ("{", "[") and reads(text)


def reads(text: str) -> bool:
    """Whether a strict reader takes it."""
    try:
        json.loads(bare(text), parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return True


def bare(text: str) -> str:
    """The text without a fence around it."""
    fenced = FENCED.match(text)
    return (fenced[1] if fenced else text).strip()


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


MEASURE = Measure(
    "json_valid", "whether an answer that should be JSON can be read as JSON",
    "higher", one_by_one(json_valid),
)  # fmt: skip
