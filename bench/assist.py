"""What a small model's numbers are worth: hidden instructions against shuffled ones.

    python -m bench.assist WEIGHTS [--only en|ja] [--part helped|contrasted|disordered|written]
        [--records 300]

Pairs of two public sets (English Alpaca, Japanese JaQuAD) are taken as documents whose instruction
is known. Each answer is scored under its own instruction, under that of another pair and under
none; some also under seven near instructions. AUROC tells how well own and shuffled come apart,
and how well the loss tells answers whose words stand in disorder.
Last, the model writes instructions itself, and what passes every number is counted.
"""

from __future__ import annotations

import argparse
import gzip
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import orjson

from curate.assist.asking import ask
from curate.assist.backtranslate import candidate, question_for
from curate.assist.budget import Limits
from curate.assist.doubts import doubts_of
from curate.assist.kept import Kept
from curate.assist.learned import MOST_UNLIKE
from curate.assist.measure import by_text, by_weights, rivals_of
from curate.assist.passages import Passage
from curate.assist.question import Answer
from curate.assist.weights import Weights

SHARED = Path(__file__).parent.parent.parent / "shared" / "data"
SETS = {"en": "instruct_alpaca_en", "ja": "instruct_jaquad_ja"}
SEED = 0
LEAST_PARTS = 5  # words, or characters, or disorder says little

Pair = tuple[str, str]
"""(instruction, answer)"""


def main() -> None:
    """Print the figures as a table."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("weights", type=Path)
    words.add_argument("--records", type=int, default=300)
    words.add_argument("--only", choices=SETS)
    parts = {part.__name__: part for part in (helped, contrasted, disordered, written)}
    words.add_argument("--part", choices=parts)
    asked = words.parse_args()
    weights = Weights(asked.weights)
    show("| set | figure | value |\n|---|---|---|")
    for language in [asked.only] if asked.only else SETS:
        pairs = chosen(SETS[language], asked.records)
        for name, part in parts.items():
            if asked.part in (None, name):
                part(language, pairs, weights)


def chosen(name: str, records: int) -> list[Pair]:
    """Pairs without an input of their own, drawn at random, the same every time."""
    rows = [
        (row["instruction"], row["output"])
        for row in rows_of(name)
        if name != SETS["en"] or not row["input"]
    ]
    return random.Random(SEED).sample(rows, records)


def rows_of(name: str) -> list[dict[str, str]]:
    """All rows of a public set."""
    with gzip.open(SHARED / f"{name}.jsonl.gz") as file:
        return [orjson.loads(line) for line in file]


def helped(language: str, pairs: Sequence[Pair], weights: Weights) -> None:
    """log p(answer | instruction) - log p(answer): own against shuffled."""
    start = time.process_time()
    shuffled = [asked for asked, _ in [*pairs[1:], pairs[0]]]
    answers = [answer for _, answer in pairs]
    own = weights.scores(pairs)
    other = weights.scores(list(zip(shuffled, answers, strict=True)))
    alone = np.array(weights.scores([("", answer) for answer in answers]))
    mine, theirs = np.array(own) - alone, np.array(other) - alone
    seconds = (time.process_time() - start) / (3 * len(pairs))
    report(
        language, f"IFD delta, own against shuffled, AUROC (n={len(pairs)})", auroc(mine, theirs)
    )
    report(language, "IFD delta above 0, own", float((mine > 0).mean()))
    report(language, "IFD delta above 0, shuffled", float((theirs > 0).mean()))
    report(language, "CPU seconds a scoring", seconds)


def contrasted(language: str, pairs: Sequence[Pair], weights: Weights) -> None:
    """The lead over the best of seven near instructions: own against shuffled."""
    prompts = [asked for asked, _ in pairs]
    near = rivals_of(prompts)
    leads: dict[str, list[float]] = {"own": [], "shuffled": []}
    for number, (own, answer) in enumerate(pairs):
        other = (number + 1) % len(pairs)
        rivals = [prompts[r] for r in near[number] if r != other]
        said = weights.scores([(text, answer) for text in (own, prompts[other], *rivals)])
        leads["own"].append(said[0] - max(said[2:]))
        leads["shuffled"].append(said[1] - max(said[2:]))
    mine, theirs = np.array(leads["own"]), np.array(leads["shuffled"])
    report(language, f"contrast, own against shuffled, AUROC (n={len(pairs)})", auroc(mine, theirs))
    report(language, "first among near ones, own", float((mine > 0).mean()))
    report(language, "first among near ones, shuffled", float((theirs > 0).mean()))


def disordered(language: str, pairs: Sequence[Pair], weights: Weights) -> None:
    """The loss of answers whose words (Japanese: characters) stand in any order, against own."""
    drawn, gap = random.Random(SEED), "" if language == "ja" else " "
    shuffled = []
    for asked, answer in pairs:
        parts = list(answer) if language == "ja" else answer.split()
        if len(parts) >= LEAST_PARTS:
            shuffled.append((asked, gap.join(drawn.sample(parts, len(parts)))))
    own = -np.array(weights.scores(pairs))
    other = -np.array(weights.scores(shuffled))
    unlike = (np.median(own), np.median(abs(own - np.median(own))))
    report(language, f"loss, own against disordered (n={len(shuffled)}), AUROC", auroc(other, own))
    report(language, "loss an outlier, own", outliers(own, *unlike))
    report(language, "loss an outlier, disordered", outliers(other, *unlike))


def outliers(losses: np.ndarray, middle: float, spread: float) -> float:
    """The share that `curate judge --weights` would call unlikely."""
    return float((0.6745 * (losses - middle) / spread > MOST_UNLIKE).mean())


def written(language: str, pairs: Sequence[Pair], weights: Weights) -> None:
    """Let the model write the instructions, and count what passes every number."""
    passages = [
        Passage(SETS[language], n, "", answer, language) for n, (_, answer) in enumerate(pairs)
    ]
    questions = [question_for(passage, [], None) for passage in passages]
    start = time.process_time()
    with tempfile.TemporaryDirectory() as folder, Kept(Path(folder) / "replies.sqlite") as kept:
        outcomes = ask(weights, questions, kept, Limits(at_once=1, attempts=2))
    made = [
        candidate(passage, outcome)
        for passage, outcome in zip(passages, outcomes, strict=True)
        if isinstance(outcome, Answer)
    ]
    asked = (time.process_time() - start) / len(pairs)
    measured = by_weights(by_text(made), weights)
    passing = doubts_of(measured, {}).count([])
    report(language, f"written by the model: in the form asked for (n={len(pairs)})",
           len(made) / len(pairs))  # fmt: skip
    report(language, "written by the model: no number against it", passing / len(pairs))
    report(language, "written by the model: CPU seconds a record", asked)
    spent = [outcome.tokens for outcome in outcomes if isinstance(outcome, Answer)]
    report(language, "written by the model: tokens an answer", float(np.mean(spent or [0])))


def auroc(above: np.ndarray, below: np.ndarray) -> float:
    """The chance that one of `above` is greater than one of `below`; ties count half."""
    greater = (above[:, None] > below[None, :]).mean()
    equal = (above[:, None] == below[None, :]).mean()
    return float(greater + equal / 2)


def report(language: str, figure: str, value: float) -> None:
    """One line of the table."""
    show(f"| {language} | {figure} | {value:.3f} |")


def show(text: str) -> None:
    """Print at once: the run is long."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
