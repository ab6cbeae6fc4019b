"""Merge: the adapter added into its base, and the proof that nothing else changed.

The base is the one on disk, never its quantised form. Logits and answers of base with adapter are
compared with those of the merged files as they are read back.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch

from curate.errors import BadSetting, CurateError
from curate.publish import write_whole
from train import tuned
from train.approved import Approved, Record, open_approved
from train.choices import BEFORE_THE_PROMPT
from train.errors import BadModel, NotApproved
from train.forgetting import general
from train.generate import generate, resting
from train.hardware import here
from train.model import base_model
from train.quiet import quiet
from train.tuned import ADAPTER, Tuned

COMPARED = 8
"""Records, or general sentences, whose logits and answers are compared."""
ANSWER_TOKENS = 32


class Unlike(CurateError):
    """The merged model says something else than base and adapter."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Merged:
    """Where the merged model lies, and how far it is from what it was made of."""

    place: str
    number: str
    max_logit_diff: float
    answers: int
    equal_answers: int
    seconds_apart: float = 0.0
    """Time of the answers by base and adapter apart."""
    seconds_merged: float = 0.0


@quiet()
def merge(run: Path, out: Path, number: str | None = None) -> Merged:
    """Write the merged model to `out`; Unlike where a logit moved by more than the gate allows."""
    if out.exists():
        raise BadSetting(f"{out} is there already; name a new folder")
    model = tuned.opened(run)
    if tuned.whole(model):
        raise BadModel(f"{run} trained every weight: {run / ADAPTER} is the merged model already")
    if model.recipe.adapter.type in BEFORE_THE_PROMPT:
        raise BadModel(f"an adapter of type {model.recipe.adapter.type} cannot be merged")
    number = number or tuned.number_of(model.base)
    asked = prompts(model)
    apart = tuned.together([model], number)
    before = said(apart, model, asked)
    apart_for = seconds(apart, model, asked)
    made = out.with_name(f".{out.name}.merging")
    try:
        write(apart.merge_and_unload(safe_merge=True), model, made)
        again = base_model(made, model.recipe, here(), "none", number, "sdpa")
        result = compared(out, number, before, said(again, model, asked))
        merged_for = seconds(again, model, asked)
        result = replace(result, seconds_apart=apart_for, seconds_merged=merged_for)
        must_be_alike(result, model.recipe.gates.merge_max_logit_diff)
        write_whole(made / tuned.MERGED, json.dumps(asdict(result), indent=1).encode())
        made.rename(out)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return result


def write(merged: Any, model: Tuned, place: Path) -> None:
    """Weights as safetensors, tokenizer, template and stop strings."""
    ends = [model.tokenizer.convert_tokens_to_ids(stop) for stop in model.template.stops]
    known = [end for end in ends if end is not None and end != model.tokenizer.unk_token_id]
    merged.generation_config.eos_token_id = sorted({model.tokenizer.eos_token_id, *known})
    merged.save_pretrained(place)
    model.tokenizer.save_pretrained(place)
    shutil.copyfile(model.run / ADAPTER / "template.json", place / "template.json")


def prompts(model: Tuned) -> list[list[int]]:
    """What both are asked: dev records of the run, general sentences where they are elsewhere."""
    records = dev_records(tuned.approved_of(model.run))
    if records:
        return [model.template.prompt_ids(record) for record in records[:COMPARED]]
    sentences = [*general("en")[: COMPARED // 2], *general("ja")[: COMPARED // 2]]
    return [model.template.tokens(sentence, first=True) for sentence in sentences]


def dev_records(place: Path) -> list[Record]:
    """The dev records of a snapshot that may be on another machine."""
    try:
        approved: Approved = open_approved(place)
    except NotApproved:
        return []
    return approved.records("dev")


def said(
    model: Any, run: Tuned, asked: Sequence[Sequence[int]]
) -> tuple[list[torch.Tensor], list[str]]:
    """Logits after every token of the prompts, and answers."""
    with resting(model):
        rows = [torch.tensor([ids], device=model.device) for ids in asked]
        logits = [model(input_ids=row, use_cache=False).logits[0].float().cpu() for row in rows]
    return logits, answers(model, run, asked)


def answers(model: Any, run: Tuned, asked: Sequence[Sequence[int]]) -> list[str]:
    """What the model says to the prompts, written at once."""
    made = generate(
        model,
        run.tokenizer,
        asked,
        stops=run.template.stops,
        max_new_tokens=ANSWER_TOKENS,
        batch_size=COMPARED,
    )
    return [answer.text for answer in made]


def seconds(model: Any, run: Tuned, asked: Sequence[Sequence[int]]) -> float:
    """How long the answers take, once everything is warm."""
    began = time.perf_counter()
    answers(model, run, asked)
    return round(time.perf_counter() - began, 3)


def compared(
    out: Path,
    number: str,
    before: tuple[list[torch.Tensor], list[str]],
    after: tuple[list[torch.Tensor], list[str]],
) -> Merged:
    """The largest change of a logit, and how many answers are the same."""
    moved = [float((a - b).abs().max()) for a, b in zip(before[0], after[0], strict=True)]
    equal = sum(a == b for a, b in zip(before[1], after[1], strict=True))
    return Merged(str(out), number, max(moved), len(moved), equal)


def must_be_alike(result: Merged, limit: float) -> None:
    """Unlike where the change is larger than the recipe's gate."""
    if not result.max_logit_diff <= limit:
        raise Unlike(
            f"merging moved a logit by {result.max_logit_diff:.3g}, gates.merge_max_logit_diff "
            f"allows {limit}; merge in float32 (--dtype float32), or serve base and adapter apart"
        )
