"""Locale: what `curate` says, in English or Japanese.

The English sentence is the key, in the code where it is said; `ja/*.json` hold the Japanese, one
file for each part, and rules bring their own. A sentence without a Japanese one stays English for
the user, and fails a test.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from curate.errors import BadSetting, unknown

LOCALES = ("en", "ja")
IN_ANSWER = "in answer {turn} of {turns}: "
"""Before what is said of an earlier answer of a conversation."""

Translator = Callable[[str], str]
"""English template in, template of the wanted language out; {placeholders} stay."""


def translator(locale: str, own: Mapping[str, str] | None = None) -> Translator:
    """The translator of a locale, with a report's own sentences; BadSetting when there is none."""
    if locale not in LOCALES:
        raise BadSetting(unknown("locale", locale, LOCALES))
    said = catalogue(locale) if locale == "en" else {**catalogue(locale), **(own or {})}

    def found(english: str) -> str:
        rest = english.removeprefix(IN_ANSWER)
        first = "" if rest == english else said.get(IN_ANSWER, IN_ANSWER)
        return first + said.get(rest, rest)

    return found


@cache
def catalogue(locale: str) -> Mapping[str, str]:
    """Every known sentence of a locale, all parts and the shipped rules together."""
    if locale == "en":  # it is the key itself
        return {}
    from curate import rules

    said: dict[str, str] = dict(rules.load().catalogue())
    for part in parts(locale).values():
        said |= part
    return said


def parts(locale: str) -> dict[str, dict[str, str]]:
    """The catalogue files of a locale by name."""
    folder = sorted((files(__name__) / locale).iterdir(), key=lambda part: part.name)
    return {f.name: json.loads(f.read_bytes()) for f in folder if f.name.endswith(".json")}


def source_said(t: Translator, source: Mapping[str, Any]) -> str:
    """What a source is and how it is read, without its name."""
    return "; ".join(t(says).format(**args) for says, args in source["parts"])


def sentence(t: Translator, evidence: Mapping[str, Any], message: str) -> str:
    """A finding's message in the translator's language, else the English `message`.

    `evidence` carries the template and what fills it, as `Hit` left them; `words` names those of
    the latter that are ours to translate.
    """
    template = evidence.get("says")
    if not template or t(template) == template:
        return message
    try:
        args = evidence.get("args", {})
        words = {name: t(args[name]) for name in evidence.get("words", ())}
        return t(template).format(**{**args, **words})
    except (LookupError, TypeError, ValueError, AttributeError):
        return message  # the evidence was made by another version of the check
