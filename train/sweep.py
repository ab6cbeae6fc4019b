"""Sweep: several runs that differ in a few settings, and one table of what each gave and took.

Every run is a process of its own, so that its peak memory is its own. A run that has ended is not
run again: its folder's name says which settings and which records it is of.
"""

from __future__ import annotations

import json
import multiprocessing
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from itertools import product
from math import ceil
from pathlib import Path
from typing import Any

from curate.errors import BadSetting, CurateError, unknown
from curate.publish import write_whole
from train import folder, sweep_table, written
from train.approved import Approved, open_approved
from train.locale import translator
from train.recipe import Recipe, load
from train.telling import Tell, Telling

FORMAT = "curate-sweep/1"
JSON, TABLE = "sweep.json", "sweep.md"
SHARES = (0.25, 0.5, 1.0)
"""Of the training records, in a learning curve."""

QV, HEAD = "attention-qv", "all-linear+head"
PRESETS: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "qlora-4": tuple(
        {
            "adapter.lora_r": rank,
            "adapter.lora_target_modules": targets,
            "model.quantization.type": stored,
        }
        for rank, targets, stored in (
            (8, QV, "nf4"), (16, QV, "nf4"), (8, HEAD, "nf4"), (8, HEAD, "int8"),
        )
    )
}  # fmt: skip
"""Does a higher rank help, do more layers help, do 8 bits help: the four runs that tell."""


@dataclass(frozen=True, slots=True)
class Point:
    """One run of a sweep."""

    settings: Mapping[str, Any]  # those that differ between the points
    recipe: Recipe

    @property
    def name(self) -> str:
        """What differs, in words that a folder may bear."""
        said = "-".join(word(key, value) for key, value in self.settings.items())
        return re.sub(r"[^\w.-]+", "-", said).strip("-")[:60]


@dataclass(frozen=True, slots=True)
class Ended:
    """A point that was run, and where; `why` where it could not be."""

    point: Point
    place: Path | None
    why: str | None
    again: bool = False  # it had ended before this sweep began


def grid(given: Sequence[str]) -> list[dict[str, Any]]:
    """Every combination of `SETTING=[VALUE, …]`; BadSetting where one is no list."""
    axes = []
    for text in given:
        key, equals, values = text.partition("=")
        read = written.value(values, text)
        if not equals or not isinstance(read, list) or not read:
            raise BadSetting(
                f"--over {text!r}: write SETTING=[VALUE, …], as adapter.lora_r=[8, 16]"
            )
        axes.append([(key.strip(), value) for value in read])
    return [dict(chosen) for chosen in product(*axes)] if axes else []


def points(
    recipe: Recipe, preset: str | None, over: Sequence[str], shares: Sequence[int] = ()
) -> list[Point]:
    """The runs of a sweep: preset x grid x numbers of records; BadSetting where there is none."""
    if preset is not None and preset not in PRESETS:
        raise BadSetting(unknown("sweep", preset, PRESETS))
    chosen = [dict(one) for one in PRESETS[preset]] if preset else [{}]
    chosen = [{**one, **other} for one in chosen for other in grid(over) or [{}]]
    seed = recipe.run.seed
    curve = [
        {"dataset.sample": {"n": count, "seed": max(seed, 0), "by": "group"}} for count in shares
    ]
    chosen = [{**one, **other} for one in chosen for other in curve or [{}]]
    if chosen == [{}]:
        raise BadSetting(
            f"nothing to sweep: name --preset ({', '.join(PRESETS)}), --over SETTING=[VALUE, …], "
            "or --learning-curve"
        )
    return [Point(one, changed(recipe, one)) for one in chosen]


def changed(recipe: Recipe, settings: Mapping[str, Any]) -> Recipe:
    """The recipe with settings laid over it, checked like any other."""
    tree = recipe.model_dump(mode="json")
    for key, value in settings.items():
        *inside, last = key.split(".")
        at = tree
        for name in inside:
            at = at.get(name) or {}
        if last not in at:
            load(None, [f"{key}={flow(value)}"])  # says which setting is meant
        at[last] = value
    return Recipe.model_validate(tree)


