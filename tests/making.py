"""Make records for tests: the few fields that a test is about, the rest filled in."""

from __future__ import annotations

from typing import Any

import orjson
import polars as pl

from curate.record import SCHEMA, content_id, with_prompt


def record(
    prompt: str = "Say something.", answer: str = "Something.", **fields: Any
) -> dict[str, Any]:
    """One record; `input` makes it an alpaca record, `history` is [(role, text), ...]."""
    history = fields.pop("history", [])
    meta = fields.pop("meta", None)
    whole = f"{prompt}\n\n{fields['input']}" if fields.get("input") else prompt
    system = [("system", fields["system"])] if fields.get("system") else []
    before = [*system, *history, ("user", whole)]
    return {
        "record_id": content_id([*before, ("assistant", answer)]),
        "prompt_id": content_id(before),
        "source": "test.jsonl",
        "shape": "alpaca",
        "roles": "".join(role[0] for role, _ in before) + "a",
        "history": orjson.dumps(history).decode() if history else None,
        "instruction": prompt,
        "answer": answer,
        "meta": orjson.dumps(meta).decode() if meta else None,
        **fields,
    }


def records(*made: dict[str, Any]) -> pl.DataFrame:
    """A batch as a check sees it: every column, and `prompt`; lines count from 1."""
    rows = [{"line": i, **row} for i, row in enumerate(made, start=1)]
    return with_prompt(pl.DataFrame(rows, schema=SCHEMA))
