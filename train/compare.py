"""Compare two runs: which failures are fixed, which stay, which are new, and who fixed them.

Records are matched by id and, where a reference was edited between the runs, by parent. Metrics are
compared on records with the same question and reference only, by a paired bootstrap: the records
are drawn again and again, and the middle 95 % of the mean differences is the interval.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from curate.errors import BadSource
from curate.publish import write_whole
from train.checkpoints import flat
from train.credit import Credit, credited
from train.evaluate import Answered, read_records, value_of
from train.failures import Failure, read_failures
from train.folder import lacking
from train.measures import found

RESAMPLES = 2_000
FEWEST = 5  # records below which an interval says nothing
PINNED = "pinned.json"
SAME = ("template_fingerprint", "precision", "generation", "model")
"""What of two runs must be equal for their answers to compare."""
NAME, FILES = "model.name", "model.files."


@dataclass(frozen=True, slots=True)
class Ran:
    """What of a run folder is compared."""

    folder: Path
    told: Mapping[str, Any]  # run.json
    records: Mapping[str, Mapping[str, Any]]  # id -> split, parent_id
    tuned: Mapping[str, Answered]
    failures: Mapping[str, Failure]  # by record

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name


@dataclass(frozen=True, slots=True)
class Changed:
    """One dev record that failed in a run or in both."""

    record_id: str  # in the later run, or in the earlier one where it is gone
    before: Failure | None
    after: Failure | None
    credits: tuple[Credit, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One metric on one split; `low` and `high` hold the later minus the earlier mean, 95 %."""

    split: str
    metric: str
    records: int
    before: float
    after: float
    low: float | None
    high: float | None
    verdict: str  # better, worse, other, or none: no difference shown


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that two runs tell together."""

    earlier: Ran
    later: Ran
    fixed: tuple[Changed, ...]
    still: tuple[Changed, ...]
    broken: tuple[Changed, ...]
    gone: tuple[Changed, ...]  # failed before, and no dev record now
    differences: tuple[Difference, ...]
    unlike: Mapping[str, tuple[Any, Any]]  # settings that make the answers hard to compare


def compare(earlier: Path, later: Path, seed: int = 0) -> Comparison:
    """Two run folders; BadSource where one is none."""
    first, second = opened(earlier), opened(later)
    now = matched(first, second)
    fixed, still, gone = [], [], []
    for record_id, failure in first.failures.items():
        match = now.get(record_id)
        if match is None or second.records[match]["split"] != "dev":
            gone.append(Changed(record_id, failure, None))
        elif match in second.failures:
            still.append(Changed(match, failure, second.failures[match]))
        else:
            fixed.append(Changed(match, failure, None, credited(failure, first.told, second.told)))
    old = {now[one] for one in first.failures if one in now}
    broken = [Changed(one, None, f) for one, f in second.failures.items() if one not in old]
    return Comparison(
        first, second, tuple(fixed), tuple(still), tuple(broken), tuple(gone),
        tuple(differences(first, second, seed)), unlike(first.told, second.told),
    )  # fmt: skip


def opened(folder: Path) -> Ran:
    """A run from its folder."""
    for name in ("run.json", "records.parquet", "failures.parquet"):
        if not (folder / name).is_file():
            raise BadSource(lacking(folder, name))
    import pyarrow.parquet as parquet

    rows = parquet.read_table(
        folder / "records.parquet", columns=["record_id", "parent_id", "split"]
    ).to_pylist()
    approved = json.loads((folder / "approved.json").read_bytes())
    told = json.loads((folder / "run.json").read_bytes())
    return Ran(
        folder,
        {**told, "approved_id": approved["id"], "folder": str(folder)},
        {row["record_id"]: row for row in rows},
        {one.record_id: one for one in read_records(folder / "records.parquet")},
        {one.record_id: one for one in read_failures(folder / "failures.parquet")},
    )


def differences(earlier: Ran, later: Ran, seed: int = 0) -> Iterator[Difference]:
    """Every metric of both runs, on dev and on test, over the records that both answered alike."""
    pairs = [
        (later.records[match]["split"], earlier.tuned[one], later.tuned[match])
        for one, match in matched(earlier, later).items()
        if (earlier.tuned[one].prompt, earlier.tuned[one].reference)
        == (later.tuned[match].prompt, later.tuned[match].reference)
    ]
    for split in ("dev", "test"):
        for metric in ("loss", *found()):
            both = [
                (a, b)
                for where, one, other in pairs
                if where == split
                and (a := value_of(one, metric)) is not None
                and (b := value_of(other, metric)) is not None
            ]
            if both:
                yield difference(split, metric, np.array(both), seed)


def difference(split: str, metric: str, both: np.ndarray[Any, Any], seed: int = 0) -> Difference:
    """One metric, given (earlier, later) values of each record."""
    changes = both[:, 1] - both[:, 0]
    low, high = interval(changes, seed) if len(changes) >= FEWEST else (None, None)
    before, after = (float(mean) for mean in both.mean(axis=0))
    return Difference(
        split, metric, len(both), before, after, low, high, verdict(metric, low, high)
    )


def interval(changes: np.ndarray[Any, Any], seed: int = 0) -> tuple[float, float]:
    """The 95 % interval of the mean by the bootstrap's percentiles (Efron 1979), seeded."""
    draw = np.random.default_rng(seed)
    means = [changes[draw.integers(0, len(changes), len(changes))].mean() for _ in range(RESAMPLES)]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def verdict(metric: str, low: float | None, high: float | None) -> str:
    """What the interval allows to say; nothing where it holds 0."""
    if low is None or high is None or low <= 0 <= high:
        return "none"
    better = "lower" if metric == "loss" else found()[metric].better
    if better is None:
        return "other"
    return "better" if (low > 0) == (better == "higher") else "worse"


