"""truncated-answer: answers that are whole, or not prose, first; then answers that were cut."""

from __future__ import annotations

import pytest

from curate.check import ask
from curate.checks.truncated_answer import CHECK
from curate.finding import Unsure
from tests.making import record, records

EN = "A good picture needs light, and light needs time. "  # 50 characters
JA = "良い写真には光が必要で、光には時間が必要です。"  # 23 characters

CLEAN = [
    "Paris",
    "The capital of France is Paris.",
    "The capital of France is Paris",  # only its full stop is missing
    "It is the tool that everybody here is looking for",
    "1. Bread\n2. Butter\n3. Jam",
    "- bring a coat\n- look at what it stands for",
    "Dear Ms. Hill,\n\nThank you for the visit.\n\nSincerely,",
    "Roses are red,\nviolets are blue,\nsugar is sweet and",  # the prompt asks for a poem
    "def add(a, b):\n    return a,",
    "SELECT name, city\nFROM people\nWHERE city IN (",
    '{"name": "Ann", "pets": [',
    "| name | city |\n| --- | --- |\n| Ann | of the",
    "See https://example.org/the-end-of-the",
    "THE BEST OF THE",
    EN * 14 + "The end",
    EN * 14 + "\n\nBest regards,\nAnn Hill",
    EN * 14 + "\n#photo #light",
    EN * 14 + '\n"Light is all." - Ann Hill',
    EN * 7 + "\n" + EN * 7 + "\n\n- bring a good lens and a stand for it",
    "東京",
    "日本の首都は東京です",
    "見てくれてありがとう。またね",
    "新しいカメラが発売されました。この機会にぜひお試しを",
    "1. パン\n2. バター\n3. ジャム",
    "・世界を一つに",
    "お世話になっております。\n\n田中",
    "詳しくは下の表をご覧ください。\n| 項目 | 値 |\n| 価格 | 1,000円の |",
    JA * 14 + "以上です",
    JA * 14 + "\n\n敬具\n田中",
    JA * 14 + "\n#写真 #光",
    "1. Wash the rice.\n2. Boil the water.\n3. Serve it hot",
    "1. Rice, washed\n2. Water to cook it in\n3. A pot to cook it in",
    "1. 米を洗います。\n2. 水を入れます。\n3. 火にかけます",
    "まずは一休みしましょう。話はそれから",
    "光が足りませんでした。次は三脚を持っていきましょう",
    "なんや、気にせんでええよ。誰でも最初は失敗するもんやし、そのうち慣れるって",
    "昔々、ある村に写真家がいた。彼は毎朝、山に登って朝日が昇るのを待っていた",
    EN * 3 + "Ann Hill, The Light of the North",
    EN * 3 + "See www.light.example",
    EN * 3 + "\n\nLight and Time in the Old Town",
    EN * 3 + "\n\n- a lens that is good enough for you",
    "Yes. Bring a stand",
    "光が足りません。皆様に良い光がありますように",
    "ようこそ。どうぞごゆっくりお過ごしくださいませ",
    "良い写真でした。\n\n島の春",
]
BAD = [
    ("The numerical value of the equation is", "'is'"),
    ("4 multiplied by 5 is equal to", "'to'"),
    ("Calcium is a chemical element with the atomic number of", "'of'"),
    ("We went to the market and bought bread and the", "'the'"),
    ("It was late. We took the bus to", "'to'"),
    ("The plan needs money, people and inter-", "'inter-'"),
    (EN + "Collectivization: The", "'the'"),
    (EN + "It also helps with colour, with contrast,", "comma"),
    (EN * 14 + "It also helps (as Ann said", "'(as Ann said'"),
    ("1. Wash the rice.\n2. Boil the water.\n3.", "'3.'"),
    ("1. Wash the rice.\n2. Boil it.\n3. Keep some water and use it to", "'to'"),
    ("1. 米を洗います。\n2. 水を入れます。\n3. 「炊飯」を選び、", "comma"),
    (JA + "まず光を集め、次に", "、次に'"),
    (JA + "また、夕方の光も人気です。そして", "。そして'"),
    ("1. Wash the rice.\n2. Boil the water.\n3", "'3'"),
    ("- Wash the rice.\n- Boil the water.\n-", "'-'"),
    (EN * 14 + "Be patient and then try it from more than one", "(745 characters)"),
    (EN * 7 + "\n\n" + EN * 7 + "\n\n7. Be patient: Practice every day until you", "characters"),
    ("天気は晴れでした。午後には友人と公園で写真を", "'公園で写真を'"),
    ("天気は晴れでした。しかし、午後からの", "'、午後からの'"),
    ("天気は晴れでした。公園には、花、鳥、", "comma"),
    (JA * 14 + "友人は「明日もまた行きた", "「明日もまた行きた"),
    ("1. 米を洗います。\n2. 水を入れます。\n3.", "'3.'"),
    (JA * 14 + "次に大切なのは撮影場所", "(333 characters)"),
    (EN * 2 + "The stand should be made of wood or of alumi", "unlike the ones before it"),
    (EN * 2 + "He won the prize of the town for it in 20", "unlike the ones before it"),
    (EN * 2 + "We have learnt it from many years of work in the field, and from o", "unlike the"),
    (JA + "明るい場所なら、手でも持つことができま", "できま'"),
    (JA + "夜の場合は、三脚が必要であ", "必要であ'"),
    (JA + "この設定は、色にも影響を及ぼ", "影響を及ぼ'"),
    (JA + "必ず電源を切ってから外してくださ", "くださ'"),
    (JA + "古い方法だと考えら", "考えら'"),
    (JA + "今では広く使われてい", "われてい'"),
]


