"""Rivals: what others order records by, and what others trace by, on the very same run.

For the queue (one score a record, higher is read sooner) and for the trace (failures x records).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
import torch

from bench.causebench.arms import Arm
from bench.causebench.measures import Floats
from bench.causebench.product import Traces
from curate.review.neighbours import disagreement, neighbours
from train.approved import open_approved
from train.batches import Batch, collate
from train.model import load
from train.recipe import load as recipe_of
from train.template import Encoded, template_of
from train.tracing.asking import Model, gradients
from train.tracing.sketch import Sketcher

TINIEST = 1e-12


def of_queue(traces: Traces, seed: int) -> Mapping[str, Floats]:
    """Rivals of the order `best`, in the order of the run's records."""
    kept = traces.run.traces
    assert kept is not None
    signals = kept.signals
    records = traces.run.records
    losses = np.array(signals["losses"].to_list())
    margins = np.array(signals["margins"].to_list())
    ifd = signals["base_loss"].to_numpy() - signals["unconditional_loss"].to_numpy()
    near = neighbours(records["prompt"])
    dots = raw_dots(traces)
    return {
        "random": np.random.default_rng(seed).random(len(records)),
        "BM25 to the failures": most(traces.evidence.prompts, len(records)),
        "loss after training": losses[:, -1],
        "mean loss over training": losses.mean(1),
        "margin": -margins.mean(1),
        "IFD": ifd,
        "neighbours disagree": np.nan_to_num(disagreement(near, records["answer"])),
        "self-influence": influence(signals).mean(1),
        "gradient, raw dot": most(dots, len(records)),
    }


def most(scores: Floats, records: int) -> Floats:
    """The highest score of each record over all failures; 0 where there is no failure."""
    return np.nan_to_num(scores).max(0) if len(scores) else np.zeros(records)


def influence(signals: pl.DataFrame) -> Floats:
    """Squared norms of the gradients, records x checkpoints."""
    return np.nan_to_num(np.array(signals["influence"].to_list(), float))


def of_trace(traces: Traces, dirty: Arm, seed: int) -> Mapping[str, Floats]:
    """Rivals of the fused trace, failures x the run's records."""
    chance = np.random.default_rng(seed)
    shape = traces.cosines.shape
    gold, hidden = from_model(traces, dirty)
    return {
        "random": chance.random(shape),
        "BM25": traces.evidence.prompts,
        "BM25 x answer": traces.evidence.lexical,
        "its text channel": traces.evidence.text,
        "gradient of the wrong answer": traces.cosines,
        "gradient, raw dot": raw_dots(traces),
        "gradient of the reference": -gold,
        "hidden state": hidden,
    }


def raw_dots(traces: Traces) -> Floats:
    """Dot products instead of cosines; a failure's own length changes no order."""
    kept = traces.run.traces
    assert kept is not None
    return np.nan_to_num(traces.cosines) * np.sqrt(influence(kept.signals)).mean(1)


def from_model(traces: Traces, dirty: Arm) -> tuple[Floats, Floats]:
    """Cosines with the gradient of the reference, and of hidden states at the prompt's end."""
    kept = traces.run.traces
    assert kept is not None
    recipe = recipe_of(dirty.run / "resolved.yaml")
    loaded = load(recipe)
    template = template_of(recipe, loaded.tokenizer)
    approved = open_approved(dirty.snapshot)
    dev = {one.record_id: one for one in approved.records("dev")}
    train = {one.record_id: one for one in approved.records("train")}
    failing = [dev[one] for one in traces.run.failures["record_id"]]
    asked = Model(recipe, loaded, template)
    sketcher = Sketcher(loaded.model, int(kept.told["seed"]))
    encoded = [template.encode(one) for one in failing]
    total = np.zeros((len(failing), len(traces.run.records)))
    for number in kept.checkpoints:
        loaded.restore(kept.folder / f"adapter-{number}")
        rows = gradients(asked, sketcher, encoded).astype(float)
        total += unit(rows) @ unit(np.asarray(kept.sketches(number), float)).T
    records = [train[one] for one in traces.run.records["record_id"]]
    ends = [Encoded("", ids, [False] * len(ids))
            for ids in map(template.prompt_ids, [*failing, *records])]  # fmt: skip
    states = at_the_end(loaded.model, ends, loaded.tokenizer.pad_token_id)
    states = unit(states - states.mean(0))
    return total / len(kept.checkpoints), states[: len(failing)] @ states[len(failing) :].T


@torch.no_grad()
def at_the_end(model: Any, prompts: list[Encoded], pad: int, size: int = 64) -> Floats:
    """The last layer's state at the last token of each prompt."""
    model.eval()
    found = []
    for at in range(0, len(prompts), size):
        some = prompts[at : at + size]
        tensors = collate(Batch(tuple((n,) for n in range(len(some)))), some, pad, packed=False)
        states = model(
            input_ids=tensors["input_ids"], attention_mask=tensors["attention_mask"],
            output_hidden_states=True, use_cache=False,
        ).hidden_states[-1]  # fmt: skip
        last = tensors["attention_mask"].sum(1) - 1
        found.append(states[torch.arange(len(some)), last].float().numpy())
    return np.concatenate(found).astype(float)


def unit(rows: Floats) -> Floats:
    """Each row at length 1."""
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), TINIEST)
