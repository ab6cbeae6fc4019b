"""Orders: what in a record talks to whoever judges it, which no honest answer needs to.

A record that holds some is judged twice, with and without, and the lower score stands. Sentences go
alone; from a forged turn, a forged end of the data or the opening of a game on, all that follows.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from unicodedata import normalize

SENTENCE = re.compile(r"[^.!?。！？\n]*(?:[.!?。！？]+|\n|$)")
SCORES = (
    r"\b(?:scor(?:e|es|ing)|rat(?:e|es|ing)|grad(?:e|es|ing)|judg(?:e|es|ing|ement)|evaluat\w+|"
    r"rubric|points?|marks?|stars?|verdict|reviewers?|assess\w*|rank)\b|"
    r"採点|評価|点数|スコア|満点|審査|判定|得点|点を|点満点|星|ご判断|ご記入|お付け|"
    r"打满?分|评分|满分|점수|점을|만점|채점|평가|\bбалл|\bоцен|\bpunt(?:os|uación)\b"
)
ORDERS = (
    r"\b(?:give|assign|award|output|return|respond|answer|must|should|always|set|say|choose|prefer|"
    r"pick|declare|mark|rate|score|treat|consider|deserves?|print|write|report|grant)\b|"
    r"ください|下さい|しろ|せよ|すること|与え|付け|つけ|出力|返し|選べ|選ん|べき|とする|なさい|"
    r"くださいますよう|いただけ|賜り|幸い|请|給|给|주세요|주십시오|하라|\bпостав|\bдай|\bponga?\b"
)
MARKS = (
    r"[1-9][0-9]*|five|ten|full|max\w*|highest|top|best|perfect|\bpass\b|"
    r"満点|最高|五|最大|最上|合格|满分|만점|최고|\bпять|\bвысш|\bcinco\b|máxim"
)
OVERRULES = (
    r"\b(?:ignore|disregard|forget|override|overrule|bypass)\b.{0,60}\b(?:instruction|prompt|rule|"
    r"rubric|above|previous|prior|guideline|criteria|message)|"
    r"(?:指示|命令|ルール|規則|基準|上記|以前|これまで).{0,30}(?:無視|忘れ|従わ)|"
    r"\b(?:system|developer|admin\w*|assistant)\s*(?:prompt|message|note|override)?\s*[:：\]>]|"
    r"(?:システム|管理者|開発者|運営).{0,12}[:：】]|"
    r"(?:採点者|評価者|審査員|判定者|AI ?モデル).{0,6}(?:へ|は|に|の皆)"
)
TURN = (
    r"<\|\w+\|>|\[/?INST\]|<</?SYS>>|</?data\b|^#{2,}[ ]*(?:system|human|user|assistant)\b|"
    r'^(?:human|assistant|system)[ ]*:|\{\s*"role"\s*:|"score"\s*:'
)
GAME = (
    r"\b(?:let(?:'s| us) play a|imagine an? world|role-?play|pretend (?:to be|that you|you)|"
    r"you are (?:now )?(?:max|dan)\b|be my \w+ now)|ごっこ|なりきって|になったつもりで|演じて"
)
ASKED = [re.compile(words, re.I) for words in (SCORES, ORDERS, MARKS)]
"""A sentence that has one of each asks for a score."""
OVERRULED = re.compile(OVERRULES, re.I)
REST = re.compile(
    rf"(?:{TURN}|(?:{GAME})(?=.{{0,300}}(?:\b5\b|\bfive\b|5点|五点))).*", re.I | re.M | re.S
)
CODED = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")


def orders(text: str) -> list[str]:
    """The parts that talk to a judge."""
    plain = normalize("NFKC", text)
    before = REST.sub("", plain)
    rest = [plain[len(before) :].strip()] if len(before) < len(plain) else []
    sentences = (found[0].strip() for found in SENTENCE.finditer(before))
    return [sentence for sentence in sentences if sentence and ordering(sentence)] + rest


def without_orders(text: str) -> str:
    """The text without them; as it is where there are none."""
    if not orders(text):
        return text
    before = REST.sub("", normalize("NFKC", text))
    return SENTENCE.sub(lambda found: "" if ordering(found[0]) else found[0], before)


def ordering(sentence: str) -> bool:
    """Whether a sentence talks to a judge, or holds a coded text, which no reader would see."""
    asks = all(words.search(sentence) for words in ASKED)
    return asks or bool(OVERRULED.search(sentence)) or any(map(coded, CODED.findall(sentence)))


def coded(letters: str) -> bool:
    """Whether letters are a text in base64."""
    try:
        text = b64decode(letters + "=" * (-len(letters) % 4), validate=True).decode()
    except (Error, UnicodeDecodeError):
        return False
    return all(each.isprintable() or each.isspace() for each in text)
