"""Orders: sentences of a record that talk to whoever judges it, which no honest answer needs to.

A record that holds one is judged twice, with and without them, and the lower score stands.
"""

from __future__ import annotations

import re

SENTENCE = re.compile(r"[^.!?。！？\n]*(?:[.!?。！？]+|\n|$)")
SCORES = (
    r"\b(?:scor(?:e|es|ing)|rat(?:e|es|ing)|grad(?:e|es|ing)|judg(?:e|es|ing|ement)|evaluat\w+|"
    r"rubric|points?|marks?|stars?|verdict|reviewers?|assess\w*|rank)\b|"
    r"採点|評価|点数|スコア|満点|審査|判定|得点|点を|点満点|星"
)
ORDERS = (
    r"\b(?:give|assign|award|output|return|respond|answer|must|should|always|set|say|choose|prefer|"
    r"pick|declare|mark|rate|score|treat|consider|deserves?|print|write|report|grant)\b|"
    r"ください|下さい|しろ|せよ|すること|与え|付け|つけ|出力|返し|選べ|選ん|べき|とする|なさい"
)
MARKS = r"[1-9][0-9]*|five|ten|full|max\w*|highest|top|best|perfect|満点|最高|五|最大|合格|\bpass\b"
OVERRULES = (
    r"\b(?:ignore|disregard|forget|override|overrule|bypass)\b.{0,60}\b(?:instruction|prompt|rule|"
    r"rubric|above|previous|prior|guideline|criteria|message)|"
    r"(?:指示|命令|ルール|規則|基準|上記|以前|これまで).{0,30}(?:無視|忘れ|従わ)|"
    r"\b(?:system|developer|admin\w*|assistant)\s*(?:prompt|message|note|override)?\s*[:：\]>]|"
    r"(?:システム|管理者|開発者|運営).{0,12}[:：】]|</?data\b|"
    r"(?:採点者|評価者|審査員|判定者|AI ?モデル).{0,6}(?:へ|は|に|の皆)"
)
ORDER = re.compile(
    rf"(?=.*(?:{SCORES}))(?=.*(?:{ORDERS}))(?=.*(?:{MARKS}))|(?:{OVERRULES})", re.I | re.S
)


def orders(text: str) -> list[str]:
    """The sentences that talk to a judge."""
    sentences = (found[0].strip() for found in SENTENCE.finditer(text))
    return [sentence for sentence in sentences if sentence and ORDER.search(sentence)]


def without_orders(text: str) -> str:
    """The text without them."""
    return SENTENCE.sub(lambda found: "" if ORDER.search(found[0]) else found[0], text)
