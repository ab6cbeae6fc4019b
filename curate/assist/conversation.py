"""Conversation: records written so that they are read again under the same ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from curate.checks.synthetic import COLUMN, told_of
from curate.errors import BadSetting

Row = Mapping[str, Any]


def conversations(rows: Iterable[Row]) -> bytes:
    """JSON Lines of one shape: messages, or prompt, chosen and rejected where all have both."""
    every = list(rows)
    pairs = sum(row["rejected"] is not None for row in every)
    if pairs not in (0, len(every)):
        raise BadSetting(
            f"{pairs} of {len(every)} records are preferences (chosen and rejected), the others "
            "are not; one file holds one kind: audit and choose among each kind apart"
        )
    return lines(map(preference if pairs else messages, every))


def messages(row: Row) -> dict[str, Any]:
    """A record in the shape `messages`."""
    return {"messages": [*before(row), said("assistant", row["answer"])], **beside(row)}


def preference(row: Row) -> dict[str, Any]:
    """A record in the shape `preference`."""
    return {
        "prompt": before(row),
        "chosen": [said("assistant", row["answer"])],
        "rejected": [said("assistant", row["rejected"])],
        **beside(row),
    }


def before(row: Row) -> list[dict[str, str]]:
    """What stands before the final answer."""
    told = [("system", row["system"])] if row["system"] is not None else []
    told += orjson.loads(row["history"] or "[]")
    if row["prompt"] is not None:
        told.append(("user", row["prompt"]))
    return [said(role, text) for role, text in told]


def said(role: str, text: str) -> dict[str, str]:
    """One message."""
    return {"role": role, "content": text}


def beside(row: Row) -> dict[str, Any]:
    """What a record is known by beside its texts; that a model made it is never lost."""
    names = {"label": "label", "category": "category", "origin": "source"}
    known = {name: row[column] for column, name in names.items() if row[column] is not None}
    told = told_of(row)
    return known if told is None else {**known, COLUMN: told}


def lines(objects: Iterable[Any]) -> bytes:
    """JSON Lines."""
    return b"".join(orjson.dumps(each, option=orjson.OPT_APPEND_NEWLINE) for each in objects)
