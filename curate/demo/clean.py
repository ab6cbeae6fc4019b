"""Clean records of the demo: small facts in English and Japanese, each said in a few ways."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

Written = dict[str, Any]

CAPITALS = [
    ("France", "Paris", "フランス", "パリ"), ("Kenya", "Nairobi", "ケニア", "ナイロビ"),
    ("Peru", "Lima", "ペルー", "リマ"), ("Norway", "Oslo", "ノルウェー", "オスロ"),
    ("Thailand", "Bangkok", "タイ", "バンコク"), ("Canada", "Ottawa", "カナダ", "オタワ"),
    ("Egypt", "Cairo", "エジプト", "カイロ"), ("Greece", "Athens", "ギリシャ", "アテネ"),
    ("Cuba", "Havana", "キューバ", "ハバナ"), ("Nepal", "Kathmandu", "ネパール", "カトマンズ"),
    ("Chile", "Santiago", "チリ", "サンティアゴ"), ("Poland", "Warsaw", "ポーランド", "ワルシャワ"),
]  # fmt: skip
ANIMALS = [
    ("penguin", "Penguins", "swim very well but cannot fly", "ペンギン", "泳ぎが得意ですが、空は飛べません"),
    ("bat", "Bats", "find their way at night by listening to echoes", "コウモリ", "夜は音の反響を聞いて飛びます"),
    ("camel", "Camels", "store fat in their humps and can go for days without water",
     "ラクダ", "こぶに脂肪をたくわえ、何日も水なしで過ごせます"),
    ("octopus", "Octopuses", "have three hearts and change their colour to hide",
     "タコ", "心臓が三つあり、色を変えて身を隠します"),
    ("owl", "Owls", "turn their heads very far and hunt in silence", "フクロウ", "首を大きく回し、静かに狩りをします"),
    ("salmon", "Salmon", "return to the river where they were born", "サケ", "生まれた川に戻って卵を産みます"),
    ("bee", "Bees", "tell each other where flowers are by dancing", "ミツバチ", "踊りで花の場所を仲間に伝えます"),
    ("wolf", "Wolves", "live in families and hunt together", "オオカミ", "家族で暮らし、協力して狩りをします"),
]  # fmt: skip
TIPS = [
    ("sleep better", "Go to bed at the same time every day. Keep the room dark and cool. Avoid coffee in the evening.",
     "よく眠る", "毎日同じ時間に寝ましょう。部屋を暗く涼しくします。夜はコーヒーを控えましょう。"),
    ("save water", "Take shorter showers. Repair dripping taps. Collect rain for the garden.",
     "節水する", "シャワーの時間を短くします。水漏れは早めに直します。庭には雨水を使いましょう。"),
    ("learn vocabulary", "Learn a few words each day. Use them in sentences. Repeat them after a week.",
     "単語を覚える", "毎日少しずつ覚えます。文の中で使ってみましょう。一週間後に復習します。"),
    ("cycle safely", "Wear a helmet. Use lights after dark. Look over your shoulder before you turn.",
     "安全に自転車に乗る", "ヘルメットをかぶります。暗くなったらライトをつけましょう。曲がる前に後ろを確認します。"),
    ("write clear mail", "Put the request first. Keep sentences short. Say by when you need an answer.",
     "分かりやすいメールを書く", "用件を最初に書きます。文は短くしましょう。いつまでに返事が必要かを伝えます。"),
    ("keep plants healthy", "Give them light. Water them when the soil is dry. Turn the pot every week.",
     "植物を元気に育てる", "日光に当てます。土が乾いたら水をやりましょう。週に一度は鉢の向きを変えます。"),
]  # fmt: skip
PASSAGES = [
    ("The library opens at nine and closes at eight. On Sundays it closes at five. Children may borrow ten books.",
     "When does the library close on Sundays?", "On Sundays the library closes at five.",
     "図書館は九時に開き、八時に閉まります。日曜日は五時に閉まります。子どもは本を十冊まで借りられます。",
     "日曜日、図書館は何時に閉まりますか。", "日曜日は五時に閉まります。"),
    ("The museum moved to the old harbour last spring. Entry is free for students. The cafe is on the roof.",
     "Where is the cafe of the museum?", "The cafe is on the roof.",
     "博物館は去年の春に古い港へ移転しました。学生は入場無料です。カフェは屋上にあります。",
     "博物館のカフェはどこにありますか。", "カフェは屋上にあります。"),
    ("The bus to the airport leaves every twenty minutes. The ride takes about forty minutes. Tickets are sold on board.",
     "How often does the airport bus leave?", "The bus leaves every twenty minutes.",
     "空港行きのバスは二十分おきに出ます。所要時間は約四十分です。乗車券は車内で買えます。",
     "空港行きのバスはどのくらいの間隔で出ますか。", "二十分おきに出ます。"),
]  # fmt: skip
FUNCTIONS = [
    ("add", "the sum of two numbers", "a + b", "二つの数の和"),
    ("larger", "the larger of two numbers", "max(a, b)", "二つの数のうち大きい方"),
    ("joined", "two texts joined by a space", 'f"{a} {b}"', "二つの文字列を空白でつないだもの"),
    ("distance", "the distance between two numbers", "abs(a - b)", "二つの数の差の絶対値"),
]
GOODS = [
    ("tea", "お茶", 3), ("bread", "パン", 2), ("apples", "りんご", 5), ("rice", "米", 12),
    ("soap", "石けん", 4), ("milk", "牛乳", 6), ("salt", "塩", 1), ("honey", "はちみつ", 9),
    ("eggs", "卵", 7), ("flour", "小麦粉", 8), ("cheese", "チーズ", 11), ("paper", "紙", 10),
]  # fmt: skip
TABLES = [
    ("customers", "顧客"), ("orders", "注文"), ("products", "商品"), ("invoices", "請求書"),
    ("employees", "社員"), ("suppliers", "仕入先"), ("branches", "支店"), ("payments", "支払い"),
    ("deliveries", "配送"), ("contracts", "契約"), ("projects", "案件"), ("tickets", "問い合わせ"),
]  # fmt: skip


def records() -> Iterator[Written]:
    """All clean records, in one order: English and Japanese in turn."""
    for part in (capitals, animals, tips, passages, functions, objects, queries, sums):
        yield from part()


def said(category: str, instruction: str, output: str, given: str = "") -> Written:
    """One record in the shape of the demo."""
    return {"instruction": instruction, "input": given, "output": output, "category": category}


def capitals() -> Iterator[Written]:
    for land, city, land_ja, city_ja in CAPITALS:
        yield said(
            "geography", f"What is the capital of {land}?", f"The capital of {land} is {city}."
        )
        yield said(
            "geography", f"{land_ja}の首都はどこですか。", f"{land_ja}の首都は{city_ja}です。"
        )
        yield said(
            "geography",
            f"Which country has {city} as its capital?",
            f"{city} is the capital of {land}.",
        )
        yield said(
            "geography", f"{city_ja}はどの国の首都ですか。", f"{city_ja}は{land_ja}の首都です。"
        )


def animals() -> Iterator[Written]:
    for one, many, fact, one_ja, fact_ja in ANIMALS:
        yield said("nature", f"Tell me something about the {one}.", f"{many} {fact}.")
        yield said("nature", f"{one_ja}について教えてください。", f"{one_ja}は{fact_ja}。")
        yield said(
            "nature",
            f"What should a child know about a {one}?",
            f"A child may like to hear this: {many.lower()} {fact}.",
        )
        yield said("nature", f"{one_ja}の特徴を一つ挙げてください。", f"特徴は、{fact_ja}。")


def tips() -> Iterator[Written]:
    for aim, advice, aim_ja, advice_ja in TIPS:
        yield said("advice", f"Give me three tips to {aim}.", advice)
        yield said("advice", f"{aim_ja}ためのコツを三つ教えてください。", advice_ja)


def passages() -> Iterator[Written]:
    for text, question, answer, text_ja, question_ja, answer_ja in PASSAGES:
        yield said("reading", question, answer, text)
        yield said("reading", question_ja, answer_ja, text_ja)


def functions() -> Iterator[Written]:
    for name, what, body, what_ja in FUNCTIONS:
        code = f"```python\ndef {name}(a, b):\n    return {body}\n```"
        yield said("code", f"Write a Python function that returns {what}.", code)
        yield said("code", f"{what_ja}を返すPythonの関数を書いてください。", code)


def objects() -> Iterator[Written]:
    for name, name_ja, price in GOODS:
        wanted = json.dumps({"name": name, "price": price}, indent=2)
        wanted_ja = json.dumps({"name": name_ja, "price": price}, indent=2, ensure_ascii=False)
        yield said(
            "json",
            f"Write the item {name} with the price {price} as JSON with the keys name and price.",
            wanted,
        )
        yield said(
            "json",
            f"商品「{name_ja}」、価格{price}を、キーnameとpriceを持つJSONで書いてください。",
            wanted_ja,
        )


def queries() -> Iterator[Written]:
    for table, table_ja in TABLES:
        query = f"SELECT id, name FROM {table} ORDER BY name;"
        yield said(
            "sql",
            f"Write an SQL query that lists id and name of all {table}, sorted by name.",
            query,
        )
        yield said(
            "sql",
            f"テーブル{table}（{table_ja}）のidとnameを名前順に並べるSQLを書いてください。",
            query,
        )


def sums() -> Iterator[Written]:
    for a in range(11, 35):
        b = 3 * a % 17 + 2
        yield said("arithmetic", f"What is {a} plus {b}?", f"{a} plus {b} is {a + b}.")
        yield said("arithmetic", f"{a}足す{b}はいくつですか。", f"{a}足す{b}は{a + b}です。")
