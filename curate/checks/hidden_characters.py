"""Characters that nobody sees: zero-width, direction-turning, control, tag and filler characters.

They split words into other tokens than the same words have elsewhere, so that the model learns two
spellings of one word. Tag and direction characters can also carry instructions that a reviewer
never sees. Where a script or an emoji needs such a character (Persian, Hindi, Thai, flags,
families, variants of kanji) it is left in peace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from curate.check import Check, Params, Row, Said, by_record
from curate.content.language_detect import script
from curate.content.signs import Signs, sign
from curate.content.wide import control_holds, holds_one_of
from curate.finding import Hit, Severity

FIELDS = ("system", "history", "instruction", "input", "answer")
SEARCHED = ("system", "history", "prompt", "answer")
FIXABLE = ("system", "instruction", "input", "answer")  # the history is shown as JSON
CODES_SHOWN = 5

KINDS: dict[str, tuple[str, Severity, str]] = {
    "tag": (
        "\U000e0000-\U000e007f",
        "error",
        "invisible tag characters, which can hide instructions: {count} ({codes})",
    ),
    "direction": (
        "\u202a-\u202e\u2066-\u2069",
        "error",
        "characters that turn the reading direction and can hide text: {count} ({codes})",
    ),
    "width": (
        "\u00ad\u034f\u061c\u180e\u200b-\u200f\u2060-\u2064\u206a-\u206f\ufeff",
        "warn",
        "zero-width characters: {count} ({codes})",
    ),
    "control": (
        "\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u0081\u008d\u008f\u0090\u009d\ufff9-\ufffb"
        "\ufffe\uffff",
        "warn",
        "control characters: {count} ({codes})",
    ),
    "selector": (
        "\ufe00-\ufe0f\U000e0100-\U000e01ef",
        "warn",  # error where several follow each other
        "variation selectors that select nothing and can hide data: {count} ({codes})",
    ),
    "private": (
        "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd",
        "warn",
        "private-use characters, which mean nothing outside one font: {count} ({codes})",
    ),
    "filler": ("\u115f\u1160\u3164\uffa0", "warn", "blank filler characters: {count} ({codes})"),
    "line": ("\u2028\u2029", "info", "unusual line ends: {count} ({codes})"),
}
"""What each kind holds (inside a character class), its severity and its message."""

LONE_RETURN = r"\r(?:[^\n]|$)"
CLASS = "".join(characters for characters, _, _ in KINDS.values())
SUSPECT_IN_ASCII = rf"(?-u:[\x00-\x08\x0b\x0c\x0e-\x1f\x7f])|{LONE_RETURN}"
HIDDEN = re.compile("|".join(f"(?P<{kind}>[{kinds[0]}])" for kind, kinds in KINDS.items()))
PRIVATE = re.compile(f"[{KINDS['private'][0]}]")
RETURN = re.compile(r"\r(?!\n)")
FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{2,6}\U000e007f")  # of England, Scotland ...
LATEX = re.compile(r"[\x07\x08\x0b\x0c](?=[a-z]{2})")  # \alpha, \beta, \vec, \frac read as escapes
LATEX_LETTER = {"\x07": "a", "\x08": "b", "\x0b": "v", "\x0c": "f"}
CUT_OFF = "\x13\x14\x18\x19\x1c\x1d"  # – — ‘ ’ “ ” (U+2013 ...) cut down to one byte

JOINING = {
    "ARABIC", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU",
    "KANNADA", "MALAYALAM", "SINHALA", "MYANMAR", "KHMER",
}  # fmt: skip
UNSPACED = {"THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN"}
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
MARKS = "\u061c\u200e\u200f"
OVERRIDES = "\u202d\u202e"
SELECTABLE = re.compile(r"[0-9#*]|[^\x00-\x7f\s]")  # keycaps, emoji, kanji, signs
PICTURE = re.compile("[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff\ufe0f]")


def signs(_: Params) -> Signs:
    return dict.fromkeys(SEARCHED, sign(kinds=["control", "wide"]))


def suspects(_: Params) -> pl.Expr:
    def in_field(field: str) -> pl.Expr:
        return control_holds(field, SUSPECT_IN_ASCII) | holds_one_of(pl.col(field), CLASS)

    return pl.any_horizontal(map(in_field, SEARCHED))


def judge(row: Row, _: Params) -> Iterator[Said]:
    for field in FIELDS:
        yield from in_text(field, row[field] or "")


def in_text(field: str, text: str) -> Iterator[Hit]:
    """One hit for each kind that stands in a text without a reason."""
    flags = {place for flag in FLAG.finditer(text) for place in range(*flag.span())}
    right_to_left = RIGHT_TO_LEFT.search(text) is not None
    found: dict[str, list[int]] = {}
    for hidden in HIDDEN.finditer(text):
        kind, at = str(hidden.lastgroup), hidden.start()
        if kind == "direction" or hidden[0] in MARKS:
            reason = right_to_left and hidden[0] not in OVERRIDES
        else:
            reason = at in flags or needed(kind, text, at)
        if not reason:
            found.setdefault(kind, []).append(at)
    returns = [lone.start() for lone in RETURN.finditer(text)]
    if not found and not returns:
        return
    fix = {"field": field, "text": cleaned(text, set().union(*found.values()))}
    for kind, places in found.items():
        _, severity, says = KINDS[kind]
        if kind == "selector" and not {at + 1 for at in places}.isdisjoint(places):
            severity = "error"
        yield hit(says, field, text, places, severity, fix)
    if returns:
        says = "carriage returns without a line feed: {count} ({codes})"
        yield hit(says, field, text, returns, "info", fix)


def hit(
    says: str, field: str, text: str, places: list[int], severity: Severity, fix: dict[str, str]
) -> Hit:
    """What is said of the characters at these places; a fix only where it changes something."""
    codes = sorted({f"U+{ord(text[at]):04X}" for at in places})
    return Hit(
        says,
        {"count": len(places), "codes": ", ".join(codes[:CODES_SHOWN])},
        field=field,
        start=places[0],
        end=places[0] + 1,
        severity=severity,
        fix=fix if field in FIXABLE and fix["text"] != text else None,
    )


def needed(kind: str, text: str, at: int) -> bool:
    """True where the script or the emoji around a hidden character needs it."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    around = {script(char) for char in (before, after) if char}
    if kind == "control":  # a piece of misread text, which mojibake judges
        return not text[at].isascii() and not before.isascii()
    if kind == "width" and text[at] in "\u200c\u200d":
        pictures = PICTURE.match(before) and PICTURE.match(after)
        return bool(pictures) or not JOINING.isdisjoint(around)
    if kind == "width":
        return text[at] == "\u200b" and not UNSPACED.isdisjoint(around)
    if kind == "selector":
        return SELECTABLE.match(before) is not None and HIDDEN.match(before) is None
    return kind == "filler" and "hangul" in around


def cleaned(text: str, unwanted: set[int]) -> str:
    """The text without what is hidden; private-use characters stay, nobody knows what they mean."""
    commands = set()
    if "\\" in text or "$" in text:
        commands = {command.start() for command in LATEX.finditer(text)}
    kept = list(text)
    for at in unwanted:
        kept[at] = "\\" + LATEX_LETTER[text[at]] if at in commands else replacement(text[at])
    return RETURN.sub("\n", "".join(kept))


def replacement(char: str) -> str:
    """What belongs in the place of a hidden character, mostly nothing."""
    if char in CUT_OFF:
        return chr(0x2000 + ord(char))
    if char in "\x0b\x0c\u2028\u2029":
        return "\n"
    return char if PRIVATE.match(char) else ""


CHECK = Check(
    name="hidden-characters",
    says="the text holds characters that nobody sees",
    group="text",
    severity="warn",
    why=__doc__,
    fields=FIELDS,
    signs=signs,
    suspects=suspects,
    look=by_record(judge),
)
