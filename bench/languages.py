"""How well languages are told, by length and by engine; prints part of docs/quality.md.

usage: python -m bench.languages DATA > languages.md

DATA is the folder of the public sets: the sentences of Tatoeba, pairs of them joined, and the
Japanese answers of 24 models.
"""

from __future__ import annotations

import gzip
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import orjson
import polars as pl

from curate.check import ask
from curate.checks import mixed_language, unexpected_language
from curate.content.language import GLANCES, HEAD, languages
from curate.content.language_detect import HEAVY, PART_OF, engines, model, scripts, second_opinion
from curate.record import SCHEMA, with_prompt

Texts = Sequence[str]
Told = list[str | None]

BANDS = ((1, 9), (10, 19), (20, 39), (40, 79), (80, 9999))
"""Characters of a text, both ends included."""
LANGUAGES = ("en", "ja", "zh", "ko", "de", "fr", "es", "ru", "ar", "th")
EVERY = 5  # langdetect is slow: it is asked of every fifth text


def at_a_glance(texts: Texts) -> Told:
    """Step one alone."""
    heads = pl.DataFrame({"head": texts}).select(pl.col("head").str.head(HEAD))
    told = pl.coalesce(pl.when(glance).then(pl.lit(name)) for name, glance in GLANCES)
    return heads.select(told).to_series().to_list()


def fast_detector(texts: Texts) -> Told:
    """The fast detector alone, whatever its score."""
    said = (model().predict(text.replace("\n", " "), 1, 0.0, "strict") for text in texts)
    return [one_name(found[0][1].removeprefix("__label__")) if found else None for found in said]


def langdetect(texts: Texts) -> Told:
    """Seeded langdetect alone."""
    return [one_name(second_opinion(text)) for text in texts]


def ours(texts: Texts) -> Told:
    """Steps one and two, as an audit asks them."""
    return [one_name(language) for language in languages(pl.Series(texts))]


ENGINES: dict[str, Callable[[Texts], Told]] = {
    "curate": ours,
    "glance only": at_a_glance,
    "fast detector only": fast_detector,
    "langdetect only": langdetect,
}


def one_name(language: str | None) -> str | None:
    """One code for a language and its kinds: yue and wuu are zh here, nb and nn no."""
    return "no" if language == "nn" else PART_OF.get(language or "", language)


def rows(data: Path, name: str) -> list[dict[str, str]]:
    """The rows of a set."""
    with gzip.open(data / f"{name}.jsonl.gz") as file:
        return [orjson.loads(line) for line in file]


def told(data: Path) -> pl.DataFrame:
    """Every sentence of Tatoeba with its true language, its band, and what each engine says."""
    read = rows(data, "langid_tatoeba_112")
    frame = pl.DataFrame(
        {
            "text": [row["text"] for row in read],
            "truth": [one_name(row["lang"] or row["lang3"]) for row in read],
            "band": [band(len(row["text"])) for row in read],
            "known": [row["lang"] is not None for row in read],
        }
    ).with_row_index("at")
    for name, engine in ENGINES.items():
        part = frame.filter(pl.col("at") % EVERY == 0) if engine is langdetect else frame
        said = part.select("at", pl.Series(name, engine(part["text"].to_list()), dtype=pl.String))
        frame = frame.join(
            said.with_columns(asked=True), on="at", how="left", maintain_order="left"
        )
        frame = frame.rename({"asked": f"{name} asked"})
    return frame


def band(size: int) -> str:
    """The length band of a text of that many characters."""
    low, high = next(ends for ends in BANDS if size <= ends[1])
    return f"{low}–{high}" if high < 9999 else f"{low} and more"


def cell(texts: pl.DataFrame, engine: str) -> str:
    """`right of answered (answered of asked)`, in per cent."""
    asked = texts.filter(pl.col(f"{engine} asked"))
    answered = asked.filter(pl.col(engine).is_not_null())
    if asked.is_empty():
        return "-"
    share = f"{100 * len(answered) / len(asked):.0f} %"
    if answered.is_empty():
        return f"- ({share})"
    right = int((answered[engine] == answered["truth"]).sum())
    return f"{100 * right / len(answered):.1f} % ({share})"


def table(corner: str, lines: Iterator[tuple[str, pl.DataFrame]]) -> Iterator[str]:
    """A markdown table: one line a selection of texts, one column an engine."""
    yield f"| {corner} | texts | {' | '.join(ENGINES)} |"
    yield "|---|---|" + "---|" * len(ENGINES)
    for name, texts in lines:
        yield f"| {name} | {len(texts)} | {' | '.join(cell(texts, e) for e in ENGINES)} |"


