"""One spelling for one character: marks composed, half-width kana widened, invisible ones gone.

Only what changes no meaning. Compatibility characters (①, ㈱, full-width letters and punctuation,
the variants of kanji that names are written with) stay as they are, and so do joiners, marks and
direction controls in the scripts that need them. Control characters stay too: where a letter was
lost a person has to look.
"""

from __future__ import annotations

import re
import unicodedata

import polars as pl

from curate.checks import hidden_characters
from curate.content.code_blocks import code_spans, outside
from curate.fix import Fix, Params, Rewritten, Row

MARK = r"\u0300-\u036f\u3099\u309a\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f"
CLUSTER = re.compile(rf"[^\s{MARK}][{MARK}]+|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?")
COMPATIBILITY = re.compile(r"[\uf900-\ufaff\U0002f800-\U0002fa1f]")

HALF_KANA = re.compile(r"[\uff61-\uff9f]+")
HALF_LETTER = re.compile(r"[\uff66-\uff6f\uff71-\uff9d]")

REMOVED = ("tag", "direction", "width", "selector", "filler")  # kinds of hidden character
HIDDEN = "".join(hidden_characters.KINDS[kind][0] for kind in REMOVED)
SUSPECT = (
    r"[\x{0300}-\x{036f}\x{3099}\x{309a}\x{0483}-\x{0487}\x{0591}-\x{065f}\x{1100}-\x{1112}"
    rf"\x{{ff61}}-\x{{ff9f}}{HIDDEN}]"
)


def suspects(text: pl.Expr, _: Params) -> pl.Expr:
    wide = text.str.len_bytes() != text.str.len_chars()
    return pl.when(wide).then(text.str.contains(SUSPECT)).otherwise(False)


def rewrite(text: str, row: Row, params: Params) -> Rewritten:
    if text.isascii():
        return Rewritten(text)
    rules: set[str] = set()
    unwanted = hidden(text)
    out, at = [], 0
    for prose in outside(text, code_spans(text, indented=False)):
        places = range(prose.start, prose.end)
        seen = "".join(text[place] for place in places if place not in unwanted)
        rules |= {"hidden"} if len(seen) < len(places) else set()
        out += [text[at : prose.start], respelt(seen, rules)]
        at = prose.end
    return Rewritten("".join([*out, text[at:]]), tuple(sorted(rules)))


def hidden(text: str) -> set[int]:
    """Places of characters that nobody sees and nothing around them needs."""
    flags = {at for flag in hidden_characters.FLAG.finditer(text) for at in range(*flag.span())}
    turns = hidden_characters.RIGHT_TO_LEFT.search(text) is not None
    found = set()
    for match in hidden_characters.HIDDEN.finditer(text):
        kind, char, at = str(match.lastgroup), match[0], match.start()
        if kind == "direction" or char in hidden_characters.MARKS:
            meant = turns and char not in hidden_characters.OVERRIDES
        else:
            meant = at in flags or hidden_characters.needed(kind, text, at)
        if kind in REMOVED and not meant:
            found.add(at)
    return found


def respelt(text: str, rules: set[str]) -> str:
    """Characters composed, half-width kana widened; `rules` learns what was done."""
    composed = CLUSTER.sub(compose, text)
    wide = CLUSTER.sub(compose, HALF_KANA.sub(widened, composed))
    rules |= {"composed"} if composed != text else set()
    rules |= {"kana"} if wide != composed else set()
    return wide


def compose(match: re.Match[str]) -> str:
    """Base and marks as one character where Unicode has one; a name's kanji stays its own."""
    whole = match[0]
    return whole if COMPATIBILITY.match(whole) else unicodedata.normalize("NFC", whole)


def widened(match: re.Match[str]) -> str:
    """Half-width kana as full-width; a single one is left, it may be part of a face (･ω･)."""
    run = match[0]
    return unicodedata.normalize("NFKC", run) if len(HALF_LETTER.findall(run)) > 1 else run


FIX = Fix(
    name="unicode",
    says="decomposed characters, half-width kana, and characters that nobody sees",
    rank=20,
    rewrite=rewrite,
    suspects=suspects,
    spares=r"unicode|\bNF[KC]+[CD]?\b|half-?width|full-?width|zero-?width|invisible|hidden char|"
    r"\bBOM\b|半角|全角|濁点|ゼロ幅|見えない文字",
)
