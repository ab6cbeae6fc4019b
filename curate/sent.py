"""Sent: answers that somebody called wrong while talking to a model, as failures of its run.

`train chat` keeps them in the run's folder, one JSON object on a line. There is no reference, since
nobody has said yet what is right; an answer sent twice is one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

import polars as pl

from curate.errors import BadSource
from curate.review.failing import SENT

FILE = "chat.jsonl"
NAMES = ("run", "when", "history", "prompt", "answer", "why", "settings")
SCHEMA: Mapping[str, Any] = {
    "record_id": pl.String, "parent_id": pl.String, "source": pl.String, "line": pl.Int64,
    "prompt": pl.String, "reasons": pl.List(pl.String), "severity": pl.String, "answer": pl.String,
    "reference": pl.String, "baseline_answer": pl.String, "evidence": pl.String,
}  # fmt: skip


def sent(folder: Path) -> pl.DataFrame:
    """The answers sent from chats with a run, in the columns of failures.parquet."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows(folder):
        found.setdefault(row["record_id"], row)
    return pl.DataFrame(list(found.values()), schema=SCHEMA)


def rows(folder: Path) -> Iterator[dict[str, Any]]:
    """One for each line; BadSource, naming the line, where one is no such object."""
    file = folder / FILE
    if not file.is_file():
        return
    for line, text in enumerate(file.read_bytes().splitlines(), 1):
        try:
            told = json.loads(text)
            missing = [name for name in NAMES if name not in told]
        except (TypeError, ValueError):
            missing = list(NAMES)
        if missing:
            raise BadSource(
                f"{file}:{line} is no answer sent from `train chat` (it has no "
                f"{', '.join(missing)}); mend or remove that line"
            )
        evidence = {SENT: {"why": told["why"], "when": told["when"]}}
        evidence |= {"history": told["history"], "settings": told["settings"]}
        yield {
            "record_id": sent_id(told), "parent_id": None, "source": f"{folder.name}/{FILE}",
            "line": line, "prompt": told["prompt"], "reasons": [SENT], "severity": "error",
            "answer": told["answer"], "reference": None, "baseline_answer": None,
            "evidence": json.dumps(evidence, ensure_ascii=False),
        }  # fmt: skip


def sent_id(told: Mapping[str, Any]) -> str:
    """Equal for the same answer of the same run to the same conversation."""
    said = [told[name] for name in ("run", "history", "prompt", "answer")]
    return blake2b(json.dumps(said).encode(), digest_size=16).hexdigest()
