"""Generate: greedy answers and losses that depend on the record alone, and never on the batch."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.train import tiny
from train.adapters import with_adapter
from train.errors import BadModel
from train.generate import answer_losses, generate, in_batches
from train.quiet import quiet
from train.sections import Adapter

TOKENIZER = tiny.tokenizer()
MODEL = tiny.model(len(TOKENIZER))
QUESTIONS = [
    "What is the capital?",
    "日本の首都はどこですか。",
    "1",
    "Say hello to everybody here.",
]


def prompts(texts: list[str] = QUESTIONS) -> list[list[int]]:
    return [TOKENIZER(text)["input_ids"] for text in texts]


@dataclass
class Pair:
    """A record as tokens: the prompt is not learnt, the answer is."""

    prompt: str
    answer: str
    ids: list[int] = field(init=False)
    trained: list[bool] = field(init=False)

    def __post_init__(self) -> None:
        asked, said = TOKENIZER(self.prompt)["input_ids"], TOKENIZER(self.answer)["input_ids"]
        self.ids, self.trained = asked + said, [False] * len(asked) + [True] * len(said)


def say(texts: list[list[int]], size: int = 4, stops: tuple[str, ...] = (), new: int = 12) -> Any:
    return generate(
        MODEL, TOKENIZER, texts, stops=stops, max_new_tokens=new, batch_size=size
    )  # fmt: skip


def test_an_answer_does_not_depend_on_its_batch() -> None:
    alone = [say([one])[0] for one in prompts()]
    assert say(prompts()) == alone
    assert say(prompts(), size=3) == alone


def test_answers_are_those_of_plain_greedy_decoding() -> None:
    [ids] = prompts(["What is the capital?"])
    more = list(ids)
    for _ in range(6):
        logits = MODEL(input_ids=torch.tensor([more])).logits[0, -1]
        more.append(int(logits.argmax()))
    [said] = say([ids], new=6)
    assert said.text == TOKENIZER.decode(more[len(ids) :])
    assert not said.reached_stop


def test_a_stop_string_ends_the_answer_and_is_not_in_it() -> None:
    [whole] = say(prompts(["1"]), new=16)
    stop = whole.text[4:7]
    [cut] = say(prompts(["1"]), stops=(stop, "never said"), new=16)
    assert cut.reached_stop
    assert cut.text == whole.text[: whole.text.index(stop)]


def test_a_stop_string_of_many_tokens_ends_each_row_by_itself() -> None:
    texts = [one.text for one in say(prompts(), new=16)]
    stop = texts[0][2:9]
    cut = say(prompts(), stops=(stop,), new=16)
    for whole, one in zip(texts, cut, strict=True):
        assert one.text == (whole.split(stop)[0])
        assert one.reached_stop == (stop in whole)


def test_sampling_of_the_models_own_settings_is_not_taken_over() -> None:
    first = say(prompts())
    MODEL.generation_config.do_sample, MODEL.generation_config.temperature = True, 5.0
    MODEL.generation_config.repetition_penalty = 3.0
    try:
        assert say(prompts()) == first
    finally:
        MODEL.generation_config.do_sample, MODEL.generation_config.temperature = False, 1.0
        MODEL.generation_config.repetition_penalty = 1.0


def loss_by_hand(pair: Pair) -> float:
    """Every logit of one record, alone and unpadded."""
    with torch.no_grad():
        logits = MODEL(input_ids=torch.tensor([pair.ids])).logits[0].double()
    chances = torch.log_softmax(logits, dim=-1)
    learnt = [n for n, trained in enumerate(pair.trained) if trained and n]
    return -sum(float(chances[n - 1, pair.ids[n]]) for n in learnt) / len(learnt)


WORDS = st.text("ab 日本1.", min_size=1, max_size=30)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=5), st.integers(1, 5))
def test_losses_are_those_of_each_record_alone(texts: list[tuple[str, str]], size: int) -> None:
    pairs = [Pair(*both) for both in texts]
    assert answer_losses(MODEL, TOKENIZER, pairs, size) == pytest.approx(
        list(map(loss_by_hand, pairs)), abs=1e-4
    )


def test_a_record_without_a_learnt_token_has_no_loss() -> None:
    empty = Pair("What?", "Nothing.")
    empty.trained = [False] * len(empty.ids)
    [nothing, something] = answer_losses(MODEL, TOKENIZER, [empty, Pair("a", "b")], 2)
    assert math.isnan(nothing)
    assert something > 0


def test_a_batch_without_room_is_halved_and_nothing_is_lost() -> None:
    sizes = []

    def work(some: Any) -> list[int]:
        sizes.append(len(some))
        if len(some) > 3:
            raise torch.OutOfMemoryError
        return [10 * one for one in some]

    assert in_batches(list(range(10)), 8, work, cost=lambda one: one) == [10 * n for n in range(10)]
    assert sizes[:3] == [8, 4, 2]


def test_one_record_without_room_says_what_to_do() -> None:
    def work(_: Any) -> list[int]:
        raise torch.OutOfMemoryError

    with pytest.raises(BadModel, match=r"one record of 7 tokens.*max_new_tokens"):
        in_batches([7], 4, work, cost=lambda one: one)


def test_a_training_model_goes_on_training() -> None:
    MODEL.train()
    try:
        say(prompts(["1"]), new=1)
        assert MODEL.training
    finally:
        MODEL.eval()


def test_a_model_that_learnt_places_counts_them_from_the_first_real_token() -> None:
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    placed = GPT2LMHeadModel(GPT2Config(vocab_size=len(TOKENIZER), n_embd=32, n_layer=2, n_head=2))
    pairs = [Pair("What?", "This one, of all that there are."), Pair("何", "これ")]
    alone = [answer_losses(placed, TOKENIZER, [pair], 1)[0] for pair in pairs]
    assert answer_losses(placed, TOKENIZER, pairs, 2) == pytest.approx(alone, abs=1e-4)


@pytest.mark.parametrize("kind", ["lora", "prefix", "prompt", "p-tuning"])
def test_every_adapter_answers_and_is_measured_the_same_alone_and_in_a_batch(kind: Any) -> None:
    with quiet():
        adapted = with_adapter(tiny.model(len(TOKENIZER)), Adapter(type=kind, virtual_tokens=4))
        pairs = [Pair("What?", "This one."), Pair("何ですか。", "これです。"), Pair("a b c", "d")]
        alone = [answer_losses(adapted, TOKENIZER, [pair], 1)[0] for pair in pairs]
        together = answer_losses(adapted, TOKENIZER, pairs, 3)
        said = [
            generate(adapted, TOKENIZER, some, stops=(), max_new_tokens=6, batch_size=3)
            for some in (prompts(), prompts()[:1])
        ]
    assert together == pytest.approx(alone, abs=1e-4)
    assert said[0][0] == said[1][0]