def single(data: Path) -> Iterator[str]:
    """Sentences in one language."""
    frame = told(data)
    known = frame.filter("known")
    names = [band(low) for low, _ in BANDS]
    yield "## Languages: Tatoeba, one sentence a text\n"
    yield "Right among those answered (share that was answered at all); " + ", ".join(
        f"{name} {version}" for name, version in engines().items()
    )
    yield "- yue and wuu count as zh, nb and nn as no"
    yield f"- langdetect is asked of every {EVERY}th text\n"
    yield "All languages that have a two-letter code:\n"
    yield from table("characters", ((n, known.filter(pl.col("band") == n)) for n in names))
    yield "\nBy language:\n"
    yield from table("language", ((n, known.filter(pl.col("truth") == n)) for n in LANGUAGES))
    for language in LANGUAGES[:4]:
        of_it = known.filter(pl.col("truth") == language)
        yield f"\n{language} by length:\n"
        parts = ((n, of_it.filter(pl.col("band") == n)) for n in names)
        yield from table("characters", ((n, part) for n, part in parts if len(part)))
    yield "\nTexts of other languages that are taken for one of these (lower is better):\n"
    yield from mistaken(frame)


def mistaken(frame: pl.DataFrame) -> Iterator[str]:
    """How many texts of another language each engine calls English, Japanese, Chinese, Korean."""
    yield f"| called | {' | '.join(ENGINES)} |"
    yield "|---|" + "---|" * len(ENGINES)
    for language in LANGUAGES[:4]:
        others = frame.filter(pl.col("truth") != language)
        found = []
        for engine in ENGINES:
            asked = others.filter(pl.col(f"{engine} asked"))
            wrong = (asked[engine] == language).sum()
            found.append(f"{wrong} of {len(asked)}")
        yield f"| {language} | {' | '.join(found)} |"


def batch(texts: Sequence[tuple[str, str]]) -> pl.DataFrame:
    """Prompts and answers as a check sees them."""
    made = [
        {"record_id": str(i), "line": i, "instruction": prompt, "answer": answer}
        for i, (prompt, answer) in enumerate(texts)
    ]
    return with_prompt(pl.DataFrame(made, schema=SCHEMA))


def mixed(data: Path) -> Iterator[str]:
    """Two sentences of two languages in one text."""
    read = rows(data, "langid_mixed_cjk_en")
    found = {i for i, _ in ask(mixed_language.CHECK, batch([("", row["text"]) for row in read]))}
    alone = [("", part) for row in read for part in row["parts"]]
    false = len(ask(mixed_language.CHECK, batch(alone)))
    yield "\n## Languages: two in one text\n"
    yield "| pair | texts | found by `mixed-language` | both parts long enough | found of these |"
    yield "|---|---|---|---|---|"
    pairs = ["-".join(sorted(row["langs"])) for row in read]
    least = mixed_language.CHECK.params["min_letters"]
    long = {i for i, row in enumerate(read) if min(map(letters, row["parts"])) >= least}
    for pair in sorted(set(pairs)):
        of_it = {i for i, one in enumerate(pairs) if one == pair}
        yield (
            f"| {pair} | {len(of_it)} | {len(found & of_it)} | {len(long & of_it)} "
            f"| {len(found & long & of_it)} |"
        )
    yield f"\nLong enough: {least} letters, an ideograph or syllable counting as two."
    yield f"False alarms on the same {len(alone)} sentences alone: {false}."


def letters(text: str) -> int:
    """The letters of a text as `mixed-language` counts them."""
    found = scripts(text)
    return found.total() + (HEAVY - 1) * sum(found[name] for name in ("kana", "han", "hangul"))


def judged(data: Path) -> Iterator[str]:
    """Japanese prompts whose answers are not in Japanese."""
    read = rows(data, "instruct_judged_ja")
    said = ask(
        unexpected_language.CHECK, batch([(r["instruction"], r["output"] or "") for r in read])
    )
    flagged = {i for i, _ in said}
    without = [i for i, r in enumerate(read) if r["output"] and not JAPANESE.search(r["output"])]
    kanji = [i for i, r in enumerate(read) if ONLY_HAN.search(r["output"] or "")]
    yield "\n## Languages: answers to Japanese prompts in another language\n"
    yield f"- {len(read)} answers, {len(flagged)} flagged by `unexpected-language`"
    yield f"- no Japanese script: {len(without)}, flagged {len(flagged & set(without))}"
    yield f"- ideographs but no kana: {len(kanji)}, flagged {len(flagged & set(kanji))}"


JAPANESE = re.compile("[ぁ-ゖァ-ヺ一-鿿]")
ONLY_HAN = re.compile("^(?=.*[一-鿿])[^ぁ-ゖァ-ヺ]*$", re.DOTALL)


def page(data: Path) -> str:
    """All tables, as markdown."""
    return "\n".join([*single(data), *mixed(data), *judged(data), ""])


if __name__ == "__main__":
    sys.stdout.write(page(Path(sys.argv[1])))
