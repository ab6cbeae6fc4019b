"""Wording: two prompts that differ in case, width, punctuation or spaces only ask the same thing.

Signs of arithmetic stay, because 3+4 and 3-4 are two questions.
"""

from __future__ import annotations

import re
import unicodedata

NOT_WORDING = re.compile(r"""[\s.,;:!?'"`´‘’“”„«»()\[\]{}。、・…「」『』【】〈〉《》〜]+""")


def wording(text: str) -> str:
    """What is left of a text without case, width, punctuation and spaces."""
    return NOT_WORDING.sub("", unicodedata.normalize("NFKC", text).casefold())
