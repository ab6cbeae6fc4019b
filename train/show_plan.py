"""Show a plan in the terminal: sizes, memory, problems, and the tokens of a record in colour."""

from __future__ import annotations

from dataclasses import replace

from rich.console import Console
from rich.table import Table
from rich.text import Text

from curate.locale import Translator
from train.approved import SPLITS, Record
from train.faults.preferences import worse
from train.memory import CARDS, Fit
from train.plan import Plan
from train.problem import Problem
from train.template import Template

SHOWN = 5  # record ids beside a problem
USUAL = (1_000, 50_000)
"""Training records that H2O LLM Studio's documents call usual."""
TRAINED, MASKED, SPECIAL, EDGE = "bold green", "dim", "reverse", "cyan"
OPEN, CLOSE = "⟦", "⟧"  # around what is trained, where there is no colour
METHODS = {
    "full": "full", "lora": "LoRA, 16 bits", "lora8": "LoRA, 8 bits", "qlora": "QLoRA, 4 bits",
    "inference": "answers only, 16 bits",
}  # fmt: skip


def shown(plan: Plan, t: Translator, records: int, named: str) -> None:
    """Print the plan of the recipe of this name in the translator's language."""
    console = Console(highlight=False)
    about = t("recipe {recipe}: {task}, {method}; model {model}").format(
        recipe=named, task=plan.recipe.training.task, method=plan.recipe.way, model=plan.model
    )
    console.print(about, markup=False)
    sizes(plan, t, console)
    sizes_told = {f"{fit.bytes / 1e9:.1f}" for row in plan.memory.values() for fit in row.values()}
    if len(sizes_told) == 1:
        said = t("memory: {size} GB by every method, nearly all of it driver and libraries")
        console.print(said.format(size=sizes_told.pop()))
    elif plan.memory:
        console.print(memory(plan, t))
        for line in changes(plan, t):
            console.print(line, markup=False)
    template = plan.intent.template
    if template and records and not plan.has("template-rewrites"):
        view(plan, template, records, t, console)
    for line in not_looked_at(plan, t):
        console.print(line, style="yellow", markup=False)
    for problem in plan.problems:
        console.print(line_of(problem, t))
    console.print(outcome(plan, t))


def not_looked_at(plan: Plan, t: Translator) -> list[str]:
    """What the plan could not look at, a line for each thing that it lacked."""
    said = t("not looked at: {subject} (it needs {need})")
    lacking: dict[str, list[str]] = {}
    for subject, need in plan.not_looked_at:
        lacking.setdefault(need, []).append(t(subject))
    return [
        said.format(subject=t(", ").join(subjects), need=t(need))
        for need, subjects in lacking.items()
    ]


def sizes(plan: Plan, t: Translator, console: Console) -> None:
    """Records, parameters, steps and time."""
    counts = {split: len(plan.intent.splits.get(split, [])) for split in SPLITS}
    if plan.snapshot:
        said = t("records: {train} train, {dev} dev, {test} test; snapshot {id}")
        console.print(said.format(**counts, id=plan.snapshot), markup=False)
        if not USUAL[0] <= counts["train"] <= USUAL[1]:
            few = t("usual are {least} to {most} training records; fewer do where each is right")
            console.print(few.format(least=f"{USUAL[0]:,}", most=f"{USUAL[1]:,}"))
    if plan.layout and plan.trainable is not None:
        said = t("parameters: {trained} of {total} are trained ({share} %)")
        share = f"{100 * plan.trainable / plan.layout.total:.4g}"
        numbers = {"trained": f"{plan.trainable:,}", "total": f"{plan.layout.total:,}"}
        console.print(said.format(**numbers, share=share))
        kinds = ", ".join(f"{count} {kind}" for kind, count in plan.layout.kinds.items())
        console.print(t("linear layers: {kinds}").format(kinds=kinds), markup=False)
    if plan.schedule:
        said = t("{steps} steps; {tokens} tokens an epoch, {trained} of them trained")
        made = plan.schedule
        console.print(
            said.format(
                steps=made.steps,
                tokens=f"{made.tokens_per_epoch:,}",
                trained=f"{made.trained_per_epoch:,}",
            )
        )
        times = ", ".join(f"{card}: {clock(value)}" for card, value in made.seconds.items())
        console.print(t("time, about, by card in GB: {times}").format(times=times))
    if plan.intent.template:
        stops = " ".join(map(repr, plan.intent.template.stops))
        said = t("template: {kind}, answers end at {stops}, fingerprint {print}")
        mark = plan.intent.template.fingerprint
        kind = plan.intent.template.style.kind
        console.print(said.format(kind=kind, stops=stops, print=mark), markup=False)


