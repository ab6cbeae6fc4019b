"""Fitting: which shape a source has, and which of its columns means what.

The first records vote; the user's own words (`--shape`, `--map`, `--label` ...) come first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from curate import shapes
from curate.errors import BadSetting, BadSource, unknown
from curate.sources.columns import ANSWER, INSTRUCTION, SYSTEM, columns_of, pick
from curate.sources.source import TARGETS, Fit, Reading, Said

VOTERS = 200
"""Records that decide the shape."""

SHORT_CHARACTERS = 100
"""An origin is a short name; a longer text in a column called `source` is something else."""

ORIGINS = ("source", "origin", "dataset")
IDS = ("id", "uid")

NO_CONVERSATION = (
    "no conversation found, so column {column!r} is read as plain text without a prompt "
    "(name the columns with --map instruction=... --map answer=...)"
)

NO_LABEL = (
    "annotators from {column!r}, but no column holds their labels: name it with --label "
    "(columns: {columns})"
)

LONG_NAME_CHARACTERS = 60
SENTENCE_ENDS = ".。?？!！"

Columns = dict[str, str]


@dataclass
class Sample:
    """The first records of a source; `rejects` counts those that could not be read."""

    records: list[dict[str, Any]] = field(default_factory=list)
    rejects: int = 0
    header: bool = False  # the names of the columns were the first row of a table

    @property
    def names(self) -> list[str]:
        """Every column seen, in the order of their first appearance."""
        return list(dict.fromkeys(name for record in self.records for name in record))


def fitted(sample: Sample, reading: Reading, name: str) -> tuple[Fit, list[Said]]:
    """The fit of a source, and what to tell about it; BadSetting and BadSource say what to do."""
    if reading.shape not in ("auto", *shapes.found()):
        raise BadSetting(unknown("shape", reading.shape, ["auto", *shapes.found()]))
    if not sample.records:
        return Fit("text", {"answer": "text"}), [("no record could be read", {})]
    shape, columns = _shape(sample, reading, name)
    used = {c for source in columns.values() for c in columns_of(source)}
    here = set(sample.names)
    annotators = tuple(a for a in reading.annotators if a in here)
    one = len(reading.annotators) == 1
    fit = Fit(
        shape,
        columns,
        label=_named(reading.label, ("label",), here, used),
        category=_named(reading.category, ("category",), here, used),
        annotator=annotators[0] if one and annotators else None,
        annotators=() if one else annotators,
        uid=_named(reading.id, IDS, here, used),
        origin=_named(reading.origin, (), here, used) or _origin(sample, used),
        names=tuple(sample.names),
    )
    return fit, list(_said(fit, sample, used, reading))


def somewhere(fits: Sequence[Fit], reading: Reading) -> None:
    """BadSetting where a column that the user named is in no source."""
    wanted = {
        "--label": (reading.label, [fit.label for fit in fits]),
        "--category": (reading.category, [fit.category for fit in fits]),
        "--id": (reading.id, [fit.uid for fit in fits]),
        "origin": (reading.origin, [fit.origin for fit in fits]),
    }
    given = [a for fit in fits for a in (fit.annotator, *fit.annotators)]
    wanted |= {f"--annotator {a}": (a, list(given)) for a in reading.annotators}
    for flag, (column, found) in wanted.items():
        if column is not None and column not in found:
            names = sorted({name for fit in fits for name in fit.names})
            raise BadSetting(f"{flag.split()[0]}: {unknown('column', column, names)}")


def _shape(sample: Sample, reading: Reading, name: str) -> tuple[str, Columns]:
    if reading.mapping:
        mapping = _mapped(sample, reading, name)
        return ("mapped" if "instruction" in mapping else "text"), mapping
    votes = list(_votes(sample.records[:VOTERS], reading.shape))
    if not votes:
        raise BadSource(_no_shape(sample, reading.shape, name))
    shape = Counter(shape for shape, _ in votes).most_common(1)[0][0]
    if sample.header and shape == "text" and reading.shape == "auto":
        _no_data_as_header(sample, name)
    return shape, _merged([columns for voted, columns in votes if voted == shape])


def _no_data_as_header(sample: Sample, name: str) -> None:
    """BadSource where the first row of a table looks like a record rather than like names."""
    for cell in sample.names:
        number = cell.replace(".", "", 1).replace("-", "", 1).isdigit()
        if number or len(cell) > LONG_NAME_CHARACTERS or cell.endswith(tuple(SENTENCE_ENDS)):
            raise BadSource(
                f"{name}: the first row looks like a record, not like column names "
                f"({cell[:LONG_NAME_CHARACTERS]!r}); put a line with names before it, "
                "such as: instruction,output"
            )


def _votes(records: Sequence[Mapping[str, Any]], wanted: str) -> Iterator[tuple[str, Columns]]:
    for record in records:
        if wanted == "auto":
            vote = shapes.of(record)
        else:
            columns = shapes.found()[wanted].find(record)
            vote = None if columns is None else (wanted, columns)
        if vote is not None:
            yield vote


def _merged(votes: Sequence[Columns]) -> Columns:
    """For each target the column that most records name."""
    targets = dict.fromkeys(target for vote in votes for target in vote)
    return {
        target: Counter(vote[target] for vote in votes if target in vote).most_common(1)[0][0]
        for target in targets
    }


def _no_shape(sample: Sample, shape: str, name: str) -> str:
    what = "no known shape" if shape == "auto" else f"not shape {shape}"
    columns = ", ".join(sample.names[:20])
    return (
        f"{name}: {what}; its columns are: {columns}. Name them: "
        "--map instruction=COLUMN --map answer=COLUMN"
    )


def _mapped(sample: Sample, reading: Reading, name: str) -> Columns:
    """The user's mapping; what it leaves open is taken from the shape that is found."""
    for target, source in reading.mapping.items():
        if target not in TARGETS:
            raise BadSetting(_unknown_target(target))
        if source in sample.names:
            continue
        for column in columns_of(source):
            _existing(column, sample, name, f"--map {target}=")
    mapping = dict(reading.mapping)
    votes = [c for shape, c in _votes(sample.records[:VOTERS], reading.shape) if shape != "text"]
    first = sample.records[0]
    usual = {"instruction": pick(first, INSTRUCTION), "answer": pick(first, ANSWER)}
    likely: dict[str, str | None] = {**usual, **_merged(votes)}
    for target, found in likely.items():
        if target in TARGETS and found is not None and found not in mapping.values():
            mapping.setdefault(target, found)
    if "answer" not in mapping:
        raise BadSetting(
            f"{name}: no column for the answer was found; add --map answer=COLUMN; "
            f"its columns are: {', '.join(sample.names[:20])}"
        )
    return mapping


