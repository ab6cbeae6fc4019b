"""What the tests of the export share: a small audited workspace, and decisions put on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from curate.audit import audit
from curate.export.approve import Approved, Terms, approve
from curate.review import Review, open_review
from curate.store import decisions
from curate.store.decision import Decision
from curate.workspace import Workspace

CHECKS = ["empty-answer", "exact-duplicate", "near-duplicate", "contradiction"]
TOWNS = (
    "Oslo", "Lima", "Kyoto", "Porto", "Quito", "Turin", "Basel", "Ghent", "Malmo", "Izmir", "Nara",
    "Otaru", "Sakai", "Uji",
)  # fmt: skip
RECORDS: list[dict[str, Any]] = [
    *(
        {
            "instruction": f"Where would you spend a rainy day in {town}, and what for?",
            "output": f"In {town} I would begin at the old library, number {n} on its street.",
            "category": "travel",
        }
        for n, town in enumerate(TOWNS)
    ),
    *({"instruction": f"{n * 7}円の品を三つ買うといくらですか。", "output": f"{n * 21}円です。"} for n in range(1, 15)),
    {"instruction": "Name a colour.", "output": "Blue is a colour."},
    {"instruction": "Name a colour.", "output": "Blue is a colour."},
    {"instruction": "Say hello.", "output": ""},
]  # fmt: skip
EMPTY, COPY = len(RECORDS), len(RECORDS) - 1  # lines


def opened(folder: Path, records: list[dict[str, Any]] | None = None) -> Review:
    """The review of an audit of these records."""
    where = folder / ".curate"
    audit(RECORDS if records is None else records, workspace=where, only=CHECKS)
    return open_review(Workspace(where))


def place(review: Review) -> Workspace:
    """The workspace of a review."""
    return Workspace(review.report.snapshot.path.parent.parent)


def id_at(review: Review, line: int) -> str:
    """The id of the record in a line."""
    records = pl.concat(review.report.snapshot.frames(["record_id", "line"]))
    return str(records.filter(pl.col("line") == line)["record_id"].item())


def says(
    review: Review,
    record_id: str,
    kind: str,
    who: str = "mika",
    changes: dict[str, tuple[str | None, str]] | None = None,
    **known: Any,
) -> Decision:
    """Append one decision; `changes` are field -> (old, new)."""
    payload = {"changes": {f: {"old": o, "new": n} for f, (o, n) in (changes or {}).items()}}
    one = Decision(
        record_id=record_id, kind=kind, reviewer=who, decided_at=known.pop("at", 1_770_000_000.0),
        request_id=known.pop("request", f"{who}-{record_id[:8]}-{kind}"),
        **{"payload": payload if changes else {}, **known},
    )  # fmt: skip
    return review.store.write(lambda on: decisions.append(review.store, on, [one]))[0]


def approved(review: Review, **terms: Any) -> Approved:
    """The approved snapshot, undecided errors let through."""
    return approve(review, place(review), Terms(allow_undecided=True, **terms))


def part(done: Approved, name: str) -> pl.DataFrame:
    """One split, or the ledger."""
    assert done.path is not None
    return pl.read_parquet(done.path / f"{name}.parquet")


def everything(done: Approved) -> pl.DataFrame:
    """All splits."""
    return pl.concat(part(done, name) for name in ("train", "dev", "test"))


WORDS_OF_A_STORY = " ".join(f"{town} {n}" for n in range(8) for town in TOWNS)
