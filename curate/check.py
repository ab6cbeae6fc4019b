"""Check: one question asked of every record, named for the fault it finds.

A check asks at up to four places of an audit, and a file in `curate/checks/` says which:

* alone     `suspects` picks records by a cheap polars expression; `look` then judges each suspect
            and yields Hits. Without `look`, a suspect is a Hit. Of a record that shows none of its
            `signs` a check has nothing to say, so an audit does not even ask.
* together  `key` gives equal numbers to records that must meet; `settle` sees each such group.
* at last   `measure` keeps a few small facts per record; `weigh` sees the facts of all records and
            gives numbers for the report, Hits on the data set, and Hits on single records.
            `judge` draws the Hits on the data set from the numbers alone, so that a threshold
            moves without a second audit.
* at once   `survey` is given the snapshot of all records, and the engine to work on it with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from curate.content.signs import Signs
from curate.finding import Hit, Severity, Unsure

if TYPE_CHECKING:
    from curate.engines import Engine
    from curate.snapshot import Snapshot

Params = Mapping[str, Any]
Row = Mapping[str, Any]
Said = Hit | Unsure

Group = Literal["form", "text", "pairs", "behaviour", "structure", "privacy", "dataset"]
GROUPS: tuple[Group, ...] = (
    "form", "text", "pairs", "behaviour", "structure", "privacy", "dataset",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Weighed:
    """What `weigh` found: numbers for the report, Hits on the whole set, Hits on records.

    `measures` is plain JSON, complete enough that moving a threshold needs no second audit.
    `on_records` pairs a row number of the facts frame with a Hit. `skipped` says why nothing could
    be asked of this data ("no label column").
    """

    measures: Mapping[str, Any] = field(default_factory=dict)
    on_dataset: tuple[Hit, ...] = ()
    on_records: tuple[tuple[int, Hit], ...] = ()
    skipped: str | None = None


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What `survey` found: numbers for the report, Hits on records, a table to keep beside it.

    `on_records` pairs the number of a record in the snapshot with a Hit.
    """

    checked: int
    measures: Mapping[str, Any] = field(default_factory=dict)
    on_records: tuple[tuple[int, Hit], ...] = ()
    table: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One question. `says` finishes the sentence "this record is flagged because ..."."""

    name: str
    says: str
    group: Group
    severity: Severity
    why: str  # the docstring of its file: why it matters to training
    params: Params = field(default_factory=dict)  # every parameter with its default
    fields: tuple[str, ...] = ("prompt", "answer")  # columns that `settle` reads
    threshold: str | None = None  # the parameter that a Hit's score must reach
    floor: float | None = None  # scores are kept from here up, so the threshold can move
    each_answer: bool = False  # asked of the earlier answers of a conversation too
    needs: tuple[str, ...] = ()  # checks whose verdict `measure` reads, as Boolean columns
    prepare: Callable[[Params], Params] | None = None  # once, before any record: more params
    skip: Callable[[Params], str | None] | None = None  # why it is not asked at all
    applies: Callable[[Params], pl.Expr] | None = None  # null: every record is checked
    signs: Callable[[Params], Signs | None] | None = None  # null: any record may be a suspect
    suspects: Callable[[Params], pl.Expr] | None = None  # true look closer, null could not tell
    look: Callable[[pl.DataFrame, Params], Iterable[tuple[int, Said]]] | None = None
    key: Callable[[Params], pl.Expr] | None = None  # UInt64; null: meets nobody
    settle: Callable[[pl.DataFrame, Params], Iterable[tuple[int, Said]]] | None = None
    measure: Callable[[pl.DataFrame, Params], pl.DataFrame] | None = None
    weigh: Callable[[pl.DataFrame, Params], Weighed] | None = None
    survey: Callable[[Snapshot, Engine, Params], Surveyed] | None = None
    judge: Callable[[Mapping[str, Any], Params], tuple[Hit, ...]] | None = None  # of measures


def by_record(
    judge: Callable[[Row, Params], Iterable[Said]], columns: Sequence[str] = ()
) -> Callable[[pl.DataFrame, Params], Iterator[tuple[int, Said]]]:
    """Make a `look` from a function that judges one record, seen whole or in some columns."""

    def look(suspects: pl.DataFrame, params: Params) -> Iterator[tuple[int, Said]]:
        shown = suspects.select(columns) if columns else suspects
        for number, row in enumerate(shown.iter_rows(named=True)):
            for said in judge(row, params):
                yield number, said

    return look


def ask(check: Check, records: pl.DataFrame, **params: Any) -> list[tuple[int, Said]]:
    """Ask one check of a frame of records that has `prompt`: (row number, Hit or Unsure) pairs.

    The short way for a test, for `rules try` and for a notebook; an audit does the same in bulk.
    """
    settings = {**check.params, **params}
    said: list[tuple[int, Said]] = []
    if check.suspects is not None:
        flags = records.select(check.suspects(settings).alias("flag"))["flag"]
        said += [(i, Unsure(check.says)) for i in flags.is_null().arg_true()]
        rows = flags.fill_null(value=False).arg_true()
        if check.look is None:
            said += [(i, Hit(check.says)) for i in rows]
        else:
            said += [(rows[i], hit) for i, hit in check.look(records[rows], settings)]
    if check.key is not None and check.settle is not None:
        keyed = records.with_columns(check.key(settings).alias("key")).with_row_index("at")
        met = keyed.filter(pl.col("key").is_not_null() & pl.col("key").is_duplicated())
        met = met.sort("key", "record_id", "source", "line")
        said += [(met["at"][i], hit) for i, hit in check.settle(met, settings)]
    if check.measure is not None and check.weigh is not None:
        weighed = check.weigh(check.measure(records, settings), settings)
        said += [*weighed.on_records, *((-1, hit) for hit in weighed.on_dataset)]
    return said
