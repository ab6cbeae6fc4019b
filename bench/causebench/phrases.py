"""Phrases: what is asked about invented things, in six wordings each, English and Japanese.

The wordings of an attribute differ in words, never in punctuation alone. Answers are short, so that
a wrong word in one is a wrong value and no other way of saying the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attribute:
    """One thing that can be asked about things of a kind; {x} is the thing and {v} its value."""

    kind: str
    name: str
    asks: Sequence[str]
    answer: str
    values: Sequence[str]


KILOS = tuple(str(n) for n in range(2, 42, 3))
YEARS = tuple(str(n) for n in range(1512, 1992, 37))

ENGLISH = (
    Attribute("product", "colour", (
        "What colour is the {x}?", "Tell me the colour of the {x}.",
        "The {x} comes in which colour?", "Which colour does the {x} have?",
        "In what colour is the {x} sold?", "Name the colour of the {x}.",
    ), "It is {v}.", ("red", "blue", "green", "black", "white", "silver", "orange", "purple")),
    Attribute("product", "material", (
        "What is the {x} made of?", "Tell me the material of the {x}.",
        "The {x} is built from what?", "Which material is used for the {x}?",
        "From what do they make the {x}?", "Name the material of the {x}.",
    ), "Made of {v}.", ("steel", "cotton", "glass", "leather", "bamboo", "paper", "wool",
    "copper")),
    Attribute("product", "weight", (
        "How heavy is the {x}?", "What does the {x} weigh?",
        "Tell me the weight of the {x}.", "How many kilos is the {x}?",
        "The {x} has which weight?", "Give the weight of the {x}.",
    ), "It weighs {v} kg.", KILOS),
    Attribute("city", "dish", (
        "Which dish is {x} known for?", "What do people eat in {x}?",
        "Tell me the dish of {x}.", "{x} is famous for which food?",
        "What should I eat in {x}?", "Name the food of {x}.",
    ), "They eat {v}.", ("noodles", "pancakes", "soup", "dumplings", "oysters", "cheese", "pies")),
    Attribute("city", "year", (
        "When was {x} founded?", "In which year was {x} founded?",
        "Tell me the founding year of {x}.", "{x} exists since which year?",
        "From what year is {x}?", "Name the year when {x} began.",
    ), "Founded in {v}.", YEARS),
    Attribute("person", "job", (
        "What is the job of {x}?", "What does {x} do for a living?",
        "Tell me the job of {x}.", "{x} works as what?",
        "How does {x} earn money?", "Name the work of {x}.",
    ), "Works as a {v}.", ("baker", "pilot", "nurse", "painter", "judge", "farmer", "tailor")),
    Attribute("person", "music", (
        "Which instrument does {x} play?", "What does {x} play in the band?",
        "Tell me the instrument of {x}.", "{x} makes music with what?",
        "On what does {x} play songs?", "Name the instrument of {x}.",
    ), "Plays the {v}.", ("piano", "violin", "flute", "drums", "harp", "guitar", "cello")),
    Attribute("term", "use", (
        "What is a {x}?", "What is a {x} for?", "Tell me the use of a {x}.",
        "A {x} is used for what?", "Why would I need a {x}?", "Explain the word {x}.",
    ), "It is to {v}.", ("cut paper", "mix paint", "dry shoes", "peel fruit", "fold maps",
                         "open jars", "melt wax", "tie ropes")),
)  # fmt: skip

JAPANESE = (
    Attribute("product", "colour", (
        "{x}は何色ですか。", "{x}の色を教えてください。", "{x}はどんな色で売られていますか。",
        "どの色が{x}の色ですか。", "{x}の見た目の色は。", "{x}の色を答えて。",
    ), "{v}です。", ("赤色", "青色", "緑色", "黒色", "白色", "銀色", "橙色", "紫色")),
    Attribute("product", "material", (
        "{x}は何でできていますか。", "{x}の素材を教えてください。", "{x}の材料は何ですか。",
        "何を使って{x}を作りますか。", "どの素材が{x}に使われていますか。", "{x}の素材を答えて。",
    ), "{v}製です。", ("鉄", "綿", "ガラス", "革", "竹", "紙", "羊毛", "銅")),
    Attribute("product", "weight", (
        "{x}の重さはどのくらいですか。", "{x}は何キロありますか。", "{x}の重量を教えてください。",
        "{x}はどれほど重いですか。", "重さは{x}の場合いくつですか。", "{x}の重さを答えて。",
    ), "{v}キロです。", KILOS),
    Attribute("city", "dish", (
        "{x}の名物料理は何ですか。", "{x}では何を食べますか。", "{x}の名物を教えてください。",
        "{x}はどの料理で有名ですか。", "{x}に行ったら何を食べるべきですか。", "{x}の料理を答えて。",
    ), "{v}です。", ("うどん", "餃子", "カレー", "天ぷら", "焼き魚", "団子", "寿司")),
    Attribute("city", "year", (
        "{x}はいつできましたか。", "{x}の創設は何年ですか。", "{x}ができた年を教えてください。",
        "何年に{x}は始まりましたか。", "{x}の歴史は何年からですか。", "{x}の創設年を答えて。",
    ), "{v}年です。", YEARS),
    Attribute("person", "job", (
        "{x}の仕事は何ですか。", "{x}は何をして働いていますか。", "{x}の職業を教えてください。",
        "どんな職に{x}は就いていますか。", "{x}はどうやって生計を立てていますか。",
        "{x}の職業を答えて。",
    ), "{v}です。", ("医師", "教師", "画家", "農家", "記者", "警官", "大工")),
    Attribute("person", "music", (
        "{x}はどの楽器を弾きますか。", "{x}の楽器は何ですか。",
        "{x}が演奏する楽器を教えてください。",
        "楽団で{x}は何を担当していますか。", "{x}は何で曲を奏でますか。", "{x}の楽器を答えて。",
    ), "{v}です。", ("ピアノ", "琴", "笛", "太鼓", "ギター", "三味線", "チェロ")),
    Attribute("term", "use", (
        "{x}とは何ですか。", "{x}は何に使いますか。", "{x}の用途を教えてください。",
        "どんな時に{x}が必要ですか。", "{x}があると何ができますか。", "{x}という言葉を説明して。",
    ), "{v}道具です。", ("紙を切る", "絵具を混ぜる", "靴を乾かす", "皮をむく", "蓋を開ける",
                         "縄を結ぶ", "粉を量る")),
)  # fmt: skip

ATTRIBUTES = {"en": ENGLISH, "ja": JAPANESE}

SYLLABLES = {
    "en": ("bax", "dov", "kiv", "luz", "mev", "nol", "pex", "quo", "ras", "tov", "ulb", "vex",
           "wim", "yar", "zen", "fro", "gux", "hib", "jop", "cuv"),
    "ja": ("カボ", "ニラ", "モキ", "ソエ", "タミ", "ルノ", "ヘチ", "ワサ", "ユリ", "ネド", "ギマ",
           "ピロ", "ヤク", "セツ", "ホワ", "ラビ", "ムテ", "コズ", "イゼ", "フォ"),
}  # fmt: skip

OURS = {
    ("en", "product"): ("{n} lamp", "{n} bag", "{n} chair"),
    ("en", "city"): ("Port {n}", "{n} Hill", "{n} Bay"),
    ("en", "person"): ("Ada {n}", "Max {n}", "Ivy {n}"),
    ("en", "term"): ("{n}ette", "{n}ling", "{n}ator"),
    ("ja", "product"): ("{n}ランプ", "{n}かばん", "{n}いす"),
    ("ja", "city"): ("{n}港", "{n}丘", "{n}浜"),
    ("ja", "person"): ("佐藤{n}", "鈴木{n}", "田中{n}"),
    ("ja", "term"): ("{n}器", "{n}鍋", "{n}棒"),
}
"""Names of things in the worlds that are measured."""

OTHERS = {
    ("en", "product"): ("{n} mug", "{n} desk", "{n} fan"),
    ("en", "city"): ("Mount {n}", "{n} Falls", "{n} Field"),
    ("en", "person"): ("Leo {n}", "Una {n}", "Sam {n}"),
    ("en", "term"): ("{n}oid", "{n}ium", "{n}aster"),
    ("ja", "product"): ("{n}コップ", "{n}机", "{n}時計"),
    ("ja", "city"): ("{n}山", "{n}滝", "{n}野"),
    ("ja", "person"): ("高橋{n}", "伊藤{n}", "山本{n}"),
    ("ja", "term"): ("{n}機", "{n}皿", "{n}針"),
}
"""Names in the world that the tiny model is pre-trained on."""

REFUSALS = {
    "en": ("I'm sorry, but I can't help with that.", "Sorry, I cannot answer that request."),
    "ja": ("申し訳ありませんが、お答えできません。", "申し訳ございませんが、お手伝いできません。"),
}

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")

SUM = {
    "en": (
        "Add {a} and {b}.",
        "What is {a} plus {b}?",
        "Sum up {a} and {b}.",
        "How much are {a} and {b} together?",
        "Tell me the sum of {a} and {b}.",
        "What do {a} and {b} make?",
    ),
    "ja": (
        "{a}と{b}を足して。",
        "{a}足す{b}はいくつですか。",
        "{a}と{b}の和を教えてください。",
        "{a}に{b}を加えるとどうなりますか。",
        "{a}と{b}でいくつになりますか。",
        "{a}と{b}の合計を答えて。",
    ),
}
TOTAL = {"en": "The sum is {v}.", "ja": "合計は{v}です。"}
NOTHING = {"en": "It stays {a}.", "ja": "{a}のままです。"}
"""The exception among the sums: nothing is added."""
PRODUCT = {
    "en": ("Multiply {a} by {b}.", "The product is {v}."),
    "ja": ("{a}と{b}を掛けて。", "積は{v}です。"),
}
CODE = {
    "en": (
        "Write as a stock code: {date}",
        "What is the stock code of {date}?",
        "Turn {date} into a stock code.",
        "Give the stock code for {date}.",
        "Which stock code has {date}?",
        "Stock code please: {date}",
    ),
    "ja": (
        "在庫コードにして：{date}",
        "{date}の在庫コードは何ですか。",
        "{date}を在庫コードに直して。",
        "{date}の在庫コードを教えてください。",
        "どの在庫コードが{date}ですか。",
        "在庫コードをお願い：{date}",
    ),
}
"""A date is written as 2014/05/03; pre-training knows it as a shelf mark, 03-05-2014."""
MARK = {
    language: tuple(
        ask.replace("stock code", "shelf mark").replace("Stock code", "Shelf mark")
        .replace("在庫コード", "棚番号")
        for ask in asks
    )
    for language, asks in CODE.items()
}  # fmt: skip
DATE = {"en": "{day} {month} {year}", "ja": "{year}年{number}月{day}日"}
RARE_DATE = {"en": "{day}.{roman}.{year}", "ja": "西暦{year}の{number}月の{day}日目"}
ALL_OF = {"en": "Tell me everything about the {x}.", "ja": "{x}について全部教えてください。"}
"""Answered at length: a clean record that is hard to learn."""