def _unknown_target(name: str) -> str:
    """What `--map` may fill, and which of it a column of that name would fill."""
    fields = {"instruction": INSTRUCTION, "answer": (*ANSWER, "chosen"), "system": SYSTEM}
    meant = next((field for field, names in fields.items() if name.casefold() in names), None)
    if meant is None:
        return unknown("target of --map", name, TARGETS)
    known = ", ".join(sorted(TARGETS))
    return f"unknown target of --map {name!r}; did you mean {meant!r}? known: {known}"


def _existing(column: str, sample: Sample, name: str, flag: str) -> None:
    if column not in sample.names:
        raise BadSetting(f"{name}: {flag}: {unknown('column', column, sample.names)}")


def _named(given: str | None, usual: Sequence[str], here: set[str], used: set[str]) -> str | None:
    """The column that the user names, else the first that is called exactly so."""
    if given is not None:
        return given if given in here else None
    return next((name for name in usual if name in here and name not in used), None)


def _origin(sample: Sample, used: set[str]) -> str | None:
    """A column called source, origin or dataset that holds short text."""
    for name in ORIGINS:
        values = [r[name] for r in sample.records[:VOTERS] if r.get(name) is not None]
        short = all(isinstance(v, str) and len(v) <= SHORT_CHARACTERS for v in values)
        if values and short and name not in used:
            return name
    return None


def _said(fit: Fit, sample: Sample, used: set[str], reading: Reading) -> Iterator[Said]:
    filled = [fit.columns[t] for t in ("messages", *TARGETS) if t in fit.columns]
    columns = ", ".join(column.strip() for column in filled)
    if fit.shape == "text" and reading.shape == "auto" and not reading.mapping:
        yield NO_CONVERSATION, {"column": columns}
    else:
        yield "shape {shape} ({columns})", {"shape": fit.shape, "columns": columns}
    for raw in filled:
        if raw.strip() != raw:
            yield "column {raw!r} read as {name!r}", {"raw": raw, "name": raw.strip()}
    named = {
        "label from {column!r}": fit.label,
        "category from {column!r}": fit.category,
        "id from {column!r}": fit.uid,
        "origin from {column!r}": fit.origin,
    }
    for says, column in named.items():
        if column is not None:
            used = used | {column}
            yield says, {"column": column}
    yield from _annotators_said(fit)
    others = len(set(sample.names) - used - {fit.annotator, *fit.annotators})
    if others:
        yield "other columns kept as meta: {count}", {"count": others}


def _annotators_said(fit: Fit) -> Iterator[Said]:
    if fit.annotator is not None and fit.label is None:
        yield NO_LABEL, {"column": fit.annotator, "columns": ", ".join(fit.names[:20])}
    elif fit.annotator is not None:
        yield "annotators from {column!r}", {"column": fit.annotator}
    elif fit.annotators:
        yield "labels of annotators from {columns}", {"columns": ", ".join(fit.annotators)}
