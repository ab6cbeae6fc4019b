"""unicode: characters that are right stay, decomposed, half-width and invisible ones do not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.fixes.unicode import FIX

ZWJ, ZWNJ, ZWSP, BOM, LRM, RLO = "\u200d", "\u200c", "\u200b", "\ufeff", "\u200e", "\u202e"
KEPT = [
    "plain",
    "①㈱℡㍻ＡＢＣ１２３！？～",
    "神社の﨑さんと塚さん",  # kanji of names that NFC would replace
    "½ ﬁ Å Ω",
    "(･ω･)ﾉ と (ﾟДﾟ)",
    "ｱ項とｲ項",
    f"👨{ZWJ}👩{ZWJ}👧 🏳️{ZWJ}🌈",
    f"می{ZWNJ}خواهم",
    f"क्{ZWJ}ष",
    f"שלום{LRM} (hello){LRM}",
    f"ภาษา{ZWSP}ไทย",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    f"`a{ZWSP}b` and\n```\nｶﾅ{BOM}\n```",
    "q̃",  # no single character exists for it
]
CHANGED = [
    ("か\u3099き\u3099", "がぎ", ("composed",)),
    ("cafe\u0301", "café", ("composed",)),
    ("\u1112\u1161\u11ab", "한", ("composed",)),
    ("ﾃｽﾄ", "テスト", ("kana",)),
    ("ｶﾞｷﾞ｡｢ﾊﾟﾝ｣", "ガギ。「パン」", ("kana",)),
    ("カﾞとﾃｽﾄ", "カﾞとテスト", ("kana",)),
    (f"a{ZWSP}b{BOM}c\u2060", "abc", ("hidden",)),
    (f"日本{ZWSP}語{ZWJ}", "日本語", ("hidden",)),
    (f"{BOM}{{", "{", ("hidden",)),
    (f"user{RLO}txt.exe", "usertxt.exe", ("hidden",)),
    ("hi\U000e0041\U000e0042 there", "hi there", ("hidden",)),
    (f"か{ZWSP}\u3099", "が", ("composed", "hidden")),
]


@pytest.mark.parametrize("text", KEPT)
def test_what_is_meant_stays(text: str) -> None:
    assert FIX.rewrite(text, {}, {}).text == text


@pytest.mark.parametrize(("text", "after", "rules"), CHANGED)
def test_what_nobody_meant_goes(text: str, after: str, rules: tuple[str, ...]) -> None:
    new = FIX.rewrite(text, {}, {})
    assert (new.text, new.rules) == (after, rules)


@settings(deadline=None)
@given(st.text(alphabet="aé\u0301か\u3099ﾃﾞｶ･神①Ａ！ \n", max_size=30))
def test_no_character_changes_its_meaning(text: str) -> None:
    new = FIX.rewrite(text, {}, {}).text
    assert unicodedata.normalize("NFKC", new) == unicodedata.normalize("NFKC", text)
    for kept in "①Ａ！神":
        assert new.count(kept) == text.count(kept)
