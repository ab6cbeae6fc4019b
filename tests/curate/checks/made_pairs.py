"""Pairs that a language model made, in both languages, with numbers of which none is wrong."""

from __future__ import annotations

from typing import Any

from curate.check import Check, ask
from curate.finding import Hit
from curate.locale import catalogue
from tests.making import record, records

PAIRS = {
    "en": ("How do I return a parcel?", "Put the slip into the parcel and bring it to us."),
    "ja": (
        "荷物はどうすれば返品できますか。",
        "同封の用紙を箱に入れて、郵便局からお送りください。",
    ),
}
AUTHOR = {"model": "smol", "prompt_hash": "00", "parameters": {}}
NUMBERS = {
    "ifd_delta": 0.6, "ifd_place": 0.5, "rank": 1, "of": 8, "likeness": 0.4, "copied": 0.1,
    "repeated": 0.2, "same_language": True, "kept_facts": True, "changed": "",
}  # fmt: skip


def made(language: str = "en", **numbers: Any) -> dict[str, Any]:
    """One pair, some of its numbers changed."""
    told = {"kind": "backtranslation", "parent": {"line": 3}, "authors": [AUTHOR],
            "numbers": {**NUMBERS, **numbers}, "unmeasured": {}, "before": None}  # fmt: skip
    return record(*PAIRS[language], meta={"synthetic": told})


def fine(check: Check, language: str, **numbers: Any) -> bool:
    """Whether nothing is said of a pair with these numbers."""
    return ask(check, records(made(language), made(language, **numbers))) == []


def flagged(check: Check, language: str, **numbers: Any) -> str:
    """What is said of a pair with these numbers, beside one that is well; Japanese has it too."""
    [(row, hit)] = ask(check, records(made(language), made(language, **numbers)))
    assert isinstance(hit, Hit)
    assert (row, hit.field) == (1, "prompt")
    assert hit.score in numbers.values()
    assert hit.evidence["synthetic"]["numbers"].items() >= numbers.items()
    assert catalogue("ja")[hit.says].format(**hit.args) != hit.message
    return hit.message
