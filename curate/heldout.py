"""Held-out records (an evaluation set), and where training records repeat them.

`touched` picks the training records worth a look, `matches` says what each of them repeats. Another
way to match, such as near-duplicates, only has to give more Matches.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Literal

import polars as pl

from curate.content.byte_windows import WINDOW, Windows, known_windows, shared
from curate.content.common_run import common_run, telling
from curate.content.sameness import folded, folded_column, widths

Level = Literal["pair", "prompt", "answer", "input"]
How = Literal["equal", "contained", "run"]

TEXTS = ("prompt", "answer", "rejected", "history")  # columns in which a repeat is looked for
COMMON = 10  # what more held-out records share is a template, not a leak
PASSAGE = 50  # letters, or half as many kana and kanji: shorter stands in other texts by chance
ANSWER_LETTERS, ANSWER_CJK = 20, 12  # a shorter answer equals another by chance
QUOTES = r"""["'“”‘’«»「」『』【】《》、。・]+"""
PAUSES = r" ?[,;:.!?…]+( |$|[\x{3001}-\x{30ff}\x{3400}-\x{9fff}])"
"""Punctuation that is no part of the words of a prompt; 1.5 and f(x) keep theirs."""
TURN = "\x1f"  # between what was said before and the prompt
STOCK = re.compile(
    r"(?:i['’]m |i am |we['’]re )?(?:very |so )?(?:sorry|apologi[sz]e)|i apologi[sz]e|as an ai\b"
    r"|申し訳|すみません"
)


@dataclass(frozen=True)
class Origin:
    """One source of held-out records: read = kept + rejected; where the first reject stands."""

    source: str
    read: int
    kept: int
    rejected: int
    first: tuple[int, str] | None = None  # line and code


@dataclass(frozen=True)
class Heldout:
    """What is known of the held-out records: where each stands, and its folded texts."""

    digest: str
    records: pl.DataFrame = field(compare=False, repr=False)
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True)
class Match:
    """One held-out record that a training record repeats."""

    number: int  # of the held-out record
    level: Level
    how: How
    column: str  # of the training record
    text: str  # what both have, folded


@dataclass(frozen=True)
class Index:
    """Held-out texts made ready for looking up."""

    questions: Mapping[str, list[int]]
    answers: Mapping[str, list[int]]  # only those long enough to tell
    passages: pl.DataFrame  # numbers, level, text: what is looked for inside other texts
    windows: Windows  # of the passages


def heldout(records: pl.DataFrame, origins: Iterable[Origin] = ()) -> Heldout:
    """The held-out records of a frame of records with `prompt`."""
    known = records.select(
        "source",
        "line",
        "history",
        *(folded_column(name).fill_null("") for name in ("input", "prompt", "answer")),
    )
    digest = blake2b(known.hash_rows().to_numpy().tobytes(), digest_size=16).hexdigest()
    return Heldout(digest, known, tuple(origins))


def touched(records: pl.DataFrame, held: Heldout) -> pl.Series:
    """Whether each training record may repeat a held-out one."""
    known = _index(held)
    found = records.select(
        _question().is_in(list(known.questions))
        | folded_column("answer").fill_null("").is_in(list(known.answers))
    ).to_series()
    for column in TEXTS:
        if records[column].null_count() < len(records):
            rows = shared(_folded_turns(records[column]), known.windows)["row"].unique()
            found = found.clone().scatter(rows, values=True)
    return found


def matches(records: pl.DataFrame, held: Heldout) -> Iterator[tuple[int, Match]]:
    """Every Match of these training records, with their row."""
    known = _index(held)
    asked = records.select(question=_question(), answer=folded_column("answer").fill_null(""))
    for row, (question, answer) in enumerate(asked.iter_rows()):
        for match in _equal(question, answer, held, known):
            yield row, match
    for column in TEXTS:
        texts = _folded_turns(records[column])
        found = shared(texts, known.windows).group_by("row", "owner", maintain_order=True)
        for row, owner, places in found.agg("at").iter_rows():
            yield from ((row, match) for match in _inside(texts, row, places, owner, held, known))


