"""Annotators who labelled the same records do not agree.

Where two people give different labels, at least one label is wrong or the guideline leaves the case
open; a model trained on them cannot be expected to agree with a person better than people agree
with each other. Reported are per cent, Cohen's kappa for every two annotators and Krippendorff's
alpha with a 95 % bootstrap interval; alpha is the yardstick, because it allows for chance.

A record that carries several annotators' labels is one item. Where each record carries one label,
records of the same content are one item, or else those of the same id, or of the same prompt. Where
the label is the answer itself, the content holds it, and items are told by id or prompt alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import polars as pl

from curate.check import Check, Params, Weighed
from curate.content.agreement import Labels, alpha, pairs, percent
from curate.finding import Hit
from curate.record import content_id

SAME_ITEM = ("record_id", "uid", "prompt_id")
SAME_BUT_ANSWER = SAME_ITEM[1:]
NO_PROMPT = content_id([("user", "")])  # of plain text: no item that all records share
MOST_LABELS = 200
FEWEST_IN_COMMON, LISTED_PAIRS = 10, 50

SAYS = (
    "annotators agree with Krippendorff's alpha {alpha} (95 % interval {low} to {high}), below"
    " {least}: the model cannot be expected to exceed that"
)


def skip(params: Params) -> str | None:
    return None if params["annotators"] else "no annotations"


def measure(records: pl.DataFrame, _: Params) -> pl.DataFrame:
    asked = pl.when(pl.col("prompt_id") != NO_PROMPT).then("prompt_id")
    answers = (pl.col("label") == pl.col("answer")).fill_null(value=False).alias("label_is_answer")
    named = records.filter(pl.col("annotations").is_not_null())
    return named.select("annotations", "record_id", "uid", asked.alias("prompt_id"), answers)


def weigh(facts: pl.DataFrame, params: Params) -> Weighed:
    if len(facts) and facts["annotations"].str.ends_with(":null}").all():
        return Weighed(skipped="no column of labels is named; add --label COLUMN")
    items = [labels for labels in together(facts) if len(labels) > 1]
    names = {label for labels in items for label in labels.values()}
    if not items:
        return Weighed(
            skipped="no record was labelled by two annotators" if len(facts) else "no annotations"
        )
    if not 1 < len(names) <= MOST_LABELS:
        return Weighed(
            skipped="all labels are the same" if len(names) == 1 else "too many different labels"
        )
    found = alpha(items)
    met = pairs(items, FEWEST_IN_COMMON)
    measures = {
        "items": len(items),
        "annotators": len({name for labels in items for name in labels}),
        "labels": len(names),
        "percent": percent(items),
        "alpha": found.value,
        "interval": [found.low, found.high],
        "pairs": [[p.one, p.other, p.items, p.percent, p.kappa] for p in met[:LISTED_PAIRS]],
        "pairs_in_all": len(met),
    }
    return Weighed(measures, on_dataset=judge(measures, params))


def judge(measures: Mapping[str, Any], params: Params) -> tuple[Hit, ...]:
    """The Hit under this threshold."""
    if measures["alpha"] >= params["alpha"]:
        return ()
    low, high = measures["interval"]
    told = {
        "alpha": round(measures["alpha"], 3),
        "low": round(low, 3),
        "high": round(high, 3),
        "least": params["alpha"],
    }
    evidence = {key: measures[key] for key in ("items", "annotators", "percent", "pairs")}
    return (Hit(SAYS, told, score=measures["alpha"], evidence=evidence),)


def together(facts: pl.DataFrame) -> Iterator[Labels]:
    """The labels of each item."""
    said = [orjson.loads(text) for text in facts["annotations"]]
    labels = [{who: str(label) for who, label in given.items()} for given in said]
    yield from (given for given in labels if len(given) > 1)
    alone = [row for row, given in enumerate(labels) if len(given) == 1]
    for column in SAME_BUT_ANSWER if facts["label_is_answer"].all() else SAME_ITEM:
        items = _met(facts[column].gather(alone).to_list(), [labels[row] for row in alone])
        if any(len(item) > 1 for item in items):
            yield from items
            return


def _met(keys: list[str | None], labels: list[Labels]) -> list[Labels]:
    """One item for each key; of two labels of one annotator, the first in the alphabet."""
    items: dict[str, dict[str, str]] = defaultdict(dict)
    for key, given in zip(keys, labels, strict=True):
        if key is None:
            continue
        for who, label in given.items():
            items[key][who] = min(label, items[key].get(who, label))
    return list(items.values())


CHECK = Check(
    name="annotator-agreement",
    says="its annotators do not agree with each other",
    group="dataset",
    severity="warn",
    why=__doc__,
    params={"alpha": 0.70, "annotators": ()},  # columns; given by --annotator
    skip=skip,
    measure=measure,
    weigh=weigh,
    judge=judge,
)