def unlike(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The settings in which two runs differ and that change answers by themselves."""
    old, new = ({name: told.get(name) for name in SAME} for told in (earlier, later))
    one, other = flat(old), flat(new)
    apart = [name for name in sorted({**one, **other}) if one.get(name) != other.get(name)]
    known = any(name.startswith(FILES) for name in one)
    if known and not any(name.startswith(FILES) for name in apart):
        apart = [name for name in apart if name != NAME]  # the same model by another name
    return {name: (one.get(name), other.get(name)) for name in apart}


def pin(comparison: Comparison) -> dict[str, str]:
    """Write the fixed failures, and those pinned before, into the later run; record -> run."""
    before = pinned(comparison.earlier.folder)
    now = matched(comparison.earlier, comparison.later)
    kept = {now.get(one, one): run for one, run in before.items()}
    told = {**kept, **{one.record_id: comparison.later.name for one in comparison.fixed}}
    told = {**told, **pinned(comparison.later.folder)}
    content = json.dumps(dict(sorted(told.items())), indent=1).encode() + b"\n"
    write_whole(comparison.later.folder / PINNED, content)
    return told


def pinned(folder: Path) -> dict[str, str]:
    """Records that must not fail again, and the run that fixed each."""
    file = folder / PINNED
    return dict(json.loads(file.read_bytes())) if file.is_file() else {}


def pinned_under(runs: Path) -> dict[str, str]:
    """All that is pinned in any run of a folder; `train run` gives it to `failures`."""
    told: dict[str, str] = {}
    for file in sorted(runs.glob(f"*/{PINNED}")):
        told = {**pinned(file.parent), **told}
    return told


def matched(earlier: Ran, later: Ran) -> dict[str, str]:
    """Each record of the earlier run -> the same record in the later one, edited or not."""
    by_parent = {row["parent_id"]: one for one, row in later.records.items() if row["parent_id"]}
    found_again = {}
    for one, row in earlier.records.items():
        parent = row["parent_id"]
        named = (one, by_parent.get(one), by_parent.get(parent) if parent else None, parent)
        match = next((name for name in named if name in later.records), None)
        if match is not None:
            found_again[one] = match
    return found_again


def counts(comparison: Comparison) -> dict[str, int]:
    """How many of each."""
    groups: dict[str, Sequence[Changed]] = {
        "fixed": comparison.fixed, "still": comparison.still,
        "broken": comparison.broken, "gone": comparison.gone,
    }  # fmt: skip
    return {name: len(some) for name, some in groups.items()}
