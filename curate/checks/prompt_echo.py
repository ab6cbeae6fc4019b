"""An answer that gives the prompt back.

The model learns to repeat what it is asked instead of answering it. Whole echoes come from
columns that were copied twice; an answer that opens with the whole prompt comes from a generation
whose prompt was never cut off. An answer equal to the *input* alone is often right (a text that
needed no correction), so it is only counted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

import polars as pl

from curate.check import Check, Params, Row, Said, by_record
from curate.finding import Hit

PROBE = (2, 10)  # characters of the prompt: after its first letters, whose case or width may differ
NEAR = 6  # bytes: blanks at the ends, and a few letters of another width
OPENING = 16  # characters of the answer where that probe must lie
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
ASKED_TO_REPEAT = re.compile(
    r"\b(?:repeat|echo|copy|verbatim|say exactly|same (?:text|sentence|words)|rewrite|rephrase"
    r"|paraphrase|correct|proofread|fix|edit|translate|format|continue|complete)\b"
    r"|繰り返|復唱|そのまま|書き写|コピー|オウム返し|続き|続け|校正|添削|修正|訂正|直して|書き換え|言い換え|翻訳|訳して",
    re.IGNORECASE,
)
FINISHED = tuple('.!?。！？…"”」』)）:：')


def suspects(params: Params) -> pl.Expr:
    answer, prompt, given = pl.col("answer"), pl.col("prompt"), pl.col("input")
    enough = prompt.str.len_bytes() >= min(params.values())
    opens_alike = answer.str.head(OPENING).str.contains(prompt.str.slice(*PROBE), literal=True)
    folds_alike = pl.map_batches([answer, prompt], begin_alike, return_dtype=pl.Boolean)
    echoes: pl.Expr = enough & (opens_alike | folds_alike)
    unchanged: pl.Expr = (given != "") & (answer == given)
    return echoes.fill_null(value=False) | unchanged.fill_null(value=False)


def begin_alike(columns: Sequence[pl.Series]) -> pl.Series:
    """Whether folded beginnings agree: too slow for all, so only where the lengths are close."""
    answer, prompt = columns
    sizes = (text.str.len_bytes().cast(pl.Int64) for text in columns)
    near = ((next(sizes) - next(sizes)).abs() <= NEAR).arg_true()
    same = near.filter(opening(answer.gather(near)) == opening(prompt.gather(near)))
    alike = pl.repeat(False, len(answer), dtype=pl.Boolean, eager=True).alias(answer.name)
    return alike.scatter(same, True) if len(same) else alike


def opening(text: pl.Series) -> pl.Series:
    head = text.str.strip_chars_start().str.head(OPENING)
    return head.str.normalize("NFKC").str.to_lowercase().str.head(PROBE[1])


def judge(row: Row, params: Params) -> Iterator[Said]:
    if row["answer"] == row["input"]:
        yield Hit("the answer is the input, unchanged", {}, "answer", severity="info")
        return
    if not repeats(row["answer"][:96], row["prompt"][:32]):
        return  # folding long texts in full is slow, and most part ways here
    prompt = folded(row["prompt"])
    if not repeats(row["answer"][: 2 * len(row["prompt"]) + OPENING], prompt):
        return
    japanese = JAPANESE.search(prompt) is not None
    if folded(row["answer"]) == prompt:
        yield from whole(row, params["min_chars_whole"])
    elif len(prompt) >= params["min_chars_ja" if japanese else "min_chars"]:
        yield from opened(row)


def whole(row: Row, least: int) -> Iterator[Said]:
    """A greeting may be given back, so may a text that an earlier message asked to be checked."""
    if len(row["prompt"].strip()) < least:
        return
    told = bool(row["system"] or row["history"] or ASKED_TO_REPEAT.search(row["prompt"]))
    yield Hit(
        "the answer is the prompt, word for word",
        field="answer",
        start=0,
        end=len(row["answer"]),
        severity="info" if told else None,
    )


def opened(row: Row) -> Iterator[Said]:
    """A prompt that stops in mid-sentence, or in code, may rightly be carried on."""
    end = end_of_echo(row["answer"], row["prompt"])
    rest = row["answer"][end:]
    carried_on = not row["prompt"].rstrip().endswith(FINISHED) and not rest.startswith(("\n", "\r"))
    if carried_on or ASKED_TO_REPEAT.search(row["prompt"]):
        return
    yield Hit(
        "the answer opens with the whole prompt ({chars} characters)",
        {"chars": end},
        field="answer",
        start=0,
        end=end,
        fix={"field": "answer", "text": rest.lstrip()} if rest.strip() else None,
    )


def repeats(answer: str, prompt: str) -> bool:
    return folded(answer).startswith(folded(prompt))


def folded(text: str) -> str:
    """Without the differences that a copy picks up: case, width, blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def end_of_echo(answer: str, prompt: str) -> int:
    """Where in `answer` all of `prompt` has been given back."""
    last = prompt.rstrip()[-PROBE[1] :]
    found = answer.find(last, max(0, len(prompt) - 2 * OPENING))
    if found >= 0 and folded(answer[: found + len(last)]) == folded(prompt):
        return found + len(last)
    whole, low, high = len(folded(prompt)), 0, len(answer)
    while low < high:
        middle = (low + high) // 2
        if len(folded(answer[:middle])) < whole:
            low = middle + 1
        else:
            high = middle
    return low


CHECK = Check(
    name="prompt-echo",
    says="the answer gives the prompt back",
    group="form",
    severity="error",
    why=__doc__,
    each_answer=True,
    params={
        "min_chars": 40,  # a shorter prompt may open its answer by chance: "Who is Ada Lovelace?"
        "min_chars_ja": 20,  # Japanese says as much in about half the characters
        "min_chars_whole": 20,  # below that, greetings are given back: "Happy New Year!"
    },
    fields=("system", "history", "input", "prompt", "answer"),
    suspects=suspects,
    look=by_record(judge),
)
