"""The table of a sweep: what each run updated, what it gave, what it took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from curate.locale import Translator
from train.locale import translator
from train.report_facts import opened
from train.report_texts import cell, duration, signed, size
from train.report_words import slice_words
from train.slices import slices

BITS = {"nf4": 4, "int8": 8}
OF_NUMBER = {"float32": 32, "bfloat16": 16, "float16": 16}
QUALITY = "chrf"


def figures(run: Path) -> dict[str, Any]:
    """One run's row, in plain units: seconds, bytes, nats a token."""
    facts = opened(run)
    told, adapter = facts.told, facts.recipe.adapter
    choices = {choice["setting"]: choice["value"] for choice in told["choices"]}
    rises = [one["delta"] for one in told.get("forgetting", ())]
    targets = adapter.lora_target_modules
    return {
        "r": adapter.lora_r if adapter.type in ("lora", "dora") else None,
        "target_modules": targets if isinstance(targets, str) else ", ".join(targets),
        "base_bits": BITS.get(choices["quantization"], OF_NUMBER.get(choices["dtype"])),
        "quality": facts.mean("tuned", QUALITY),
        "quality_before": facts.mean("baseline", QUALITY),
        "parameters_updated": told["parameters"]["trainable"],
        "records": facts.outcomes.get("trained", 0),
        "loss": facts.mean("tuned", "loss"),
        "failures": told["failures"]["records"],
        "seconds": facts.total("training_seconds"),
        "peak_memory_bytes": facts.peak_bytes,
        "forgetting": max(rises, default=None),
        "seed": facts.recipe.run.seed,
        "slices": [
            {"kind": one.kind, "name": one.name, "records": one.records, "quality": one.score}
            for one in slices(facts)
        ],
    }


def columns(t: Translator) -> dict[str, str]:
    """Headings by figure, in the order of the table."""
    return {
        "r": "r",
        "target_modules": t("target modules"),
        "base_bits": t("base model weights, bits"),
        "quality": t("quality (chrF on dev)"),
        "parameters_updated": t("parameters updated (M)"),
        "records": t("records"),
        "loss": t("loss on dev"),
        "failures": t("failures on dev"),
        "seconds": t("training time"),
        "peak_memory_bytes": t("peak memory"),
        "forgetting": t("forgetting (nats a token)"),
    }


def shown(name: str, value: Any) -> str:
    """A figure as it is written."""
    if value is None:
        return "–"
    written = {
        "quality": lambda: f"{value:.1f}",
        "parameters_updated": lambda: f"{value / 1e6:.3f}",
        "loss": lambda: f"{value:.3f}",
        "seconds": lambda: duration(value),
        "peak_memory_bytes": lambda: size(value),
        "forgetting": lambda: signed(value),
    }
    return written[name]() if name in written else str(value)


def markdown(document: Mapping[str, Any], locale: str = "en") -> str:
    """The table, the best quality in bold, and what could not be run."""
    t = translator(locale)
    names = columns(t)
    ran = [row for row in document["runs"] if row["why"] is None]
    best = max((row["quality"] for row in ran if row["quality"] is not None), default=None)
    lines = [
        "# " + t("{n} of {points} runs on the approved snapshot {id}").format(
            n=len(ran), points=document["points"], id=document["approved"][:12]
        ),
        "",
        "| " + " | ".join([*names.values(), t("run")]) + " |",
        "|" + " ---: |" * len(names) + " --- |",
    ]  # fmt: skip
    for row in ran:
        cells = [shown(name, row[name]) for name in names]
        if row["quality"] == best and best is not None:
            cells[3] = f"**{cells[3]}**"
        lines.append("| " + " | ".join([*cells, f"`{row['run']}`"]) + " |")
    before = next((row["quality_before"] for row in ran if row["quality_before"] is not None), None)
    if before is not None:
        said = t("Before training the quality is {quality}.")
        lines += ["", said.format(quality=shown("quality", before))]
    lines += by_slice(ran, t)
    failed = [row for row in document["runs"] if row["why"] is not None]
    lines += [""] * bool(failed) + [f"- {row['name']}: {row['why']}" for row in failed]
    return "\n".join(lines) + "\n"


def by_slice(ran: Sequence[Mapping[str, Any]], t: Translator) -> list[str]:
    """The quality of each slice, run by run: where more records would help, and where they do."""
    scores: dict[tuple[str, str | None], dict[str, Any]] = {
        (one["kind"], one["name"]): {} for row in ran for one in row["slices"]
    }  # in the order of the first run that has them
    for row in ran:
        for one in row["slices"]:
            scores[one["kind"], one["name"]][row["name"]] = one
    if not scores:
        return []
    names, kinds = [row["name"] for row in ran], slice_words(t)
    lines = [
        "", "## " + t("Quality by part (chrF on dev)"), "",
        "| " + " | ".join([t("Part"), t("records"), *(f"`{name}`" for name in names)]) + " |",
        "| --- |" + " ---: |" * (1 + len(names)),
    ]  # fmt: skip
    for (kind, name), told in scores.items():
        records = max(one["records"] for one in told.values())
        cells = [shown("quality", told.get(run, {}).get("quality")) for run in names]
        part = f"{kinds[kind]}: {cell(name or t('not known'))}"
        lines.append("| " + " | ".join([part, str(records), *cells]) + " |")
    return lines
