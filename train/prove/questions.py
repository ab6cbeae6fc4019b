"""Questions: what every arm of a proof is asked, never a test record.

Each failure with two paraphrases that no arm was trained on, and each dev record that was answered
rightly. A failure is asked in the form that the repaired data has it, so a corrected reference
counts; one that was right by it all along needs no training, and says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b

from curate.content.wording import wording
from train.approved import SEPARATOR, Record
from train.evaluate import Answered, read_records
from train.failures import Failure, reasons
from train.measures import Attempt, asked, chosen
from train.prove.runs import Both
from train.tracing.rewording import reworded

PARAPHRASES = 2
INSTRUCTION = "{instruction}"


@dataclass(frozen=True)
class Asked:
    """One failure, and its paraphrases."""

    failure: Failure  # of the earlier run
    record: Record  # of the later one
    paraphrases: tuple[Record, ...]
    baseline: Answered | None


@dataclass(frozen=True)
class Questions:
    """All that is asked, and what is not, with the reason."""

    failures: tuple[Asked, ...]
    passed: tuple[Record, ...]  # in the later run's form, answered rightly by the earlier one
    baselines: Mapping[str, Answered]  # of `passed`
    gone: tuple[Failure, ...]  # no dev record any more
    right: tuple[Failure, ...]  # by the corrected reference, the answer was right

    @cached_property
    def records(self) -> tuple[Record, ...]:
        """Every record to ask, each once."""
        every = [one for each in self.failures for one in (each.record, *each.paraphrases)]
        return tuple({one.record_id: one for one in (*every, *self.passed)}.values())

    @property
    def others(self) -> int:
        """How many paraphrases there are."""
        return sum(len(one.paraphrases) for one in self.failures)


def questions(both: Both) -> Questions:
    """The questions of a proof."""
    earlier = both.before.ran
    dev = {one.record_id: one for one in both.after.approved.records("dev")}
    baselines = {
        one.record_id: one for one in read_records(earlier.folder / "records.parquet", "baseline")
    }
    form = both.after.recipe.dataset.prompt_format
    trained = {wording(one) for one in prompts(both)}
    made, gone, right = [], [], []
    for record_id, failure in earlier.failures.items():
        record = dev.get(both.matched.get(record_id, ""))
        baseline = baselines.get(record_id)
        if record is None:
            gone.append(failure)
        elif rightly(earlier.tuned[record_id], record, baseline):
            right.append(failure)
        else:
            others = paraphrases(record, list(dev.values()), trained, form)
            made.append(Asked(failure, record, others, baseline))
    was_right = {
        both.matched[one]: one
        for one, row in earlier.records.items()
        if row["split"] == "dev" and one not in earlier.failures and one in both.matched
    }
    passed = tuple(one for one in dev.values() if one.record_id in was_right)
    known = {one: baselines[old] for one, old in was_right.items() if old in baselines}
    return Questions(tuple(made), passed, known, tuple(gone), tuple(right))


def rightly(said: Answered, record: Record, baseline: Answered | None) -> bool:
    """Whether an answer given before a reference was corrected is right by the correction."""
    if record.answer == said.reference or record.prompt != said.prompt:
        return False
    stopped = said.measures.get("stop") is not False
    [measures] = asked(chosen(), [Attempt(record.prompt, said.answer, record.answer, stopped)])
    return right(replace(said, reference=record.answer, measures=measures), baseline)


def right(said: Answered, baseline: Answered | None = None) -> bool:
    """Whether nothing about an answer would make it a failure."""
    return next(iter(reasons(said, baseline)), None) is None


def prompts(both: Both) -> Iterator[str]:
    """The prompts that some arm is trained on."""
    for side in (both.before, both.after):
        for record in side.approved.records("train"):
            yield record.prompt


def paraphrases(
    record: Record, dev: Sequence[Record], trained: Collection[str], prompt_format: str | None
) -> tuple[Record, ...]:
    """Dev records that ask the same and have the same answer, else the prompt in other words."""
    there = [
        one
        for one in dev
        if one.record_id != record.record_id
        and wording(one.answer) == wording(record.answer)
        and related(one, record)
    ]
    if not prompt_format or INSTRUCTION in prompt_format:
        there += in_other_words(record)
    told = {wording(record.prompt), *trained}
    unlike: dict[str, Record] = {}
    for one in there:
        unlike.setdefault(wording(one.prompt), one)
    return tuple(one for said, one in unlike.items() if said not in told)[:PARAPHRASES]


def related(one: Record, other: Record) -> bool:
    """Whether two records are of one group, or one was made from the other or from its source."""
    if one.group == other.group:
        return True
    family = {other.record_id, other.parent_id} - {None}
    return one.parent_id in family or one.record_id in family


def in_other_words(record: Record) -> Iterator[Record]:
    """The record with its prompt in other words; an input that comes with it stays as it is."""
    given = f"{SEPARATOR}{record.input}" if record.input else ""
    for text in reworded(record.prompt.removesuffix(given)):
        name = blake2b(f"{record.record_id}/{text}".encode(), digest_size=16).hexdigest()
        turns = [*record.messages]
        turns[-2] = ("user", text + given)
        yield replace(record, record_id=name, parent_id=record.record_id, messages=tuple(turns))
