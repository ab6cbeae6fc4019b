"""Prepared: the records of a run as tokens, and the fate of every record that was read."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from curate.errors import CurateError
from train.approved import Approved, Record
from train.ledger import Fate
from train.recipe import Recipe
from train.template import Encoded, Template

NAMED = 5
"""Records that an error names."""


class NothingToTrain(CurateError):
    """No record is left to learn from."""

    exit_code = 3


class TooLong(CurateError):
    """A record is longer than the recipe allows."""


@dataclass(frozen=True)
class Prepared:
    """What training sees, in the snapshot's order; `rejected` is beside it in preference tuning."""

    read: tuple[Record, ...]
    fates: tuple[Fate, ...]
    encoded: tuple[Encoded, ...]
    rejected: tuple[Encoded, ...]
    weights: tuple[float, ...]

    @property
    def lengths(self) -> list[int]:
        """Tokens of each, in preference tuning of the longer answer."""
        own = [len(record.ids) for record in self.encoded]
        other = [len(record.ids) for record in self.rejected]
        return [max(pair) for pair in zip(own, other, strict=True)] if other else own


def prepare(approved: Approved, template: Template, recipe: Recipe) -> Prepared:
    """Encode the training records; NothingToTrain where none is left."""
    read = approved.records("train")
    sampled = sample(read, recipe)
    fates: list[Fate] = []
    encoded: list[Encoded] = []
    rejected: list[Encoded] = []
    weights: list[float] = []
    for number, record in enumerate(read):
        weight = recipe.dataset.weights.get(record.origin or record.source, 1.0)
        lost = "unsampled" if number not in sampled else "" if weight else "unweighted"
        pair = [] if lost else encodings(record, template, recipe)
        fate: Fate | None = ("left-out", lost) if lost else fault(pair, recipe)
        fates.append(fate or len(encoded))
        if not fate:
            encoded.append(pair[0])
            rejected += pair[1:]
            weights.append(weight)
    refuse_long(read, fates, recipe)
    held = [record for split in ("dev", "test") for record in approved.records(split)]
    if not encoded:
        raise NothingToTrain(nothing(fates, recipe))
    return Prepared(
        (*read, *held),
        (*fates, *[("held-out", f"a {record.split} record") for record in held]),
        tuple(encoded),
        tuple(rejected),
        tuple(weights) if recipe.dataset.weights else (),
    )


def sample(read: Sequence[Record], recipe: Recipe) -> set[int]:
    """The positions of the records to train on; the same for the same seed."""
    wanted = recipe.dataset.sample
    everything = range(len(read))
    if wanted is None or wanted.n >= len(read):
        return set(everything)
    if wanted.by == "group":
        return set(in_groups(read, wanted.n, wanted.seed))
    return set(random.Random(wanted.seed).sample(everything, wanted.n))


def in_groups(read: Sequence[Record], wanted: int, seed: int) -> list[int]:
    """Positions of whole groups until so many are there; a smaller draw is part of a larger one."""
    groups: dict[str, list[int]] = {}
    for number, record in enumerate(read):
        groups.setdefault(record.group, []).append(number)
    names = sorted(groups)
    random.Random(seed).shuffle(names)
    chosen: list[int] = []
    for name in names:
        if len(chosen) >= wanted:
            break
        chosen += groups[name]
    return chosen


def encodings(record: Record, template: Template, recipe: Recipe) -> list[Encoded]:
    """The record's tokens; in preference tuning those with the rejected answer too."""
    if recipe.training.task != "dpo":
        return [template.encode(record)]
    text = record.answer_before if record.answer_before is not None else record.rejected
    if text is None:
        return []
    before = (*record.messages[:-1], ("assistant", text))
    return [template.encode(record), template.encode(replace(record, messages=before, answer=text))]


def fault(pair: Sequence[Encoded], recipe: Recipe) -> Fate | None:
    """Why a record cannot be trained; None where it can."""
    if not pair:
        return ("left-out", "no-pair")
    if len(pair) == 2 and pair[0].ids == pair[1].ids:
        return ("left-out", "same")
    for encoded in pair:
        keeps = recipe.tokenizer.on_too_long == f"cut_{encoded.cut}"
        if encoded.cut == "all" or (encoded.cut == "end" and not keeps):
            return ("dropped", encoded.cut)
        if not any(encoded.trained[1:]):
            return ("dropped", "masked")
    return None


def refuse_long(read: Sequence[Record], fates: Sequence[Fate], recipe: Recipe) -> None:
    """TooLong, naming records, where the recipe says that none may be."""
    if recipe.tokenizer.on_too_long != "fail":
        return
    long = [
        f"{record.place} ({record.record_id})"
        for record, fate in zip(read, fates, strict=True)
        if not isinstance(fate, int) and fate[1] in ("end", "all")
    ]
    if long:
        raise TooLong(
            f"{len(long)} records are longer than tokenizer.max_length "
            f"{recipe.tokenizer.max_length}: {', '.join(long[:NAMED])}; raise it, or set "
            "tokenizer.on_too_long to drop"
        )


def nothing(fates: Sequence[Fate], recipe: Recipe) -> str:
    """Why there is nothing to train on."""
    why = Counter(fate[1] for fate in fates if not isinstance(fate, int))
    said = ", ".join(f"{count} {reason}" for reason, count in why.most_common()) or "none was read"
    hint = "; `dpo` needs answers that review edited" if recipe.training.task == "dpo" else ""
    return f"no training record is left ({said}){hint}"
