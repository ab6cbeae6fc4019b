"""Encodings: recognise UTF-16, UTF-32, Shift-JIS, EUC-JP and Latin-1 by their bytes.

UTF-16 and UTF-32 say themselves what they are, by a mark or by the zeros of their first letters,
and are recoded with a note. The legacy encodings, and UTF-16 without a mark that begins in
Japanese, are only guessed at: reading stops and names the command that converts the file.
"""

from __future__ import annotations

import codecs
import re
import shlex
from pathlib import PurePath

UTF8_BOM = codecs.BOM_UTF8

BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

ZEROS: dict[tuple[bool, ...], str] = {
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
}
"""Where the zeros lie in the first four bytes of text that begins with ASCII."""

LOOK_BYTES = 256

JAPANESE = (("cp932", "Shift-JIS (cp932)"), ("euc_jp", "EUC-JP"))
LATIN = "Latin-1 (Windows-1252)"
UNMARKED = {
    "utf-16-le": "UTF-16LE without a byte-order mark",
    "utf-16-be": "UTF-16BE without a byte-order mark",
    "utf-32-le": "UTF-32LE without a byte-order mark",
    "utf-32-be": "UTF-32BE without a byte-order mark",
}
ICONV = {
    "Shift-JIS (cp932)": "CP932",
    "EUC-JP": "EUC-JP",
    "ISO-2022-JP": "ISO-2022-JP",
    LATIN: "CP1252",
    **{title: title.partition(" ")[0] for title in UNMARKED.values()},
}
"""What users read, and what the command iconv calls it."""

WITHIN = bytes(range(0x80, 0xC0))
"""Bytes of UTF-8 that go on with a character."""

UP_TO_THREE = bytes(range(0xF0))
"""Bytes of UTF-8 other than the first of a character of four, which UTF-16 writes as a pair."""

UNPACK = {".gz": "gzip -dc", ".zst": "zstd -dc", ".zstd": "zstd -dc"}

LIKELY = 0.75
"""Share of the non-ASCII characters that must be kana or kanji before an encoding is named."""

LATIN_LETTER = "[À-ÖØ-öø-ÿŒœ]"
IN_A_WORD = re.compile(
    rf"(?<=[a-zA-Z]){LATIN_LETTER}(?![^\0-\x7f])|(?<![^\0-\x7f]){LATIN_LETTER}(?=[a-z])"
)
LATIN_LETTERS = 2
LATIN_SHARE = 0.5
"""Of the non-ASCII letters, so many must be lone letters in words of ASCII."""

LATIN_LINES = 20
"""Of so many lines one at least must be odd; less is damage, which costs these lines alone."""


def wide(head: bytes) -> tuple[str, int] | None:
    """(codec, bytes of its mark) of UTF-16 or UTF-32 text, by its mark or its zero bytes."""
    for mark, codec in BOMS:
        if head.startswith(mark):
            return codec, len(mark)
    guess = ZEROS.get(tuple(byte == 0 for byte in head[:4]))
    if guess is not None and _is_plain(head[:LOOK_BYTES], guess):
        return guess, 0
    return None


def _is_plain(head: bytes, codec: str) -> bool:
    """Whether the bytes read as text without control characters."""
    text = _begins(head, codec)
    return text is not None and all(c >= " " or c in "\t\r\n" for c in text)


def _begins(head: bytes, codec: str) -> str | None:
    """The text of bytes that may end within a character; None where they are no such text."""
    try:
        return codecs.getincrementaldecoder(codec)().decode(head)
    except UnicodeDecodeError:
        return None


def size_in(codec: str, text: bytes) -> int:
    """How many bytes this piece of UTF-8 takes in UTF-16 or UTF-32; it may begin in a character."""
    if codec.startswith("utf-32"):
        return 4 * len(text.translate(None, WITHIN))
    return 2 * (len(text.translate(None, WITHIN)) + len(text.translate(None, UP_TO_THREE)))


