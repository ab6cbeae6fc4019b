"""Measure: what numbers say of a pair, before any person looks at it.

`loss`        −log p(answer | prompt), a token: how little a model expected the answer
`ifd_delta`   log p(answer | prompt) - log p(answer), a token: does the prompt help at all?
`ifd_place`   the share of its batch that the prompt helps less
`rank`, `of`  the place of this prompt among near ones, by how likely each makes the answer
`copied`      the share of the instruction's character 5-grams that stand in the answer
`repeated`    likeness to the nearest prompt that is there already
`likeness`    chrF (0 to 1) between the answer and one that a model gives to the instruction alone
`same_language`  whether the instruction is in the answer's language
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.assist.candidate import Candidate
from curate.assist.question import Question
from curate.content.language import languages
from curate.content.sameness import folded
from curate.errors import MissingExtra

if TYPE_CHECKING:
    from curate.assist.weights import Weights

RIVALS = 7  # near prompts that a prompt is held against
GRAM = 3  # characters; of likeness between prompts
COPIED_GRAM = 5
BUCKETS = 1 << 14
LEAST_BATCH = 10  # pairs; a tenth of fewer is no tenth

Vectors = npt.NDArray[np.float32]


def by_text(batch: Sequence[Candidate], there: Sequence[str] = ()) -> list[Candidate]:
    """Numbers that need no model; `there` are prompts of records that exist already."""
    prompts = pl.Series([one.instruction for one in batch], dtype=pl.String)
    answers = pl.Series([one.answer for one in batch], dtype=pl.String)
    spoken = zip(languages(prompts), languages(answers), strict=True)
    repeated = nearest(
        folded(prompts).to_list(), folded(pl.Series(there, dtype=pl.String)).to_list()
    )
    told = []
    for one, (asked, answered), alike in zip(batch, spoken, repeated, strict=True):
        made = one.measured(copied=copied(one.instruction, one.answer), repeated=alike)
        if asked is None or answered is None:
            made = made.not_measured("same_language", "too short to tell the language")
        else:
            made = made.measured(same_language=asked == answered)
        told.append(made)
    return told


def scorings(pairs: int) -> int:
    """How many scores `by_weights` takes: each pair, its answer alone, and under near prompts."""
    return pairs * (2 + min(RIVALS, max(pairs - 1, 0)))


def by_weights(
    batch: Sequence[Candidate],
    weights: Weights | None,
    advance: Callable[[int], None] | None = None,
) -> list[Candidate]:
    """How much the prompt helps the answer, and whether it helps it more than near prompts do."""
    names = ("ifd_delta", "ifd_place", "rank")
    if weights is None:
        why = "no weights to score with were named"
        return [one.not_measured(names[0], why).not_measured(names[2], why) for one in batch]
    prompts = [one.prompt for one in batch]
    rivals = rivals_of(prompts)
    asked = [(one.prompt, one.answer) for one in batch] + [("", one.answer) for one in batch]
    asked += [
        (prompts[r], one.answer) for one, near in zip(batch, rivals, strict=True) for r in near
    ]
    scores = weights.scores(asked, advance)
    own, alone = scores[: len(batch)], scores[len(batch) : 2 * len(batch)]
    others = iter(scores[2 * len(batch) :])
    deltas = [given - without for given, without in zip(own, alone, strict=True)]
    told = []
    for one, mine, delta, near in zip(batch, own, deltas, rivals, strict=True):
        better = sum(next(others) >= mine for _ in near)
        made = one.measured(loss=round(-mine, 4), ifd_delta=round(delta, 4))
        told.append(ranked(placed(made, delta, deltas), better + 1, len(near) + 1))
    return told


def placed(one: Candidate, delta: float, deltas: Sequence[float]) -> Candidate:
    """The pair knowing its place in its batch."""
    if len(deltas) < LEAST_BATCH:
        return one.not_measured("ifd_place", f"fewer than {LEAST_BATCH} pairs in the batch")
    return one.measured(ifd_place=round(sum(d < delta for d in deltas) / len(deltas), 4))


def ranked(one: Candidate, rank: int, of: int) -> Candidate:
    """The pair knowing its rank among near prompts."""
    if of < 2:
        return one.not_measured("rank", "there is no other prompt to hold it against")
    return one.measured(rank=rank, of=of)


def again(one: Candidate) -> Question:
    """Ask for an answer to the prompt alone, to see whether it leads back to this one."""
    said = (("system", one.system),) if one.system else ()
    return Question((*said, ("user", one.prompt)), most_tokens=512)


def regenerated(one: Candidate, text: str) -> Candidate:
    """The pair knowing how like its answer is to the one that the model gives."""
    try:
        from sacrebleu.metrics.chrf import CHRF
    except ImportError as error:
        raise MissingExtra("comparing answers", "assist") from error
    score = CHRF().sentence_score(text, [one.answer]).score
    return one.measured(likeness=round(score / 100, 4))


def copied(instruction: str, answer: str) -> float:
    """The share of the instruction's character n-grams that stand in the answer; 0 of none."""
    asked = grams("".join(instruction.split()), COPIED_GRAM)
    if not asked:
        return 0.0
    return round(len(asked & grams("".join(answer.split()), COPIED_GRAM)) / len(asked), 4)


def grams(text: str, size: int) -> set[str]:
    """The character n-grams of a text."""
    low = text.lower()
    return {low[at : at + size] for at in range(len(low) - size + 1)}


def nearest(texts: Sequence[str], there: Sequence[str]) -> list[float]:
    """The likeness of each text to the nearest of those before it or there already, 0 to 1."""
    known = [grams(text, GRAM) for text in there]
    holding: dict[str, list[int]] = {}
    for number, each in enumerate(known):
        for gram in each:
            holding.setdefault(gram, []).append(number)
    found = []
    for text in texts:
        mine = grams(text, GRAM)
        shared: dict[int, int] = {}
        for gram in mine:
            for number in holding.get(gram, ()):
                shared[number] = shared.get(number, 0) + 1
        alike = (n / (len(mine) + len(known[k]) - n) for k, n in shared.items())
        found.append(round(max(alike, default=0.0), 4))
        for gram in mine:
            holding.setdefault(gram, []).append(len(known))
        known.append(mine)
    return found


def rivals_of(prompts: Sequence[str]) -> list[list[int]]:
    """For each prompt the numbers of the nearest other ones; equal prompts are no rivals."""
    vectors = vectors_of(prompts)
    equal: dict[str, list[int]] = {}
    for number, prompt in enumerate(prompts):
        equal.setdefault(prompt, []).append(number)
    found = []
    for prompt, vector in zip(prompts, vectors, strict=True):
        alike = vectors @ vector
        alike[equal[prompt]] = -1
        order = np.argsort(-alike, kind="stable")[:RIVALS]
        found.append([int(i) for i in order if alike[i] >= 0])
    return found


def vectors_of(texts: Sequence[str]) -> Vectors:
    """Counts of hashed character n-grams, of length one; the same on any machine."""
    vectors = np.zeros((len(texts), BUCKETS), np.float32)
    for row, text in enumerate(texts):
        for gram in grams(text, GRAM):
            vectors[row, crc32(gram.encode()) % BUCKETS] = 1
    sizes = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = vectors / np.maximum(sizes, 1).astype(np.float32)
    return unit
