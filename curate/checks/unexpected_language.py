"""An answer in a language that this data set, or its own prompt, did not ask for.

A model that is tuned on such records switches language in the middle of a conversation: users who
write Japanese get English or Chinese back. The records usually come from a model that fell back to
the language it knows best, or from another data set that was mixed in by mistake.

Where no language is named, those that make up enough of the answers are the expected ones. Fewer
than `min_records` answers do not tell them: then an answer need only keep to its prompt.
"""

from __future__ import annotations

import re
from typing import Any

import polars as pl

from curate.check import Check, Params, Weighed
from curate.content.language import languages
from curate.content.language_asked import asks_for, mentions
from curate.content.language_detect import Guess, confirmed, detect, engines, prose, scripts
from curate.finding import Hit

AT_HOME = ("en", "ja")  # settled at a glance, so that no second opinion is needed
SURE = 0.9  # score of the fast detector that needs no second opinion ...
SURE_AT_HOME = 0.6  # ... for English, which it hardly ever sees where there is none
LONG = 100  # characters of a text from which it needs none
FEW_WORDS = 3  # different ones of three letters; "dum tsk, tsk dum" is in no language
WORD = re.compile(r"[^\W\d_]{3,}")
SLICE = 100_000  # records whose languages are spelt out at a time
CJK = ("han", "kana", "hangul")

TOO_LITTLE = "the answer has too few words to tell its language"
DOUBTFUL = "no language of the answer is certain"


def measure(records: pl.DataFrame, params: Params) -> pl.DataFrame:
    """The language of every answer and instruction, and whether it was asked for."""
    facts = pl.DataFrame(
        {"answer": languages(records["answer"]), "prompt": languages(records["instruction"])}
    )
    strange = ~pl.col("answer").is_in(params["languages"] or AT_HOME)
    differs = pl.col("answer").is_not_null() & pl.col("answer").ne_missing(pl.col("prompt"))
    rows = facts.select((strange | differs).fill_null(value=False)).to_series().arg_true()
    texts = records[rows].select("prompt", "answer").fill_null("")
    closer = pl.DataFrame(
        [
            judged(prompt, answer, spoken, params)
            for (prompt, answer), spoken in zip(
                texts.iter_rows(), facts["prompt"][rows], strict=True
            )
        ],
        schema={"answer": pl.String, "prompt": pl.String, "asked": pl.Boolean},
        orient="row",
    )
    answers = facts["answer"].scatter(rows, closer["answer"])
    unknown = answers.is_null().arg_true()
    short = too_little(records["answer"][unknown].fill_null(""), params)
    wanted = asked_at_home(records["prompt"], facts["answer"])
    nothing = pl.repeat(value=False, n=len(records), eager=True)
    asked = nothing.clone().scatter(wanted, values=True)  # `scatter` writes where it stands
    return pl.DataFrame(
        {
            "answer_language": answers.cast(pl.Categorical),
            "prompt_language": facts["prompt"].scatter(rows, closer["prompt"]).cast(pl.Categorical),
            "asked": asked.scatter(rows, closer["asked"]),
            "too_little": nothing.scatter(unknown, short),
        }
    )


def asked_at_home(prompts: pl.Series, answers: pl.Series) -> list[int]:
    """The records whose prompt asks for English or Japanese by name, and gets it."""
    found = []
    for language in AT_HOME:
        rows = (answers == language).arg_true()
        named = rows.filter(mentions(prompts[rows], language).fill_null(value=False))
        found += [row for row in named if asks_for(prompts[row], language)]
    return found


def judged(
    prompt: str, answer: str, spoken: str | None, params: Params
) -> tuple[str | None, str | None, bool]:
    """The languages of one answer, seen whole, and of its prompt, and whether it was asked for."""
    guess = detect(answer) if long_enough(answer, params) else None
    if guess is None:
        return None, spoken, False
    if answer.strip() in prompt or asks_for(prompt, guess.language):
        return guess.language, spoken, True
    if spoken is None and guess.language in AT_HOME:
        return guess.language, None, False
    language = surely(answer, guess)
    if language in {None, spoken}:
        return language, spoken, False
    # A prompt too short for a detector may still hold a word that only one language has.
    glanced = spoken if spoken in AT_HOME else None
    return language, surely(prompt, detect(prompt)) or glanced, False


