"""Register: whether Japanese sentences end politely (です・ます) or plainly (である・だ).

Only whole sentences count. What is quoted, listed, set as code or a heading has a form of its own
and says nothing about the tone of the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

Tone = Literal["polite", "plain"]

POLITE = (
    r"(?:です|ます|でした|ました|ません|でしょう|ましょう|ください|下さい|ございます)"
    r"(?:か|ね|よ|よね|が|けど|から)?"
)
PLAIN = (
    r"(?:である|だった|だろう|[^し]た|[^まで]した|[^そたま]だ|ない|[らかた]しい|[^まで]す"
    r"|[くつぬむぐぶる]|[^しょ]う)"
)
"""Endings by their last signs; ました, でした, ます, です and しょう are none of these."""

POLITE_INSIDE = r"です。|ます。|でした。|ました。|ません。|ください。"
POLITE_AT_END = r"(?:です|ます|でした|ました|ません|ください)\s*\z"
PLAIN_INSIDE = rf"{PLAIN}。(?:[^」』）”)]|\z)"
CASUAL_INSIDE = r"(?:だ|[るくつぬむぶぐ]|[^しま]た|[^さ]い|[^ょ]う)(?:よね|[よねなぞさ])[。！!]"
PLAIN_TWICE = rf"{PLAIN}。(?s:.*[^」』]){PLAIN}。"
"""For a quick search of many texts, which knows nothing of lists and little of quotes."""

SKIPPED = re.compile(
    r"```[\s\S]*?(?:```|\Z)|「[^「」]*」|『[^『』]*』|“[^“”]*”|\"[^\"\n]*\"|（[^（）]*）|\([^()]*\)"
    r"|^[ 　\t]*(?:[-*・•●○◆■□▪※>#|]|[0-9０-９]{1,2}[.．)）、:：]|[①-⑳]|[（(][0-9０-９]{1,2}[)）])"
    r"[^\n]*"
    r"|^[^\n:：]{0,30}[:：][^\n]*",
    re.MULTILINE,
)
SENTENCE = re.compile(r"[^。．！!？?\n]+[。．！!？?]?")
POLITE_END = re.compile(rf"{POLITE}[。．！!？?]?\s*$")
PLAIN_END = re.compile(rf"{PLAIN}[。．]\s*$")


class Sentence(NamedTuple):
    """One sentence that shows its tone; start and end count characters."""

    tone: Tone
    start: int
    end: int


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text that are polite or plain, in their order."""
    bare = SKIPPED.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    for found in SENTENCE.finditer(bare):
        start = found.start() + len(found[0]) - len(found[0].lstrip())
        if POLITE_END.search(found[0]):
            yield Sentence("polite", start, found.end())
        elif PLAIN_END.search(found[0]):
            yield Sentence("plain", start, found.end())
