"""Ledger: what became of every record that was read; read = trained + ledger.

A record that was trained says how often and in which steps; one that was not says why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from curate.errors import Unaccounted
from train.approved import Record
from train.template import Encoded

Outcome = Literal["trained", "dropped", "left-out", "held-out"]
"""Trained; dropped for what it is; left out by a setting; held out as dev or test."""

Fate = int | tuple[Outcome, str]
"""The number of a record among those prepared for training, or why it is not among them."""

REASONS = {
    "end": "longer than tokenizer.max_length, so that the end of its answer would be lost",
    "all": "longer than tokenizer.max_length, so that all of its answer would be lost",
    "prompt": "the start of its prompt was cut to tokenizer.max_length",
    "masked": "no token of it is trained",
    "unsampled": "not among dataset.sample",
    "unweighted": "its origin has weight 0 in dataset.weights",
    "no-pair": "review did not edit its answer, so there is nothing to prefer",
    "same": "the rejected answer is the chosen one",
    "last-batch": "did not fill the last batch (training.drop_last_batch)",
    "stopped": "the run stopped before its turn",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One record: where it came from and what became of it."""

    record: Record
    outcome: Outcome
    reason: str | None = None
    times: int = 0
    tokens: int = 0
    """Trained tokens, once."""
    first_step: int | None = None
    last_step: int | None = None

    def row(self) -> dict[str, Any]:
        """As it stands in ledger.parquet."""
        return {
            "record_id": self.record.record_id,
            "source": self.record.source,
            "line": self.record.line,
            "split": self.record.split,
            "outcome": self.outcome,
            "reason": self.reason,
            "times": self.times,
            "tokens": self.tokens,
            "first_step": self.first_step,
            "last_step": self.last_step,
        }


@dataclass
class Seen:
    """How often each prepared record was trained, and in which steps; saved with the weights."""

    times: Counter[int] = field(default_factory=Counter)
    first: dict[int, int] = field(default_factory=dict)
    last: dict[int, int] = field(default_factory=dict)

    def add(self, numbers: Sequence[int], step: int) -> None:
        """These records were in the forward passes of a step."""
        for number in numbers:
            self.times[number] += 1
            self.first.setdefault(number, step)
            self.last[number] = step

    def state(self) -> dict[str, list[list[int]]]:
        """For JSON: record, times, first and last step."""
        rows = [[n, self.times[n], self.first[n], self.last[n]] for n in sorted(self.times)]
        return {"seen": rows}

    @classmethod
    def of(cls, states: Sequence[Mapping[str, Any]]) -> Seen:
        """What several processes have seen, together."""
        seen = cls()
        for number, times, first, last in (row for state in states for row in state["seen"]):
            seen.times[number] += times
            seen.first[number] = min(first, seen.first.get(number, first))
            seen.last[number] = max(last, seen.last.get(number, last))
        return seen


def entries(
    read: Sequence[Record],
    fates: Sequence[Fate],
    prepared: Sequence[Encoded],
    seen: Seen,
    rest: str,
) -> list[Entry]:
    """One entry a record; `rest` is the reason of those that training never came to."""
    made = []
    for record, fate in zip(read, fates, strict=True):
        if isinstance(fate, int):
            made.append(entry(record, prepared[fate], fate, seen, rest))
        else:
            outcome, reason = fate
            made.append(Entry(record, outcome, REASONS.get(reason, reason)))
    balance(len(read), made, seen)
    return made


def entry(record: Record, encoded: Encoded, number: int, seen: Seen, rest: str) -> Entry:
    """A record that training could have come to."""
    if not seen.times[number]:
        return Entry(record, "left-out", REASONS[rest])
    return Entry(
        record,
        "trained",
        REASONS[encoded.cut] if encoded.cut else None,
        seen.times[number],
        sum(encoded.trained[1:]),
        seen.first[number],
        seen.last[number],
    )


def balance(read: int, made: Sequence[Entry], seen: Seen) -> None:
    """Unaccounted unless read = trained + ledger, and every step is of a record that was read."""
    counted = Counter(each.outcome for each in made)
    trained = sum(1 for times in seen.times.values() if times)
    if read != len(made) or counted["trained"] != trained:
        raise Unaccounted(
            f"{read} records were read and {trained} trained, but the ledger holds {len(made)}: "
            f"{dict(counted)}"
        )


def write(made: Sequence[Entry], file: Path) -> None:
    """ledger.parquet."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    text, whole = pa.string(), pa.int64()
    kinds = [text, text, whole, text, text, text, whole, whole, whole, whole]
    names = ["record_id", "source", "line", "split", "outcome", "reason"]
    names += ["times", "tokens", "first_step", "last_step"]
    schema = pa.schema(list(zip(names, kinds, strict=True)))
    parquet.write_table(pa.Table.from_pylist([each.row() for each in made], schema), file)
