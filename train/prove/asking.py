"""Asking: what the model of a run answers to the questions of a proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from train import tuned
from train.approved import Record
from train.evaluate import Answered, evaluate, read_records, write_records
from train.model import answering, load
from train.quiet import quiet
from train.recipe import Recipe
from train.sweep import changed


def answered(run: Path, asked: Sequence[Record], keep: Path) -> Mapping[str, Answered]:
    """An answer to each record; the run's own, those kept in a file, or asked for now."""
    known = {one.record_id: one for one in read_records(run / "records.parquet")}
    left = [record for record in asked if record.record_id not in known]
    if left:
        known |= {one.record_id: one for one in kept(keep, left) or said(run, left, keep)}
    return {record.record_id: known[record.record_id] for record in asked}


def kept(file: Path, asked: Sequence[Record]) -> list[Answered] | None:
    """The answers in a file, where they are to these very records."""
    there = read_records(file) if file.is_file() else []
    same = [(one.record_id, one.prompt) for one in there] == [
        (record.record_id, record.prompt) for record in asked
    ]
    return there if same else None


def said(run: Path, asked: Sequence[Record], keep: Path) -> list[Answered]:
    """Ask the model of a run, as the run itself asked; the answers are kept in a file."""
    of = tuned.opened(run)
    with quiet():
        loaded = load(continued(run, of.recipe))
        as_trained = of.recipe.evaluate.precision == "training"
        place = run / tuned.ADAPTER
        model = loaded.model if as_trained else answering(of.recipe, loaded, place)
        answers = evaluate(model, of.tokenizer, of.template, asked, of.recipe.evaluate)
    write_records(keep, asked, answers)
    return answers


def continued(run: Path, recipe: Recipe) -> Recipe:
    """The recipe of a run that goes on from what the run made."""
    made = str(run / tuned.ADAPTER)
    whole = recipe.adapter.type == "none"
    return changed(recipe, {"model.llm_backbone" if whole else "adapter.init_from": made})
