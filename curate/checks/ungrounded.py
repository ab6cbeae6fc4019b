"""An answer that names what its context does not hold.

When a prompt brings a passage and asks for a summary of it, or for an answer from it, the answer
should say nothing that the passage does not say. Records that break this teach the model to make
up names, dates and links where it was told to read. What may follow from the passage, such as a
sum, a rounded figure or a difference of two years, is not counted. Where
a few words, a title or a link are all the context, the check could not tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import polars as pl

from curate.check import Check, Params, Row, Said, by_record
from curate.content.facts import Fact, facts
from curate.content.ground import Ground
from curate.content.masking import mask
from curate.content.wide import found_in
from curate.finding import Hit, Severity, Unsure

BOUND = (
    r"(?i:\b(?:summari[sz]|summary of|extract|condense|tl;?dr|shorten (?:the|this)"
    r"|key (?:points?|takeaways?)|main (?:ideas?|points?|topics?|arguments?)"
    r"|(?:based (?:only |solely )?on|according to) (?:the|this|these) (?:\w+ )?(?:text|passage"
    r"|article|paragraph|document|story|report|review|e-?mail|transcript|conversation|context"
    r"|information|sentences?|post|speech|note)s?\b"
    r"|(?:mentioned|stated|described|given|discussed|provided|written) (?:in|by|above|below)"
    r"|(?:from|in|using) (?:only )?(?:the|this) (?:(?:following|given|above|below|provided) )?"
    r"(?:text|passage|article|paragraph|document|story|report|review|e-?mail|transcript"
    r"|conversation|context)"
    r"|(?:us(?:e|ing)|refer(?:ring)? to|read|consult(?:ing)?) (?:only |just |solely )?"
    r"(?:the|this|these|my)(?: \w+){0,2} (?:text|passage|article|paragraph"
    r"|document|report|review|e-?mail|transcript|conversation|context|notes?|facts|minutes|details|excerpt)s?\b"
    r"|(?:us(?:e|ing)|from|on|with) (?:only|just|solely|nothing but)"
    r" (?:the|this|these|my|what)\b))"
    r"|要約|まとめ(?:て|なさい)|抜き出|抽出|抜粋"
    r"|(?:本文|文章|記事|文書|資料|上記|以下|次|情報|内容)(?:の[^\n。]{0,12})?"
    r"(?:だけ|のみ)?(?:から|に基づ|をもとに|を基に|によると|によれば|を読|の範囲内?で)"
    r"|(?:本文|文章|記事|文書|資料|文献|メモ|議事録|情報|説明文|文脈)(?:だけ|のみ)?(?:を|に)(?:参考|参照|照らし)"
    r"|(?:だけ|のみ)を(?:使|用い|もとに|基に|参考|参照|根拠)"
)
"""What an instruction says that binds the answer to the text it brings."""

SUMMARY = re.compile(r"(?i)\b(?:summar|extract|condense|tl;?dr)|要約|抜き出|抽出|抜粋")

ONLY = re.compile(
    r"(?i)\b(?:us(?:e|ing)|from|on|with) (?:only|just|solely|nothing but)"
    r" (?:the|this|these|my|what)\b"
    r"|(?:文章|本文|記事|文書|資料|メモ|議事録|情報|内容)(?:だけ|のみ)"
)
"""What an instruction says that binds a text that is to be made as closely as a summary."""

FREE = re.compile(
    r"(?i)\b(?:(?:an?|short|new) (?:\w+ )?(?:story|poem|song)|imagin|invent|brainstorm|suggest"
    r"|recommend|propos|predict|complet|continu|expand|elaborat|add |insert|translat|design"
    r"|research|classif|categori[sz]|evaluat|wrong|incorrect|implausible|false|hypothetical"
    r"|own knowledge|questions? (?:about|from|for|based|using|that)|title|headline|sources?\b"
    r"|cite|reference|look up|search)"
    r"|物語|詩を|翻訳|訳し|英訳|和訳|続き|提案|予測|想像|考えて|分類|評価|誤った|間違った"
    r"|題名|タイトル|見出し"
)
"""What an instruction says that lets the answer go beyond its text, even for a summary."""

MAKES = re.compile(
    r"(?i)\b(?:generat|creat|compos|craft|come up with|writ|develop|analy[sz]|compar|explain"
    r"|discuss|critiqu|rewrit|rephras|paraphras|related|implications?|edit|correct|improv|why)"
    r"|作成|生成|創作|書き換え|言い換え|比較|説明|分析|なぜ|書いて"
)
"""What lets it go beyond its text, unless a summary or an extract is to be made."""

QUESTION = r"(?:[?？]|(?:ですか|ますか|でしたか|ましたか|のか|何か)。?)\s*$"
STATED = (
    r"[0-9０-９][0-9０-９日時]|https?://|www\.|@|\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}"
    r"|[ァ-ヴー]{2}[・･][ァ-ヴー]{2}"
)
"""What an answer must hold at least for this check to find anything."""

SENTENCE = re.compile(r"[.!?。！？][\"”’」』)）]*\s*\Z")
BINDS, ASKS = re.compile(BOUND), re.compile(QUESTION)
KNOWN = re.compile(r"(?i)\b(?:identif|name the|determin|enrich|adding|tense)|特定|見分け")
"""What an instruction says that asks for knowledge of a few words, not for what they say."""

FIRST = re.compile(r"\A\s*([^\n。:：]{1,300}[\n。:：])")
LAST = re.compile(r"\n([^\n]{1,300})\s*\Z")
ASKED_WITHIN = 200  # characters of the start and of the end of a prompt in one piece
ASKED_IN = 30  # characters of an instruction at least, where it is one piece with its passage

SEEN = ("instruction", "input", "prompt", "answer", "system", "history")
LISTED_AT_MOST = 20  # things in one finding
STRONG_AT_LEAST = 2  # things, or one link or long number, make a warning


def suspects(params: Params) -> pl.Expr:
    """Prompts that bring a passage and ask about it, answers that state a fact."""
    columns = ("prompt", "input", "instruction", "answer")
    return pl.map_batches(columns, partial(could, params), return_dtype=pl.Boolean)


def could(params: Params, columns: Sequence[pl.Series]) -> pl.Series:
    """Whether an answer must keep to a passage and states a fact; null where there is no answer.

    Each search goes only through the texts that the step before left over.
    """
    prompt, passage, instruction, answer = columns
    brought, size = passage.str.len_bytes().fill_null(0), prompt.str.len_bytes()
    lines = ((brought == 0) & (size >= params["passage"] + ASKED_IN)).arg_true()
    lines = lines.filter(prompt.gather(lines).str.contains("\n", literal=True))
    long = (brought == 0) & (size >= params["context"] + ASKED_IN)
    whole = long.scatter(lines, True).arg_true()
    ends = prompt.gather(whole)
    bound = found_in(instruction, (brought > 0).arg_true(), [BOUND])
    bound |= found_in(instruction, (brought >= params["context"]).arg_true(), [QUESTION])
    at_an_end = ends.str.head(ASKED_WITHIN).str.contains(BOUND)
    at_an_end |= ends.str.tail(ASKED_WITHIN).str.contains(BOUND)
    rows = bound.scatter(whole, at_an_end).arg_true()
    return found_in(answer, rows, [STATED])


def judge(row: Row, params: Params) -> Iterator[Said]:
    task = instruction(row)
    if not keeps_to_text(task):
        return
    if row["answer"] in row["prompt"]:
        return
    ground = Ground("\n".join(row[name] or "" for name in ("system", "history", "prompt")))
    stated = {(fact.kind, fact.text): fact for fact in reversed(facts(row["answer"]))}
    missing = [fact for fact in reversed(stated.values()) if not ground.holds(fact)]
    if not missing:
        return
    brought = (row["input"] or row["prompt"][ASKED_IN:]).encode()
    short = len(brought) < params["context"]
    passage = len(brought) >= params["passage"] and is_passage(row["input"] or "", task)
    if sum(fact.weight for fact in missing) >= params["weight"] and (passage or not short):
        yield hit(missing, sure=bool(SUMMARY.search(task)))
    elif short:
        yield Unsure("the context is too short to say what follows from it")


def is_passage(text: str, task: str) -> bool:
    """Whether few words are all that an answer may use: no title, no link, nothing to know."""
    return bool(SENTENCE.search(text)) and "://" not in text and not KNOWN.search(task)


def instruction(row: Row) -> str:
    """What is asked; where the passage is in the prompt, its first sentence and last line."""
    if row["input"]:
        return str(row["instruction"])
    ends = (end.search(row["prompt"]) for end in (FIRST, LAST))
    return "\n".join(found[1] for found in ends if found)


@lru_cache(maxsize=1 << 12)  # the same instructions come again and again
def keeps_to_text(task: str) -> bool:
    """Whether the answer may say only what the text says."""
    if FREE.search(task):
        return False
    if SUMMARY.search(task) or ONLY.search(task):
        return True
    return bool((BINDS.search(task) or ASKS.search(task)) and not MAKES.search(task))


def hit(missing: list[Fact], *, sure: bool) -> Hit:
    """All that is missing as one finding; `sure` where a summary or an extract was asked for."""
    first = max(missing, key=lambda fact: fact.weight)
    strong = any(fact.kind == "link" for fact in missing) or len(missing) >= STRONG_AT_LEAST
    severity: Severity = "warn" if sure or strong else "info"
    return Hit(
        "the answer names {n} thing(s) that its context does not hold, such as {shown}",
        {"n": len(missing), "shown": listed(first)["shown"]},
        field="answer",
        start=first.start,
        end=first.end,
        score=float(len(missing)),
        severity=severity,
        evidence={
            "count": len(missing),
            "things": [listed(fact) for fact in missing[:LISTED_AT_MOST]],
        },
    )


def listed(fact: Fact) -> Mapping[str, Any]:
    """One thing as evidence shows it; a number long enough to be somebody's is masked."""
    shown = mask(fact.text) if fact.is_private else fact.text
    return {"kind": fact.kind, "shown": shown, "start": fact.start, "end": fact.end}


CHECK = Check(
    name="ungrounded",
    says="the answer names people, figures, dates or links that its context does not hold",
    group="behaviour",
    severity="warn",
    why=__doc__,
    each_answer=True,
    params={
        "context": 100,  # UTF-8 bytes: a kana says as much as three letters
        "passage": 40,  # the same, of whole sentences that the instruction says to keep to
        "weight": 1.0,
    },
    fields=("prompt", "answer", "system", "history"),
    suspects=suspects,
    look=by_record(judge, SEEN),
)
