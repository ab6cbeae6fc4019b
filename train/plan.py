"""Plan: everything about a run that can be known before a weight is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curate.errors import CurateError
from train import faults, schedule, shapes
from train.approved import SPLITS, Approved, open_approved
from train.errors import NotApproved
from train.intent import Intent
from train.memory import CARDS, Fit, Work, table
from train.parameters import Layout, layout
from train.problem import Problem, error
from train.recipe import Recipe
from train.schedule import Schedule
from train.template import Template, template_of

SHAPES = {"smollm2-135m-instruct": "smollm2-135m"}
"""Models whose shape comes along under another name."""


@dataclass(frozen=True)
class Plan:
    """What a run would do, and what would go wrong."""

    recipe: Recipe
    intent: Intent
    model: str
    """Its name, or that of the shape that stands for it."""
    snapshot: str | None
    memory: Mapping[str, Mapping[int, Fit]]
    schedule: Schedule | None
    problems: tuple[Problem, ...]
    not_looked_at: tuple[tuple[str, str], ...]

    @property
    def layout(self) -> Layout | None:
        """What the model is made of, where that is known."""
        return self.intent.layout

    @property
    def sound(self) -> bool:
        """Whether nothing ends the run."""
        return not any(problem.severity == "error" for problem in self.problems)

    @property
    def trainable(self) -> int | None:
        """Parameters that the recipe trains."""
        known = self.layout is not None and not self.has("unknown-module")
        return self.layout.trainable(self.recipe.adapter) if known and self.layout else None

    def has(self, code: str) -> bool:
        """Whether a problem of this code was found."""
        return any(problem.code == code for problem in self.problems)

    def document(self) -> dict[str, Any]:
        """As JSON; bytes in `memory`, cards by their GB."""
        return {
            "recipe": self.recipe.digest(),
            "model": self.model,
            "method": self.recipe.way,
            "memory_method": self.recipe.method,
            "snapshot": self.snapshot,
            "records": {split: len(self.intent.splits.get(split, [])) for split in SPLITS},
            "trainable_parameters": self.trainable,
            "total_parameters": self.layout.total if self.layout else None,
            "linear_layers": self.layout.kinds if self.layout else None,
            "memory": {
                method: {str(card): fit.bytes for card, fit in row.items()}
                for method, row in self.memory.items()
            },
            "fits": {
                method: {str(card): fitted(fit) for card, fit in row.items()}
                for method, row in self.memory.items()
            },
            "template": template_document(self.intent.template),
            "schedule": self.schedule.document() if self.schedule else None,
            "problems": [problem.document() for problem in self.problems],
            "not_looked_at": [{"subject": s, "needs": need} for s, need in self.not_looked_at],
        }


def fitted(fit: Fit) -> dict[str, Any]:
    """One cell of the memory table."""
    change = [
        {"set": each.setting, "saves": each.saves, "alone": each.alone, "by_then": each.by_then}
        for each in fit.change
    ]
    return {"fits": fit.fits, "gradient_checkpointing": fit.checkpointing, "change": change}


def template_document(template: Template | None) -> dict[str, Any] | None:
    """What ends an answer, and the fingerprint that inference must have too."""
    if template is None:
        return None
    return {
        "kind": template.style.kind,
        "stops": list(template.stops),
        "fingerprint": template.fingerprint,
    }


def plan(
    recipe: Recipe,
    *,
    shape: str | None = None,
    snapshot: str | None = None,
    workspace: Path | None = None,
) -> Plan:
    """Plan a run; `shape` names a model's configuration where the model itself is not here.

    Raises BadModel for a shape that is none. What is wrong with the records or the recipe is a
    Problem, not an error.
    """
    approved, refused = approved_records(recipe, snapshot, workspace, needed=shape is None)
    tokenizer, unread = tokenizer_for(recipe) if approved and not shape else (None, [])
    template, untold = template_for(recipe, tokenizer)
    intent = Intent(
        recipe,
        layout(shapes.shape(shape) if shape else shape_of(recipe)),
        template,
        approved.manifest if approved else None,
        {split: approved.records(split) for split in SPLITS} if approved else {},
    )
    problems, unknown = faults.found(intent)
    named = shape or recipe.model.llm_backbone
    return of(intent, named, approved, [*refused, *unread, *untold, *problems], unknown)


def of(
    intent: Intent,
    model: str,
    approved: Approved | None,
    problems: list[Problem],
    unknown: list[tuple[str, str]],
) -> Plan:
    """The plan of an intent with what was found."""
    told = {problem.code for problem in problems}
    sized = intent.layout is not None and "unknown-module" not in told
    encodable = intent.template is not None and "template-rewrites" not in told
    steps = schedule.of(intent) if sized and encodable and intent.train else None
    length = steps.longest if steps else intent.recipe.tokenizer.max_length
    work = Work(intent.recipe.training.batch_size, length)
    return Plan(
        intent.recipe,
        intent,
        model,
        approved.id if approved else None,
        table(intent.layout, intent.recipe, work) if intent.layout and sized else {},
        steps,
        tuple(sorted(problems, key=lambda each: each.severity != "error")),
        tuple(unknown),
    )


def approved_records(
    recipe: Recipe, snapshot: str | None, workspace: Path | None, *, needed: bool
) -> tuple[Approved | None, list[Problem]]:
    """The approved snapshot, or the problem that there is none where one is needed."""
    named = snapshot or recipe.dataset.approved
    try:
        return open_approved(named, workspace), []
    except NotApproved as refused:
        if named is None and not needed:
            return None, []
        return None, [error(refused.code, refused.says, **refused.given)]


def shape_of(recipe: Recipe) -> dict[str, Any]:
    """The configuration of the recipe's model."""
    named = SHAPES.get(recipe.model.llm_backbone, recipe.model.llm_backbone)
    if named in shapes.names():
        return shapes.shape(named)
    from train.backbones import backbone

    return shapes.shape(str(backbone(named, recipe.model.revision, recipe.environment.offline)))


def tokenizer_for(recipe: Recipe) -> tuple[Any, list[Problem]]:
    """The tokenizer of the recipe's model, or the problem that it is not here."""
    from transformers import AutoTokenizer

    from train.backbones import backbone

    said = recipe.model
    try:
        folder = backbone(said.llm_backbone, said.revision, recipe.environment.offline)
        found: Any = AutoTokenizer.from_pretrained(
            folder, use_fast=recipe.tokenizer.use_fast, trust_remote_code=False
        )
    except (CurateError, OSError, ValueError) as failed:
        return None, [error("no-model", "{why}", why=str(failed))]
    return found, []


def template_for(recipe: Recipe, tokenizer: Any) -> tuple[Template | None, list[Problem]]:
    """The template, or the problem that this tokenizer has none of that name."""
    if tokenizer is None:
        return None, []
    try:
        return template_of(recipe, tokenizer), []
    except CurateError as failed:
        return None, [error("no-template", "{why}", why=str(failed))]


def smallest_card(row: Mapping[int, Fit]) -> int | None:
    """The smallest card, in GB, that a method fits."""
    return next((card for card in CARDS if row[card].fits), None)