@pytest.mark.parametrize("answer", CLEAN)
def test_clean(answer: str) -> None:
    prompt = "Write a poem." if answer.startswith("Roses") else "How do I take a good picture?"
    assert ask(CHECK, records(record(prompt, answer))) == []


@pytest.mark.parametrize(("answer", "says"), BAD)
def test_bad(answer: str, says: str) -> None:
    [(row, hit)] = ask(CHECK, records(record("How do I take a good picture?", answer)))
    assert row == 0
    assert says in hit.message
    assert answer[hit.start : hit.end] == answer.rsplit("\n", 1)[-1]


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        ("Sort the words.\n\nthe cat sat and", "sorted by length: cat sat and"),
        ("Write 45 as digits.\n\nIn May he paid 45 pounds,", "In the spring of May he paid £45,"),
        ("続きを書いてください。", "ある朝、私は駅前の古い喫茶店で一冊のノートを"),
    ],
)
def test_what_the_task_leaves_open(prompt: str, answer: str) -> None:
    assert ask(CHECK, records(record(prompt, answer))) == []


def test_how_long_is_long_is_a_setting() -> None:
    made = records(record(answer=EN * 6 + "Be patient and try it from more than one"))
    [(_, said)] = ask(CHECK, made, prose_chars=400)
    assert isinstance(said, Unsure)
    [(_, hit)] = ask(CHECK, made, long_chars=300)
    assert "characters)" in hit.message
    made = records(record(answer=JA * 6 + "次に大切なのは撮影場所"))
    [(_, said)] = ask(CHECK, made)
    assert isinstance(said, Unsure)
    assert len(ask(CHECK, made, long_chars_ja=100)) == 1


@pytest.mark.parametrize(
    "answer",
    [
        JA + "夕方の光は色が柔らかく、その結果として影まで美しく見える",
        "光は波です。波長の短い光ほど強く散らばり、遠くの空まで青く染まる",
    ],
)
def test_of_japanese_that_falls_out_of_the_polite_form_it_could_not_tell(answer: str) -> None:
    [(_, said)] = ask(CHECK, records(record("説明してください。", answer)))
    assert isinstance(said, Unsure)


@pytest.mark.parametrize(
    "answer",
    [
        "It needs light. Put the camera on a stand of woo",
        JA + "夕方の撮影には、明るいレン",
        "光は波である。波長の短い光ほど強く散らばり、遠くの空",
    ],
)
def test_where_only_the_mark_is_missing_it_could_not_tell(answer: str) -> None:
    [(_, said)] = ask(CHECK, records(record("Explain it.", answer)))
    assert isinstance(said, Unsure)
