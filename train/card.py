"""README.md of a run: the model card, with the data card inside, for whoever gets the adapter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from curate.publish import write_whole
from curate.show.numbers import number
from train.locale import translator
from train.report import cost, lost, rows
from train.report_facts import Facts, opened
from train.report_parts import by_slice
from train.report_texts import cell, signed
from train.report_words import outcome_words, reason_words

FILE = "README.md"
FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
HEADING = re.compile(r"^(#{1,4}) ", re.MULTILINE)
HUB = re.compile(r"[\w-][\w.-]*/[\w.-]+")
"""OWNER/NAME."""
RUN = "run.json"
NOT_MEASURED = (
    "Not measured: {energy}bias beyond the parts above, and how the model answers what the dev and "
    "test records do not ask. Look at `report.html` for the answers themselves."
)


def write(run: Path) -> Path:
    """Write the card of a run that has ended; its file."""
    write_whole(run / FILE, render(run).encode())
    return run / FILE


def render(run: Path) -> str:
    """The whole card."""
    facts = opened(run)
    parts = [
        front_matter(facts), about(facts), "\n".join(measured(facts)), "\n".join(by_part(facts)),
        "\n".join(wrong(facts)), "\n".join(forgotten(facts)), use(facts),
        "\n".join(taken(facts)), "\n".join(ledger(facts)), data(facts),
    ]  # fmt: skip
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def front_matter(facts: Facts) -> str:
    """What model hubs read; JSON is YAML."""
    said = {
        "base_model": base_name(facts),
        "library_name": "transformers" if facts.recipe.adapter.type == "none" else "peft",
        "pipeline_tag": "text-generation",
        "language": sorted(facts.manifest.get("languages") or {}),
        "tags": ["curate", facts.told["recipe"]["method"], facts.told["recipe"]["task"]],
    }
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in said.items()]
    return "\n".join(["---", *lines, "---"])


def about(facts: Facts) -> str:
    """What it is, in a paragraph."""
    told, recipe = facts.told, facts.recipe
    trained = f"{facts.outcomes.get('trained', 0):,}"
    adapter = recipe.adapter
    how = (
        "all weights"
        if adapter.type == "none"
        else f"{adapter.type}, r={adapter.lora_r}, {adapter.lora_target_modules}"
    )
    return (
        f"# {cell(facts.ran.name)}\n\n"
        f"{told['recipe']['method']} of `{base_name(facts)}` ({cell(how)}), trained on "
        f"{trained} approved records for {recipe.training.epochs:g} epochs with a learning rate of "
        f"{recipe.training.learning_rate:g}, seed {recipe.run.seed}. The records are those of the "
        f"approved snapshot `{facts.manifest['id']}`, and no others. Every setting is in "
        "`resolved.yaml`."
    )


def measured(facts: Facts) -> Iterator[str]:
    """Each measure before and after."""
    yield "## Before and after training\n"
    if not facts.baseline:
        yield "Nothing was answered before training, so nothing shows that it became better."
        return
    yield "Greedy decoding, same template, same precision. 95% intervals by paired bootstrap.\n"
    yield "| split | measure | records | before | worked examples | after | difference | |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |"
    for split in ("dev", "test"):
        for row in rows(facts, split, translator("en")):
            interval = ""
            if row["low"] is not None:
                interval = f" [{signed(row['low'])}, {signed(row['high'])}]"
            yield (
                f"| {split} | {row['name']} | {row['records']} | {row['before']} | "
                f"{row['few_shot'] or '–'} | {row['after']} | "
                f"{signed(row['difference'])}{interval} | {row['verdict']} |"
            )


def by_part(facts: Facts) -> Iterator[str]:
    """How the parts of dev were answered; nothing where all records are of one kind."""
    parts = list(by_slice(facts, translator("en")))
    if not parts:
        return
    yield "## By part\n"
    yield "| part of dev | | records | wrong | chrF before | chrF after |"
    yield "| --- | --- | ---: | ---: | ---: | ---: |"
    for row in parts:
        before, after = (
            "–" if row[name] is None else number(row[name]) for name in ("before", "after")
        )
        yield (
            f"| {row['kind']} | {cell(row['name'])} | {row['records']} | {row['failures']} | "
            f"{before} | {after} |"
        )


def wrong(facts: Facts) -> Iterator[str]:
    """What the tuned model still gets wrong on dev."""
    reasons = facts.told["failures"]["reasons"]
    names = reason_words(translator("en"))
    yield "## What it gets wrong\n"
    yield f"{facts.told['failures']['records']} dev answers count as wrong.\n"
    for reason, count in sorted(reasons.items(), key=lambda each: (-each[1], each[0])):
        yield f"- {names.get(reason, reason)}: {count}"


def forgotten(facts: Facts) -> Iterator[str]:
    """What it knows worse than before."""
    yield "## Forgetting\n"
    if not facts.told.get("forgetting"):
        yield "It was not measured."
        return
    limit = f"{facts.recipe.gates.forgetting_delta:g}"
    yield f"Loss on texts that nobody trained, in nats a token; it may rise by {limit}.\n"
    yield "| texts | before | after | change |\n| --- | ---: | ---: | ---: |"
    for one in facts.told["forgetting"]:
        yield (
            f"| {cell(one['name'])} | {one['before']:.3f} | {one['after']:.3f} | "
            f"{signed(one['delta'])} |"
        )


def use(facts: Facts) -> str:
    """How to ask it, in the template it was trained in."""
    told = facts.told
    stops = ", ".join(f"`{stop.strip()}`" for stop in told["stops"])
    return (
        "## How to use it\n\n"
        "`train chat` and `train merge` on this folder use the template it was trained in; its "
        f"fingerprint is `{told['template_fingerprint']}`, and an answer ends at {stops}.\n\n"
        f"{loading(facts)}"
    )


def loading(facts: Facts) -> str:
    """The lines that load it elsewhere, its base as it was in the run."""
    chosen = {choice["setting"]: choice["value"] for choice in facts.told["choices"]}
    number = f"dtype=torch.{chosen['dtype']}"
    if facts.recipe.adapter.type == "none":
        imports = ["import torch", "from transformers import AutoModelForCausalLM"]
        lines = [f'model = AutoModelForCausalLM.from_pretrained("adapter", {number})']
        return code(imports, lines)
    bits = storage(facts, chosen)
    named = ", ".join(["AutoModelForCausalLM", *(["BitsAndBytesConfig"] if bits else [])])
    imports = ["import torch", "from peft import PeftModel", f"from transformers import {named}"]
    said = ", ".join([*([f"quantization_config={bits}"] if bits else []), number])
    base = hub_name(facts) or f"path/to/{base_name(facts)}"
    lines = [
        *([] if hub_name(facts) else [f"# its files are those whose digests are in {RUN}"]),
        f"base = {json.dumps(base, ensure_ascii=False)}",
        f"model = AutoModelForCausalLM.from_pretrained(base, {said})",
        'model = PeftModel.from_pretrained(model, "adapter")',
    ]
    return code(imports, lines)


def storage(facts: Facts, chosen: Mapping[str, str]) -> str:
    """How the base was stored, in bitsandbytes' words; nothing where it was as it is."""
    if chosen["quantization"] == "int8":
        return "BitsAndBytesConfig(load_in_8bit=True)"
    if chosen["quantization"] != "nf4":
        return ""
    return (
        'BitsAndBytesConfig(\n    load_in_4bit=True, bnb_4bit_quant_type="nf4", '
        f"bnb_4bit_use_double_quant={facts.recipe.model.quantization.double},\n    "
        f"bnb_4bit_compute_dtype=torch.{chosen['dtype']},\n)"
    )


