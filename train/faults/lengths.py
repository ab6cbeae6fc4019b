"""Lengths: what the limits take from records, and what batches leave over."""

from __future__ import annotations

from collections.abc import Iterator

from train.errors import BadRecipe
from train.intent import Intent
from train.problem import Problem, error, warn

SUBJECT = "lengths"
NEEDS = ("template", "manifest")

MEMORISED = 200
"""Steps over one record, in epochs times records, beyond which it is learnt by heart."""
BY_HEART = 20
"""Epochs."""


def find(intent: Intent) -> Iterator[Problem]:
    """Cut records by name, then what epochs and batches do."""
    try:
        intent.encoded  # noqa: B018
    except BadRecipe:
        return  # told by rendering
    yield from cut(intent)
    yield from lost(intent)
    yield from batches(intent)
    yield from answers(intent)


def cut(intent: Intent) -> Iterator[Problem]:
    """Records over the limit, by what it takes from them."""
    mode, longest = intent.recipe.tokenizer.on_too_long, intent.recipe.tokenizer.max_length
    by = {kind: [e.record_id for e in intent.encoded if e.cut == kind] for kind in KINDS}
    if by["all"]:
        say = warn if mode == "drop" else error
        yield say(
            "nothing-trained",
            "{n} records have no answer left within {longest} tokens: nothing of them is trained",
            by["all"],
            longest=longest,
        )
    if by["end"] and mode == "cut_end":
        yield error(
            "end-cut",
            "{n} records lose the end of their answer at {longest} tokens, so they teach not to "
            "stop; raise tokenizer.max_length or set tokenizer.on_too_long=drop",
            by["end"],
            longest=longest,
        )
    elif by["end"]:
        say = error if mode == "fail" else warn
        yield say(
            "too-long",
            "{n} records are longer than {longest} tokens; tokenizer.on_too_long={mode}",
            by["end"],
            longest=longest,
            mode=mode,
        )
    if by["prompt"]:
        yield warn(
            "prompt-cut", "{n} records lose the beginning of their question at {longest} tokens",
            by["prompt"], longest=longest,
        )  # fmt: skip
    masked = [e.record_id for e in intent.encoded if e.cut != "all" and not any(e.trained[1:])]
    if masked:
        yield error("fully-masked", "{n} records have no token that is trained", masked)


KINDS = ("all", "end", "prompt")


def lost(intent: Intent) -> Iterator[Problem]:
    """Whether more is lost than the gate allows."""
    ids = [e.record_id for e in intent.encoded if e.cut in ("all", "end")]
    share = len(ids) / max(1, len(intent.train))
    limit = intent.recipe.gates.rows_lost_share
    if ids and share > limit:
        yield error(
            "too-many-lost",
            "{n} of {of} training records would be lost to the length limit, {share} % where "
            "gates.rows_lost_share allows {limit} %",
            ids, of=len(intent.train), share=f"{share * 100:.1f}", limit=f"{limit * 100:g}",
        )  # fmt: skip


def batches(intent: Intent) -> Iterator[Problem]:
    """Records that no batch takes, and those seen too often."""
    training, records = intent.recipe.training, len(intent.encoded)
    left = records % training.batch_size
    if training.drop_last_batch and left and records:
        yield warn(
            "dropped-by-batch",
            "training.drop_last_batch leaves out {left} of {count} records in every epoch",
            left=left, count=records,
        )  # fmt: skip
    if training.drop_last_batch and 0 < records < training.batch_size:
        yield error(
            "no-batch",
            "{count} records do not fill one batch of {size}, and training.drop_last_batch "
            "leaves them out",
            count=records, size=training.batch_size,
        )  # fmt: skip
    if training.epochs >= BY_HEART and records < MEMORISED and not intent.from_nothing:
        yield warn(
            "memorisation",
            "{epochs} epochs over {count} records teach them by heart; the loss on them will say "
            "nothing",
            epochs=f"{training.epochs:g}", count=records,
        )  # fmt: skip


def answers(intent: Intent) -> Iterator[Problem]:
    """Answers that evaluation would cut off."""
    most = intent.recipe.evaluate.generation.max_new_tokens
    template = intent.template
    assert template is not None
    held = [r for split in ("dev", "test") for r in intent.splits.get(split, [])]
    if ids := [r.record_id for r in held if len(template.tokens(r.answer)) > most]:
        yield warn(
            "answer-longer-than-generation",
            "{n} dev or test answers are longer than evaluate.generation.max_new_tokens {most} and "
            "can never be matched",
            ids,
            most=most,
        )
