"""Locale: what `train` says, in English or Japanese.

The English sentence is the key, as in curate.locale; `ja/*.json` hold the Japanese, one file for
each part. This one stands alone, since a training machine may lack what curate's rules need.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from curate.errors import BadSetting, unknown
from curate.locale import LOCALES, Translator

FROM_ERRORS = (
    "unknown {kind} {value}; did you mean {near}? known: {known}",
    "unknown {kind} {value}; known: {known}",
)
"""What curate.errors says by way of this catalogue."""


def translator(locale: str) -> Translator:
    """The translator of a locale; BadSetting when there is none."""
    if locale not in LOCALES:
        raise BadSetting(unknown("locale", locale, LOCALES))
    said = catalogue(locale) if locale != "en" else {}
    return lambda english: said.get(english, english)


@cache
def catalogue(locale: str) -> dict[str, str]:
    """Every known sentence of a locale."""
    return {english: text for part in parts(locale).values() for english, text in part.items()}


def parts(locale: str) -> dict[str, dict[str, str]]:
    """The catalogue files of a locale by name."""
    folder = sorted((files(__name__) / locale).iterdir(), key=lambda part: part.name)
    return {f.name: json.loads(f.read_bytes()) for f in folder if f.name.endswith(".json")}