def as_in(codec: str, text: bytes) -> bytes:
    """UTF-8 as the bytes it was recoded from; a character cut off at its end is left out."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogatepass")
    return decoder.decode(text).encode(codec, "surrogatepass")


def legacy(data: bytes, *, whole: bool) -> str | None:
    """The encoding, other than UTF-8, that a text seems to be in; None where no other is likely.

    Japanese or Latin-1, where no line is UTF-8 but for ASCII. Not `whole`: the last may be cut.
    """
    if b"\0" in data:
        return unmarked(data)
    if data.isascii() and b"\x1b$" not in data:
        return None
    odd: list[bytes] = []
    lines = data.split(b"\n")
    for line in lines:
        if line.isascii():
            odd += [line] if b"\x1b$" in line else []
            continue
        try:
            line.decode()
        except UnicodeDecodeError:
            odd.append(line)
        else:
            return None
    if not whole and len(odd) > 1:
        odd.pop()
    text = b"\n".join(odd)
    latin = len(odd) * LATIN_LINES >= len(lines) and is_latin(text)
    return japanese_name(text) or (LATIN if latin else None)


def unmarked(data: bytes) -> str | None:
    """UTF-16 or UTF-32 by the text that comes of it: Japanese, between signs of ASCII."""
    head = data[:LOOK_BYTES]
    if _begins(head, "utf-8") is not None:
        return None
    texts = {codec: _begins(head, codec) or "" for codec in UNMARKED if _is_plain(head, codec)}
    likely = [codec for codec, text in texts.items() if _japanese_share(text) > LIKELY]
    best = max(likely, key=lambda codec: sum(map(str.isascii, texts[codec])), default="")
    return UNMARKED.get(best)


def japanese_name(text: bytes) -> str | None:
    """Shift-JIS, EUC-JP or ISO-2022-JP where the bytes read as Japanese in one of them."""
    if b"\x1b$B" in text or b"\x1b$@" in text:
        return "ISO-2022-JP"
    best, name = LIKELY, None
    for codec, title in JAPANESE:
        try:
            share = _japanese_share(text.decode(codec))
        except UnicodeDecodeError:
            continue
        if share > best:
            best, name = share, title
    return name


def is_latin(text: bytes) -> bool:
    """Whether bytes read as a language of Western Europe in Windows-1252."""
    try:
        told = text.decode("cp1252")
    except UnicodeDecodeError:
        return False
    found = len(IN_A_WORD.findall(told))
    return found >= LATIN_LETTERS and found >= LATIN_SHARE * sum(
        c > "\x7f" and c.isalpha() for c in told
    )


def _japanese_share(text: str) -> float:
    """Share of kana, kanji and Japanese punctuation among non-ASCII; 0 below two of them.

    Half-width kana weigh half: wrongly decoded bytes are full of them.
    """
    foreign = [c for c in text if c > "\x7f"]
    kana = sum("\u3000" <= c <= "\u33ff" or "\u2460" <= c <= "\u24ff" for c in foreign)
    kanji = sum("\u4e00" <= c <= "\u9fff" or "\uff01" <= c <= "\uff5e" for c in foreign)
    small = sum("\uff61" <= c <= "\uff9f" for c in foreign)
    if kana + kanji < 2:
        return 0.0
    return (kana + 0.95 * kanji + 0.5 * small) / len(foreign)


def convert_command(name: str, file: str) -> str:
    """The command that turns a file of that encoding into UTF-8, beside it: data.utf8.csv."""
    convert = f"iconv -f {ICONV[name]} -t UTF-8"
    if file == "-":
        return convert
    path, quoted = PurePath(file), shlex.quote(file)
    if path.suffix in UNPACK:
        told = f"{UNPACK[path.suffix]} < {quoted} | {convert}"
        path = path.with_suffix("")
    else:
        told = f"{convert} < {quoted}"
    new = path.with_suffix(f".utf8{path.suffix}")
    return f"{told} > {shlex.quote(str(new))}"
