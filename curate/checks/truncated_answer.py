"""An answer that stops in the middle of a sentence.

Most often a generation ran into its token limit. The model learns that an answer may end anywhere,
and at use it does: half a list, half a sentence. Only prose is judged, never code, tables, verse
or titles. Where sentences end with marks and the last one does not, an answer of a few of them is
taken for cut, in Japanese where it stops inside a word; else the check could not tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from curate.check import Check, Params, Row, Said, by_record
from curate.finding import Hit, Unsure

Fault = tuple[str, dict[str, str | int]]
"""How to say it, and what fills the gaps."""

FIELDS = ("instruction", "prompt", "answer")

STOPS = "the answer stops after '{word}', in the middle of a sentence"
COMMA = "the answer ends with a comma"
OPEN = "the answer ends inside '{mark}', which is never closed"
ITEM = "the last item of the list, '{item}', is cut short"
NO_MARK = "the last sentence has no end mark, unlike the ones before it"
LONG = "the last sentence of this long answer ({chars} characters) has no end"

# No English sentence ends with these.
NEVER_LAST = "a|an|the|and|or|nor|my|your|our|their|its|whose|because|if"
# These can end one ("what it stands for"), so the rest of the line must be prose.
SELDOM_LAST = (
    "to|of|in|on|at|by|for|from|with|as|is|are|was|were|be|been|that|which|who|this|these|into|than"
    "|can|could|will|would|should|may|must|but|not|also|very|more|most|such|about|between|through"
)
UNFINISHED = (  # a whole short answer that never gets to its point
    r"(?:equal|according|due|compared|from \d+) to|(?:number|amount|sum|total|percentage) of"
    r"|^The .{8,} (?:is|are|was|were|will be|equals|is called)"
)
NEVER_LAST_JA = "を|への|との|からの|による|における|に対する|に関する|としての|ための|するため"
# What opens a clause ends none.
OPENS_JA = (
    r"(?:^|[。、\s])(?:次に|そして|さらに|ただし|しかし|そのため|例えば|たとえば|なぜなら|したがって|つまり"
    r"|それから|その後|その結果|あるいは|または|もしくは|および|並びに|かつ|なお、?|また、)"
)
SELDOM_LAST_JA = "は|が|の|に|で|と|も|へ|や|な|て|から|まで|より|という|および|または"

ENDS_BADLY = (
    rf"(?:[,、，（(\[「『“\-]|[\s(](?:{NEVER_LAST}|{SELDOM_LAST})|(?:{NEVER_LAST_JA}|は|が|の|と)"
    rf"|: The|\n\s*\d{{1,3}}[.)．]?|\n\s*[*•・-]|{OPENS_JA})\s*$"
)
ENDS_OPENLY = r"[\p{L}\p{N},、，'’\-]\s*$"
ENDS_WITHOUT = r"[.!?。！？][\"”’)」』]{0,2}\n*[^.!?。！？\n]{8,}[\p{L}\p{N}]\s*$"

NEVER = frozenset(NEVER_LAST.split("|"))
SELDOM = frozenset(SELDOM_LAST.split("|"))
POINTLESS = re.compile(rf"(?:{UNFINISHED})$")
JAPANESE = re.compile(r"[\u3040-\u30ff]")
PARTICLE = re.compile(rf"(?:{NEVER_LAST_JA}|{SELDOM_LAST_JA})$")
STRONG_JA = re.compile(rf"(?:{NEVER_LAST_JA}|[\u4e00-\u9fff\u30a0-\u30ff][はが]|[、，])$")
# Inside a word: no sentence ends on these, with a mark or without.
STEM_JA = re.compile(
    r"(?:(?:[てで]い|[きりしれえけせみち])(?:ま|ませ|まし|ましょ)|でしょ|くださ|[がもはに]でき|[がもでには]あ"
    r"|[えけせてねべめ]ら|され|[っゅ]|[がをに](?:言|考|受|持|使|得|含|示|防|避|与|促|伴|基|行|及ぼ)"
    r"|と(?:言|考|思|な)|にな|(?:して|って|れて|んで)い)$"
)
ENDED_JA = re.compile(r"[。！？][」』）)]?\n*[^。！？\n]{9,}[ぁ-んァ-ヶー一-龠]$")
WAS_POLITE = re.compile(r"(?:です|ます|した|せん)[。！？]")
OPENING_JA = re.compile(rf"{OPENS_JA}$")
POLITE_JA = re.compile(
    r"(?:です|ます|でした|ました|ません|ましょう|でしょう|ください|さい)[かねよ]*$"
)
WISH_JA = re.compile(r"[おごよ良い][^。、]{1,12}を$|ますように$|[いゃ]ませ$")  # ends a sentence
# Verbs, adjectives and closing particles: the sentence is whole, only its 。 is missing.
WHOLE_JA = re.compile(
    r"(?:[うくすつぬむるぐぶただいよねかぞわん]|こと|もの|こそ|まで|など|のみ|[るただん]って)$"
)

MARKER = re.compile(r"^\s*(?:\d{1,4}s?[.)．:：]|[(（]?[a-zA-Z][.)）]|[-*•・●])\s*")
NUMBER = re.compile(r"(?m)^[ \t]*(\d{1,3})[.)．]")
LONGEST_MARKER = 12  # characters, indentation included
ONLY_MARKER = re.compile(r"\s*(?:\d{1,3}[.)．]|[-*•・])$")
# "Dr. " and "v. " end no sentence, so three small letters must stand before the mark.
SENTENCE_END = re.compile(r"[.!?](?<=[a-z]{3}.|..[)\d%\"”’].)[\"”’)]{0,2}\s")
SENTENCE_END_JA = ("。", "！", "？")
FEW_WORDS = 4  # a title, a name
DASHES = ("-", "–", "—")
NAMED_SOURCE = re.compile(r"[\"”.] ?[–—-] ?[A-Z][\w.]*(?:\s[A-Z][\w.]*){0,3}$")
CODE = re.compile(
    r"(?m)^[ \t]*(?:def |class |import |from \w+ import|for .*[:{]$|if .*[:{]$|return\b|print\s*\("
    r"|SELECT\b|var |let |const |function\b|public |#include|</?\w+|\w+[ \t]*=[^=]|//|END\b|\{|\})"
    r"|```|\\begin|\$\$"
)
NOT_PROSE = (*"|{}<>=;\\@#_\t", "http", "www.", "...", "--")
# In a short answer to such a task an open end is as likely meant as not.
_OPEN_TASKS = (
    "poem|haiku|song|lyric|verse|rhyme|sonnet|limerick|stanza|title|headline|slogan|tagline|caption"
    "|tweet|hashtag|arrange|reverse|alphabetical|prefix|fragment|conjugat|preposition|unfinished"
    "|pseudo|melody|sort the|the order|in order of|put in|first line|opening line|begin with"
    "|begins with|start with|starts with|complete the|fill in|to include the word"
    "|俳句|短歌|川柳|詩|歌詞|タイトル|題名|見出し|標語|キャッチ|スローガン|並べ|並び替え|順番|冒頭"
    "|書き出し|穴埋め|続き|助詞"
)
OPEN_TASKS = tuple(_OPEN_TASKS.split("|"))  # sought one by one: faster than as one pattern
ENDINGS = '.!?。！？:：”"」)）'
CLOSED_BY = {"(": ")", "（": "）", "「": "」", "『": "』", "“": "”", "[": "]"}


def suspects(params: Params) -> pl.Expr:
    answer = pl.col("answer")
    size: pl.Expr = answer.str.len_bytes()
    long = pl.when(size >= min(params["long_chars"], 3 * params["long_chars_ja"])).then(answer)
    bad = (
        answer.str.contains(ENDS_BADLY)
        | answer.str.contains(ENDS_WITHOUT)
        | long.str.contains(ENDS_OPENLY).fill_null(value=False)
    )
    enough: pl.Expr = bad & (size >= params["min_bytes"])
    return enough.fill_null(value=False)


def judge(row: Row, params: Params) -> Iterator[Said]:
    text, prompt = row["answer"].rstrip(), row["prompt"] or ""
    start = text.rfind("\n") + 1
    line = text[start:]
    if not text or line[-12:] in prompt or ends_alike(text, prompt):
        return
    said = cut_item(text, line) or stopped(text, line, params)
    if not said and not unended(text, line):
        return
    short = len(text) < params["long_chars_ja"]
    if short and mentions((row["instruction"] or "").lower(), OPEN_TASKS):
        return
    if not said:
        yield Unsure("the last sentence lacks its end mark; it may be whole or cut")
    elif not CODE.search(text, 0, start):  # the last line is known to be prose
        yield Hit(said[0], said[1], "answer", start, len(text))


def unended(text: str, line: str) -> bool:
    """The last sentence has no mark, unlike those before it: more may have followed."""
    if mentions(line, NOT_PROSE) or MARKER.match(line):
        return False
    if JAPANESE.search(line) is None:
        return no_mark(line)
    return (
        ENDED_JA.search(text) is not None
        and POLITE_JA.search(line) is None
        and WISH_JA.search(line) is None
        and (WAS_POLITE.search(text) is not None or WHOLE_JA.search(line) is None)
    )


def no_mark(line: str) -> bool:
    """A sentence of a few words, no name or title, behind another in the same line."""
    before, last = SENTENCE_END.split(line)[-2:] if ends_one(line[:-1]) else ("", "")
    words = last.split()
    named = sum(word[:1].isupper() for word in words)
    few = len(words) < FEW_WORDS or not last[:1].isupper() or named > len(words) / 2
    return bool(before) and not few and last[-1].isalnum()


def ends_alike(text: str, prompt: str) -> bool:
    """A text that was cut before it became a prompt gives an answer cut at the same place."""
    return text[-1] in ",、，" and prompt.rstrip()[-1:] == text[-1]


def mentions(text: str, words: tuple[str, ...]) -> bool:
    return any(map(text.__contains__, words))


def cut_item(text: str, line: str) -> Fault | None:
    """Nothing but the marker of a list item that follows another item."""
    if len(line) > LONGEST_MARKER:
        return None
    before = text[: -len(line) - 1].rstrip()
    numbers = NUMBER.findall(before)
    counted = numbers and line.strip(" .)．") == str(int(numbers[-1]) + 1)
    if counted or (ONLY_MARKER.match(line) and MARKER.match(before.rsplit("\n", 1)[-1])):
        return ITEM, {"item": line.strip()}
    return None


def stopped(text: str, line: str, params: Params) -> Fault | None:
    """What is wrong with the last line, if anything."""
    if mentions(line, NOT_PROSE) or line.isupper():
        return None
    if mentions(line, DASHES) and NAMED_SOURCE.search(line):
        return None
    japanese = not line.isascii() and JAPANESE.search(line) is not None
    long = len(text) >= params["long_chars_ja" if japanese else "long_chars"]
    body = MARKER.sub("", line)
    whole = ends_one(body[:-1])  # a sentence in the same line
    prose = whole or (long and mostly_sentences(text)) or among_sentences(text, line)
    found = stops_ja(line, prose) if japanese else stops_en(body, prose)
    if found is None and prose:
        found = left_open(line)
    if found is None and long and (whole or (prose and not itemised(line, body))):
        found = no_end(body, japanese) and (LONG, {"chars": len(text)}) or None
    if found is None and not japanese and len(text) >= params["prose_chars"] and body == line:
        found = (NO_MARK, {}) if no_mark(line) else None
    return found


def ends_one(text: str) -> bool:
    return mentions(text, SENTENCE_END_JA) or SENTENCE_END.search(text) is not None


def among_sentences(text: str, line: str) -> bool:
    """An item of a list of which all the others are sentences."""
    if not MARKER.match(line):
        return False
    items = [other.rstrip() for other in text.split("\n")[:-1] if MARKER.match(other)]
    return len(items) >= 2 and all(item[-1] in ".!?。！？" for item in items)


def itemised(line: str, body: str) -> bool:
    """An item of a list may lack its full stop, unless it explains its first words."""
    explained = body.partition(": ")[2]
    return body != line and len(explained.split()) < 4


def stops_en(line: str, prose: bool) -> Fault | None:
    words = line[-60:].split()
    word = words[-1].lstrip("(") if words else ""
    few = len(words) < 4
    if word == "The" and line.endswith(": The"):
        word = "the"
    if (word in NEVER and (prose or not few)) or (word in SELDOM and prose and not few):
        return STOPS, {"word": word}
    if word in SELDOM and not few and POINTLESS.search(line):
        return STOPS, {"word": word}
    if word.endswith("-") and word[-2:-1].islower() and not few:
        return STOPS, {"word": word}
    comma = word.endswith(",") and len(words) >= 5 and (prose or len(line) >= 40)
    return (COMMA, {}) if comma else None


def stops_ja(line: str, prose: bool) -> Fault | None:
    if WISH_JA.search(line):
        return None
    if line.endswith(("、", "，")) and (prose or len(line) >= 20):
        return COMMA, {}
    if prose and STEM_JA.search(line):
        return STOPS, {"word": line[-6:]}
    if OPENING_JA.search(line) and (prose or len(line) >= 20):
        return STOPS, {"word": line[-6:]}
    strong = STRONG_JA.search(line) and len(line) >= 20 and not MARKER.match(line)
    if strong or (prose and PARTICLE.search(line) and not WHOLE_JA.search(line)):
        return STOPS, {"word": line[-6:]}
    return None


def left_open(line: str) -> Fault | None:
    """A bracket or quotation mark opened in the last line, with no end of a sentence after it."""
    for mark, close in CLOSED_BY.items():
        at = line.rfind(mark)
        if at > line.rfind(close) and line[-1:].isalnum() | (at == len(line) - 1):
            return OPEN, {"mark": line[at : at + 20]}
    return None


def mostly_sentences(text: str) -> bool:
    """The longer lines before the last end like sentences, so the last one should too."""
    lines = [line for line in map(str.rstrip, text.split("\n")[:-1]) if len(line) >= 40]
    ended = sum(line[-1] in ENDINGS for line in lines)
    return len(lines) >= 2 and ended >= 0.8 * len(lines)


def no_end(line: str, japanese: bool) -> bool:
    if not line[-1:].isalnum():
        return False
    if japanese:
        return len(line) >= 10 and not WHOLE_JA.search(line)
    last = SENTENCE_END.split(line[-200:])[-1]
    words = last.split()
    named = sum(word[:1].isupper() for word in words)
    return len(words) >= (3 if len(last) < len(line[-200:]) else 6) and named <= len(words) / 2


CHECK = Check(
    name="truncated-answer",
    says="the answer stops in the middle; it may have been cut off by a length limit",
    group="form",
    severity="warn",
    why=__doc__,
    each_answer=True,
    params={
        "min_bytes": 20,  # a shorter answer (7 Japanese characters) is a label or a name
        # From here up (about 130 tokens) a missing full stop is more likely a cut than a slip.
        "long_chars": 600,
        "prose_chars": 120,  # of a few sentences; a shorter answer may be a slip of the pen
        "long_chars_ja": 300,  # Japanese needs about half the characters
    },
    fields=FIELDS,
    suspects=suspects,
    look=by_record(judge, FIELDS),
)
