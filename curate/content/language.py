"""The language of every text of a batch: a vectorised shortcut, and detectors for the rest.

Step one looks at the first HEAD characters: English where a word stands that only English has,
Japanese where kana stand among letters that are not ASCII. That settles nearly all ordinary records
of both languages. Step two, the fast detector, sees what is left; step three, a second opinion, is
asked for only by a check that is about to flag a record.
"""

from __future__ import annotations

import polars as pl

from curate.content.language_detect import CHINESE_ONLY, MIN_IDEOGRAPHS, MIN_LETTERS, detect

HEAD = 240  # characters that the shortcut looks at

ENGLISH = """
about according after again against always another answer around away because before being below
between both calculate cannot choose classify common compose contrast could country create customer
develop discuss does during each easily either enough every everyone everything example explain few
first five following four friend friends from generate get given great having health healthy helps
high himself how however identify improve includes including increase interesting into itself keep
know knowledge language learn less life little made make makes making many might much myself names
need needs never nothing number often one only other our paragraph people provide quickly reduce
rewrite sentence sentences seven several should show since small some someone something suggest
summarize take tell than that their themselves then there therefore they thing things think this
those three through today together two understand until used uses using usually very way ways well
were what when where whether which who whose why with within without words work world would write
year years you young your
"""
"""Words that hardly any other language spells so; one of them settles it."""

COMMON = """
a all an and any are as at be been best by can did do find for give had has have he help her his if
in is it its like me more most must my name new no not of on or out over same she so such the them
these time to too up use was we while will
"""
"""English words that titles and other languages also hold; weak signs."""

ORDERS = """
add analyze answer arrange ask assign brainstorm build calculate categorize compare compute
construct convert define describe design detect devise draft edit estimate find generate list make
name outline output plan predict produce propose put rank rate recommend research select simplify
sort state summarise translate
"""
"""Verbs that open an English instruction; weak signs."""


FOREIGN = """
aan adalah ang att bir bu che con cu da dan das dat de del der des det die dos du een egy ei ein
eine el en es est estas et het hy i ikke il ini ist itu ja je jeg jest kaj la las le les li los mga
mi na ne nem ng ni nicht nie niet non och og ons os par para per pour que qui sa se si sono sunt sy
ta ti tu uma un una une van ve vo von voor vor voy yang yr zu
"""
"""Small words of other languages: where one stands, weak signs of English settle nothing."""


def either(words: str) -> str:
    """A pattern for any of these words, also with a capital."""
    spellings = (spelt for word in words.split() for spelt in (word, word.capitalize()))
    return f"(?:{'|'.join(spellings)})"


EDGE = r"(?-u:\b)"  # of ASCII words: the fast engine need not look at the letters beyond
GAP = r"[\x00-\x7f]*?"  # same
MAYBE = either(COMMON)
ENDING = "[a-z]{3,}(?:ings?|ly|ness|tions?|ments?|ght|ous|ful|ies|ed|ers?|th|ck)"
ENGLISH_WORD = f"{EDGE}{either(ENGLISH)}{EDGE}"
WEAK_ENGLISH = (
    f"{EDGE}(?:[Tt]he|and|of|his|she){EDGE}|^{either(ORDERS)} "
    f"|{EDGE}{MAYBE}{EDGE}{GAP}{EDGE}{ENDING}{EDGE}"
    f"|{EDGE}{ENDING}{EDGE}{GAP}{EDGE}(?:{MAYBE}|{ENDING}){EDGE}"
)
FOREIGN_WORD = f"{EDGE}{either(FOREIGN)}{EDGE}"
CODE = r"(?m)[;{}]$|^(?:SELECT|INSERT|UPDATE|CREATE|def|import|class|const|let|var|function) "
KANA = "[ぁ-ねは-ゖァ-ヺ]"  # without の, which Chinese borrows

HEAD_TEXT = pl.col("head")
CHARACTERS = HEAD_TEXT.str.len_chars()
BEYOND_ASCII = HEAD_TEXT.str.len_bytes() - CHARACTERS  # 2 for a kana or ideograph, 1 for an é
MOSTLY_ASCII = (
    HEAD_TEXT.str.len_bytes() * 10 <= CHARACTERS * 11
)  # a tenth; letters are counted once
MOSTLY_NOT = BEYOND_ASCII * 10 >= CHARACTERS * 8
NO_ENGLISH = HEAD_TEXT.str.contains(f"{FOREIGN_WORD}|{CODE}")

GLANCES = (
    ("en", MOSTLY_ASCII & HEAD_TEXT.str.contains(ENGLISH_WORD)),
    ("ja", MOSTLY_NOT & HEAD_TEXT.str.contains(KANA) & ~HEAD_TEXT.str.contains(CHINESE_ONLY)),
    ("en", MOSTLY_ASCII & HEAD_TEXT.str.contains(WEAK_ENGLISH) & ~NO_ENGLISH),
)
"""Step one: a language and what settles it, each asked of what the ones before left open."""

WORTH_A_LOOK = (BEYOND_ASCII + CHARACTERS >= MIN_LETTERS) | (BEYOND_ASCII >= 2 * MIN_IDEOGRAPHS)
"""Long enough that a detector may say something."""


def languages(texts: pl.Series) -> pl.Series:
    """The language of each text: ISO 639-1 (639-3 where there is none), null: could not tell."""
    heads = texts.fill_null("").str.head(HEAD).alias("head").to_frame()
    found = pl.Series(texts.name, [None], dtype=pl.String).new_from_index(0, len(texts))
    unsettled = pl.arange(len(texts), eager=True)
    for language, glance in GLANCES:
        seen = heads.select(glance).to_series()
        found = found.scatter(unsettled.filter(seen), language)
        unsettled, heads = unsettled.filter(~seen), heads.filter(~seen)
    worth = heads.select(WORTH_A_LOOK).to_series()
    unsettled = unsettled.filter(worth)
    guesses = map(detect, heads["head"].filter(worth))
    named = [guess.language if guess else None for guess in guesses]
    return found.scatter(unsettled, pl.Series(named, dtype=pl.String))
