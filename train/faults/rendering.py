"""Rendering: what the template makes of the records, and whether the model can learn to stop."""

from __future__ import annotations

from collections.abc import Iterator

from train.errors import BadRecipe
from train.intent import Intent
from train.problem import Problem, error, warn
from train.template import Template

SUBJECT = "template"
NEEDS = ("template", "manifest")

ODD = 1.5
"""Tokens a character from which a tokenizer spells more than it reads."""
HEADINGS = ("### Instruction:", "### Response:", "### Input:")
SAMPLE = 200
"""Records that are taken apart and put together again."""


def find(intent: Intent) -> Iterator[Problem]:
    """Ends first, then texts that the template or the tokenizer changes."""
    template = intent.template
    assert template is not None
    try:
        intent.encoded  # noqa: B018
    except BadRecipe as failed:
        yield error("template-rewrites", "{why}", why=str(failed))
        return
    yield from base_model(template)
    yield from ends(template)
    for record in intent.formed[:1]:
        yield from starts(template, template.pieces(record))
    yield from marks(intent, template)
    yield from spelling(intent, template)


def base_model(template: Template) -> Iterator[Problem]:
    """Whether the model has learnt to answer at all, as far as its tokenizer tells."""
    if template.settings.name == "auto" and not getattr(template.tokenizer, "chat_template", None):
        yield warn(
            "no-chat-template",
            "this model has no chat template, so it is a base model that has not learnt to answer, "
            "and few records change little of that; begin with an instruction-tuned model, or say "
            "template.name=alpaca where this is meant",
        )


def ends(template: Template) -> Iterator[Problem]:
    """Whether an answer's end is trained, and is what inference stops at."""
    settings, end = template.settings, template.style.end
    if not end.strip() and not settings.add_eos_token_to_answer:
        yield error(
            "never-stops",
            "nothing behind an answer is trained, so the model never learns to stop; set "
            "template.end_marker or template.add_eos_token_to_answer",
        )
    if end and not end.strip():
        yield error(
            "blank-end", "template.end_marker holds spaces only, which cannot end an answer"
        )
    if template.tokenizer.eos_token is None:
        yield error("no-eos", "this tokenizer has no end-of-text token")
    if not settings.mask_prompt_labels:
        yield warn(
            "prompt-trained",
            "template.mask_prompt_labels is false: the model learns to write questions too, and "
            "the loss says less about answers",
        )
    if template.style.kind == "plain" and not (
        settings.text_answer_separator or settings.add_eos_token_to_prompt
    ):
        yield warn(
            "no-separator",
            "template.text_answer_separator is empty: nothing tells the model where a question "
            "ends",
        )


def starts(template: Template, pieces: list[tuple[str, bool]]) -> Iterator[Problem]:
    """Whether the prompt leads up to the answer."""
    answer = next((text for text, trained in pieces if trained), "")
    if template.style.kind == "chat" and "assistant" in answer.split("\n")[0].lower():
        yield warn(
            "no-generation-prompt",
            "this chat template does not open the assistant's turn, so the model must write its "
            "heading itself",
        )


def marks(intent: Intent, template: Template) -> Iterator[Problem]:
    """Control tokens and the template's own words inside the records."""
    stops = template.stops
    if ids := [r.record_id for r in intent.train if any(stop in r.answer for stop in stops)]:
        yield error(
            "stop-in-answer",
            "{n} answers hold {stops}, where inference would cut them off",
            ids,
            stops=" or ".join(map(repr, stops)),
        )
    told = set(ids)
    special = [token for token in template.tokenizer.all_special_tokens if token not in stops]
    inside = [
        record.record_id
        for record in intent.train
        if record.record_id not in told
        and any(token in text for token in (*special, *stops) for _, text in record.messages)
    ]
    if inside:
        yield error(
            "control-token",
            "{n} records hold a control token as text, which the tokenizer takes for a real one",
            inside,
        )
    heads = HEADINGS if template.style.kind == "alpaca" else ()
    if ids := [r.record_id for r in intent.train if any(h in r.answer for h in heads)]:
        yield warn(
            "template-in-answer",
            "{n} answers hold headings of the template, as if a turn began",
            ids,
        )


def spelling(intent: Intent, template: Template) -> Iterator[Problem]:
    """Texts that the tokenizer cannot write, or writes letter by letter."""
    tokenizer = template.tokenizer
    altered, unwritten = [], []
    characters = tokens = 0
    for record in intent.formed[:SAMPLE]:
        ids = template.tokens(record.answer)
        back = tokenizer.decode(ids, skip_special_tokens=False, clean_up_tokenization_spaces=False)
        characters, tokens = characters + len(record.answer), tokens + len(ids)
        if tokenizer.unk_token_id in ids:
            unwritten.append(record.record_id)
        elif back.strip() != record.answer.strip():
            altered.append(record.record_id)
    if unwritten:
        yield error(
            "unknown-token", "{n} answers hold characters that this tokenizer has no token for",
            unwritten,
        )  # fmt: skip
    if altered:
        yield error(
            "text-altered",
            "{n} answers are not the same after the tokenizer: what is learnt is not what was "
            "approved",
            altered,
        )
    if characters and tokens / characters > ODD:
        yield warn(
            "poor-tokenizer",
            "this tokenizer needs {share} tokens a character here; it was not made for the "
            "language of these records",
            share=f"{tokens / characters:.2f}",
        )