def code(imports: Sequence[str], lines: Sequence[str]) -> str:
    """A block of Python."""
    return "\n".join(["```python", *imports, "", *lines, "```"])


def hub_name(facts: Facts) -> str | None:
    """The base model's name on a hub, where it has one."""
    name = str(facts.told["model"]["name"])
    return name if HUB.fullmatch(name) and not Path(name).is_dir() else None


def base_name(facts: Facts) -> str:
    """The base model's name; of a folder only the last part, since the rest is private."""
    return hub_name(facts) or Path(str(facts.told["model"]["name"])).name


def taken(facts: Facts) -> Iterator[str]:
    """Time, memory, parameters; and what nobody measured."""
    yield "## What it took\n"
    yield "| | |\n| --- | --- |"
    for name, value in cost(facts, translator("en")):
        yield f"| {name} | {cell(value)} |"
    unknown = "" if facts.joules else "energy (the machine has no meter that a run may read), "
    yield "\n" + NOT_MEASURED.format(energy=unknown)


def ledger(facts: Facts) -> Iterator[str]:
    """Read = trained + the rest, with the places of what was lost."""
    t = translator("en")
    names = outcome_words(t)
    counts = " + ".join(f"{facts.outcomes[name]} {names[name]}" for name in sorted(facts.outcomes))
    yield "## Every record\n"
    yield f"{len(facts.ledger)} read = {counts}\n"
    for place, outcome, reason in lost(facts, t):
        yield f"- `{place}` {outcome}: {reason}"


def data(facts: Facts) -> str:
    """The approved snapshot's own card, its headings two levels down."""
    file = Path(facts.told["approved"]["path"]) / FILE
    if not file.is_file():
        return f"## Data\n\nThe data card lies with the approved snapshot `{facts.manifest['id']}`."
    text = FRONT_MATTER.sub("", file.read_text(encoding="utf-8"))
    return "## Data\n\n" + HEADING.sub(r"##\1 ", text)
