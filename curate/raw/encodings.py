"""Encodings: recognise UTF-16, UTF-32, Shift-JIS and EUC-JP by their bytes, and name them.

UTF-16 and UTF-32 say themselves what they are and are recoded with a note. The Japanese legacy
encodings are only guessed at, so reading stops and names the command that converts the file.
"""

from __future__ import annotations

import codecs

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
ICONV = {"Shift-JIS (cp932)": "CP932", "EUC-JP": "EUC-JP", "ISO-2022-JP": "ISO-2022-JP"}

LIKELY = 0.75
"""Share of the non-ASCII characters that must be kana or kanji before an encoding is named."""


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
    try:
        text = codecs.getincrementaldecoder(codec)().decode(head)
    except UnicodeDecodeError:
        return False
    return all(c >= " " or c in "\t\r\n" for c in text)


def legacy(data: bytes, *, whole: bool) -> str | None:
    """The Japanese encoding of a text in which no line is UTF-8 but for ASCII.

    Not `whole`: the last line may be cut, and says nothing.
    """
    odd: list[bytes] = []
    for line in data.split(b"\n"):
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
    return japanese_name(b"\n".join(odd)) if odd else None


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
    """The command that turns a file of that encoding into UTF-8."""
    return f"iconv -f {ICONV[name]} -t UTF-8 {file} > {file}.utf8"
