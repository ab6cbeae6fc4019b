"""half-width-kana: ordinary widths first, then odd ones."""

import pytest

from curate.check import ask
from curate.checks.half_width_kana import CHECK
from curate.finding import Hit
from tests.making import record, records

CLEAN = [
    "Plain ASCII, 123 and ABC.",
    "カタカナと漢字、（括弧）！？：；～と「引用」。",
    "１つ目はＡ君、２つ目はＢ君です。",  # single ones are a common style
    "①最初に、②次に、Ⅳ章の㎡と℃、㊗",
    "草ｗｗｗ",
    "(ﾟДﾟ) (´･ω･`)",
    "ﬁne, ½ and ™",
    "日本⼈ではなく日本人".replace("⼈", "人"),
]
BAD = [
    ("ｶﾀｶﾅで書く", "half-width katakana", "ｶﾀｶﾅ", "カタカナで書く"),
    ("ﾊﾞｰｼﾞｮﾝ2です", "half-width katakana", "ﾊﾞｰｼﾞｮﾝ", "バージョン2です"),
    ("２０２４／０１／０５に開始", "full-width text", "２０２４／０１／０５", "2024/01/05に開始"),
    ("ＪＡＸＡの発表", "full-width text", "ＪＡＸＡ", "JAXAの発表"),
    ("Ｐｙｔｈｏｎ３とＳＱＬ", "full-width text", "Ｐｙｔｈｏｎ３", "Python3とSQL"),
    ("㈱山田商店", "compatibility signs", "㈱", "(株)山田商店"),
    ("㍻30年", "compatibility signs", "㍻", "平成30年"),
    ("⽇本の⼈⼝", "radicals in place of kanji", "⽇", "日本の人口"),
    ("１つ目と2つ目", "both widths", "１", "1つ目と2つ目"),
    ("Ａ君とB君", "both widths", "Ａ", "A君とB君"),
]


def hits_on(answer: str) -> list[Hit]:
    said = ask(CHECK, records(record(answer=answer)))
    return [hit for _, hit in said if isinstance(hit, Hit)]


@pytest.mark.parametrize("answer", CLEAN)
def test_clean(answer: str) -> None:
    assert hits_on(answer) == []


@pytest.mark.parametrize(("answer", "kind", "seen", "fixed"), BAD)
def test_bad(answer: str, kind: str, seen: str, fixed: str) -> None:
    [hit] = hits_on(answer)
    assert kind in hit.says
    assert hit.args["seen"] == seen == answer[hit.start : hit.end]
    assert hit.fix == {"field": "answer", "text": fixed}
    assert hits_on(fixed) == []


def test_one_repair_mends_every_kind_and_leaves_the_rest_alone() -> None:
    answer = "ｶﾀｶﾅ！？（２０２４年）㈱と１と2と“quotes”、ﬁ、①"
    hits = hits_on(answer)
    assert len(hits) == 4
    assert {hit.fix["text"] for hit in hits if hit.fix} == {
        "カタカナ！？（2024年）(株)と1と2と“quotes”、ﬁ、①"
    }


def test_severity_is_style_but_radicals_are_likely_faults() -> None:
    assert [hit.severity for hit in hits_on("ｶﾅ ⽇本")] == ["info", "warn"]


def test_prompts_are_judged_in_their_own_columns() -> None:
    said = ask(CHECK, records(record("ｶﾅとは", "仮名です。", input="２０２４年")))
    assert [hit.field for _, hit in said if isinstance(hit, Hit)] == ["instruction", "input"]


@pytest.mark.parametrize(
    "prompt", ["銀行振込で使う半角カナの例は？", "全角にして：abc", "What is half-width kana?"]
)
def test_a_prompt_about_widths_is_answered_in_them(prompt: str) -> None:
    answer = "「ﾀﾅｶ ﾀﾛｳ」や「ＡＢＣ」のように書きます。"
    assert ask(CHECK, records(record(prompt, answer))) == []
    assert len(ask(CHECK, records(record("例は？", answer)))) > 0