def clock(seconds: float) -> str:
    """A time as people say it."""
    if seconds < 1:
        return "< 1 s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def memory(plan: Plan, t: Translator) -> Table:
    """Method by card: what it takes, and whether it fits."""
    table = Table(title=t("memory in GB, by card"), title_justify="left")
    table.add_column(t("method"))
    for card in CARDS:
        table.add_column(f"{card} GB", justify="right")
    for method, row in plan.memory.items():
        chosen = method == plan.recipe.method
        cells = [
            Text(f"{fit.bytes / 1e9:.1f}{'*' if fit.checkpointing else ''} {mark(fit)}",
                 style="green" if fit.fits else "red")
            for fit in row.values()
        ]  # fmt: skip
        table.add_row(Text(t(METHODS[method]), style="bold" if chosen else ""), *cells)
    table.caption = t("✓ fits, ✗ does not; * recomputes activations")
    table.caption_justify = "left"
    return table


def mark(fit: Fit) -> str:
    """Whether it fits, for eyes and terminals without colour."""
    return "✓" if fit.fits else "✗"


def changes(plan: Plan, t: Translator) -> list[str]:
    """What to change for every card that the recipe's own method does not fit."""
    row = plan.memory[plan.recipe.method]
    return [change(card, fit, t) for card, fit in row.items() if not fit.fits]


def change(card: int, fit: Fit, t: Translator) -> str:
    """One change where one is enough, else as many as it takes, else that there are none."""
    enough = [each for each in fit.change if each.alone]
    before = [each for each in fit.change if not each.by_then]
    if enough:
        says, chosen = t("to fit {card} GB, one of these is enough: {steps}"), enough
    elif len(before) < len(fit.change):
        chosen = list(fit.change[: len(before) + 1])
        says = t("to fit {card} GB, all of: {steps}")
    else:
        says, chosen = t("{card} GB are too few, even with: {steps}"), before
    steps = ", ".join(f"{c.setting} (-{c.saves / 1e9:.1f} GB)" for c in chosen)
    return says.format(card=card, steps=steps or "–")


def seen(plan: Plan) -> list[Record]:
    """The records that the view is of; in preference tuning those with two answers."""
    formed = plan.intent.formed
    if plan.recipe.training.task != "dpo":
        return formed
    return [record for record in formed if worse(record) is not None]


def view(plan: Plan, template: Template, records: int, t: Translator, console: Console) -> None:
    """The tokens of records: those that are trained stand out, the others are dim."""
    for record in seen(plan)[:records]:
        said = t("record {id} as tokens; what stands in ⟦ ⟧ is trained")
        console.print(said.format(id=record.record_id), style="underline", markup=False)
        console.print(coloured(template, record))
        rejected = worse(record) if plan.recipe.training.task == "dpo" else None
        if rejected is not None:
            console.print(t("the same with the answer that it learns to reject"), style="underline")
            messages = (*record.messages[:-1], ("assistant", rejected))
            other = replace(record, messages=messages, answer=rejected)
            console.print(coloured(template, other))


def coloured(template: Template, record: Record) -> Text:
    """One record, token by token, line ends made visible, what is trained in brackets."""
    encoded = template.encode(record)
    text = Text()
    pending: list[int] = []
    learning = False
    special = set(template.tokenizer.all_special_ids)
    for token, trained in zip(encoded.ids, encoded.trained, strict=True):
        pending.append(token)
        piece = template.tokenizer.decode(pending, clean_up_tokenization_spaces=False)
        if piece.endswith("\ufffd"):
            continue  # a character of several tokens is shown once it is whole
        if trained is not learning:
            text.append(OPEN if trained else CLOSE, style=EDGE)
            learning = trained
        style = f"{TRAINED if trained else MASKED}{' ' + SPECIAL if token in special else ''}"
        text.append(visible(piece), style=style)
        text.append("·", style=EDGE)
        pending = []
    if learning:
        text.append(CLOSE, style=EDGE)
    if encoded.cut:
        text.append(f" ✂ {encoded.cut}", style="bold red")
    return text


def visible(piece: str) -> str:
    """A token's text with line ends and control characters written out."""
    shown = piece.replace("\n", "⏎\n").replace("\t", "⇥\t")
    return "".join(c if c.isprintable() or c in "\n\t" else f"\\u{ord(c):04x}" for c in shown)


def line_of(problem: Problem, t: Translator) -> Text:
    """One problem with some of its records."""
    style = "bold red" if problem.severity == "error" else "yellow"
    ids = ", ".join(problem.record_ids[:SHOWN])
    more = " …" if len(problem.record_ids) > SHOWN else ""
    said = Text.assemble((f"{t(problem.severity)} ", style), f"{problem.said(t)} [{problem.code}]")
    return said.append(f"\n      {ids}{more}", style="dim") if ids else said


def outcome(plan: Plan, t: Translator) -> str:
    """How many problems there are; nothing is promised of what was not looked at."""
    if not plan.problems:
        unseen = t("nothing found in what was looked at")
        return unseen if plan.not_looked_at else t("nothing would go wrong")
    errors = sum(problem.severity == "error" for problem in plan.problems)
    said = t("{errors} errors, {warnings} warnings")
    return said.format(errors=errors, warnings=len(plan.problems) - errors)
