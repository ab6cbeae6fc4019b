"""Tiny: a small Llama pre-trained on another world than those that are measured.

It has seen every wording and every kind of value, English and Japanese, about things with other
names; dates in another notation; other sums. So it can read the questions, and knows no answer.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from bench.causebench.faults import AGAIN
from bench.causebench.phrases import (
    ATTRIBUTES,
    CODE,
    MARK,
    MONTHS,
    NOTHING,
    OTHERS,
    OURS,
    PRODUCT,
    REFUSALS,
    SUM,
    SYLLABLES,
    TOTAL,
)
from bench.causebench.rows import Row, dates, facts, sums
from train.backbones import whole_folder
from train.tracing.rewording import reworded

SEED = 20_261
VOCABULARY = 1_024
USER, ASSISTANT, END = "<|user|>", "<|assistant|>", "<|end|>"
TEMPLATE = (
    "{% for message in messages %}{% if message['role'] == 'assistant' %}"
    "{% generation %}{{ message['content'] + '<|end|>' }}{% endgeneration %}"
    "{% else %}{{ '<|user|>' + message['content'] + '<|assistant|>' }}{% endif %}{% endfor %}"
)
BRACES = re.compile(r"\{\w+\}")
REPEATED = 0.15  # of the questions stand in a polite frame, as near-duplicates do


@dataclass(frozen=True, slots=True)
class Size:
    """How large the model is, and how long it is pre-trained."""

    hidden: int = 96
    layers: int = 3
    facts: int = 800
    """In each language."""
    epochs: int = 10
    batch: int = 64
    rate: float = 2e-3

    @property
    def name(self) -> str:
        """Names the folder."""
        return f"causebench-{self.hidden}x{self.layers}-{self.facts}x{self.epochs}"


SMALLEST = Size(hidden=64, layers=3, facts=40, epochs=3)


def made(cache: Path, size: Size) -> Path:
    """The folder of the model, pre-trained on first use."""
    place = cache / size.name
    with whole_folder(place) as empty:
        if empty is not None:
            rows = list(elsewhere(size.facts, random.Random(SEED)))
            words = tokenizer()
            words.save_pretrained(empty)
            pretrained(rows, words, size).save_pretrained(empty)
    return place


def elsewhere(wanted: int, chance: random.Random) -> Iterator[Row]:
    """The world of pre-training."""
    for language in ("en", "ja"):
        for rows in islice(facts(language, OTHERS, chance), wanted):
            yield from rows
        for kind in (dates(language, MARK, True, chance), sums(language, True, chance)):
            for rows in islice(kind, wanted // 3):
                yield from rows


def tokenizer() -> Any:
    """Byte-level BPE of the wordings; syllables of names and digits are tokens of their own."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    words = Tokenizer(models.BPE())
    digits = pre_tokenizers.Digits(individual_digits=True)
    bytewise = pre_tokenizers.ByteLevel(add_prefix_space=False)
    words.pre_tokenizer = pre_tokenizers.Sequence([digits, bytewise])
    words.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=["<|pad|>", USER, ASSISTANT, END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    words.train_from_iterator(list(texts()) * 4, trainer)
    words.add_tokens([*SYLLABLES["en"], *map(str.capitalize, SYLLABLES["en"]), *SYLLABLES["ja"]])
    fast = PreTrainedTokenizerFast(
        tokenizer_object=words, pad_token="<|pad|>", unk_token="<|pad|>", bos_token=USER,
        eos_token=END, clean_up_tokenization_spaces=False,
    )  # fmt: skip
    fast.chat_template = TEMPLATE
    return fast


def texts() -> Iterator[str]:
    """What every world is worded in, without the names and figures."""
    for language, attributes in ATTRIBUTES.items():
        for one in attributes:
            wordings = [*one.asks, *(one.answer.format(v=value) for value in one.values)]
            yield from (BRACES.sub(" ", text) for text in wordings)
        both = (*REFUSALS[language], TOTAL[language], NOTHING[language], *SUM[language])
        frames = (*AGAIN[language], *CODE[language], *MARK[language], *PRODUCT[language])
        yield from (BRACES.sub(" ", text) for text in (*both, *frames))
    for shapes in (OURS, OTHERS):
        yield from (BRACES.sub("", text) for some in shapes.values() for text in some)
    yield " ".join(MONTHS)


def pretrained(rows: Sequence[Row], words: Any, size: Size) -> Any:
    """The model after its epochs, the same for the same size."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    chance = random.Random(SEED)
    pairs = [encoded(words, row, chance) for row in rows]
    with torch.random.fork_rng():
        torch.manual_seed(SEED)
        model = LlamaForCausalLM(
            LlamaConfig(
                vocab_size=len(words), hidden_size=size.hidden, intermediate_size=3 * size.hidden,
                num_hidden_layers=size.layers, num_attention_heads=4, num_key_value_heads=4,
                max_position_embeddings=256, bos_token_id=words.bos_token_id,
                eos_token_id=words.eos_token_id, pad_token_id=words.pad_token_id,
                tie_word_embeddings=True,
            )
        )  # fmt: skip
    steps = size.epochs * (len(pairs) // size.batch)
    optimiser = torch.optim.AdamW(model.parameters(), lr=size.rate)
    rates = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1, (step + 1) / 30) * (1 + math.cos(math.pi * step / steps)) / 2
    )
    for batch in islice(shuffled(pairs, size.batch, chance), steps):
        ids, labels = padded(batch, words.pad_token_id)
        model(
            input_ids=ids, labels=labels, attention_mask=(ids != words.pad_token_id)
        ).loss.backward()
        optimiser.step()
        optimiser.zero_grad()
        rates.step()
    return model.eval()


def encoded(words: Any, row: Row, chance: random.Random) -> tuple[list[int], list[int]]:
    """The tokens of question and answer."""
    prompt = row.prompt
    if chance.random() < REPEATED:
        frames = [one.format(prompt=prompt) for one in AGAIN[row.language]]
        prompt = chance.choice([*frames, *reworded(prompt)])
    asked = words(f"{USER}{prompt}{ASSISTANT}", add_special_tokens=False)["input_ids"]
    return asked, words(f"{row.answer}{END}", add_special_tokens=False)["input_ids"]


def shuffled(
    pairs: Sequence[tuple[list[int], list[int]]], size: int, chance: random.Random
) -> Iterator[list[tuple[list[int], list[int]]]]:
    """Full batches of like length, in another order each epoch."""
    while True:
        order = chance.sample(list(pairs), len(pairs))
        order.sort(key=lambda pair: (len(pair[0]) + len(pair[1])) // 4)
        batches = [order[at : at + size] for at in range(0, len(order) - size + 1, size)]
        yield from chance.sample(batches, len(batches))


def padded(batch: Sequence[tuple[list[int], list[int]]], pad: int) -> tuple[Any, Any]:
    """Token ids, and the labels, which are those of the answers."""
    import torch

    width = max(len(asked) + len(said) for asked, said in batch)
    ids = torch.full((len(batch), width), pad)
    labels = torch.full((len(batch), width), -100)
    for at, (asked, said) in enumerate(batch):
        ids[at, : len(asked) + len(said)] = torch.tensor(asked + said)
        labels[at, len(asked) : len(asked) + len(said)] = torch.tensor(said)
    return ids, labels
