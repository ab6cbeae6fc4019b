"""Parts of a run's report that say how far its figures go: notes, slices, what was repeated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from curate.locale import Translator
from curate.show.numbers import percent
from train import report_pictures as pictures
from train.report_facts import Facts, suspicious
from train.report_texts import cut
from train.report_words import slice_words, verdict_words
from train.slices import slices

RECITED = 5  # answers listed that repeat a training answer


def notes(facts: Facts, t: Translator) -> Iterator[str]:
    """What must be known before a figure is believed."""
    if facts.told.get("stopped"):
        yield facts.told["stopped"]
    says = t(
        "{share} of the {split} answers are exactly the reference, and reviewers agree on {agreed} "
        "of the records only: look for leaks before you believe it"
    )
    for split, share, agreed in suspicious(facts):
        yield says.format(share=percent(share), split=t(split), agreed=percent(agreed))


def by_slice(facts: Facts, t: Translator) -> Iterator[dict[str, Any]]:
    """Each slice of dev as a row."""
    kinds, verdicts = slice_words(t), verdict_words(t)
    for one in slices(facts):
        gain = one.gain
        yield {
            "kind": kinds[one.kind],
            "name": one.name or t("not known"),
            "records": one.records,
            "failures": one.failures,
            "before": None if gain is None else gain.before,
            "after": one.score,
            "gain": gain,
            "whisker": None if gain is None else pictures.whisker(gain),
            "verdict": "" if gain is None else verdicts[gain.verdict],
        }


def recited(facts: Facts) -> Iterator[tuple[str, str, str]]:
    """Answers that repeat a training answer: where asked, the piece, the training record."""
    places = {row["record_id"]: f"{row['source']}:{row['line']}" for row in facts.ledger}
    for one in facts.told.get("recited", [])[:RECITED]:
        asked, taught = places[one["record_id"]], places[one["training_id"]]
        yield asked, cut(one["piece"])[0], taught
