"""Template: the tokens that are trained are those that inference sees, and their end is learnt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.train import tiny
from train import recipe
from train.approved import Record
from train.errors import BadRecipe
from train.styles import END, PREAMBLE
from train.template import Template, template_of

TOKENIZER = tiny.tokenizer()
STYLES = ["chat", "alpaca", "plain"]


def template(*changes: str, tokenizer: Any = TOKENIZER) -> Template:
    return template_of(recipe.load("lora", changes), tokenizer)


def record(*turns: str, **known: Any) -> Record:
    """A conversation of user and assistant in turn."""
    roles = ["user", "assistant"] * len(turns)
    messages = tuple(zip(roles, turns, strict=False))
    made = Record("r", "train", "g", None, "f", 1, known.get("system"), messages, turns[-1])
    return replace(made, **known)


def trained_text(made: Template, one: Record) -> str:
    encoded = made.encode(one)
    ids = [token for token, learn in zip(encoded.ids, encoded.trained, strict=True) if learn]
    return str(TOKENIZER.decode(ids))


def test_alpaca_is_written_byte_for_byte() -> None:
    made = template("template.name=alpaca")
    assert made.prompt(record("Say hi.", "Hi.")) == (
        "Below is an instruction that describes a task. Write a response that appropriately "
        "completes the request.\n\n### Instruction:\nSay hi.\n\n### Response:\n"
    )
    assert trained_text(made, record("Say hi.", "Hi.")) == "Hi.\n### End<|im_end|>"
    assert made.stops == ("<|im_end|>", "### End")


def test_alpaca_with_an_input_has_its_own_preamble_and_heading() -> None:
    asked = template("template.name=alpaca").prompt(
        record("Translate.\n\n東京", "Tokyo", input="東京")
    )
    assert "paired with an input that provides further context" in asked
    assert asked.endswith("### Instruction:\nTranslate.\n\n### Input:\n東京\n\n### Response:\n")


def test_chat_is_the_tokenizers_own_and_its_end_is_trained_and_a_stop() -> None:
    made = template()
    assert made.prompt(record("Q", "A")) == (
        "<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\n"
    )
    assert trained_text(made, record("Q", "A")) == "A<|im_end|>"
    assert made.stops == ("<|im_end|>",)


def test_plain_uses_the_recipes_own_strings() -> None:
    made = template(
        "template.name=plain", "template.text_prompt_start='Q: '",
        "template.text_answer_separator=' A: '", "template.add_eos_token_to_prompt=true",
    )  # fmt: skip
    assert made.prompt(record("one", "two")) == "Q: one<|im_end|> A: "


@pytest.mark.parametrize("style", STYLES)
@given(
    turns=st.lists(st.text(max_size=30), min_size=1, max_size=3),
    system=st.none() | st.text(min_size=1, max_size=10),
)
def test_the_prompts_tokens_are_the_beginning_of_what_is_trained(
    style: str, turns: list[str], system: str | None
) -> None:
    """Law: training sees exactly the prompt that inference sees, and nothing of it is learnt."""
    made = template(f"template.name={style}", "template.train_on_last_turn_only=true")
    one = record(*[text for turn in turns for text in (turn, turn[::-1])], system=system)
    asked, encoded = made.prompt_ids(one), made.encode(one)
    assert encoded.ids[: len(asked)] == asked
    assert not any(encoded.trained[: len(asked)])
    assert all(encoded.trained[len(asked) :])
    assert TOKENIZER.decode(encoded.ids) == "".join(text for text, _ in made.pieces(one))


def test_all_turns_of_the_assistant_are_learnt_unless_only_the_last_is_wanted() -> None:
    one = record("1", "a", "2", "b")
    assert trained_text(template(), one) == "a<|im_end|>b<|im_end|>"
    assert trained_text(template("template.train_on_last_turn_only=true"), one) == "b<|im_end|>"
    assert all(template("template.mask_prompt_labels=false").encode(one).trained)


def test_a_tone_tag_is_system_text_where_there_is_none() -> None:
    made = template("template.tone_tags={help: You are a help desk.}")
    assert "system\nYou are a help desk.<|im_end|>" in made.prompt(
        record("Q", "A", category="help")
    )
    own = made.prompt(record("Q", "A", category="help", system="Be brief."))
    assert "Be brief." in own
    assert "help desk" not in own


def test_examples_come_before_the_question_as_earlier_turns() -> None:
    asked = template().prompt(record("Q", "A"), [record("one", "1"), record("two", "2")])
    assert asked.index("one") < asked.index("two") < asked.index("Q")
    assert asked.endswith("2<|im_end|>\n<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\n")


def test_a_prompt_format_replaces_the_question() -> None:
    made = template("dataset.prompt_format='About {product}?'")
    one = record("ignored", "A", columns={"product": "mugs"})
    assert "About mugs?" in made.prompt(one)
    assert "ignored" not in made.prompt(one)


LONG = record("q " * 30, "a " * 30)


@pytest.mark.parametrize(
    ("change", "cut"),
    [
        ("tokenizer.max_length=90", "end"),
        ("tokenizer.max_length=20", "all"),
        ("tokenizer.max_length_answer=5", "end"),
        ("tokenizer.max_length=1000", None),
    ],
)
def test_a_cut_says_what_it_takes(change: str, cut: str | None) -> None:
    made = template(change)
    whole = len(template().encode(LONG).ids)
    encoded = made.encode(LONG)
    assert encoded.cut == cut
    assert (len(encoded.ids) == whole) is (cut is None)
    assert len(encoded.ids) <= made.lengths.max_length


def test_cutting_the_prompt_keeps_the_answer_and_its_end() -> None:
    encoded = template("tokenizer.max_length=90", "tokenizer.on_too_long=cut_prompt_left").encode(
        LONG
    )
    assert encoded.cut == "prompt"
    assert len(encoded.ids) == 90
    assert TOKENIZER.decode(encoded.ids).endswith("a a <|im_end|>")


def test_a_first_token_is_there_once() -> None:
    """A tokenizer that begins every text with a token meets a template that writes it too."""
    from tokenizers.processors import TemplateProcessing

    begun = tiny.tokenizer()
    first = begun.bos_token
    begun.backend_tokenizer.post_processor = TemplateProcessing(
        single=f"{first} $A", special_tokens=[(first, begun.bos_token_id)]
    )
    begun.chat_template = "{{ bos_token }}" + tiny.CHATML.replace("<|im_start|>", "")
    for style in ("chat", "alpaca"):
        made = template(f"template.name={style}", tokenizer=begun)
        ids = made.encode(record("Q", "A")).ids
        assert ids.count(begun.bos_token_id) == 1
        assert ids[0] == begun.bos_token_id


def test_a_tokenizer_that_adds_a_space_adds_none_inside() -> None:
    from tokenizers import Tokenizer, decoders, models, normalizers, trainers
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.BPE())
    made.normalizer = normalizers.Sequence(
        [normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")]
    )
    made.decoder = decoders.Replace("\u2581", " ")
    alphabet = sorted(set(PREAMBLE + END + "\n\u2581### Instruction:Response:abc"))
    made.train_from_iterator(
        [], trainers.BpeTrainer(special_tokens=["</s>"], initial_alphabet=alphabet)
    )
    spaced = PreTrainedTokenizerFast(tokenizer_object=made, eos_token="</s>")
    one = template("template.name=alpaca", tokenizer=spaced)
    ids = one.encode(record("abc", "abc")).ids
    assert spaced.decode(ids).endswith("### Response:\nabc\n### End</s>")


def test_the_fingerprint_is_that_of_what_decides() -> None:
    assert template().fingerprint == template("training.epochs=9").fingerprint
    others = {
        template(*changes).fingerprint
        for changes in (
            (), ("template.name=alpaca",), ("template.name=alpaca", "template.end_marker=END"),
            ("template.tone_tags={a: b}",), ("dataset.prompt_format='{x}'",),
        )
    }  # fmt: skip
    assert len(others) == 5


def test_a_template_comes_from_a_file_too(tmp_path: Path) -> None:
    file = tmp_path / "own.jinja"
    file.write_text("{% for m in messages %}[{{ m.role }}]{{ m.content }};{% endfor %}", "utf-8")
    made = template(f"template.name={file}")
    assert trained_text(made, record("Q", "A")) == "[assistant]A;"
    assert made.stops == ("<|im_end|>", ";")


def test_a_template_that_is_none_is_refused() -> None:
    with pytest.raises(BadRecipe, match="allowed: auto, chat"):
        template("template.name=vicuna")
    base = tiny.tokenizer()
    base.chat_template = None
    assert template(tokenizer=base).style.kind == "alpaca"
    with pytest.raises(BadRecipe, match="no chat template"):
        template("template.name=chat", tokenizer=base)


def test_code_survives_the_template() -> None:
    code = "```python\nif a:\n\tprint('x')\n```\n"
    made = template("template.name=alpaca")
    assert trained_text(made, record("Write code.", code)) == f"{code}\n### End<|im_end|>"