def _equal(question: str, answer: str, held: Heldout, known: Index) -> Iterator[Match]:
    for number in known.questions.get(question, ()):
        prompt, expected = held.records["prompt"][number], held.records["answer"][number]
        level: Level = "pair" if answer == expected else "prompt"
        yield Match(number, level, "equal", "prompt", prompt)
    for number in known.answers.get(answer, ()):
        yield Match(number, "answer", "equal", "answer", answer)


def _inside(
    texts: pl.Series, row: int, places: list[int], owner: int, held: Heldout, known: Index
) -> Iterator[Match]:
    """How a training text repeats a passage, given the places of the windows that both have."""
    level, passage, numbers = known.passages.row(owner)
    text = texts[row]
    if passage in text:
        for number in numbers:
            prompt = held.records["prompt"][number]
            if level == "input" and prompt in text:
                yield Match(number, "prompt", "contained", texts.name, prompt)
            else:
                yield Match(number, level, "contained", texts.name, passage)
        return
    runs = (common_run(text, at, WINDOW, passage) for at in places)
    longest = max(runs, key=len, default="")
    if telling(longest):
        yield from (Match(number, level, "run", texts.name, longest) for number in numbers)


@lru_cache(maxsize=2)
def _index(held: Heldout) -> Index:
    """Built once in each process: only the texts travel between them."""
    answers = {
        text: numbers
        for text, numbers in _by_text(held.records["answer"]).items()
        if _long_enough(text) and len(numbers) <= COMMON and not STOCK.match(text)
    }
    passages = _passages(held.records, list(answers))
    windows = known_windows(passages["text"], COMMON)
    questions = held.records.select(_with_history(_unmarked(pl.col("prompt")))).to_series()
    return Index(_by_text(questions), answers, passages, windows)


def _passages(records: pl.DataFrame, answers: list[str]) -> pl.DataFrame:
    """Texts to be found inside others, and the numbers of the records that hold each.

    Where a record has an input, its instruction may be that of a whole task: not looked for.
    """
    given = pl.col("input") != ""
    asked = records.select(
        level=pl.when(given).then(pl.lit("input")).otherwise(pl.lit("prompt")),
        text=pl.when(given).then("input").otherwise("prompt"),
        number=pl.int_range(pl.len()),
    )
    said = records.select(level=pl.lit("answer"), text="answer", number=pl.int_range(pl.len()))
    said = said.filter(pl.col("text").is_in(answers))
    long = pl.concat([asked, said]).filter(widths(pl.col("text")) >= PASSAGE)
    passages = long.group_by("level", "text", maintain_order=True).agg(numbers="number")
    return passages.filter(pl.col("numbers").list.len() <= COMMON)


def _question() -> pl.Expr:
    return _with_history(_unmarked(folded_column("prompt").fill_null("")))


def _unmarked(prompt: pl.Expr) -> pl.Expr:
    """A folded prompt without its punctuation."""
    bare = prompt.str.replace_all(QUOTES, "").str.replace_all(PAUSES, "${1}")
    return pl.when(bare == "").then(prompt).otherwise(bare).str.strip_chars(" ")


def _with_history(prompt: pl.Expr) -> pl.Expr:
    """A prompt after what was said before it."""
    return (
        pl.when(pl.col("history").is_null())
        .then(prompt)
        .otherwise(pl.col("history") + TURN + prompt)
    )


def _folded_turns(texts: pl.Series) -> pl.Series:
    """Folded; a line break that JSON escaped (in `history`) is white space too."""
    if texts.name == "history":
        texts = texts.str.replace_all(r"\\n", " ")
    return folded(texts).fill_null("")


def _by_text(texts: pl.Series) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, text in enumerate(texts):
        if text:
            found[text].append(number)
    return dict(found)


def _long_enough(text: str) -> bool:
    foreign = (len(text.encode()) - len(text)) // 2
    return len(text) >= ANSWER_LETTERS or foreign >= ANSWER_CJK
