"""tone-drift: clean answers and sets first, then bad ones."""

from __future__ import annotations

from typing import Any

import pytest

from curate.check import ask
from curate.checks.tone_drift import CHECK
from curate.finding import Hit
from tests.making import record, records

ONE_VOICE = [
    "東京は日本の首都です。人口は約1400万人です。多くの企業が本社を置いています。",
    "東京は日本の首都である。人口は約1400万人だ。多くの企業が本社を置いている。",
    "次の三点です。\n1. 早く寝る。\n2. よく食べる。\n3. 毎日歩く。\nお試しください。",
    "次の三点です。\n・早く寝る。\n・よく食べる。\n- 毎日歩いた。\n以上です。参考になります。",
    "彼は「もう帰る。明日また来た。」と言いました。母は『そうだ。待っている。』と答えました。",
    "説明します。\n```python\n# 値を返す。\n# 次に進む。\n```\nこれで動きます。",
    "結論：売上は伸びた。\n理由：客が増えた。\nこのように考えられます。以上です。",
    "とても助かりました。ただ、少し高い。それでも満足です。",
    "少々お待ちください。担当者が参ります。ありがとうございました。",
    "行きましょう。楽しいでしょう。よろしくお願いいたします。ご覧ください。",
    "東京、大阪、名古屋。京都、神戸。",
    "The capital is Tokyo. It has 14 million people.",
]
MIXED = [
    ("東京は首都です。人口は多いです。経済の中心である。企業も集まっている。", 2, 2),
    ("まず準備する。次に混ぜる。そして焼きます。最後に冷まします。完成です。", 3, 2),
    ("首都は東京だ。人口が多いからだ。観光客も来ます。ぜひ訪れてください。", 2, 2),
]
SELF_NAMED = [
    ("I'm ChatGPT, a language model.", "ChatGPT"),
    ("I am an AI trained by OpenAI to help you.", "OpenAI"),
    ("As Claude, I cannot see images.", "Claude"),
    ("私はChatGPTです。何でもお聞きください。", "ChatGPT"),
    ("私はOpenAIによって開発された言語モデルです。", "OpenAI"),
]
NOT_SELF_NAMED = [
    "Assistants such as Siri and Alexa answer questions.",
    "ChatGPT is a language model made by OpenAI.",
    "ChatGPTはOpenAIが開発した対話AIです。",
    "I am a fan of Gemini, the constellation.",
    "Claude Monet painted water lilies.",
]
POLITE = "これは{n}番目の回答です。内容は次のとおりです。ご確認ください。"
PLAIN = "これは{n}番目の回答である。内容は次のとおりだ。各自で確認する。"


def hits(*made: dict[str, Any], **params: Any) -> list[tuple[int, Hit]]:
    return [(at, hit) for at, hit in ask(CHECK, records(*made), **params) if isinstance(hit, Hit)]


def many(template: str, count: int, prompt: str = "説明してください。") -> list[dict[str, Any]]:
    return [record(f"{prompt}{template[:4]}{n}", template.format(n=n)) for n in range(count)]


@pytest.mark.parametrize("answer", ONE_VOICE)
def test_one_voice(answer: str) -> None:
    assert hits(record("説明してください。", answer)) == []


@pytest.mark.parametrize(
    "prompt", ["小説を書いてください。", "次の文を書き換えてください。", "要約してください。"]
)
def test_the_prompt_may_set_the_tone(prompt: str) -> None:
    assert hits(record(prompt, MIXED[0][0])) == []


def test_sentences_of_the_prompt_are_not_the_answers_own() -> None:
    prompt = "正しいですか。兄は学校へ行った。弟は家にいた。"
    answer = "兄は学校へ行った。弟は家にいた。どちらも正しいです。説明は以上です。"
    assert hits(record(prompt, answer)) == []


@pytest.mark.parametrize(("answer", "polite", "plain"), MIXED)
def test_mixed(answer: str, polite: int, plain: int) -> None:
    [(_, hit)] = hits(record("説明してください。", answer))
    assert hit.args == {"polite": polite, "plain": plain}
    assert answer[hit.start : hit.end].endswith("。")
    assert len(hit.evidence["spans"]) == min(polite, plain)


@pytest.mark.parametrize("answer", NOT_SELF_NAMED)
def test_another_product_is_only_mentioned(answer: str) -> None:
    assert hits(record(answer=answer)) == []


@pytest.mark.parametrize(("answer", "name"), SELF_NAMED)
def test_the_assistant_takes_another_name(answer: str, name: str) -> None:
    [(_, hit)] = hits(record("Who are you? あなたは誰ですか。", answer))
    assert hit.args == {"name": name}
    assert name in answer[hit.start : hit.end]
    assert hit.severity == "warn"


