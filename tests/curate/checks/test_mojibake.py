"""mojibake: correct text of many kinds first, then text read in the wrong encoding."""

import re

import ftfy.bad_codecs  # noqa: F401 - registers sloppy-windows-1252
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.check import ask
from curate.checks.mojibake import CHECK, FIRST, SUSPECT
from curate.content.screen import holds_one_of
from curate.finding import Hit
from tests.making import record, records

CLEAN = [
    "Don’t “quote” me – it’s naïve… 5 € for a café crème, ½ price!",
    "Ångström, „Ärger“, «déjà vu», ¿qué?, São Tomé, Ñandú, İstanbul, Łódź",
    "NÃO É À TOA — É… LÀ-BAS ‘ÇA VA’",
    "ﬁne ligatures, ﬀ, ™ © ® ° ± µ ¶ § ¥ ƒ(x) √2 ≤ π",
    "日本語の文章です。「引用」、（括弧）！？・…〜ー㈱ｶﾅ",
    "中文也没有问题：你好，世界！鱼与熊掌。",
    "金属の銉や羅紗、繧繝縁の畳など、珍しい漢字。",
    "한국어 문장입니다.",
    "Смешанный текст: привет, мир — да!",
    "👩‍👩‍👧 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣",
    "¥100 ¥200 ¥300",
    "ÄÖÜ äöü ß ÆØÅ æøå éèêë îï ôœ ùûü ÿ",
]
TEXTS = [
    "Don’t “worry” – it’s a café.",
    "こんにちは、テストの文です。",
    "日本語の文章は、化けやすい。",
]
MISREAD = [
    (TEXTS[0], "utf-8", "sloppy-windows-1252"),
    (TEXTS[0], "utf-8", "latin-1"),
    (TEXTS[0], "utf-8", "mac_roman"),
    (TEXTS[0], "cp1252", "latin-1"),
    (TEXTS[1], "utf-8", "sloppy-windows-1252"),
    (TEXTS[1], "utf-8", "latin-1"),
    (TEXTS[1], "cp932", "sloppy-windows-1252"),
    (TEXTS[1], "cp932", "latin-1"),
    (TEXTS[1], "euc_jp", "latin-1"),
    (TEXTS[2], "utf-8", "latin-1"),
    (TEXTS[2], "cp932", "sloppy-windows-1252"),
    (TEXTS[2], "euc_jp", "latin-1"),
    ("カメラ、東京の人", "utf-8", "cp932"),
    ("it’s", "utf-8", "cp932"),
    ("これは本です", "utf-8", "gb18030"),
]


def hits_on(answer: str, prompt: str = "Say something.") -> list[Hit]:
    said = ask(CHECK, records(record(prompt, answer)))
    return [hit for _, hit in said if isinstance(hit, Hit)]


@pytest.mark.parametrize("answer", CLEAN)
def test_clean(answer: str) -> None:
    assert hits_on(answer) == []


@pytest.mark.parametrize(("meant", "written", "read"), MISREAD)
def test_misread_text_is_repaired_exactly(meant: str, written: str, read: str) -> None:
    broken = meant.encode(written).decode(read)
    [hit] = hits_on(broken)
    assert hit.fix == {"field": "answer", "text": meant}
    assert hit.start is not None
    assert broken[: hit.start] == meant[: hit.start]


def test_only_the_broken_stretch_is_named_and_only_the_broken_line_changes() -> None:
    answer = "Fine “quotes” here.\nIt was 70Â°F, I donâ€™t know.\nこの行は正しい。"
    [hit] = hits_on(answer)
    assert hit.message == "Â° is °, read in the wrong encoding"
    assert answer[hit.start : hit.end] == "Â°"
    assert hit.fix is not None
    assert hit.fix["text"] == "Fine “quotes” here.\nIt was 70°F, I don’t know.\nこの行は正しい。"


def test_control_characters_never_reach_a_message() -> None:
    [hit] = hits_on("8Ï\x80 is the answer")
    assert hit.message == "Ï\\x80 is π, read in the wrong encoding"


def test_prompts_are_judged_in_the_column_that_a_repair_would_change() -> None:
    made = record("Itâ€™s late.", "Yes.", input="Thatâ€™s true.")
    said = ask(CHECK, records(made))
    assert [hit.field for _, hit in said if isinstance(hit, Hit)] == ["instruction", "input"]


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        ("Why do I see Ã© instead of é?", "The file is UTF-8 and was read as Latin-1."),
        ("What is wrong here?", "It is mojibake: the two bytes of é show as Ã©."),
        ("文字化けの例を教えて。", "「カ」が「繧ｫ」になるのが文字化けの例です。"),
        ("What is �?", "It is the replacement character: a byte that could not be decoded."),
    ],
)
def test_an_example_in_a_record_about_encodings_is_none(prompt: str, answer: str) -> None:
    assert hits_on(answer, prompt) == []


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        ("What is UTF-8?", "Itâ€™s an encoding. Donâ€™t mix it, youâ€™ll regret it, thatâ€™s all."),
        ("Why do I drink cafÃ©?", "You like it."),
    ],
)
def test_a_record_about_encodings_can_be_broken_and_others_are(prompt: str, answer: str) -> None:
    assert hits_on(answer, prompt) != []


@pytest.mark.parametrize("answer", ["観\ufffd\ufffd光", "a ï¿½ b", "锟斤拷锟斤拷"])
def test_lost_characters_are_errors_without_a_repair(answer: str) -> None:
    [hit] = hits_on(answer)
    assert (hit.severity, hit.fix) == ("error", None)
    assert "cannot be restored" in hit.says


def test_broken_japanese_that_lost_bytes_is_flagged_without_a_repair() -> None:
    broken = "こんにちは、テストの文です。".encode().decode("cp932", "ignore")
    [hit] = hits_on(broken)
    assert hit.fix is None
    assert hit.evidence == {"perhaps": "utf-8 read as cp932"}


def test_the_system_prompt_and_earlier_turns_are_searched_too() -> None:
    bad = "Don’t worry".encode().decode("cp1252")
    made = record("c", "d", system=bad, history=[("user", bad)])
    inside, before = [hit for _, hit in ask(CHECK, records(made)) if isinstance(hit, Hit)]
    assert (inside.field, inside.fix) == ("system", {"field": "system", "text": "Don’t worry"})
    assert (before.field, before.fix) == ("history", None)


@settings(deadline=None)
@given(st.text("aéï¿½锟斤拷ÂÆÑàð\x82\x9f‚Ä„Å√©縺繧銇鈥Ÿñ¤¥¡ó\ufffd", max_size=6))
def test_what_is_searched_holds_what_every_sign_begins_with(text: str) -> None:
    if re.search(SUSPECT, text):
        assert holds_one_of(FIRST, pl.Series([text])).item()
