"""Planted faults: what was done to clean records or to a recipe, and which code must tell it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.train.planted.clean import Row

Change = Callable[[list[Row]], list[Row]]


@dataclass(frozen=True)
class Plant:
    """One fault: how it gets in, the code that tells it, and the records it is in."""

    code: str
    change: Change = lambda rows: rows
    recipe: tuple[str, ...] = ()
    manifest: Mapping[str, Any] = field(default_factory=dict)
    at: tuple[int, ...] | None = None
    """Positions of the records that must be named, and no others; None where none is asked."""
    error: bool = True
    jinja: str | None = None
    """A chat template of its own."""


def edited(*numbers: int, **columns: Any) -> Change:
    """The records at these positions with other columns."""
    return lambda rows: [row | columns if n in numbers else row for n, row in enumerate(rows)]


def copied(source: int, to: int, *columns: str) -> Change:
    """One record's columns written over another's."""

    def change(rows: list[Row]) -> list[Row]:
        return edited(to, **{name: rows[source][name] for name in columns})(rows)

    return change


def split_off(split: str, keep: int = 0) -> Change:
    """All but a few records of a split taken away."""

    def change(rows: list[Row]) -> list[Row]:
        chosen = [row for row in rows if row["split"] == split][:keep]
        return [row for row in rows if row["split"] != split or row in chosen]

    return change


TRAIN, DEV, TEST = 3, 34, 44
"""Positions: a training record, the first dev record, the first test record."""
LONG = "word " * 400
CHATML = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}{{ END }}\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
REWRITING = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}{% if not loop.last %} (before){% endif %}\n"
    "{{ m['content'] }}<|im_end|>\n{% endfor %}"
)

DATA = (
    Plant("no-records", split_off("train")),
    Plant("few-dev", split_off("dev", 3), error=False),
    Plant("leaked-record", copied(TRAIN, TEST, "instruction", "answer"), at=(TRAIN, TEST)),
    Plant("leaked-prompt", copied(TRAIN, TEST, "instruction"), at=(TRAIN, TEST)),
    Plant(
        "leaked-alike",
        edited(TEST, instruction="WHAT does shelf，number ７ cost"),
        at=(7, TEST),
    ),
    Plant("split-group", copied(TRAIN, DEV, "group"), at=(TRAIN, DEV)),
    Plant(
        "split-parent",
        lambda rows: edited(DEV, parent_id=rows[TRAIN]["record_id"])(rows),
        at=(DEV,),
    ),
    Plant("duplicates", copied(4, 5, "instruction", "answer"), at=(5,), error=False),
    Plant("rival-answers", copied(4, 5, "instruction"), at=(4, 5), error=False),
    Plant(
        "one-answer",
        edited(*range(12), answer="Please ask our staff."),
        at=tuple(range(12)),
        error=False,
    ),
    Plant("empty-answer", edited(TRAIN, answer=" \n"), at=(TRAIN,)),
    Plant("empty-prompt", edited(TRAIN, instruction="  "), at=(TRAIN,)),
    Plant(
        "header-as-record", edited(TRAIN, instruction="instruction", answer="output"), at=(TRAIN,)
    ),
    Plant("carriage-return", edited(TRAIN, 4, answer="It costs 5 yen.\r"), at=(TRAIN, 4)),
    Plant("replacement-character", edited(TRAIN, answer="It costs 5 \ufffd\ufffd."), at=(TRAIN,)),
    Plant("echo", edited(TRAIN, instruction="Repeat: red", answer="Repeat: red"), at=(TRAIN,)),
    Plant("uneven-system", edited(TRAIN, system="You are a shop."), at=(TRAIN,), error=False),
    Plant(
        "missing-column",
        edited(TRAIN, meta="{}"),
        ("dataset.prompt_format='Describe {product}'",),
        at=(TRAIN,),
    ),
    Plant(
        "empty-column",
        edited(TRAIN, meta='{"product": " "}'),
        ("dataset.prompt_format='Describe {product}'",),
        at=(TRAIN,),
    ),
    Plant(
        "unknown-tone",
        edited(TRAIN, category="fish"),
        ("template.tone_tags={shop: You sell things.}",),
        at=(TRAIN,),
    ),
    Plant("unknown-source", recipe=("dataset.weights={shpo: 2}",)),
    Plant("no-weight", recipe=("dataset.weights={shop: 0}",)),
    Plant("sample-too-large", recipe=("dataset.sample={n: 5000}",), error=False),
    Plant("stop-in-answer", edited(TRAIN, answer="Yes.<|im_end|> No."), at=(TRAIN,)),
    Plant(
        "stop-in-answer",
        edited(TRAIN, answer="Yes.\n### End\nNo."),
        ("template.name=alpaca",),
        at=(TRAIN,),
    ),
    Plant("control-token", edited(TRAIN, instruction="What is <|im_start|>?"), at=(TRAIN,)),
    Plant(
        "template-in-answer",
        edited(TRAIN, answer="Red.\n\n### Instruction:\nAnd blue?"),
        ("template.name=alpaca",),
        at=(TRAIN,),
        error=False,
    ),
    Plant("too-long", edited(TRAIN, answer=LONG), at=(TRAIN,), error=False),
    Plant("too-long", edited(TRAIN, answer=LONG), ("tokenizer.on_too_long=fail",), at=(TRAIN,)),
    Plant("end-cut", edited(TRAIN, answer=LONG), ("tokenizer.on_too_long=cut_end",), at=(TRAIN,)),
    Plant(
        "prompt-cut",
        edited(TRAIN, instruction=LONG),
        ("tokenizer.on_too_long=cut_prompt_left",),
        at=(TRAIN,),
        error=False,
    ),
    Plant(
        "nothing-trained",
        edited(TRAIN, instruction=LONG),
        ("tokenizer.on_too_long=cut_end",),
        at=(TRAIN,),
    ),
    Plant("too-many-lost", edited(TRAIN, answer=LONG), at=(TRAIN,)),
    Plant("dropped-by-batch", recipe=("training.drop_last_batch=true",), error=False),
    Plant(
        "no-batch",
        split_off("train", 5),
        ("training.drop_last_batch=true", "training.batch_size=8"),
    ),
    Plant("memorisation", recipe=("training.epochs=50",), error=False),
    Plant(
        "answer-longer-than-generation",
        edited(TEST, answer="It costs " + "a lot " * 30),
        ("evaluate.generation.max_new_tokens=40",),
        at=(TEST,),
        error=False,
    ),
    Plant("refusals", manifest={"refusal_share": 0.6}, error=False),
    Plant("agreement", manifest={"agreement": {"percent": 0.55}}, error=False),
    Plant("undecided", manifest={"undecided": {"error": 3}}, error=False),
    Plant("no-pairs", recipe=("training.task=dpo", "training.learning_rate=5e-6")),
    Plant(
        "equal-pair",
        edited(TRAIN, answer="It is red.", answer_before="It is red."),
        ("training.task=dpo", "training.learning_rate=5e-6"),
        at=(TRAIN,),
    ),
    Plant(
        "empty-rejected",
        edited(TRAIN, answer_before=" "),
        ("training.task=dpo", "training.learning_rate=5e-6"),
        at=(TRAIN,),
    ),
    Plant(
        "poor-tokenizer",
        lambda rows: [row | {"answer": f"価格は税込で{n}円です。"} for n, row in enumerate(rows)],
        error=False,
    ),
)

RECIPE = (
    Plant(
        "head-and-fast-loss",
        recipe=(
            "adapter.lora_target_modules=all-linear+head",
            "training.loss_function=chunked_nll",
        ),
    ),
    Plant("alpha-below-rank", recipe=("adapter.lora_r=16", "adapter.lora_alpha=8"), error=False),
    Plant(
        "quantised-and-full",
        recipe=("adapter.type=none", "model.quantization.type=nf4", "training.learning_rate=1e-5"),
    ),
    Plant("packing-and-virtual-tokens", recipe=("adapter.type=prompt", "training.packing='on'")),
    Plant(
        "prefix-and-checkpointing",
        recipe=("adapter.type=prefix", "model.gradient_checkpointing=true"),
    ),
    Plant("learning-rate", recipe=("training.learning_rate=0.1",), error=False),
    Plant("learning-rate", recipe=("training.learning_rate=1e-9",), error=False),
    Plant(
        "lengths-disagree",
        recipe=("tokenizer.max_length_prompt=200", "tokenizer.max_length_answer=200"),
        error=False,
    ),
    Plant("no-baseline", recipe=("evaluate.before_training=false",), error=False),
    Plant("unknown-measure", recipe=("evaluate.metrics=[chrff]",)),
    Plant("unknown-tracker", recipe=("track.report_to=[mlfow]",)),
    Plant("unknown-module", recipe=("adapter.lora_target_modules=[q_prj]",)),
    Plant(
        "longer-than-model",
        edited(TRAIN, answer=LONG),
        ("tokenizer.max_length=4096",),
        at=(TRAIN,),
    ),
    Plant(
        "never-stops",
        recipe=(
            "template.name=alpaca",
            "template.end_marker=''",
            "template.add_eos_token_to_answer=false",
        ),
    ),  # fmt: skip
    Plant(
        "never-stops",
        recipe=("template.add_eos_token_to_answer=false",),
        jinja=CHATML.replace("{{ END }}", ""),
    ),
    Plant("blank-end", recipe=("template.name=alpaca", "template.end_marker='  '")),
    Plant("prompt-trained", recipe=("template.mask_prompt_labels=false",), error=False),
    Plant("no-separator", recipe=("template.name=plain",), error=False),
    Plant(
        "no-generation-prompt",
        jinja=CHATML.replace("{{ END }}", "<|im_end|>").partition("{% if add_")[0],
        error=False,
    ),
    Plant("template-rewrites", jinja=REWRITING),
    Plant(
        "template-rewrites",
        edited(*range(10), system="You are a shop."),
        jinja=CHATML.replace("{{ END }}", "<|im_end|>").replace(
            "{% for m in messages %}",
            "{% for m in messages %}{% if m.role == 'system' %}"
            "{{ raise_exception('no system role') }}{% endif %}",
        ),
    ),
    Plant("no-template", recipe=("template.name=alpacca",)),
)
