"""Saying: the sentence of a finding or a reject, its numbers written as everywhere else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from curate.locale import Translator, sentence
from curate.show.numbers import number, percent

SHARE = re.compile(r"\{(\w+)\}\s?[%％]")
"""A place in a template for a share, given in percent."""
NUMERAL = re.compile(r"(\d+(?:\.\d+)?)(\s?[%％])?")
PLACES = {"line", "at", "start", "end", "codes", "version"}  # a name more than an amount
WRITTEN = {"similarity"}  # by `similar`, which never rounds up to a threshold


def said(t: Translator, evidence: Mapping[str, Any], message: str) -> str:
    """The sentence in the translator's language; `message` where it cannot be made again."""
    template, args = evidence.get("says"), evidence.get("args")
    if not isinstance(template, str) or not isinstance(args, Mapping):
        return sentence(t, evidence, message)
    asked = t(template)
    shares = set(SHARE.findall(template)) | set(SHARE.findall(asked))
    ours = set(evidence.get("words") or ())  # that say in words of ours what was found
    written = {
        name: t(value) if name in ours else amount(name, value, name in shares)
        for name, value in args.items()
    }
    try:
        return SHARE.sub(r"{\1}", asked).format(**written)
    except (LookupError, TypeError, ValueError, AttributeError):
        return sentence(t, evidence, message)  # another version of the check made the evidence


def amount(name: str, value: Any, share: bool) -> Any:
    """A value of a template as it is shown; what is no number stays as it is."""
    if isinstance(value, bool) or name in PLACES | WRITTEN:
        return value
    numeral = NUMERAL.fullmatch(value) if isinstance(value, str) else None
    if numeral and (share or numeral[2]):
        return percent(float(numeral[1]) / 100)
    if isinstance(value, int | float):
        return percent(value / 100) if share else number(value)
    return f"{value}%" if share else value
