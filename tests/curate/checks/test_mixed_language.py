"""mixed-language: answers in one language first, then answers in two."""

import pytest

from curate.check import ask
from curate.checks.mixed_language import CHECK
from curate.finding import Hit
from tests.making import record, records

CLEAN = [
    ("Say something.", "Tea is an old drink, and everyone loves it."),
    ("お茶について。", "お茶は古い飲み物で、みんなに愛されています。"),
    ("お勧めは？", "Guns N’ Roses の Welcome to the Jungle をお勧めします。とても有名な曲です。"),
    (
        "方法は？",
        "Pandas の DataFrame を Jupyter Notebook で表示するには、display 関数を使ってください。",
    ),
    ("SMARTとは？", "SMARTは Specific, Measurable, Achievable, Relevant, Time-bound の略称です。"),
    (
        "コードを。",
        "次のコードです。\n```python\n# this is a list of all the words\nx = 1\n```\n以上です。",
    ),
    ("名言を。", "彼は「To be or not to be, that is the question」という台詞で知られています。"),
    (
        "What is 寿司?",
        "Sushi (寿司) is a Japanese dish made with rice, and it is loved everywhere.",
    ),
    (
        "Who was 徳川家康?",
        "徳川家康 (Tokugawa Ieyasu) was the first shogun, who ruled from 江戸 (Edo).",
    ),
    (
        "英語で例文を。",
        "例文です。\nI have been living here for many years.\n私は長年ここに住んでいます。",
    ),
    (
        "Translate: Tea is old.",
        "Tea is old and everyone loves it. お茶は古く、みんなに愛されています。",
    ),
    ("次の文を中国語に訳して。", "訳はこちらです。\n这是我们学校的老师，他说话很快。"),
    ("Help me with Korean.", "You can say it like this every day. 저는 매일 학교에 갑니다."),
    (
        "都道府県を。",
        "都道府県は四十七あります。\n東京都、京都府、大阪府、北海道、沖縄県、高知県です。",
    ),
    ("漢字の話を。", "「鍋」は中国の簡体字で「锅」と書きます。「話」は「话」です。"),
    ("人名を。", "監督は张艺谋さんで、主演は巩俐さんと章子怡さんです。とても有名な映画です。"),
    ("Say hi.", "こんにちは, I am here to help you with whatever you would like to know today."),
]
BAD = [
    (
        "お茶について。",
        "お茶は古い飲み物です。It was first drunk in China and then everywhere.",
        "en",
    ),
    ("お茶について。", "お茶は古い飲み物です。\n\n总的来说，我们每天都喝茶，这对身体很好。", "zh"),
    ("作り方は？", "まず湯を沸かします。然后把蔬菜放进锅里，再加盐搅拌均匀即可。", "zh"),
    ("作り方は？", "湯を沸かします。最后关火，盖上锅盖焖五分钟。", "zh"),
    ("お茶について。", "お茶は古い飲み物です。차는 오래된 음료이며 모두가 좋아합니다.", "ko"),
    (
        "Tell me about tea.",
        "Tea is an old drink that people love. お茶は中国で生まれました。",
        "ja",
    ),
    (
        "Tell me about tea.",
        "Tea is an old drink that people love. 我们每天都喝茶，这对身体很好。",
        "zh",
    ),
    ("Tell me about tea.", "Tea is an old drink that people love. 차는 오래된 음료입니다.", "ko"),
]


@pytest.mark.parametrize(("prompt", "answer"), CLEAN)
def test_clean(prompt: str, answer: str) -> None:
    assert ask(CHECK, records(record(prompt, answer))) == []


@pytest.mark.parametrize(("prompt", "answer", "other"), BAD)
def test_bad(prompt: str, answer: str, other: str) -> None:
    [(row, hit)] = ask(CHECK, records(record(prompt, answer)))
    assert isinstance(hit, Hit)
    assert row == 0
    assert other in {hit.args["main"], hit.args["second"]}
    assert hit.score is not None
    assert hit.args["percent"] == round(100 * hit.score)


def test_the_span_is_the_longest_passage_of_the_second_language() -> None:
    answer = "お茶は古い飲み物で、中国から世界に広まっています。It was first drunk in China."
    [(_, hit)] = ask(CHECK, records(record("お茶について。", answer)))
    assert isinstance(hit, Hit)
    assert answer[hit.start : hit.end] == "It was first drunk in China"
    assert hit.evidence["letters"]["en"] == 22


def test_scores_are_kept_below_the_threshold_and_sizes_are_settings() -> None:
    answer = "お茶は古い飲み物で、中国から世界に広まり、みんなに愛されています。" * 2
    answer += "It was first drunk in China."
    made = records(record("お茶について。", answer))
    [(_, hit)] = ask(CHECK, made)
    assert isinstance(hit, Hit)
    assert hit.score is not None
    assert CHECK.floor is not None
    assert CHECK.floor <= hit.score < CHECK.params["share"]
    assert ask(CHECK, made, min_letters=40) == []