def surely(text: str, guess: Guess | None) -> str | None:
    """The language of a guess that is beyond doubt, or that a second opinion confirms."""
    if guess is None:
        return None
    enough = SURE_AT_HOME if guess.language in AT_HOME else SURE
    if guess.score >= enough and len(text) >= LONG:
        return guess.language
    return confirmed(text, guess)


def long_enough(text: str, params: Params) -> bool:
    """Enough letters of prose that a wrong language may be claimed."""
    bare = prose(text)
    letters = scripts(bare)
    wide = sum(letters[name] for name in CJK)
    if wide >= params["min_ideographs"]:
        return True
    words = set(WORD.findall(bare.lower()))
    return letters.total() - wide >= params["min_letters"] and len(words) >= FEW_WORDS


def too_little(answers: pl.Series, params: Params) -> pl.Series:
    """Which answers are not long enough; most show it by their letters alone, which is fast."""
    letters = answers.str.count_matches(r"[\p{L}\p{M}]")
    beyond_ascii = answers.str.len_bytes() - answers.str.len_chars()  # 2 of each wide letter
    maybe: pl.Series = (letters >= params["min_letters"]) | (
        beyond_ascii >= 2 * params["min_ideographs"]
    )
    rows = maybe.arg_true()
    long = pl.Series([long_enough(answer, params) for answer in answers[rows]], dtype=pl.Boolean)
    return (~maybe).scatter(rows, ~long)


def weigh(facts: pl.DataFrame, params: Params) -> Weighed:
    """The languages of the data set, and the answers that are in none of the expected ones."""
    answers, prompts = counted(facts["answer_language"]), counted(facts["prompt_language"])
    expected = tuple(params["languages"]) or main_languages(answers, params)
    unknown, short = facts["answer_language"].null_count(), int(facts["too_little"].sum())
    measures: dict[str, Any] = {
        "answers": answers,
        "prompts": prompts,
        "expected": list(expected),
        "expected_by": "setting" if params["languages"] else "data",
        "could_not_tell": unknown,
        "reasons": {why: n for why, n in ((TOO_LITTLE, short), (DOUBTFUL, unknown - short)) if n},
        "engines": engines(),
    }
    if not answers:
        return Weighed(measures, skipped="no answer is long enough to tell its language")
    answer = pl.col("answer_language").cast(pl.String)
    prompt = pl.col("prompt_language").cast(pl.String)
    foreign = ~answer.is_in(expected or list(answers))
    strange = (foreign | (answer != prompt)).fill_null(value=False)
    hits = (
        (at, hit(language, spoken, expected))
        for part in facts.with_row_index("at").iter_slices(SLICE)
        for at, language, spoken in part.filter(~pl.col("asked"), strange)
        .select("at", answer, prompt)
        .iter_rows()
    )
    return Weighed(measures, on_records=tuple(hits))


def counted(found: pl.Series) -> dict[str, int]:
    """How many records there are of each language, most first."""
    counts = found.drop_nulls().value_counts().rows()
    return dict(sorted(counts, key=lambda one: (-one[1], one[0])))


def main_languages(counts: dict[str, int], params: Params) -> tuple[str, ...]:
    """The languages with a main share of the answers, else the commonest; none where few tell."""
    told = sum(counts.values())
    if told < params["min_records"]:
        return ()
    main = [language for language, count in counts.items() if count >= params["main_share"] * told]
    return tuple(main or list(counts)[:1])


def hit(language: str, prompt: str | None, expected: tuple[str, ...]) -> Hit:
    """What is wrong with an answer in this language."""
    if expected and language not in expected:
        return Hit(
            "the answer is in {language}; expected in this data: {expected}",
            {"language": language, "expected": ", ".join(expected)},
            field="answer",
        )
    return Hit(
        "the prompt is in {prompt_language}, the answer in {language}, which it does not ask for",
        {"prompt_language": prompt, "language": language},
        field="answer",
    )


CHECK = Check(
    name="unexpected-language",
    says="the answer is in a language that was not expected",
    group="text",
    severity="warn",
    why=__doc__,
    each_answer=True,
    params={
        "languages": (),  # ISO 639-1; none given: the main languages of the data
        "main_share": 0.05,  # of the answers; a language with less is not a main one
        "min_records": 100,  # whose language is told; fewer do not tell the main languages
        "min_letters": 20,  # of an alphabet
        "min_ideographs": 8,  # kana, ideographs, hangul
    },
    fields=("prompt", "answer"),
    measure=measure,
    weigh=weigh,
)
