"""SQL validity: where the reference is SQL, whether the answer parses in the same dialect."""

from __future__ import annotations

import re

from curate.content.sql_text import COMMON, CannotTell, SqlFault, parse
from train.measures import Attempt, Measure, one_by_one

FENCED = re.compile(r"\A\s*```(?:sql)?[ \t]*\n(.*?)\n?```\s*\Z", re.DOTALL | re.IGNORECASE)
STATEMENT = re.compile(
    r"\s*(?:select|insert|update|delete|create|alter|drop|with)\b", re.IGNORECASE
)


def sql_valid(one: Attempt) -> bool | None:
    """None where no SQL is wanted, or where no parser can tell."""
    wanted = bare(one.reference)
    if not STATEMENT.match(wanted):
        return None
    try:
        dialects = [each for each in COMMON if parses(wanted, each)]
        if not dialects:
            return None
        said = bare(one.answer)
        return STATEMENT.match(said) is not None and any(parses(said, each) for each in dialects)
    except (CannotTell, ImportError):
        return None


def parses(text: str, dialect: str) -> bool:
    """Whether a dialect's parser takes the text."""
    try:
        return bool(parse(text, dialect))
    except SqlFault:
        return False


def bare(text: str) -> str:
    """The text without a fence around it."""
    fenced = FENCED.match(text)
    return (fenced[1] if fenced else text).strip()


MEASURE = Measure(
    "sql_valid", "whether an answer that should be SQL parses",
    "higher", one_by_one(sql_valid),
)  # fmt: skip
