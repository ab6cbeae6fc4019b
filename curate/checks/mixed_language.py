"""An answer that runs on in a second language.

A model that learns from such records changes language in the middle of an answer. It happens where
a translation was left half done, where two records were glued together, or where the model that
wrote the answer fell out of Japanese into English or Chinese. Single foreign words, names, code and
quotations are ordinary and are not counted. Two languages in the same alphabet (English and French)
are not told apart here: only a change of script, and Japanese against Chinese.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from curate.check import Check, Params, Row, Said, by_record
from curate.content.language import COMMON, ENGLISH
from curate.content.language_asked import asks_for
from curate.content.language_detect import (
    CHINESE_ONLY,
    CODE_LINE,
    HEAVY,
    NOT_PROSE,
    detect,
    east_asian,
    scripts,
)
from curate.content.signs import Signs, sign
from curate.finding import Hit

LATIN_WORD = "[A-Za-z]++(?:['’-][A-Za-z]++)*"
LATIN_WORDS = rf"{LATIN_WORD}(?:[ ,;:.!?\n\"“”()&*#0-9-]++{LATIN_WORD}){{3,}}"
"""Four words or more with no letter of another script between them."""
SIMPLIFIED = (
    "[进过应开门问东书见长马鸟鱼风飞产业经济实话语课识讲设计记许论证评词该误调谢贵买卖费资质购轻较"
    "输达运远连选适钟铁银错锅键闭闻阅阳阴阶际陆难页顶项顺须预领题颜额饮饰饼馆验鲜鸡齐龙块层岁师带"
    "帮张归录态惊惯戏战执扩扫护报择损摆显术杀权极构标桥检汇汤沟洁测浓涂润满灵热环电疗监盘确础积稳"
    "竞笔简纪约级纯纸线练组细终绍结络统继维综绿编缓缘缩罗职联肤脑脸节获药营虑虽补观规视览订务动劳"
    "华协单变吴员响团园围图圆场备复头夹夺奖妈对导尔尝岛币庆库废异弹强彻忆忧怀悬搅匀咖啡啊]"
)
"""Common characters of simplified Chinese that Japanese has no use for."""
CHINESE_PAIR = "我[是的在要不想現现發发跟]|他[是在的要不工]|[是了][一不]|不是|的是"
HANGUL = "[가-힣]"
SMALL_WORDS = {*ENGLISH.split(), *COMMON.split()}
WORD = re.compile("[A-Za-z]+(?:['’][a-z]+)?")
SENTENCE = re.compile(
    r"(?:[^。．.！!？?\n ]| (?! ))+[。．.！!？?]*"
)  # two blanks: something was left out
QUOTED = re.compile(r"「[^「」]*」|『[^『』]*』|“[^“”]*”|\"[^\"\n]*\"|（[^（）]*）|\([^()]*\)")
FLOOR = 0.1  # share from which a score is kept, so that the threshold can move
EASTERN = f"{CHINESE_ONLY}|{SIMPLIFIED}|{CHINESE_PAIR}|{HANGUL}"
KANA_OR_IDEOGRAPH = "[\u3041-\u30ff\u3400-\u9fff]"
WIDE_BYTES = 12  # beyond ASCII: 6 ideographs, kana or syllables


class Passage(NamedTuple):
    """A stretch of a text in one language; `size` counts letters, an ideograph as HEAVY."""

    language: str
    start: int
    end: int
    size: int


def signs(_: Params) -> Signs:
    return {"answer": sign(kinds=["eastern"])}


def suspects(_: Params) -> pl.Expr:
    answer = pl.col("answer")
    beyond_ascii = answer.str.len_bytes() - answer.str.len_chars()
    wide = pl.when(beyond_ascii >= WIDE_BYTES).then(answer).otherwise(pl.lit(""))
    two_scripts = wide.str.contains(KANA_OR_IDEOGRAPH) & wide.str.contains(LATIN_WORDS)
    return two_scripts | wide.str.contains(EASTERN)


def judge(row: Row, params: Params) -> Iterator[Said]:
    passages = passages_of(row["answer"])
    sizes = Counter[str]()
    for passage in passages:
        sizes[passage.language] += passage.size
    if len(sizes) < 2:
        return
    (main, _), (second, size) = sizes.most_common(2)
    share = size / sizes.total()
    longest = max((p for p in passages if p.language == second), key=lambda p: p.size)
    if longest.size < params["min_letters"] or share < min(params["share"], FLOOR):
        return
    spoken = detect(row["prompt"])
    foreign = {main, second} - ({spoken.language} if spoken else set())
    if any(asks_for(row["prompt"], language) for language in foreign):
        return
    yield Hit(
        "{percent} % of the answer is in {second}, the rest in {main}",
        {"percent": round(100 * share), "second": second, "main": main},
        field="answer",
        start=longest.start,
        end=longest.end,
        score=share,
        evidence={"letters": dict(sizes)},
    )


def passages_of(text: str) -> list[Passage]:
    """The sentences of East Asian languages, and the runs of Latin words between them."""
    bare = without(without(text, NOT_PROSE), QUOTED)
    passages = []
    for run in re.finditer(LATIN_WORDS, bare):
        if language := latin(run[0]):
            passages.append(Passage(language, *run.span(), scripts(run[0]).total()))
    for sentence in SENTENCE.finditer(re.sub(LATIN_WORDS, blank, bare)):
        found = scripts(sentence[0])
        wide = {name: found[name] for name in ("kana", "han", "hangul")}
        if language := east_asian(sentence[0], wide):
            passages.append(Passage(language, *sentence.span(), HEAVY * sum(wide.values())))
    return passages


def latin(run: str) -> str | None:
    """The language of a run of Latin words; None for code, and for a name or title."""
    words = WORD.findall(run)
    if CODE_LINE.search(run) or 2 * sum(word[0].islower() for word in words) <= len(words):
        return None
    if sum(word.lower() in SMALL_WORDS or not word.isalpha() for word in words) >= 2:
        return "en"
    guess = detect(run)
    return guess and guess.language


def without(text: str, unwanted: re.Pattern[str]) -> str:
    """The text with what is unwanted blanked out, every other character in its place."""
    return unwanted.sub(blank, text)


def blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


CHECK = Check(
    name="mixed-language",
    says="the answer runs on in a second language",
    group="text",
    severity="warn",
    why=__doc__,
    each_answer=True,
    params={
        "share": 0.2,  # of the letters of the answer, in the second language
        "min_letters": 12,  # of one passage in it; an ideograph or syllable counts as two
    },
    threshold="share",
    floor=FLOOR,
    signs=signs,
    suspects=suspects,
    look=by_record(judge),
)
