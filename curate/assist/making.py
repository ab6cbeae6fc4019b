"""Making: what paraphrasing and generating share; records in, measured candidates out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from curate.assist.asking import Outcome
from curate.assist.candidate import Candidate
from curate.assist.measure import by_text, by_weights
from curate.assist.passages import LeftOut
from curate.assist.question import Answer
from curate.assist.weights import Weights
from curate.content.language import languages
from curate.errors import Unaccounted
from curate.reading import Reading, read

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Made:
    """Everything that was read, and everything that was asked for, is a candidate or left out."""

    candidates: tuple[Candidate, ...]
    left_out: tuple[LeftOut, ...]
    read: int


def records_of(
    sources: Sequence[str], reading: Reading | None = None
) -> tuple[Rows, list[LeftOut]]:
    """The records of data files with their language, and what cannot be worked on."""
    records, rejects = read(list(sources), reading)
    records = records.with_columns(languages(records["answer"]).alias("language"))
    asked = pl.col("instruction").fill_null("").str.strip_chars() != ""
    single = pl.col("history").is_null()
    left_out = [LeftOut(each.source, each.line, each.message) for each in rejects]
    without = records.filter(~asked).select("source", "line")
    left_out += [
        LeftOut(s, n, says="the record has no instruction") for s, n in without.iter_rows()
    ]
    longer = records.filter(asked & ~single).select("source", "line")
    left_out += [LeftOut(s, n, says="the record has earlier turns") for s, n in longer.iter_rows()]
    return records.filter(asked & single).to_dicts(), left_out


def measured(
    pairs: Iterable[tuple[Mapping[str, Any], Outcome]],
    candidate: Callable[[Mapping[str, Any], Answer], Candidate],
    left_out: Sequence[LeftOut],
    read_in_all: int,
    there: Sequence[str],
    weights: Weights | None,
) -> Made:
    """Candidates of the answers, with their numbers; Unaccounted if one were lost."""
    made: list[Candidate] = []
    gone = list(left_out)
    for row, outcome in pairs:
        if isinstance(outcome, Answer):
            made.append(candidate(row, outcome))
        else:
            gone.append(LeftOut(row["source"], row["line"], outcome.says, outcome.args))
    if read_in_all != len(made) + len(gone):
        raise Unaccounted(f"{read_in_all} were to be made, {len(made)} + {len(gone)} came")
    return Made(tuple(by_weights(by_text(made, there), weights)), tuple(gone), read_in_all)
