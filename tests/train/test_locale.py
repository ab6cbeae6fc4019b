"""Locale: every sentence that training says to a user has a Japanese one, same placeholders."""

from __future__ import annotations

import ast
import json
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import train
from curate.errors import BadSetting, unknown
from train import advice, answers, chat, faults, importing, machine, show_plan
from train.faults import leaks
from train.faults import texts as record_texts
from train.locale import FROM_ERRORS, catalogue, parts, translator

SOURCE = Path(train.__file__).parent
SAYING = {
    "t": 0, "error": 1, "warn": 1, "say": 1, "tell": 0, "speak": 0, "Told": 1, "Choice": 2,
    "paragraph": 1, "NotApproved": 0, "NoSnapshot": 0,
}  # fmt: skip
"""Functions by the position of what they say."""
METHODS = {"t": "t"}
"""Methods that say something, as functions."""
WHY = "{why}"  # an error's own words


def texts(node: ast.AST | None) -> Iterator[str]:
    """The texts that an expression can be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)


def spoken() -> Iterator[str]:
    """What calls say, and what is assigned to `says` or `cure` before."""
    for file in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", None) or METHODS.get(getattr(node.func, "attr", ""))
                at = SAYING.get(name, -1)
                yield from texts(node.args[at]) if 0 <= at < len(node.args) else ()
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "says":
                yield from texts(node.value)


def in_tables() -> Iterator[str]:
    """What stands in tables."""
    yield from faults.SAYS.values()
    yield from (subject.SUBJECT for subject in faults.subjects())
    yield from (says for _, says, _ in (*leaks.KINDS, *record_texts.ALONE))
    yield from show_plan.METHODS.values()
    yield from machine.SPARED.values()
    yield from FROM_ERRORS
    yield from advice.WAYS
    yield advice.SIMPLEST_FIRST
    yield chat.WORDS
    yield from chat.HELP.values()
    yield from answers.TOLD.values()
    for question in advice.QUESTIONS:
        yield from (question.asks, question.why_yes, question.why_no)
    yield importing.NOT_KNOWN
    for system in importing.kinds().values():
        yield from system.WHY_NOT.values()


SAID = sorted({*spoken(), *in_tables()} - {WHY})


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("said", SAID, ids=lambda said: said[:50])
def test_everything_said_is_in_the_japanese_catalogue(said: str) -> None:
    japanese = catalogue("ja").get(said)
    assert japanese, f"no Japanese for {said!r}"
    assert fields(japanese) == fields(said)


def test_the_collector_finds_what_is_said() -> None:
    assert len(SAID) > 150
    assert "nothing would go wrong" in SAID
    assert "accelerator: {name} with {size} GB" in SAID


def test_no_key_is_there_twice() -> None:
    for file in sorted((SOURCE / "locale" / "ja").glob("*.json")):
        pairs = json.loads(file.read_bytes(), object_pairs_hook=list)
        assert [key for key, n in Counter(key for key, _ in pairs).items() if n > 1] == []
    everywhere = Counter(key for part in parts("ja").values() for key in part)
    assert [key for key, n in everywhere.items() if n > 1] == []


def test_no_sentence_is_left_over() -> None:
    constants = {
        node.value
        for file in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert [key for key in catalogue("ja") if key not in constants] == []


def test_what_is_unknown_is_said_in_the_readers_language() -> None:
    known = {"epochs": 1, "seed": 2}
    assert unknown("setting", "epoch", known) == (
        "unknown setting 'epoch'; did you mean 'epochs'? known: epochs, seed"
    )
    said = unknown("setting", "epoch", known, translator("ja"))
    assert said == "設定 'epoch' はありません。'epochs' のことでしょうか。使えるもの：epochs, seed"
    assert unknown("setting", "x", known, translator("ja")).endswith("使えるもの：epochs, seed")


def test_a_setting_of_a_chat_is_refused_in_the_readers_language() -> None:
    for locale, said in (("en", "--num_beams 'x' is no int"),
                         ("ja", "--num_beams の値 'x' は整数ではありません")):  # fmt: skip
        with pytest.raises(BadSetting) as refused:
            chat.settings(chat.Chat((), None, t=translator(locale)), "--num_beams x")
        assert str(refused.value) == said


def test_english_is_itself_and_an_unknown_locale_is_named() -> None:
    assert translator("en")("yes") == "yes"
    assert translator("ja")("yes") == "はい"
    assert translator("ja")("never said") == "never said"
    with pytest.raises(BadSetting, match="en, ja"):
        translator("jp")
