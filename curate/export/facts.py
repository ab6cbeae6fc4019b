"""Facts: what a card says of an approved snapshot, counted once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson
import polars as pl

from curate.check import ask
from curate.content.language import languages
from curate.export.ledger import PLACE
from curate.export.manifest import SPLITS
from curate.export.split import DRAWN, FILLED
from curate.finding import Hit
from curate.plan import every_check
from curate.review import Review, figures
from curate.review.figures import Agreement, Rate
from curate.snapshot import Snapshot
from curate.store.decision import Decision
from curate.store.standing import Standing, standings

UNKNOWN = "unknown"
BELOW_ERROR = ("warn", "info")  # severities that hold no export back
PLACES = 6  # decimals of a share in the manifest
Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Facts:
    """Counts of what is approved, unless a name says otherwise."""

    parent: str
    parent_records: int
    splits: Counts
    splits_held: int  # records whose split an earlier approved snapshot decided
    sources: Mapping[str, tuple[int, int]]  # records of the parent, and of those approved
    languages: Counts
    categories: Counts
    outcomes: Counts
    undecided: Counts
    unreviewed: Mapping[str, Counts]  # severity below error -> by check, of what is approved
    decisions: Counts  # by kind: what persons decided and nobody overruled
    policies: Counts
    reviewers: Counts
    refusals: int
    agreement: Agreement
    rate: Rate
    rejected: int  # lines of the sources that could not be read
    skipped: Sequence[tuple[str, str]]  # check, why
    unsure: Counts  # by check: records of which it could not tell
    on_dataset: Sequence[tuple[Mapping[str, Any], str]]  # evidence and message, of all the data
    licence: str | None

    @property
    def records(self) -> int:
        """All that is approved."""
        return sum(self.splits.values())

    @property
    def refusal_share(self) -> float | None:
        """The share of answers that refuse, by the rules that curate brings."""
        return round(self.refusals / self.records, PLACES) if self.records else None

    def said(self) -> dict[str, Any]:
        """What of it stands in the manifest."""
        alpha = self.agreement.alpha
        return {
            "languages": dict(self.languages),
            "categories": dict(self.categories),
            "sources": {name: approved for name, (_, approved) in self.sources.items()},
            "refusal_share": self.refusal_share,
            "unreviewed": {name: dict(counts) for name, counts in self.unreviewed.items()},
            "agreement": None
            if self.agreement.percent is None
            else {
                "records": self.agreement.items,
                "percent": rounded(self.agreement.percent),
                "range": [*map(rounded, self.agreement.range or ())],
                "alpha": {name: rounded(value) for name, value in asdict(alpha).items()},
            },
            "bad_rate": None
            if self.rate.value is None
            else {
                name: rounded(value) if isinstance(value, float) else value
                for name, value in asdict(self.rate).items()
            },
            "licence": self.licence,
        }


def rounded(value: float | None) -> float | None:
    """The same with as many decimals as mean something; JSON then writes it in one way."""
    return None if value is None else round(float(value), PLACES)


def gathered(
    review: Review,
    staying: Snapshot,
    told: pl.DataFrame,
    ledger: pl.DataFrame,
    current: Sequence[Decision],
    licence: str | None,
) -> Facts:
    """Count everything."""
    spoken, categories, refusals = content(staying, told)
    document = review.report.document
    here = set(ledger["record_id"])
    verdicts = [one for one in current if one.is_verdict and one.record_id in here]
    persons = [one for one in verdicts if one.policy is None]
    standing = {name: one for name, one in standings(current).items() if name in here}
    in_force = [one.verdict for one in standing.values() if one.verdict is not None]
    whole = review.report.findings.filter(pl.col("record_id").is_null())
    said = whole.select("evidence", "message")
    return Facts(
        parent=review.report.snapshot.id,
        parent_records=len(ledger),
        splits={name: int((told["split"] == name).sum()) for name in SPLITS},
        splits_held=int((~told["split_reason"].is_in([DRAWN, FILLED])).sum()),
        sources=sources_of(ledger),
        languages=spoken,
        categories=categories,
        outcomes=by_size(ledger["outcome"]),
        undecided=by_size(ledger["undecided"].explode()),
        unreviewed=unreviewed(review.report.findings, ledger, standing),
        decisions=by_size(one.kind for one in in_force),
        policies=by_size(one.policy for one in verdicts),
        reviewers=by_size(one.reviewer for one in persons),
        refusals=refusals,
        agreement=figures.agreement_of(review),
        rate=figures.bad_rate(review),
        rejected=document["rows"]["rejected"],
        skipped=[(c["name"], c["skipped"]) for c in document["checks"] if c["skipped"]],
        unsure={c["name"]: c["could_not_tell"] for c in document["checks"] if c["could_not_tell"]},
        on_dataset=[(orjson.loads(told), says) for told, says in said.iter_rows()],
        licence=licence,
    )


def content(staying: Snapshot, told: pl.DataFrame) -> tuple[Counts, Counts, int]:
    """Languages and categories of what is approved, and how many answers refuse."""
    spoken: Counter[str] = Counter()
    categories: Counter[str] = Counter()
    refusals = at = 0
    refusal = every_check(())["refusal"]
    for frame in staying.frames():
        records = frame.filter(told["held"][at : at + len(frame)].is_null())
        at += len(frame)
        texts = records["answer"].fill_null("")
        spoken.update(languages(texts).fill_null(UNKNOWN))
        categories.update(records["category"].drop_nulls())
        refusals += len({row for row, one in ask(refusal, records) if isinstance(one, Hit)})
    return by_size(spoken.elements()), by_size(categories.elements()), refusals


def sources_of(ledger: pl.DataFrame) -> dict[str, tuple[int, int]]:
    """Source -> its records, and those of them that are approved."""
    stays = pl.col("new_id").is_not_null().sum()
    counted = ledger.group_by("source").agg(pl.len(), stays).sort("source")
    return {name: (total, kept) for name, total, kept in counted.iter_rows()}


def unreviewed(
    findings: pl.DataFrame, ledger: pl.DataFrame, standing: Mapping[str, Standing]
) -> dict[str, Counts]:
    """Severity -> check -> approved records with a finding that nobody answered; errors apart.

    A person's verdict answers all that was found on a record, a policy its own check.
    """
    stays = ledger.filter(pl.col("new_id").is_not_null()).select(PLACE)
    said = findings.filter(pl.col("severity").is_in(BELOW_ERROR))
    found = said.select(*PLACE, "severity", "check").unique().join(stays.unique(), on=PLACE)
    counted: dict[str, list[str]] = {severity: [] for severity in BELOW_ERROR}
    for record_id, severity, check in found.select("record_id", "severity", "check").iter_rows():
        known = standing.get(record_id, Standing())
        answered = {name for one in known.policies for name in one.findings}
        if known.verdict is None and check not in answered:
            counted[severity].append(check)
    return {severity: by_size(checks) for severity, checks in counted.items()}


def by_size(values: Iterable[str | None]) -> dict[str, int]:
    """How often each occurs, the most frequent first."""
    counted = Counter(value for value in values if value is not None)
    return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))
