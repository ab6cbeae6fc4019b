"""The document of an audit: what was read, asked and measured, before any threshold is applied."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from curate import __version__, rules
from curate.hits import Count
from curate.plan import Plan, every_check
from curate.reading import Source
from curate.record import ID_VERSION
from curate.report import FORMAT
from curate.snapshot import Snapshot

if TYPE_CHECKING:
    from curate.audit import Tally


def document(
    opened: Sequence[Source],
    plan: Plan,
    engine: str,
    snapshot: Snapshot,
    tally: Tally,
    measures: Mapping[str, Any],
    seconds: float,
) -> dict[str, Any]:
    """Everything in report.json that does not depend on which candidates are findings."""
    read, rejected = sum(tally.read.values()), sum(tally.rejected.values())
    return {
        "schema": FORMAT,
        "snapshot": snapshot.id,
        "sources": [source_said(source, tally) for source in opened],
        "rows": {"read": read, "kept": len(snapshot), "rejected": rejected},
        "rejects": dict(sorted(tally.codes.items())),
        "checks": checks_said(plan, tally.counts, measures),
        "measures": dict(sorted(measures.items())),
        "engine": {"name": engine},
        "versions": versions(),
        "settings": plan.settings,
        "rule_files": [file.name for file in plan.rule_files],
        "sentences": own_sentences(plan),
        "seconds": round(seconds, 1),
    }


def own_sentences(plan: Plan) -> dict[str, str]:
    """What the user's own rules say in Japanese, by what they say in English."""
    shipped = rules.load().catalogue()
    said = rules.load(plan.rule_files).catalogue()
    return {english: japanese for english, japanese in said.items() if english not in shipped}


def source_said(source: Source, tally: Tally) -> dict[str, Any]:
    """One source: what it is, and what became of its records."""
    read, rejected = tally.read[source.name], tally.rejected[source.name]
    return {
        "name": source.name,
        "format": source.format,
        "shape": source.shape,
        "said": source.said,
        "parts": [[says, dict(args)] for says, args in source.parts],
        "rows": {"read": read, "kept": read - rejected, "rejected": rejected},
        "notes": dict(sorted(tally.notes.get(source.name, {}).items())),
    }


def checks_said(
    plan: Plan, counts: Mapping[str, Count], measures: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """One entry a check: what it asks, of how many, and of how many it could not tell."""
    said = []
    for name, check in every_check(plan.rule_files).items():
        count = counts.get(name, Count())
        measured = measures.get(name, {})
        skipped = plan.skipped.get(name) or measured.get("skipped")
        reasons = count.reasons + Counter(measured.get("reasons", {}))
        said.append(
            {
                "name": name,
                "group": check.group,
                "says": check.says,
                "severity": check.severity,
                "checked": 0 if skipped else count.checked,
                "could_not_tell": count.could_not_tell + int(measured.get("could_not_tell", 0)),
                "reasons": dict(sorted(reasons.items())),
                "skipped": skipped,
                "seconds": round(count.seconds, 3),
            }
        )
    return said


def versions() -> dict[str, str]:
    """What the findings may depend on."""
    return {
        "curate": __version__,
        "record ids": str(ID_VERSION),
        "python": platform.python_version(),
        "polars": version("polars"),
    }
