"""Tuned: what a run made, loaded again to answer, alone or several adapters on one base."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peft import PeftModel

from curate.errors import CurateError
from train import folder
from train.backbones import digests
from train.errors import BadModel
from train.hardware import here
from train.model import base_model, named_backbone, tokenizer_of
from train.quiet import quiet
from train.recipe import Recipe, load
from train.template import Template, template_of

ADAPTER = "adapter"
MERGED = "merged.json"  # in the folder of a merged model


class OtherTemplate(CurateError):
    """A model would be asked in another way than it was trained in."""


@dataclass(frozen=True)
class Tuned:
    """A run's model, its recipe, and the template that it was trained in."""

    run: Path
    recipe: Recipe
    tokenizer: Any
    template: Template
    base: Path


def opened(run: Path) -> Tuned:
    """A finished run, whose base model and template are those it was trained with."""
    if (run / MERGED).is_file():
        raise BadModel(f"{run} is a merged model; name the folder of the run that it was made from")
    if not (run / ADAPTER / "template.json").is_file():
        raise BadModel(folder.lacking(run, f"{ADAPTER}/template.json"))
    recipe = load(run / "resolved.yaml")
    base = named_backbone(recipe)
    said = json.loads((run / ADAPTER / "template.json").read_bytes())
    if digests(base) != said["files"]:
        changed = sorted(dict(digests(base).items() ^ said["files"].items()))
        raise BadModel(
            f"{base} is not the base that {run} was trained on: {', '.join(changed)} differ"
        )
    tokenizer = tokenizer_of(run / ADAPTER, recipe.tokenizer.use_fast)
    template = template_of(recipe, tokenizer)
    if template.fingerprint != said["fingerprint"]:
        raise OtherTemplate(
            f"the template of {run / ADAPTER} gives fingerprint {template.fingerprint}, but it was "
            f"trained in {said['fingerprint']}: its tokenizer or resolved.yaml has changed since"
        )
    return Tuned(run, recipe, tokenizer, template, base)


def whole(tuned: Tuned) -> bool:
    """Whether the run trained every weight, so that there is no adapter."""
    return not (tuned.run / ADAPTER / "adapter_config.json").is_file()


def base_of(tuned: Tuned, number: str) -> Any:
    """The base as it lies on the disk, not quantised, in this number format."""
    place = tuned.run / ADAPTER if whole(tuned) else tuned.base
    return base_model(place, tuned.recipe, here(), "none", number, "sdpa").requires_grad_(False)


@quiet()
def together(runs: Sequence[Tuned], number: str) -> Any:
    """Several adapters on one base; `model.set_adapter(run.name)` changes over."""
    first, *others = runs
    for other in others:
        if digests(other.base) != digests(first.base):
            raise BadModel(f"{other.run} and {first.run} were trained on different base models")
    if any(whole(each) for each in runs):
        if others:
            raise BadModel("a run that trained every weight shares its base with no other")
        return base_of(first, number).eval()
    base = base_of(first, number)
    model = PeftModel.from_pretrained(base, first.run / ADAPTER, adapter_name=first.run.name)
    for other in others:
        model.load_adapter(str(other.run / ADAPTER), adapter_name=other.run.name)
    return model.eval()


def number_of(base: Path) -> str:
    """The number format that a model was saved in."""
    said = json.loads((base / "config.json").read_bytes())
    return str(said.get("dtype") or said.get("torch_dtype") or "float32")


def approved_of(run: Path) -> Path:
    """Where the run's approved snapshot lay."""
    return Path(folder.told(run)["approved"]["path"])
