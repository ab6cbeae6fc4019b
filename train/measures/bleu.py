"""BLEU: how many runs of up to four words answer and reference share, 0 to 100.

Sentence BLEU as sacrebleu counts it, with exponential smoothing (Chen and Cherry 2014), so that one
missing run of four does not make it 0. Text without blanks between words, such as Japanese, is
cut into characters: counted by blanks every answer that is not word for word right would be 0.0.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from train.measures import Attempt, Measure, one_by_one

UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f]")
"""Kana and ideographs."""


def bleu(one: Attempt) -> float | None:
    """None without a reference; cut as the reference wants it, so that answers compare."""
    if not one.reference.strip():
        return None
    cut = "char" if UNSPACED.search(one.reference) else "13a"
    return float(scorer(cut).sentence_score(one.answer, [one.reference]).score)


@cache
def scorer(cut: str) -> Any:
    """sacrebleu's for one way of cutting, made once."""
    from sacrebleu.metrics.bleu import BLEU

    return BLEU(tokenize=cut, effective_order=True, smooth_method="exp")


MEASURE = Measure(
    "bleu", "the share of word (in Japanese, character) runs in common with the reference",
    "higher", one_by_one(bleu),
)  # fmt: skip
