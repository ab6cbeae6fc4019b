"""Record: one training conversation, its columns and its content id.

The id is the same for the same conversation in whatever shape it lies on disk, so that a decision
finds its record again after a re-import. Canonical form, version 1: the JSON array of
`[role, text]` pairs, UTF-8, no spaces, no escapes beyond those JSON requires, roles being
`system`, `user`, `assistant` and `tool`; a preference record appends `["rejected", text]`.
The id is the first 16 bytes of BLAKE2b over that form, in hexadecimal; the prompt id is the same
over all messages before the final answer. Text is taken as it is: no trimming, no Unicode folding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

import orjson
import polars as pl

ID_VERSION = 1
ID_BYTES = 16

Message = tuple[str, str]
"""(role, text); role is system, user, assistant, tool or rejected."""

SCHEMA: dict[str, Any] = {
    "record_id": pl.String,
    "prompt_id": pl.String,
    "source": pl.String,  # file, as the user named it
    "line": pl.UInt32,  # 1-based line or row of the source
    "shape": pl.String,  # how it lay on disk: alpaca, messages, ...
    "roles": pl.String,  # one letter a message: s(ystem) u(ser) a(ssistant) t(ool)
    "system": pl.String,  # null: none given
    "history": pl.String,  # null, or JSON [[role, text], ...] before the last user message
    "instruction": pl.String,  # last user message, without its input
    "input": pl.String,  # alpaca's input; null elsewhere
    "answer": pl.String,  # last assistant message
    "rejected": pl.String,  # preference data only
    "label": pl.String,
    "category": pl.String,
    "annotations": pl.String,  # null, or JSON {annotator: label or null}
    "origin": pl.String,  # value of the data's own source column
    "uid": pl.String,  # value of the data's own id column
    "meta": pl.String,  # every other column, as a JSON object
}

SEPARATOR = "\n\n"
"""Between instruction and input where both make up the prompt."""


def canonical(messages: Sequence[Message]) -> bytes:
    """The bytes that the id is made from; ValueError on a lone surrogate."""
    return orjson.dumps(messages)


def content_id(messages: Sequence[Message]) -> str:
    """The id of a conversation (or of its prompt, given the messages before the answer)."""
    return blake2b(orjson.dumps(messages), digest_size=ID_BYTES).hexdigest()


def with_prompt(records: pl.DataFrame) -> pl.DataFrame:
    """Add `prompt`: what the model is asked, instruction and input together."""
    has_input = pl.col("input").fill_null("") != ""
    joined = pl.concat_str("instruction", pl.lit(SEPARATOR), "input")
    return records.with_columns(
        pl.when(has_input).then(joined).otherwise(pl.col("instruction")).alias("prompt")
    )


def messages(row: Mapping[str, Any]) -> tuple[list[Message], list[Message]]:
    """The conversation of a record before its answer, and whole: what its ids are made of."""
    roles: str = row["roles"]
    answered = roles.endswith("a")
    before: list[Message] = [(role, text) for role, text in orjson.loads(row["history"] or "[]")]
    given = row["input"]
    asked = f"{row['instruction']}{SEPARATOR}{given}" if given else row["instruction"]
    if roles.startswith("s"):
        before.insert(0, ("system", row["system"] or ""))
    if "u" in roles:
        before.insert(roles.rindex("u"), ("user", asked))
    whole = [*before, ("assistant", row["answer"])] if answered else list(before)
    if row["rejected"] is not None:
        whole.append(("rejected", row["rejected"]))
    return before, whole
