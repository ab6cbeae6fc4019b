"""What the orders and filters of the queue go by: one line for each record with findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

import orjson
import polars as pl

from curate.content.agreement import percent
from curate.content.language import languages
from curate.errors import BadSetting, unknown
from curate.report import Report
from curate.top import WEIGHTS

ALWAYS = ("en", "ja")  # languages that are offered whatever the data holds
LISTENED = 10_000  # answers whose language is looked at, to know which there are
BEGINNING = 200  # characters of each
UNKNOWN = "unknown"  # language of a text that nobody can tell


@dataclass(frozen=True, slots=True)
class Failing:
    """What a trained model brings to the queue: a failure, or a record opened because of one."""

    key: str  # the id under which it is decided
    record_id: str  # the record in the audited data
    check: str
    source: str
    line: int
    severity: str
    near: tuple[str, ...] = ()  # training records that may have taught it


FAILED, OPENED = "model-failure", "taught-failure"  # the checks that such findings are of
LINKED = {"failure": 3, "opened": 2, "near": 1}  # how much a record has to do with a failure


@dataclass(frozen=True, slots=True)
class Filters:
    """Which records are looked at; several values of one filter mean any of them."""

    check: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    language: tuple[str, ...] = ()  # of the answer, as en or ja
    label: tuple[str, ...] = ()
    reviewer: tuple[str, ...] = ()  # who decided, skipped or commented before

    @property
    def active(self) -> bool:
        """Whether anything is left out."""
        return any(astuple(self))


def judged(
    report: Report, groups: Mapping[str, Sequence[str]], failing: Sequence[Failing] = ()
) -> pl.DataFrame:
    """record_id, source, line, checks, check (its first), weight, margin, size, differing.

    And `linked` to a failure how closely, `of` which record of the data it is.
    """
    found = report.findings.filter(pl.col("record_id").is_not_null())
    low, high = (getattr(pl.col("score"), end)().over("check") for end in ("min", "max"))
    evidence = pl.col("evidence")
    told = found.with_columns(
        weight=pl.col("severity").replace_strict(WEIGHTS, return_dtype=pl.Float64),
        # How far above the lowest finding of its own check: scores of two checks have two scales.
        margin=pl.when(high > low).then((pl.col("score") - low) / (high - low)),
        size=pl.max_horizontal(
            evidence.str.json_path_match("$.size").cast(pl.Int64, strict=False),
            evidence.str.json_path_match("$.total").cast(pl.Int64, strict=False),
        ).fill_null(1),
    )
    by_check = told.group_by("record_id", "check").agg(
        pl.col("source", "line").first(), pl.col("weight", "size").max(), pl.col("margin").min()
    )
    heaviest = by_check.sort(["record_id", "weight", "check"], descending=[False, True, False])
    whole = heaviest.group_by("record_id", maintain_order=True).agg(
        pl.col("source", "line").first(),
        pl.col("check").alias("checks"),
        pl.col("check").first(),
        pl.col("weight").sum(),
        pl.col("margin").min(),
        pl.col("size").max(),
    )
    differing = disagreement(report, whole["record_id"])
    sizes = {record_id: len(members) for record_id, members in groups.items()}
    near = {one for each in failing for one in each.near}
    found = whole.with_columns(
        # Copies have one id, so only their finding tells how many they are.
        pl.max_horizontal(
            "size", pl.col("record_id").replace_strict(sizes, default=1, return_dtype=pl.Int64)
        ),
        pl.col("record_id").replace_strict(differing, default=0.0, return_dtype=pl.Float64)
        .alias("differing"),
        pl.col("record_id").is_in(list(near)).cast(pl.Int64).alias("linked"),
        pl.col("record_id").alias("of"),
    )  # fmt: skip
    return pl.concat([found, failed(failing).select(found.columns)]) if failing else found


def failed(failing: Sequence[Failing]) -> pl.DataFrame:
    """The same line for each thing that a trained model brings."""
    rows = [
        {
            "record_id": one.key, "source": one.source, "line": one.line, "checks": [one.check],
            "check": one.check, "weight": WEIGHTS[one.severity], "margin": None, "size": 1,
            "differing": 0.0, "linked": LINKED["opened" if one.check == OPENED else "failure"],
            "of": one.record_id,
        }
        for one in failing
    ]  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"line": pl.UInt32, "margin": pl.Float64})


def disagreement(report: Report, ids: pl.Series) -> dict[str, float]:
    """Records on which annotators differ, and the share of pairs of annotators that do."""
    found: dict[str, float] = {}
    for frame in report.snapshot.frames(["record_id", "annotations"]):
        given = frame.filter(
            pl.col("annotations").is_not_null() & pl.col("record_id").is_in(ids.implode())
        )
        for record_id, told in given.iter_rows():
            labels = {name: str(label) for name, label in orjson.loads(told).items()}
            if len(set(labels.values())) > 1:
                found[record_id] = 1 - percent([labels])
    return found


def matching(
    frame: pl.DataFrame, report: Report, filters: Filters | None, named: Iterable[str] | None
) -> pl.DataFrame:
    """The records that pass the filters; BadSetting where a value is none that there is."""
    if filters is None or not filters.active:
        return frame
    known = {
        # Failures come and go with runs and undoing, while somebody's filter stays.
        "check": {FAILED, OPENED, *frame["checks"].explode().drop_nulls()},
        "source": set(frame["source"]),
    }
    for kind, values in known.items():
        for value in getattr(filters, kind):
            if value not in values:
                raise BadSetting(unknown(f"{kind} among the findings", value, values))
    has_check = pl.col("checks").list.set_intersection(list(filters.check)).list.len() > 0
    asked = {
        "check": has_check,
        "source": pl.col("source").is_in(filters.source),
        "reviewer": pl.col("record_id").is_in(list(named or ())),
    }
    passing = frame.filter(*(passes for kind, passes in asked.items() if getattr(filters, kind)))
    if filters.language or filters.label:
        content = list(_by_content(report, passing, filters))
        passing = passing.filter(pl.col("of").is_in(content))
    return passing


def spoken(report: Report) -> list[str]:
    """The languages of answers with findings, en and ja in front, and at last UNKNOWN.

    Of very many answers LISTENED, evenly spaced, are looked at: it is to be quick.
    """
    flagged = report.findings["record_id"].drop_nulls().unique().sort()
    heard = flagged.gather_every(max(1, len(flagged) // LISTENED))
    found: set[str] = set()
    for part in report.snapshot.frames(["record_id", "answer"]):
        answers = part.filter(pl.col("record_id").is_in(heard.implode()))["answer"]
        found |= set(languages(answers.fill_null("").str.slice(0, BEGINNING)).drop_nulls())
    return [*ALWAYS, *sorted(found - {*ALWAYS}), UNKNOWN]


def _by_content(report: Report, frame: pl.DataFrame, filters: Filters) -> Iterator[str]:
    """The records whose own text or label passes."""
    ids = frame["of"].implode()
    for part in report.snapshot.frames(["record_id", "label", "answer", "prompt"]):
        rows = part.filter(pl.col("record_id").is_in(ids))
        if filters.label:
            rows = rows.filter(pl.col("label").is_in(filters.label))
        if filters.language:
            spoken = languages(rows["answer"].fill_null("")).fill_null(UNKNOWN)
            rows = rows.filter(spoken.is_in(list(filters.language)))
        yield from rows["record_id"]


def clusters(findings: pl.DataFrame) -> dict[str, tuple[str, ...]]:
    """Records that findings name together -> all of them, the one that comes first in front."""
    joined = Joined()
    naming = findings.filter(
        pl.col("record_id").is_not_null()
        & pl.col("evidence").str.contains_any(['"answers":', '"kept":', '"peers":'])
    )
    for record_id, evidence in naming.select("record_id", "evidence").iter_rows():
        for other in named_in(orjson.loads(evidence)):
            joined.join(record_id, other)
    return joined.groups()


def named_in(evidence: Mapping[str, Any]) -> Iterator[str]:
    """The records of the data that a finding's evidence names."""
    kept = evidence.get("kept")
    places = [*(evidence.get("answers") or ()), *(evidence.get("peers") or ()), kept]
    for place in places:
        if isinstance(place, Mapping) and isinstance(place.get("record_id"), str):
            yield place["record_id"]


class Joined:
    """Which records belong together, as more and more pairs are known (union-find)."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def root(self, record_id: str) -> str:
        """The record that stands for the group."""
        above = self._above
        above.setdefault(record_id, record_id)
        while above[record_id] != record_id:
            above[record_id] = above[above[record_id]]
            record_id = above[record_id]
        return record_id

    def join(self, one: str, other: str) -> None:
        """Make two groups one; the smaller id stands for it, so that the order is no matter."""
        low, high = sorted((self.root(one), self.root(other)))
        self._above[high] = low

    def groups(self) -> dict[str, tuple[str, ...]]:
        """Each record of a group of two or more -> the group, sorted."""
        sizes = Counter(map(self.root, self._above))
        members: dict[str, list[str]] = {root: [] for root, size in sizes.items() if size > 1}
        for record_id in sorted(self._above):
            if (root := self.root(record_id)) in members:
                members[root].append(record_id)
        return {each: tuple(group) for group in members.values() for each in group}
