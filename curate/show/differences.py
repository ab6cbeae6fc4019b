"""Differences: two texts that are nearly alike, word by word; Japanese character by character."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import SequenceMatcher

from curate.content.diff import Segment

WORD = re.compile(r"[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+|.", re.DOTALL)


def differences(
    before: str, after: str, *, cut: Callable[[str], list[str]] = WORD.findall
) -> list[Segment]:
    """What both say, what only the first says (gone), and what only the second says (new)."""
    old, new = cut(before), cut(after)
    made = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            made.append(Segment("same", "".join(old[i:j])))
            continue
        made += [Segment("gone", "".join(old[i:j])), Segment("new", "".join(new[k:m]))]
    return [segment for segment in made if segment.text]
