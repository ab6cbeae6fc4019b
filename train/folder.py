"""The run's folder: where everything that a run did and found lies, readable without this program.

`run.json` says what was trained on what, with which versions, and how it went; it is rewritten
whole at every stage, so that a killed run says how far it came.
"""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from curate.errors import BadSetting
from curate.publish import write_whole
from train.checkpoints import Changed, must_agree
from train.recipe import Recipe

FORMAT = "curate-run/1"
STATUS = "run.json"
RUNNING, INTERRUPTED = GOING_ON = ("running", "interrupted")
"""What run.json says of a run that has not come to its end."""
FINISHED = "finished"
ENDED = "{run} is finished; more epochs would go on: --set training.epochs=N"


def begin(recipe: Recipe, resume: Path | None = None) -> Path:
    """The folder of this run, new or to go on in; BadSetting where neither may be."""
    if resume is not None:
        if not (resume / STATUS).is_file():
            raise BadSetting(f"--resume {resume}: no {STATUS} there, so it is no run")
        return resume
    parent, name = Path(recipe.run.output_directory), recipe.run.experiment_name
    there = sorted(parent.glob(f"{name}-*/{STATUS}"), key=lambda file: file.stat().st_mtime)
    if there and recipe.run.on_existing == "fail":
        raise BadSetting(
            f"{there[-1].parent} is there already; name another run.experiment_name, or set "
            "run.on_existing to new or resume"
        )
    unfinished = [file.parent for file in there if told(file.parent)["status"] != FINISHED]
    if unfinished and recipe.run.on_existing == "resume":
        return unfinished[-1]
    return fresh(parent, f"{name}-{datetime.now(UTC):%Y%m%d-%H%M%S}")


def refuse_finished(recipe: Recipe, resume: Path | None) -> None:
    """Changed where a run has come to its end by this very recipe, before anything else is said."""
    said = told(resume) if resume is not None else {}
    done = said.get("status") == FINISHED
    if resume is not None and done and said["recipe"]["digest"] == recipe.digest():
        raise Changed(ENDED.format(run=resume))


def fresh(parent: Path, name: str) -> Path:
    """A new folder of this name, numbered where two begin in one second."""
    for number in range(1000):
        folder = parent / (f"{name}-{number}" if number else name)
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        return folder
    raise BadSetting(f"{parent} holds a thousand runs named {name}")


def told(run: Path) -> dict[str, Any]:
    """What run.json says; an empty mapping where there is none yet."""
    file = run / STATUS
    said: dict[str, Any] = json.loads(file.read_bytes()) if file.is_file() else {}
    return said


def lacking(run: Path, name: str) -> str:
    """What is wrong with a folder that lacks a file of a finished run, and what to do."""
    if told(run).get("status") in GOING_ON:
        return f"{run} is not finished: it has no {name} yet; go on with: {to_go_on(run)}"
    return f"{run} is no finished run: it has no {name}; train run makes one"


def to_go_on(run: Path) -> str:
    """The command that goes on with a run."""
    return f"train run --resume {shlex.quote(str(run))}"


def tell(run: Path, **news: Any) -> None:
    """Add to run.json, or replace what it said."""
    said = {"format": FORMAT, **told(run), **news}
    write_whole(run / STATUS, json.dumps(said, indent=1, ensure_ascii=False).encode() + b"\n")


def agree(run: Path, agreement: Mapping[str, Any]) -> dict[str, Any]:
    """Begin or continue; Changed, with the differences, where it would not be the same run."""
    before = told(run)
    if before:
        must_agree(before["agreement"], json.loads(json.dumps(agreement)))
    finished = before.get("status") == FINISHED
    if finished and before["agreement"] == json.loads(json.dumps(agreement)):
        raise Changed(ENDED.format(run=run))
    sittings = [*before.get("sittings", []), {"started": now()}]
    identity = {"id": before.get("id", uuid4().hex), "name": run.name}
    tell(run, **identity, status=RUNNING, agreement=agreement, sittings=sittings)
    return before


def write_resolved(run: Path, recipe: Recipe, notes: Mapping[str, Any]) -> None:
    """resolved.yaml: every setting, loadable again, under versions and hashes as comments."""
    lines = [f"# {key}: {value}" for key, value in flatly(notes)]
    text = "\n".join(["# The recipe as it was carried out, every default included.", *lines, ""])
    write_whole(run / "resolved.yaml", (text + recipe.yaml()).encode())


def flatly(notes: Mapping[str, Any], inside: str = "") -> list[tuple[str, str]]:
    """Dotted keys and one-line values."""
    made: list[tuple[str, str]] = []
    for key, value in notes.items():
        dotted = f"{inside}{key}"
        if isinstance(value, Mapping):
            made += flatly(value, f"{dotted}.")
        else:
            made.append((dotted, " ".join(str(value).split())))
    return made


def write_model(run: Path, model: Any, tokenizer: Any, notes: Mapping[str, Any]) -> int:
    """The adapter, or the whole model, with its tokenizer and template.json; its bytes."""
    place = run / "adapter"
    made = run / ".adapter"
    shutil.rmtree(made, ignore_errors=True)
    adapter = hasattr(model, "peft_config")
    model.save_pretrained(made, **({"save_embedding_layers": False} if adapter else {}))
    tokenizer.save_pretrained(made)
    write_whole(made / "template.json", json.dumps(notes, indent=1, ensure_ascii=False).encode())
    weights = sum(file.stat().st_size for file in made.glob("*.safetensors"))
    shutil.rmtree(place, ignore_errors=True)
    made.rename(place)
    return weights


def now() -> str:
    """The time, in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
