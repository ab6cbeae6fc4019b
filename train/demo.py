"""Demo: the whole loop on a few records about lamps, told step by step.

Every step is a command that a user types, run as one. Only the reviewer is a script.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from curate.errors import BadSetting, CurateError
from curate.locale import Translator
from train.backbones import SMOLLM2, TINY, backbone
from train.errors import BadModel
from train.evaluate import read_records
from train.failures import read_failures
from train.locale import translator
from train.quiet import quiet
from train.telling import Tell, Telling

RECIPES = {
    SMOLLM2: """\
# A real small model learns forty answers on a CPU, in a minute or two.
extends: smoke-cpu
model: {llm_backbone: smollm2-135m-instruct}
training: {epochs: 8, learning_rate: 3.0e-3, batch_size: 8}
evaluate: {evaluation_epochs: 8, generation: {max_new_tokens: 40}}
forgetting: {text_probe: false}
""",
    TINY: """\
# A random model of two layers learns forty answers by heart, and nothing else.
extends: smoke-cpu
adapter: {type: none}
training: {epochs: 60, learning_rate: 3.0e-3, batch_size: 8, loss_function: nll}
evaluate: {evaluation_epochs: 60, generation: {max_new_tokens: 40}}
forgetting: {text_probe: false}
""",
}
RECIPE = "recipe.yaml"
SHOWN = 4  # failures whose answers are shown


class StepFailed(CurateError):
    """A command of the demo did not do what it is there for."""


def demo(folder: Path, model: str = SMOLLM2, tell: Tell = print, locale: str = "en") -> Path:
    """The whole loop in a new folder; the later run. BadSetting where the folder is there."""
    if (folder / ".curate").exists():
        raise BadSetting(f"{folder} holds a demo already; name a new folder")
    speak = Telling(tell, translator(locale))
    model = usable(model, speak)
    from curate.demo import loop

    step = steps(folder, tell, locale)
    terms = ["--split", loop.SPLIT, "--seed", str(loop.SEED)]
    paragraph(
        speak,
        "1  Records about lamps, in English and Japanese. About two lamps training is taught a "
        "wrong\n   number; about a third it is the held-out record that is wrong. No check can "
        "know that.",
    )
    loop.write(folder)
    (folder / ".curate").mkdir(parents=True)
    (folder / RECIPE).write_text(RECIPES[model], encoding="utf-8")
    paragraph(speak, "2  Audit, and let a policy drop what stands there twice.")
    step("curate", "audit", loop.FILES[0], lines=2)
    step("curate", "decide", "--check", "exact-duplicate", "--keep", "survivor")
    paragraph(speak, "3  Export what was approved: train, dev and test, and a hash of every file.")
    step("curate", "export", *terms)
    paragraph(
        speak, "4  Train on exactly that. What the model gets wrong goes into the review queue."
    )
    first = trained(step, folder, "first")
    paragraph(speak, "   What it says now, where it is wrong:")
    for line in failed(first, speak.t):
        tell(line)
    paragraph(
        speak,
        "5  Review. Usually a person does this in `curate review`, with the nearest training "
        "records\n   beside each failure; here a script stands in, and says what it decides.",
    )
    for line in reviewed(folder):
        tell(line)
    paragraph(speak, "6  Export again: the edits apply, the splits stay. Then train again.")
    step("curate", "export", *terms)
    later = trained(step, folder, "second")
    paragraph(speak, "7  Compare: what is fixed, and whose decision meant it.")
    step("train", "compare", relative(first, folder), relative(later, folder), passing=(0, 1))
    paragraph(
        speak, "Look at: {page}\n         {command}",
        page=later / "report.html", command=f"cd {folder} && curate review",
    )  # fmt: skip
    return later


def usable(model: str, speak: Telling) -> str:
    """The model, or the tiny one where its weights are not here."""
    if model not in RECIPES:
        raise BadSetting(f"--model {model!r}: the demo knows {', '.join(RECIPES)}")
    try:
        with quiet():
            backbone(model)
    except BadModel as error:
        paragraph(
            speak,
            "{why}\nThe demo goes on with the model `{model}`, which is random: it shows the "
            "steps.",
            why=error,
            model=TINY,
        )
        return TINY
    return model


def steps(folder: Path, tell: Tell, locale: str) -> Callable[..., str]:
    """A function that runs one command in the folder, shows it and what it says."""
    root = str(Path(__file__).parents[1])
    path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH")) if part)

    def step(*words: str, lines: int | None = None, passing: Sequence[int] = (0,)) -> str:
        words = (*words, *(["--locale", locale] if locale != "en" else []))
        tell(f"   $ {' '.join(words)}")
        start = f"import sys; sys.argv[0] = {words[0]!r}; from {words[0]}.cli import main; main()"
        said = []
        with subprocess.Popen(
            [sys.executable, "-c", start, *words[1:]], cwd=folder,
            env=os.environ | {"PYTHONPATH": path}, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True,
        ) as done:  # fmt: skip
            assert done.stdout is not None
            for line in done.stdout:
                said.append(line)
                if lines is None or len(said) <= lines:
                    tell(f"     {line.rstrip()}")
        if done.returncode not in passing:
            raise StepFailed(f"{' '.join(words)} ended with {done.returncode}:\n{''.join(said)}")
        return "".join(said)

    return step


def trained(step: Callable[..., str], folder: Path, name: str) -> Path:
    """One run; its folder."""
    step("train", "run", "--recipe", RECIPE, "--set", f"run.experiment_name={name}")
    return next((folder / "runs").glob(f"{name}-*"))


def failed(run: Path, t: Translator) -> Iterator[str]:
    """The worst failures, each as question, answers before and after, and reference."""
    before = {
        one.record_id: one.answer for one in read_records(run / "records.parquet", "baseline")
    }
    for one in read_failures(run / "failures.parquet")[:SHOWN]:
        yield f"   {one.prompt}"
        for named, text in (
            (t("Before training"), before[one.record_id]),
            (t("After training"), one.answer),
            (t("Reference"), one.reference),
        ):
            yield f"     {named:15} {' '.join(text.split())[:80]}"


def reviewed(folder: Path) -> Iterator[str]:
    """What the script decides, failure by failure."""
    from curate.demo.reviewer import review_failures
    from curate.review import open_review
    from curate.workspace import Workspace

    review = open_review(Workspace(folder / ".curate"))
    for one in review_failures(review):
        yield f"   {one.question}"
        yield f"     {one.verdict}: {one.about}"


def relative(run: Path, folder: Path) -> str:
    """The run as it is named from inside the folder."""
    return str(run.relative_to(folder))


def paragraph(speak: Telling, says: str, **args: object) -> None:
    """A few lines behind an empty one."""
    for line in ("", *speak.t(says).format(**args).split("\n")):
        speak.out(line)
