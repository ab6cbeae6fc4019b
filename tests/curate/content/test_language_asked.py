"""Does a prompt ask for a language? Each of its names does, in either case, and no other does."""

from __future__ import annotations

import pytest

from curate.content.language_asked import SPELLINGS, asks_for

NAMED = [(language, name) for language, names in SPELLINGS.items() for name in names]


@pytest.mark.parametrize(
    ("prompt", "language"),
    [
        ("Write a letter to the landlord about the broken window.", "ja"),
        ("Say in French what is on the table.", "ja"),
        ("大家さんに手紙を書いてください。", "en"),
        ("次の文をフランス語で書いてください。", "en"),
    ],
)
def test_another_language_or_none_is_asked_for(prompt: str, language: str) -> None:
    assert not asks_for(prompt, language)


@pytest.mark.parametrize(("language", "name"), NAMED)
def test_every_name_asks_for_its_language(language: str, name: str) -> None:
    assert asks_for(f"Say in {name} what is on the table.", language)
    assert asks_for(f"Say into {name.upper()} what is on the table.", language)
    assert asks_for(f"机の上に何があるか、{name}で書いてください。", language)


def test_a_prompt_that_speaks_of_languages_allows_any() -> None:
    assert asks_for("Translate this sentence for me.", "ja")
    assert asks_for("この文を翻訳してください。", "en")
