"""A record of the evaluation set stands in the training data.

What the model has seen it need not understand: its score on the evaluation set rises and its worth
does not, and nobody can tell any more which of two models is better. Compared are prompts, answers
and both together, letter case, width and white space aside; long texts are also found inside other
texts, and by a run of 13 words or 30 Japanese characters. Templates that many evaluation records
share, stock refusals and short answers do not count.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import polars as pl

from curate.check import Check, Params, Said
from curate.content.sameness import width
from curate.finding import Hit, Severity
from curate.heldout import TEXTS, Heldout, How, Level, Match, heldout, matches, touched
from curate.reading import Reading, read
from curate.record import with_prompt

EXCERPT = 200  # characters of the shared text in the evidence
SURE = 100  # letters, or half as many kana and kanji: no two people write such an answer alike
EDGE = 40  # characters at each end by which the shared text is found again in the record

SAYS: dict[tuple[Level, How], str] = {
    ("pair", "equal"): "prompt and answer are those of line {line} of {source}",
    ("prompt", "equal"): "the prompt is that of line {line} of {source}",
    ("prompt", "contained"): "holds the prompt in line {line} of {source}",
    ("answer", "equal"): "the answer is that of line {line} of {source}",
    ("answer", "contained"): "holds the answer in line {line} of {source}",
    ("input", "contained"): "holds the input in line {line} of {source}, with another instruction",
    ("prompt", "run"): "shares a long passage with the prompt in line {line} of {source}",
    ("answer", "run"): "shares a long passage with the answer in line {line} of {source}",
    ("input", "run"): "shares a long passage with the input in line {line} of {source}",
}  # strongest first
STRENGTH = {said: place for place, said in enumerate(SAYS)}


def skip(params: Params) -> str | None:
    return None if params["eval_files"] else "no --eval FILE given"


def prepare(params: Params) -> Params:
    """The evaluation records; CurateError where a file cannot be read."""
    records, _ = read([Path(file) for file in params["eval_files"]], Reading())
    return {"heldout": heldout(with_prompt(records))}


def suspects(params: Params) -> pl.Expr:
    needed = pl.struct("input", *TEXTS)
    seen = partial(_touched, held=params["heldout"])
    return needed.map_batches(seen, return_dtype=pl.Boolean)


def look(records: pl.DataFrame, params: Params) -> Iterator[tuple[int, Said]]:
    """One Hit a record, for the strongest match; the others are counted."""
    held = params["heldout"]
    found: dict[int, dict[int, Match]] = defaultdict(dict)
    for row, match in matches(records, held):
        before = found[row].get(match.number)
        if before is None or _strength(match) < _strength(before):
            found[row][match.number] = match
    for row, by_number in sorted(found.items()):
        best = min(by_number.values(), key=lambda match: (_strength(match), match.number))
        yield row, _hit(best, len(by_number) - 1, records[best.column][row], held)


def _touched(columns: pl.Series, held: Heldout) -> pl.Series:
    return touched(columns.struct.unnest(), held)


def _strength(match: Match) -> int:
    return STRENGTH[match.level, match.how]


def _hit(match: Match, others: int, text: str, held: Heldout) -> Hit:
    source, line = held.records.select("source", "line").row(match.number)
    start, end = (0, len(text)) if match.how == "equal" else _span(text, match.text)
    return Hit(
        SAYS[match.level, match.how],
        {"line": line, "source": source},
        field=match.column,
        start=start,
        end=end,
        severity=_severity(match),
        evidence={
            "eval": {"source": source, "line": line},
            "level": match.level,
            "match": match.how,
            "text": match.text[:EXCERPT],
            "others": others,
        },
    )


def _severity(match: Match) -> Severity | None:
    """The check's own (null), or `warn` where it may be chance or common matter."""
    shared_matter = match.level == "input" or match.how == "run"
    by_chance = match.level == "answer" and width(match.text) < SURE
    return "warn" if shared_matter or by_chance else None


def _span(text: str, folded: str) -> tuple[int, int]:
    """Where a folded text stands in the text as it is; the whole where it cannot be found."""
    begin, end = (
        re.search(r"\s*".join(map(re.escape, part.split())), text, re.IGNORECASE)
        for part in (folded[:EDGE], folded[-EDGE:])
    )
    if begin and end and begin.start() < end.end():
        return begin.start(), end.end()
    return 0, len(text)


CHECK = Check(
    name="eval-leakage",
    says="it repeats a record of the evaluation set",
    group="pairs",
    severity="error",
    why=__doc__,
    params={"eval_files": ()},
    fields=TEXTS,
    prepare=prepare,
    skip=skip,
    suspects=suspects,
    look=look,
)
