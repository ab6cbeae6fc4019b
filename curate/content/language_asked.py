"""Does a prompt ask for an answer in a given language?

Asked only of the few prompts whose answer is in another language than they are, or in one that is
rare in the data; leaning to yes, because a translation that is flagged wastes a reviewer's time.
"""

from __future__ import annotations

import re

import polars as pl

from curate.content.language_detect import detect

ENDS = 240  # characters of a prompt's beginning and end, where it says what it wants

MOST_PARTS = 40  # paragraphs and quotations that are looked at

ANY = re.compile(
    r"translat|interpret|bilingual|multilingual|\blanguages?\b|\bforeign\b|\bphrase|idiom|motto|"
    r"翻訳|通訳|訳し|訳す|訳せ|訳を|対訳|言語で|言語に|外国語|翻译|译成|翻譯",
    re.IGNORECASE,
)
"""Words after which an answer in any language may be right."""

NAMES = {
    "en": "english|英語|英文|英訳|英単語|英作文|英会話|英字|アルファベット|英语|영어",
    "ja": "japanese|romaji|kanji|hiragana|haiku|日本語|和訳|邦訳|和文|日文|日语|일본어",
    "zh": "chinese|mandarin|cantonese|pinyin|中国語|漢文|漢詩|漢字|四字熟語|中文|広東語|台湾語",
    "ko": "korean|hangul|韓国語|朝鮮語|ハングル|韩语", "fr": "french|フランス語|仏語|仏訳",
    "de": "german|ドイツ語|独語|独訳", "es": "spanish|スペイン語", "it": "italian|イタリア語",
    "pt": "portuguese|brazil|ポルトガル語", "ru": "russian|ロシア語", "la": "latin|ラテン語",
    "ar": "arabic|アラビア語", "he": "hebrew|ヘブライ語", "el": "greek|ギリシア語|ギリシャ語",
    "hi": "hindi|ヒンディー語", "th": "thai|タイ語", "vi": "vietnamese|ベトナム語",
    "id": "indonesian|インドネシア語", "tr": "turkish|トルコ語", "nl": "dutch|オランダ語",
    "sv": "swedish|スウェーデン語", "pl": "polish|ポーランド語", "uk": "ukrainian|ウクライナ語",
}  # fmt: skip
"""What prompts call a language, in English and Japanese."""

SPELLINGS = {language: names.split("|") for language, names in NAMES.items()}

INTO = {
    language: re.compile(rf"\b(?:in|into|to) (?:{names})\b|(?:{names})[でにへ]", re.IGNORECASE)
    for language, names in NAMES.items()
}
INTO["ja"] = re.compile(f"{INTO['ja'].pattern}|和訳|邦訳", re.IGNORECASE)
INTO["en"] = re.compile(f"{INTO['en'].pattern}|英訳", re.IGNORECASE)
"""How a prompt names the language that it wants."""

INTO_ASCII = {
    language: [f"{word} {name}" for word in ("in", "to") for name in names]
    for language, names in SPELLINGS.items()
}
"""One of these is in every prompt of ASCII that does, in small letters."""


def mentions(prompts: pl.Series, language: str) -> pl.Series:
    """Which prompts name this language at all; fast, for `asks_for` to look at closer."""
    # Letters of ASCII alone in both cases: the engine then knows how every name begins.
    spelt = (f"(?i-u:{name})" if name.isascii() else name for name in SPELLINGS[language])
    return prompts.str.contains("|".join(spelt))


def is_wanted(language: str, says: str, plain: str) -> bool:
    """Whether a prompt, given in small letters too, names a language as the one it wants."""
    if says.isascii() and not any(map(plain.__contains__, INTO_ASCII[language])):
        return False
    return INTO[language].search(says) is not None


def asks_for(prompt: str, language: str) -> bool:
    """True if the prompt wants this language, speaks of languages, or goes on to text in it."""
    says = prompt if len(prompt) <= 2 * ENDS else f"{prompt[:ENDS]}\n{prompt[-ENDS:]}"
    plain = says.lower()  # to find plain names in it takes a tenth of the patterns' time
    named = [known for known, names in SPELLINGS.items() if any(map(plain.__contains__, names))]
    if language in named and is_wanted(language, says, plain):
        return True
    if any(is_wanted(other, says, plain) for other in named):
        return False
    if language in named:
        return True
    if ANY.search(says) or re.search(NAMES.get(language, "語"), says, re.IGNORECASE):
        return True
    parts = [*re.split(r"\n\s*\n", prompt), *re.findall(r"[\"“「『]([^\"”」』]{8,})", prompt)]
    found = [guess.language for part in parts[:MOST_PARTS] if (guess := detect(part))]
    return language in found and found[0] != language
