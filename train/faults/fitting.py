"""Fitting: whether the model has what the recipe names, and whether a card holds it."""

from __future__ import annotations

from collections.abc import Iterator

from train.errors import BadModel, BadRecipe
from train.intent import Intent
from train.memory import CARDS, Work, fit
from train.problem import Problem, error, warn
from train.template import Encoded

SUBJECT = "model"
NEEDS = ("layout",)


def find(intent: Intent) -> Iterator[Problem]:
    """Modules, lengths and memory."""
    recipe, layout = intent.recipe, intent.layout
    assert layout is not None
    if recipe.adapter.type in ("lora", "dora"):
        try:
            layout.targets(recipe.adapter.lora_target_modules)
        except BadModel as failed:
            yield error("unknown-module", "{why}", why=str(failed))
            return
    if layout.stored:
        yield error(
            "quantised-already",
            "the files of {model} are quantised already ({stored}), and a run quantises a base "
            "itself; name the model that these files were made from in model.llm_backbone",
            model=recipe.model.llm_backbone, stored=layout.stored,
        )  # fmt: skip
    if ids := [e.record_id for e in encoded(intent) if len(e.ids) > layout.longest]:
        yield error(
            "longer-than-model",
            "{n} records are longer than the {longest} tokens that the model has places for; set "
            "tokenizer.max_length to that",
            ids,
            longest=layout.longest,
        )
    largest = CARDS[-1]
    work = Work(recipe.training.batch_size, recipe.tokenizer.max_length)
    best = fit(layout, recipe, recipe.method, largest, work)
    if not best.fits:
        yield warn(
            "too-large",
            "{method} needs {size} GB and fits no card of up to {largest} GB; try {change}",
            method=recipe.way, size=f"{best.bytes / 1e9:.1f}", largest=largest,
            change=best.change[0].setting if best.change else "a smaller model",
        )  # fmt: skip


def encoded(intent: Intent) -> list[Encoded]:
    """The tokens of the training records, as far as they are known."""
    try:
        return intent.encoded if intent.template else []
    except BadRecipe:
        return []  # told by rendering
