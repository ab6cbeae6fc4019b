"""Whether short answers to one prompt contradict each other, and in what.

Compared are answers that are alike apart from the claim ("built in 1990", "built in 1991"), and
terse ones of which one says nothing besides ("42", "the answer is 43"): two free texts that happen
to hold different numbers do not contradict each other. Texts come in folded
(`curate.content.sameness`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations, islice
from typing import Literal, TypeVar

from curate.content.quantities import DATE_MARK, NUMBER_MARK, Quantities, agree, quantities
from curate.content.sameness import width

Item = TypeVar("Item")
Kind = Literal["label", "exchanged", "number", "date", "negation", "text"]

SHORT = 300  # wide; a longer answer is free text
TERSE = 40  # wide; an answer that is nothing but the fact asked for
MOST_PAIRS = 1000  # pairs of terse answers compared under one prompt

# Each line is one closed set of answers; words of one place mean the same.
_SETS = """
yes yeah yep はい ええ そうです | no nope いいえ 違います ちがいます
true 真 | false 偽
correct right 正しい 正解 | incorrect wrong 正しくない 間違い 誤り 不正解
positive ポジティブ 肯定的 肯定 | negative ネガティブ 否定的 否定 | neutral 中立 中立的 | mixed
entailment entailed 含意 | contradiction 矛盾 | unknown 不明
agree 賛成 | disagree 反対
spam スパム 迷惑メール | ham 非スパム
toxic 有害 | non-toxic nontoxic 無害
safe 安全 | unsafe 危険
possible 可能 | impossible 不可能
あり 有り 有 | なし 無し 無
high 高い 高 | medium 中 | low 低い 低
a | b | c | d | e
ア | イ | ウ | エ | オ
○ 〇 | ×
"""
_LABELS = {
    word: (line, place)
    for line, places in enumerate(_SETS.strip().splitlines())
    for place, words in enumerate(places.split("|"))
    for word in words.split()
}
_OPENING = re.compile(
    r"(yes|no|true|false)(?:[,.;:!]| [-–—]| (?:it|he|she|they|you|i|we|that|this|there|because)\b)"
    r"|(はい|いいえ)[、。,.]"
)
_LEAD = re.compile(r"^(?:answer|label|option|答え|回答|ラベル)[:は ]*|[()\"'「」*]")

_NEGATION = re.compile(
    r"\b(?:do|does|did)(?: not|n['’]t)\b|\b(?:not|never)\b|(?<=\bcan)not\b|(?<=\bca)n['’]t\b"
    r"|(?<=\bwo)n['’]t\b|n['’]t\b"
)
_NEGATED_JA = {
    "ではありませんでした": "でした", "ではありません": "です", "じゃありません": "です",
    "ませんでした": "ました", "ません": "ます", "ではなかった": "だった", "ではない": "だ",
    "じゃない": "だ", "できない": "できる", "しない": "する", "えない": "える", "れない": "れる",
    "けない": "ける", "べない": "べる", "めない": "める", "いない": "いる", "かない": "く",
    "さない": "す", "たない": "つ", "ばない": "ぶ", "まない": "む", "らない": "る",
    "わない": "う", "くない": "い", "なかった": "あった", "ない": "ある",
}  # fmt: skip
_JA = re.compile("|".join(_NEGATED_JA))
_SAME_WORD = {"ca": "can", "wo": "will"}


def disagreement(answers: Sequence[str]) -> Kind | None:
    """In what two of these answers contradict each other; None when only their wording differs.

    `text` is two terse answers of which neither holds the other.
    """
    short = [answer for answer in dict.fromkeys(answers) if answer and width(answer) <= SHORT]
    if _labels_differ(short):
        return "label"
    stated = {answer: quantities(answer) for answer in short}
    pairs = list(_comparable(stated))
    if any(one.numbers != other.numbers for one, other in pairs):
        return "number"
    if any(not agree(one.dates, other.dates) for one, other in pairs):
        return "date"
    if _one_denies(short):
        return "negation"
    terse = [answer for answer in short if width(answer) <= TERSE]
    return "text" if any(_rival(*pair, stated) for pair in _pairs(terse)) else None


def label(answer: str) -> tuple[int, int] | None:
    """The closed set that an answer is of, and its place there."""
    bare = _LEAD.sub("", answer).strip(" .。")
    if bare in _LABELS:
        return _LABELS[bare]
    opening = _OPENING.match(answer)
    return _LABELS[opening[1] or opening[2]] if opening else None


def denied(answer: str) -> tuple[str, bool]:
    """The answer without its negations, and whether their number is odd."""
    japanese, count_ja = _JA.subn(lambda match: _NEGATED_JA[match[0]], answer)
    english, count_en = _NEGATION.subn("", japanese.replace("である", "だ"))
    words = [_SAME_WORD.get(word, word) for word in english.split()]
    bare = " ".join(word[:-1] if len(word) > 3 and word[-1] == "s" else word for word in words)
    return bare, (count_ja + count_en) % 2 == 1


def _labels_differ(answers: Iterable[str]) -> bool:
    places = defaultdict(set)
    for found in filter(None, map(label, answers)):
        places[found[0]].add(found[1])
    return any(len(values) > 1 for values in places.values())


def _comparable(stated: dict[str, Quantities]) -> Iterable[tuple[Quantities, Quantities]]:
    """Pairs that state the same thing apart from their figures."""
    alike: dict[str, list[Quantities]] = defaultdict(list)
    for one in stated.values():
        alike[one.rest].append(one)
    for group in alike.values():
        yield from ((group[0], other) for other in group[1:])
    terse = [q for answer, q in stated.items() if width(answer) <= TERSE and q.rest != answer]
    yield from ((a, b) for a, b in _pairs(terse) if _says_no_more(a, b))


def _says_no_more(one: Quantities, other: Quantities) -> bool:
    """Whether both state the same sorts of figures, and one has only words that the other has."""
    if bool(one.dates) != bool(other.dates) or len(one.numbers) != len(other.numbers):
        return False
    marks = str.maketrans("", "", DATE_MARK + NUMBER_MARK)
    bare = sorted((one.rest.translate(marks).strip(), other.rest.translate(marks).strip()), key=len)
    return bare[0] in bare[1]


def _one_denies(answers: Iterable[str]) -> bool:
    found = defaultdict(set)
    for answer in answers:
        bare, odd = denied(answer)
        found[bare].add(odd)
    return any(len(odd) > 1 for odd in found.values())


def _rival(one: str, other: str, stated: dict[str, Quantities]) -> bool:
    """Neither holds the other, nor do both state the same figures or deny the same."""
    a, b = stated[one], stated[other]
    same_figures = (a.numbers or a.dates) and a.numbers == b.numbers and agree(a.dates, b.dates)
    same_words = one in other or other in one or denied(one) == denied(other)
    return not (same_figures or same_words)


def _pairs(items: Sequence[Item]) -> Iterable[tuple[Item, Item]]:
    return islice(combinations(items, 2), MOST_PAIRS)