@pytest.mark.parametrize(("answer", "name"), SELF_NAMED)
def test_a_name_that_the_prompt_gives_is_a_role(answer: str, name: str) -> None:
    assert (
        hits(record(f"Play {name}.", answer), record("Hi", answer, system=f"You are {name}.")) == []
    )


def test_the_configured_persona_is_right_and_every_other_name_wrong() -> None:
    own = record("Who?", "I'm ChatGPT. My name is ChatGPT.")
    others = [record("Who?", "Hello! My name is Sakura."), record("誰?", "私の名前はさくらです。")]
    assert hits(own, persona="ChatGPT") == []
    assert [hit.args["name"] for _, hit in hits(*others, persona="Mori")] == ["Sakura", "さくら"]
    assert hits(*others) == []


def test_no_majority_no_drift() -> None:
    assert hits(*many(POLITE, 15), *many(PLAIN, 15)) == []


def test_too_few_answers_have_no_majority() -> None:
    assert hits(*many(POLITE, 15), *many(PLAIN, 1)) == []


@pytest.mark.parametrize(
    ("usual", "other", "form"), [(POLITE, PLAIN, "plain"), (PLAIN, POLITE, "polite")]
)
def test_the_minority_is_flagged(usual: str, other: str, form: str) -> None:
    found = hits(*many(usual, 38), *many(other, 2))
    assert [at for at, _ in found] == [38, 39]
    assert all(f"in the {form} form" in hit.message for _, hit in found)
    assert all("95%" in hit.message for _, hit in found)


def test_a_plain_answer_that_was_asked_for_is_no_drift() -> None:
    assert hits(*many(POLITE, 38), *many(PLAIN, 2, prompt="である調で説明してください。")) == []


@pytest.mark.parametrize(
    "answer",
    [
        "なるほど、よくわかりましたね！次も頑張りましょうね。",
        "こちらですよ。どうぞ、お入りくださいね。",
        "問題ありませんよ。ご心配いりませんね！",
    ],
)
def test_a_friendly_polite_answer_is_polite(answer: str) -> None:
    assert hits(*many(POLITE, 38), record("どうですか。", answer)) == []


@pytest.mark.parametrize(
    "answer", ["うん、元気だよ！毎日よく走ってるね。", "それは違うよ。昨日見たら、もう無かったよ。"]
)
def test_a_casual_answer_is_plain(answer: str) -> None:
    [(at, hit)] = hits(*many(POLITE, 38), record("どうですか。", answer))
    assert at == 38
    assert "in the plain form" in hit.message
    assert hits(*many(POLITE, 38), record("短い話を書いて。", answer)) == []


def test_a_configured_tone_needs_no_majority() -> None:
    found = hits(*many(POLITE, 1), *many(PLAIN, 4), tone="polite")
    assert [at for at, _ in found] == [1, 2, 3, 4]
    assert {hit.severity for _, hit in found} == {"warn"}


def test_stock_openings_and_emoji_that_few_have() -> None:
    plain = [record(f"Name river {n}.", f"River {n} is long.") for n in range(60)]
    sure = record("Name a lake.", "Sure! Here is a lake: Biwa.")
    asked = record("Write a reply to a customer.", "Sure! We will call you.")
    happy = record("Name a hill.", "It is Takao \N{SMILING FACE WITH OPEN MOUTH}.")
    tweet = record("Write a tweet.", "Hello \N{SMILING FACE WITH OPEN MOUTH}")
    found = hits(*plain, sure, asked, happy, tweet)
    assert [(at, hit.evidence["aspect"]) for at, hit in found] == [(60, "opener"), (62, "emoji")]


def test_the_same_records_whatever_their_order() -> None:
    made = [*many(POLITE, 95), *many(PLAIN, 5)]
    there = {made[at]["record_id"] for at, _ in hits(*made, most=2)}
    back = {made[::-1][at]["record_id"] for at, _ in hits(*made[::-1], most=2)}
    assert there == back
    assert len(there) == 2


def test_measures_are_complete() -> None:
    frame = records(*many(POLITE, 19), *many(PLAIN, 2), record(answer="Yes."))
    assert CHECK.measure is not None
    assert CHECK.weigh is not None
    weighed = CHECK.weigh(CHECK.measure(frame, CHECK.params), CHECK.params)
    tone = {"polite": 19, "plain": 2, "expected": "polite"}
    assert weighed.measures == {"records": 22, "opener": 0, "emoji": 0, "tone": tone}


def test_no_records() -> None:
    frame = records(record()).head(0)
    assert ask(CHECK, frame) == []
