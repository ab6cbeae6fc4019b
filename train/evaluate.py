"""Evaluate: every record answered and measured, the same way before training and after.

Baseline, few-shot and tuned answers share the template, its stop strings and greedy decoding; only
the weights differ, or the worked examples in front. `records.parquet` holds them side by side.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

from curate.publish import write_whole
from train.generate import Generated, answer_losses, generate
from train.measures import Attempt, Value, asked, chosen, found

if TYPE_CHECKING:
    import pyarrow as pa

    from train.approved import Record
    from train.sections import Evaluate
    from train.template import Template


@dataclass(frozen=True, slots=True)
class Answered:
    """One record, what the model answered, and every measure of it."""

    record_id: str
    prompt: str
    answer: str
    reference: str
    loss: float | None  # nats a token of the reference; None where it was not measured
    measures: Mapping[str, Value]


def evaluate(
    model: Any,
    tokenizer: Any,
    template: Template,
    records: Sequence[Record],
    settings: Evaluate,
    shots: Sequence[Record] = (),
) -> list[Answered]:
    """Answer and measure records; `shots` are put in front, and then no loss is measured."""
    measures = chosen(settings.metrics)  # an unknown name fails before the first token
    said = answers(model, tokenizer, template, records, settings, shots)
    losses: Sequence[float | None] = [None] * len(records)
    if not shots:
        encoded = [template.encode(record) for record in records]
        losses = answer_losses(model, tokenizer, encoded, settings.generation.batch_size)
    attempts = [
        Attempt(record.prompt, one.text, record.answer, one.reached_stop)
        for record, one in zip(records, said, strict=True)
    ]
    return [
        Answered(
            record.record_id, record.prompt, attempt.answer, record.answer,
            None if loss is None or math.isnan(loss) else loss, values,
        )
        for record, attempt, loss, values in zip(
            records, attempts, losses, asked(measures, attempts), strict=True
        )
    ]  # fmt: skip


def answers(
    model: Any,
    tokenizer: Any,
    template: Template,
    records: Sequence[Record],
    settings: Evaluate,
    shots: Sequence[Record] = (),
) -> list[Generated]:
    """What the model says to each record's prompt."""
    how = settings.generation
    return generate(
        model,
        tokenizer,
        [template.prompt_ids(record, shots) for record in records],
        stops=template.stops,
        max_new_tokens=how.max_new_tokens,
        batch_size=how.batch_size,
    )


def summary(answered: Sequence[Answered]) -> dict[str, float | None]:
    """The mean of the loss and of every measure, over the records of which it is known."""
    names = ["loss", *sorted({name for one in answered for name in one.measures})]
    columns = {name: [value_of(one, name) for one in answered] for name in names}
    known = {name: [v for v in values if v is not None] for name, values in columns.items()}
    return {name: fmean(values) if values else None for name, values in known.items()}


def value_of(one: Answered, name: str) -> float | None:
    """A measure as a number; true is 1."""
    value = one.loss if name == "loss" else one.measures.get(name)
    return None if value is None else float(value)


def write_records(
    file: Path,
    records: Sequence[Record],
    tuned: Sequence[Answered] | None = None,
    baseline: Sequence[Answered] | None = None,
    few_shot: Sequence[Answered] | None = None,
) -> None:
    """records.parquet: one row for each dev and test record, all answers beside the reference.

    baseline.parquet is the same before training, when nothing is tuned yet.
    """
    import io

    import pyarrow as pa
    import pyarrow.parquet as parquet

    columns = _known(records, pa)
    for kind, answered in (("baseline", baseline), ("few_shot", few_shot), ("tuned", tuned)):
        if answered is not None:
            columns |= _answered(kind, records, answered, pa)
    out = io.BytesIO()
    parquet.write_table(pa.table(columns), out)
    write_whole(file, out.getvalue())


def read_records(file: Path, kind: str = "tuned") -> list[Answered]:
    """The answers of one kind: baseline, few_shot or tuned; empty where there are none."""
    import pyarrow.parquet as parquet

    rows = parquet.read_table(file).to_pylist()
    names = [name for name in found() if rows and f"{kind}_{name}" in rows[0]]
    if not rows or f"{kind}_answer" not in rows[0]:
        return []
    return [
        Answered(
            row["record_id"], row["prompt"], row[f"{kind}_answer"], row["reference"],
            row[f"{kind}_loss"], {name: row[f"{kind}_{name}"] for name in names},
        )
        for row in rows
    ]  # fmt: skip


def _known(records: Sequence[Record], pa: Any) -> dict[str, pa.Array]:
    told = {
        "record_id": [one.record_id for one in records],
        "parent_id": [one.parent_id for one in records],
        "split": [one.split for one in records],
        "group": [one.group for one in records],
        "source": [one.source for one in records],
        "origin": [one.origin for one in records],
        "category": [one.category for one in records],
        "prompt": [one.prompt for one in records],
        "reference": [one.answer for one in records],
    }
    made = {name: pa.array(values, pa.string()) for name, values in told.items()}
    return {**made, "line": pa.array([one.line for one in records], pa.int64())}


def _answered(
    kind: str, records: Sequence[Record], answered: Sequence[Answered], pa: Any
) -> dict[str, pa.Array]:
    """The columns of one kind of answers, in the order of the records."""
    by_id = {one.record_id: one for one in answered}
    rows = [by_id[record.record_id] for record in records]
    names = sorted({name for one in rows for name in one.measures})
    columns = {
        f"{kind}_answer": pa.array([one.answer for one in rows], pa.string()),
        f"{kind}_loss": pa.array([one.loss for one in rows], pa.float64()),
    }
    for name in names:
        values = [one.measures[name] for one in rows]
        truths = all(value is None or isinstance(value, bool) for value in values)
        known = values if truths else [None if v is None else float(v) for v in values]
        columns[f"{kind}_{name}"] = pa.array(known, pa.bool_() if truths else pa.float64())
    return columns
