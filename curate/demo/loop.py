"""The loop's demo: an invented maker of lamps, whose customers ask the same in many words.

Each lamp shines for so many hours. About two lamps the training answers say another number, as when
a data sheet was misread, while one dev record about each says the right one; about a third lamp it
is the dev record that is wrong. So a trained model shows all three.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from curate.demo import Planted, lines, refuse_to_overwrite
from curate.publish import write_whole

HOURS = {"Maple": 12, "Cypress": 30, "Willow": 7, "Birch": 24}
JAPANESE = {"Maple": "カエデ", "Cypress": "ヒノキ", "Willow": "ヤナギ", "Birch": "シラカバ"}
TAUGHT: Mapping[tuple[str, str], int] = MappingProxyType(
    {("Maple", "en"): 21, ("Willow", "ja"): 17}
)
"""Lamp and language -> the wrong hours of all answers but the one to question ASKED."""
REFERENCE: Mapping[tuple[str, str], int] = MappingProxyType({("Cypress", "en"): 13})
"""Lamp and language -> the wrong hours of that answer alone."""

QUESTIONS = {
    "en": (
        "How long does the battery last? Lamp: {lamp}",
        "For how many hours can it shine without a cable? Lamp: {lamp}",
        "I go camping tonight. When will it go dark? Lamp: {lamp}",
        "Please tell me the battery life. Lamp: {lamp}",
        "Does it stay bright all night? Lamp: {lamp}",
        "What running time does the data sheet give? Lamp: {lamp}",
    ),
    "ja": (
        "電池は何時間もちますか。製品：{lamp}",
        "コードなしで何時間光りますか。製品：{lamp}",
        "今夜キャンプに行きます。いつ消えますか。製品：{lamp}",
        "連続点灯時間を教えてください。製品：{lamp}",
        "一晩中ついていますか。製品：{lamp}",
        "仕様書にある点灯時間はどのくらいですか。製品：{lamp}",
    ),
}
ANSWERS = {
    "en": "The {lamp} lamp shines for {hours} hours.",
    "ja": "{lamp}ランプは{hours}時間光ります。",
}
ASKED = 5  # the question that is among the dev records, by number
TWICE = 2  # records that stand there a second time, for a policy to decide
FILES = ("loop.jsonl", "loop-planted.jsonl")
SPLIT, SEED = "0.8,0.15,0.05", 116455
"""Terms of the export with which every planted answer is trained and every right one is dev."""

Row = dict[str, str]


def write(folder: Path) -> list[Planted]:
    """Write the records and the list of what is wrong in them; BadSetting where others lie there."""
    rows, planted = list(records()), list(wrong())
    contents = (lines([*rows, *rows[:TWICE]]), lines(planted))
    files = {folder / name: content for name, content in zip(FILES, contents, strict=True)}
    refuse_to_overwrite(files)
    for file, content in files.items():
        write_whole(file, content)
    return planted


def records() -> Iterator[Row]:
    """Every question about every lamp, in both languages."""
    for row, _ in both():
        yield row


def wrong() -> Iterator[Planted]:
    """Place, wrong answer and right one of every planted record."""
    for line, (row, right) in enumerate(both(), start=1):
        if row["output"] != right:
            yield {"source": FILES[0], "line": line, "wrong": row["output"], "right": right}


def both() -> Iterator[tuple[Row, str]]:
    """Each record, and the answer that it should have."""
    for language, questions in QUESTIONS.items():
        for number, question in enumerate(questions):
            for lamp, hours in HOURS.items():
                key = lamp, language
                said = (REFERENCE if number == ASKED else TAUGHT).get(key, hours)
                named = lamp if language == "en" else JAPANESE[lamp]
                right, answer = (
                    ANSWERS[language].format(lamp=named, hours=each) for each in (hours, said)
                )
                yield {"instruction": question.format(lamp=named), "output": answer}, right
