"""Records made of tokens: as long as real ones, and with an order in them that can be learnt."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from train.prepared import Prepared
from train.template import Encoded

SPECIAL = 3
"""The first tokens of the tokenizer are no text."""
COMMON = 256
"""Tokens that occur."""
SURE = 0.9
"""How often a token is followed by the one that belongs to it."""
PROMPT = (24, 56)
"""Tokens of a prompt, from and below."""
ANSWER = (95.0, 0.55)
"""Median and spread of a lognormal distribution: tokens of a product description."""


def descriptions(count: int, longest: int, seed: int) -> list[int]:
    """Lengths as those of short product descriptions, prompt and answer together."""
    chance = np.random.default_rng(seed)
    prompts = chance.integers(*PROMPT, count)
    answers = chance.lognormal(np.log(ANSWER[0]), ANSWER[1], count)
    return [int(n) for n in np.clip(prompts + answers, 16, longest)]


def prepared(lengths: Sequence[int], vocabulary: int, seed: int = 0) -> Prepared:
    """Records of these lengths; the first quarter of each is its prompt, which is not learnt."""
    chance = np.random.default_rng(seed)
    common = min(COMMON, vocabulary - SPECIAL)
    after = chance.permutation(common)
    encoded = []
    for number, length in enumerate(lengths):
        tokens = [int(chance.integers(common))]
        for jump, other in zip(
            chance.random(length - 1) > SURE, chance.integers(common, size=length - 1), strict=True
        ):
            tokens.append(int(other) if jump else int(after[tokens[-1]]))
        prompt = max(1, length // 4)
        trained = [False] * prompt + [True] * (length - prompt)
        encoded.append(Encoded(f"{number:032x}", [SPECIAL + n for n in tokens], trained))
    return Prepared((), (), tuple(encoded), (), ())
