"""A record of the evaluation set stands in the training data.

What the model has seen it need not understand: its score on the evaluation set rises and its worth
does not, and nobody can tell any more which of two models is better. Compared are prompts, answers
and both together, letter case, width and white space aside, and of prompts punctuation too; long
texts are also found inside other texts, and by a run of 13 words or 30 Japanese characters.
Templates that many evaluation records share, stock refusals and short answers do not count. What
nearly repeats an evaluation record, by runs of five words or characters, is found as well. An
evaluation record that cannot be read is compared with nothing, so it is told too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from curate.check import Check, Params, Said, Surveyed, Weighed
from curate.content.sameness import width
from curate.engines import Engine
from curate.errors import BadSource
from curate.finding import Hit, Severity
from curate.heldout import TEXTS, Heldout, How, Level, Match, Origin, heldout, matches, touched
from curate.reading import Source, chunks, decode, sources
from curate.record import with_prompt
from curate.show.numbers import percent
from curate.snapshot import Snapshot

if TYPE_CHECKING:
    from curate.dedup.leaks import Leak

EXCERPT = 200  # characters of the shared text in the evidence
SURE = 100  # letters, or half as many kana and kanji: no two people write such an answer alike
LEDGER = ("read", "kept", "rejected")
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
NEAR = {
    "pair": "prompt and answer are {similarity} like those in line {line} of {source}",
    "prompt": "the prompt is {similarity} like that in line {line} of {source}",
}
STRENGTH = {said: place for place, said in enumerate(SAYS)}


def skip(params: Params) -> str | None:
    return None if params["eval_files"] else "no --eval FILE given"


def prepare(params: Params) -> Params:
    """The evaluation records; BadSource where a file cannot be read, or holds no record."""
    read = [evaluation(source) for source in sources([Path(f) for f in params["eval_files"]])]
    records = pl.concat(frame for frame, _ in read)
    whole = with_prompt(records)
    return {"heldout": heldout(whole, (origin for _, origin in read)), "evaluation": whole}


def evaluation(source: Source) -> tuple[pl.DataFrame, Origin]:
    """The records of one source, and how many could be read."""
    decoded = [decode(chunk) for chunk in chunks(source)]
    rejects = [reject for piece in decoded for reject in piece.rejects]
    kept = sum(len(piece.records) for piece in decoded)
    if not kept:
        why = "; the first was rejected: line {0.line}: {0.message} ({0.code})"
        first = why.format(rejects[0]) if rejects else ""
        raise BadSource(f"--eval {source.name} holds no record to compare with{first}")
    first_place = (rejects[0].line, rejects[0].code) if rejects else None
    origin = Origin(source.name, kept + len(rejects), kept, len(rejects), first_place)
    return pl.concat(piece.records for piece in decoded), origin


def measure(records: pl.DataFrame, _: Params) -> pl.DataFrame:
    return records.select(pl.len())


def weigh(_: pl.DataFrame, params: Params) -> Weighed:
    """How much of the evaluation set was compared, and a Hit for each file that was not whole."""
    origins = params["heldout"].origins
    sums = {name: sum(getattr(one, name) for one in origins) for name in LEDGER}
    files = [{"source": o.source, **{name: getattr(o, name) for name in LEDGER}} for o in origins]
    return Weighed({**sums, "files": files}, tuple(_unread(o) for o in origins if o.first))


def _unread(origin: Origin) -> Hit:
    assert origin.first is not None
    line, code = origin.first
    return Hit(
        "{rejected} of {read} evaluation records in {source} could not be read and were compared "
        "with nothing; the first is line {line} ({code})",
        {"rejected": origin.rejected, "read": origin.read, "source": origin.source,
         "line": line, "code": code},
        severity="warn",
    )  # fmt: skip


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


def survey(snapshot: Snapshot, engine: Engine, params: Params) -> Surveyed:
    """The records that nearly repeat one of the evaluation set."""
    from curate.dedup.leaks import leaks

    evaluation, held, threshold = params["evaluation"], params["heldout"], params["near"]
    places = evaluation.select("source", "line")
    found = list(leaks(snapshot, engine, evaluation, held, threshold)) if threshold else []
    hits = ((leak.record, _near(leak, *places.row(leak.row))) for leak in found)
    return Surveyed(len(snapshot), {"near": len(found)}, tuple(hits))


def _near(leak: Leak, source: str, line: int) -> Hit:
    return Hit(
        NEAR[leak.level],
        {"similarity": percent(leak.similarity), "line": line, "source": source},
        severity="warn",
        evidence={
            "eval": {"source": source, "line": line},
            "level": leak.level,
            "match": "near",
            "similarity": leak.similarity,
        },
    )


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
    params={"eval_files": (), "near": 0.8},  # near: Jaccard similarity; 0 asks for none
    fields=TEXTS,
    prepare=prepare,
    skip=skip,
    suspects=suspects,
    look=look,
    survey=survey,
    measure=measure,
    weigh=weigh,
)
