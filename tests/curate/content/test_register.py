"""register: the tone of each ending."""

import pytest

from curate.content.register import sentences

POLITE = [
    "です",
    "ます",
    "でした",
    "ました",
    "ません",
    "でしょう",
    "ましょう",
    "ください",
    "ございます",
    "ですか",
    "ますね",
]
PLAIN = [
    "である",
    "だった",
    "だろう",
    "した",
    "読んだ",
    "静かだ",
    "ない",
    "高くない",
    "話す",
    "行く",
    "待つ",
    "死ぬ",
    "読む",
    "泳ぐ",
    "遊ぶ",
    "見る",
    "思う",
]
NEITHER = ["東京", "以上", "こと", "とても", "見て"]


@pytest.mark.parametrize("ending", POLITE)
def test_polite(ending: str) -> None:
    assert [said.tone for said in sentences(f"それは{ending}。")] == ["polite"]


@pytest.mark.parametrize("ending", PLAIN)
def test_plain(ending: str) -> None:
    assert [said.tone for said in sentences(f"それは{ending}。")] == ["plain"]


@pytest.mark.parametrize("ending", NEITHER)
def test_neither(ending: str) -> None:
    assert list(sentences(f"それは{ending}。")) == []


def test_places() -> None:
    text = "見出し\n  兄は走った。弟は「待て。行くな。」と言いました。"
    assert [(said.tone, text[said.start : said.end]) for said in sentences(text)] == [
        ("plain", "兄は走った。"),
        ("polite", "弟は「待て。行くな。」と言いました。"),
    ]
