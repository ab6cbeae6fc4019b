"""Does a prompt ask for a language? Each of its names does, in either case, and no other does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.content.language_asked import INTO, SPELLINGS, asks_for, is_wanted

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


PIECES = ["In ", "to ", "INTO ", " ", "\n", "English", "german", "sp", "anish", "é", "英語", "で"]


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join), st.sampled_from(["en", "de"]))
def test_what_is_wanted_is_what_its_pattern_finds(says: str, language: str) -> None:
    assert is_wanted(language, says, says.lower()) == bool(INTO[language].search(says))


@pytest.mark.parametrize("says", ["Not in French, but English.", "English, not in french"])
def test_a_language_that_is_named_beside_the_wanted_one_is_not_asked_for(says: str) -> None:
    assert asks_for(says, "fr")
    assert not asks_for(says, "en")