def counts(approved: Approved) -> list[int]:
    """How many training records a learning curve's runs have."""
    whole = len(approved.records("train"))
    return sorted({ceil(share * whole) for share in SHARES})


def sweep(
    recipe: Recipe,
    preset: str | None = None,
    over: Sequence[str] = (),
    learning_curve: bool = False,
    snapshot: str | Path | None = None,
    workspace: Path | None = None,
    tell: Tell = print,
    locale: str = "en",
) -> Path:
    """Run what has not been run yet, and write the table; the sweep's folder."""
    approved = open_approved(snapshot or recipe.dataset.approved, workspace)
    wanted = points(recipe, preset, over, counts(approved) if learning_curve else ())
    kinds = [preset or "", "grid" if over else "", "curve" if learning_curve else ""]
    name = "-".join(["sweep", *(kind for kind in kinds if kind), approved.id[:8]])
    place = Path(recipe.run.output_directory) / name
    place.mkdir(parents=True, exist_ok=True)
    ended: list[Ended] = []
    speak = Telling(tell, translator(locale))
    for number, point in enumerate(wanted, start=1):
        speak("{n} of {points}: {name}", n=number, points=len(wanted), name=point.name)
        ended.append(carried_out(point, approved, place, speak, locale))
        write(place, approved, ended, len(wanted))  # after each, so that a killed sweep tells
    return place


def carried_out(
    point: Point, approved: Approved, place: Path, speak: Telling, locale: str
) -> Ended:
    """Run a point in a process of its own, or find the run that it already is."""
    told = {**point.recipe.model_dump(mode="json"), "run": {"seed": point.recipe.run.seed}}
    told["dataset"]["approved"] = approved.id
    print_of = blake2b(json.dumps(told, sort_keys=True).encode(), digest_size=4).hexdigest()
    name = f"{point.name}-{print_of}"
    for before in sorted(place.glob(f"{name}-*/{folder.STATUS}")):
        if folder.told(before.parent).get("status") == "finished":
            speak("it has ended already: {run}", run=before.parent.name)
            return Ended(point, before.parent, None, again=True)
    run = {"experiment_name": name, "output_directory": str(place), "on_existing": "resume"}
    given = {f"run.{key}": value for key, value in run.items()}
    recipe = changed(point.recipe, {**given, "loop.send_failures": False})  # the chosen run's will
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as alone:
        try:
            made = alone.submit(start, recipe, approved.path, speak.out, locale).result()
        except CurateError as error:
            speak("it could not be run: {why}", why=error)
            return Ended(point, None, str(error))
    return Ended(point, made, None)


def start(recipe: Recipe, snapshot: Path, tell: Tell, locale: str) -> Path:
    """What the process of a point does."""
    from train.run import run

    return run(recipe, snapshot, tell=tell, locale=locale)


def write(place: Path, approved: Approved, ended: Sequence[Ended], wanted: int) -> None:
    """sweep.json and sweep.md."""
    rows = list(told(ended))
    document = {"format": FORMAT, "approved": approved.id, "points": wanted, "runs": rows}
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    write_whole(place / JSON, text.encode())
    write_whole(place / TABLE, sweep_table.markdown(document).encode())


def told(ended: Sequence[Ended]) -> Iterator[dict[str, Any]]:
    """A row for each point."""
    for one in ended:
        row = {"name": one.point.name, "settings": dict(one.point.settings), "why": one.why}
        if one.place is not None:
            row |= {"run": one.place.name, **sweep_table.figures(one.place)}
        yield row


def word(key: str, value: Any) -> str:
    """A setting in a folder's name: a name says itself, a number needs its setting."""
    if key == "dataset.sample":
        return f"records-{value['n']}"
    return value if isinstance(value, str) else f"{key.rpartition('.')[2]}-{flow(value)}"


def flow(value: Any) -> str:
    """A value as `--set` takes it."""
    return value if isinstance(value, str) else json.dumps(value)
