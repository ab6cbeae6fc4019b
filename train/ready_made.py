"""Ready-made texts: question and answer that stand in one text under Alpaca's headings.

They are taken apart only where the template writes the very same text again, so that what was
approved is what is trained, and the loss is on the answer alone.
"""

from __future__ import annotations

import re

from train.styles import END, PREAMBLE, PREAMBLE_INPUT

PLAIN = re.compile(
    rf"{re.escape(PREAMBLE)}\n\n### Instruction:\n(?P<instruction>.+?)\n\n### Response:\n"
    r"(?P<answer>.*)",
    re.DOTALL,
)
WITH_INPUT = re.compile(
    rf"{re.escape(PREAMBLE_INPUT)}\n\n### Instruction:\n(?P<instruction>.+?)\n\n### Input:\n"
    r"(?P<input>.+?)\n\n### Response:\n(?P<answer>.*)",
    re.DOTALL,
)
HEADING = "### "


def parted(text: str) -> dict[str, str] | None:
    """Instruction, answer and, where there is one, input; None where the text is no such one."""
    found = PLAIN.fullmatch(text) or WITH_INPUT.fullmatch(text)
    if found is None:
        return None
    parts = {**found.groupdict(), "answer": found["answer"].removesuffix(END)}
    return None if any(HEADING in part for part in parts.values()) else parts
