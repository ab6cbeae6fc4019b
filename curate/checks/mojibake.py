"""Text that was read in the wrong encoding, such as "donâ€™t" for "don’t" or "縺薙ｓ" for "こん".

The model learns byte rubbish as if it were spelling, and each broken word costs many tokens. It
comes from a file that was saved or read as Latin-1, Shift-JIS or GBK although it was UTF-8, or the
other way round. Most of it can be turned back exactly and then a repair is suggested. A replacement
character (U+FFFD) marks a character that is lost for good. A few such signs in a record that speaks
of encodings are its example.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, partial
from os.path import commonprefix
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from curate.check import Check, Params, Row, Said, by_record
from curate.content.signs import Signs, sign
from curate.content.wide import wide_holds
from curate.finding import Hit

if TYPE_CHECKING:
    from ftfy import TextFixerConfig

FIELDS = ("system", "history", "instruction", "input", "answer")
TOLD_IN = ("instruction", "answer")
SEARCHED = ("system", "history", "prompt", "answer")
FIXABLE = ("system", "instruction", "input", "answer")  # the history is shown as JSON
SHOWN = 24  # characters of a broken stretch and of its repair that a message quotes

ABOUT = (
    r"encod|decod|mojibake|garbled|UTF-?8|latin-?1|iso-?8859|shift.?jis|windows-125|charset"
    r"|character set|replacement character|文字化け|文字コード|エンコード|デコード"
)
"""What a text says that speaks of encodings, in small letters or capitals."""
EXAMPLE = 3  # broken stretches in a text that may be its example

MANY = 3  # signs of broken Japanese that are too many for chance
WIDE = re.compile(r"[^\x00-\x7f]*")

LOST = "\ufffd|ï¿½|锟斤拷"  # U+FFFD, and the same read as windows-1252 and as GBK
LATER = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
"""What the second and later bytes of a UTF-8 character look like, one by one."""
WESTERN = f"[Â-ÆÈ-ÏÐÑÙà-ïð][{LATER}]|‚Ä|„[ÅÇÉ]|√[©®†§º±¶¥]|[\u0080-\u009f]"
"""UTF-8 read as windows-1252, Latin-1 or Mac Roman, or windows-1252 read as Latin-1."""


class Misread(NamedTuple):
    """Bytes of one encoding read as another: how that looks, and the stretch to read again."""

    looks: str
    stretch: str
    read: str
    written: str


EASTERN = (
    Misread("[縺繧繝縲窶]", r"[^\x00-\x7f]+", "cp932", "utf-8"),
    Misread("[銇銈銉銆鈥锛]", r"[^\x00-\x7f]+", "gb18030", "utf-8"),
    Misread("(?:‚[Ÿ\u00a0-ñ]){2}", r".+", "sloppy-windows-1252", "cp932"),
    Misread("(?:\u0082[\u009f-ñ]){2}", r".+", "latin-1", "cp932"),
    Misread("(?:[¤¥][¡-ó]){3}", r".+", "latin-1", "euc_jp"),
)
"""How broken Japanese looks: by the bytes that every kana begins with. The first two may also
break quotation marks."""

SUSPECT = "|".join([LOST, WESTERN, *(misread.looks for misread in EASTERN)])
FIRST = "\ufffdï锟Â-ÆÈ-ÏÐÑÙà-ïð‚„√\u0080-\u009f縺繧繝縲窶銇銈銉銆鈥锛¤¥"
"""The characters that one of these begins with."""


def signs(_: Params) -> Signs:
    return dict.fromkeys(SEARCHED, sign(kinds=["wide"]))


def suspects(_: Params) -> pl.Expr:
    return pl.any_horizontal(wide_holds(column, SUSPECT, FIRST) for column in SEARCHED)


def judge(row: Row, _: Params) -> Iterator[Said]:
    explains = any(re.search(ABOUT, row[name] or "", re.IGNORECASE) for name in TOLD_IN)
    for field in FIELDS:
        text = row[field] or ""
        if not text.isascii() and not (explains and is_example(text)):
            yield from misread(field, text)
            yield from lost(field, text)


def is_example(text: str) -> bool:
    """Whether what is broken is so little that a text about encodings may show it."""
    return len(re.findall(f"(?:{SUSPECT})+", text)) <= EXAMPLE


def misread(field: str, text: str) -> Iterator[Hit]:
    """What turns into sense when its bytes are read again, with the repair of the whole text."""
    fixed = "\n".join(reread(line) for line in text.split("\n"))
    if fixed != text:
        start = len(commonprefix([text, fixed]))
        while start and not text[start - 1].isascii():
            start -= 1
        seen, meant = WIDE.match(text, start), WIDE.match(fixed, start)
        yield Hit(
            "{seen} is {meant}, read in the wrong encoding",
            {"seen": shown(seen), "meant": shown(meant)},
            field=field,
            start=start,
            end=seen.end() if seen else start,
            fix={"field": field, "text": fixed} if field in FIXABLE else None,
        )
        return
    for wrong in EASTERN:
        places = list(re.finditer(wrong.looks, text))
        if len(places) >= MANY:
            yield Hit(
                "the text looks as if it had been read in the wrong encoding; no repair is certain",
                field=field,
                start=places[0].start(),
                end=places[-1].end(),
                evidence={"perhaps": f"{wrong.written} read as {wrong.read}"},
            )
            return


def shown(found: re.Match[str] | None) -> str:
    """A stretch for a message: short, and no control character raw."""
    stretch = found[0][:SHOWN] if found else ""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in stretch)


def lost(field: str, text: str) -> Iterator[Hit]:
    """Characters that nothing can bring back."""
    places = list(re.finditer(LOST, text))
    if places:
        yield Hit(
            "characters that were lost when the text was read and cannot be restored: {count}",
            {"count": len(places)},
            field=field,
            start=places[0].start(),
            end=places[0].end(),
            severity="error",
        )


def reread(line: str) -> str:
    """The line as it was meant; itself where it is sound or no repair is certain."""
    if line.isascii() or re.search(SUSPECT, line) is None:
        return line
    for misread in EASTERN:
        if re.search(misread.looks, line):
            return re.sub(misread.stretch, partial(again, misread=misread), line)
    from ftfy import fix_encoding

    fixed = fix_encoding(line, encoding_only())
    return line if fixed.count("\ufffd") > line.count("\ufffd") else fixed


def again(found: re.Match[str], misread: Misread) -> str:
    """The stretch read in the encoding it was written in; itself where its bytes do not fit."""
    import ftfy.bad_codecs  # noqa: F401 - registers sloppy-windows-1252

    try:
        return found[0].encode(misread.read).decode(misread.written)
    except UnicodeError:
        return found[0]


@cache
def encoding_only() -> TextFixerConfig:
    """ftfy without all that would touch correct text: quotes, ligatures, widths, controls."""
    from ftfy import TextFixerConfig

    return TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=False,
        normalization=None,
        explain=False,
    )


CHECK = Check(
    name="mojibake",
    says="characters were read in the wrong encoding",
    group="text",
    severity="warn",
    why=__doc__,
    fields=FIELDS,
    signs=signs,
    suspects=suspects,
    look=by_record(judge),
)
