"""Measures: one table for each, clean answers first, Japanese beside English."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.errors import BadSetting
from train import measures
from train.measures import Attempt, asked, chosen, found
from train.measures.loop import looping
from train.measures.rouge_l import longest_common
from train.measures.wrong_value import differing

DATE = "The contract was signed on May 3, 2024 in Osaka by both of the parties."


def value(
    name: str, answer: str, reference: str = "", prompt: str = "", stopped: bool = True
) -> object:
    [told] = asked(chosen([name]), [Attempt(prompt, answer, reference, stopped)])
    return told[name]


def test_every_file_is_a_measure_named_for_it() -> None:
    folder = Path(measures.__path__[0])
    files = {file.stem for file in folder.glob("*.py")} - {"__init__"}
    assert set(found()) == files


def test_an_unknown_measure_names_the_nearest() -> None:
    with pytest.raises(BadSetting, match="did you mean 'chrf'"):
        chosen(["chrff"])


@pytest.mark.parametrize("name", ["chrf", "bleu", "rouge_l", "exact_match"])
@pytest.mark.parametrize(
    "text", ["The capital of Japan is Tokyo.", "日本の首都は東京です。", "東京", "Yes", "42"]
)
def test_the_reference_itself_scores_full(name: str, text: str) -> None:
    assert float(value(name, text, text)) == pytest.approx(
        1 if name in ("rouge_l", "exact_match") else 100
    )  # type: ignore[arg-type]


def test_bleu_of_japanese_is_not_zero_by_accident() -> None:
    reference = "このチャンネルは2014年に設立されました。"
    near, far = "チャンネルは2014年に設立された。", "犬が好きである。"
    assert value("bleu", near, reference) > 40  # type: ignore[operator]
    assert value("bleu", far, reference) < 10  # type: ignore[operator]
    assert value("bleu", "京都です。", "東京です。") > 0  # type: ignore[operator]


def test_scores_fall_with_what_is_in_common() -> None:
    reference = "The river channel was founded in 2014 by two brothers."
    answers = [reference, "The channel was founded in 2014 by brothers.", "Two cats sleep.", ""]
    for name in ("chrf", "bleu", "rouge_l"):
        scores = [value(name, answer, reference) for answer in answers]
        assert scores == sorted(scores, reverse=True)  # type: ignore[type-var]
        assert scores[-1] == 0


@given(st.text("abc ", max_size=12), st.text("abc ", max_size=12))
def test_the_longest_common_sequence_is_that_of_the_table(one: str, other: str) -> None:
    table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            table[i + 1][j + 1] = (
                table[i][j] + 1 if a == b else max(table[i][j + 1], table[i + 1][j])
            )
    assert longest_common(one, other) == table[-1][-1]


FORMATS = [
    ("json_valid", '{"a": [1, 2]}', '{"a": []}', True),
    ("json_valid", '```json\n{"a": 1}\n```', '{"a": []}', True),
    ("json_valid", '{"a": 1,}', '{"a": []}', False),
    ("json_valid", "Here you are: nothing", '[{"a": 1}]', False),
    ("json_valid", '{"a": NaN}', '{"a": 1}', False),
    ("json_valid", '{"a": 1', "Plain text.", None),
    ("json_valid", "43", "42", None),
    ("sql_valid", "SELECT b FROM t WHERE a = 2", "SELECT a FROM t", True),
    ("sql_valid", "SELECT b FROM WHERE", "SELECT a FROM t", False),
    ("sql_valid", "I would select b from t.", "SELECT a FROM t", False),
    ("sql_valid", "SELECT b FROM WHERE", "Select a good book to read.", None),
    ("stop", "a", "a", True),
    ("length", "日本", "", 2.0),
    ("exact_match", " Tokyo\n", "Tokyo", True),
    ("exact_match", "tokyo", "Tokyo", False),
    ("exact_match", "Tokyo", "", None),
    ("language", "日本の首都は東京です。", "大阪は大きな都市です。", True),
    ("language", "The capital of Japan is Tokyo, of course.", "日本の首都は東京です。", False),
    ("language", "日本の首都は東京です。", "The capital of Japan is Tokyo, of course.", False),
    ("language", "42", "The capital of Japan is Tokyo, of course.", None),
    ("refusal", "The capital is Tokyo.", "", False),
    ("refusal", "I'm sorry, but I can't help with that.", "", True),
    ("refusal", "申し訳ありませんが、その質問にはお答えできません。", "", True),
    ("over_claim", "You could send them a message.", "", False),
    ("over_claim", "I've sent an email to your boss.", "", True),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "reference", "wanted"), FORMATS)
def test_what_is_told_of_an_answer(name: str, answer: str, reference: str, wanted: object) -> None:
    assert value(name, answer, reference) == wanted


VALUES = [
    ("The channel was founded in 2014.", "The channel was founded in 2014 by two people.", "", False),
    ("It began in 2014.", "The channel was founded in 2014.", "", False),
    ("2014年に始まりました。", "設立は平成26年です。", "", None),
    ("三万円です。", "30,000円です。", "", False),
    (DATE.replace("May 3, 2024", "2024-05-03"), DATE, "", False),
    ("The capital is Tokyo.", "Tokyo", "", False),
    ("日本の首都は東京です。", "東京", "", False),
    ("A long walk, then lunch, and a nap in the sun for everybody.", "We spend the day by the sea, read a book, and cook together at night.", "", None),
    ("You asked for 3 tips: eat, sleep, walk. Everybody can do that.", "Three tips for a long life that everybody can follow: eat 5 fruits, sleep, walk.", "Give 3 tips.", False),
    ("The channel was founded in 2013.", "The channel was founded in 2014.", "", True),
    ("このチャンネルは2013年に設立されました。", "このチャンネルは2014年に設立されました。", "", True),
    (DATE.replace("May 3", "May 4"), DATE, "", True),
    ("I do not know.", "42", "", True),
    ("Osaka", "Tokyo", "", True),
    ("大阪です。", "東京", "", True),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "reference", "prompt", "wanted"), VALUES)
def test_wrong_values(answer: str, reference: str, prompt: str, wanted: bool | None) -> None:
    found_wrong = value("wrong_value", answer, reference, prompt)
    assert found_wrong is wanted if wanted is not None else not found_wrong


def test_a_wrong_value_says_what_was_expected_and_what_came() -> None:
    told = differing(Attempt("", "It was founded in 2013.", "It was founded in 2014."))
    assert told is not None
    assert (told.expected, told.found) == (("2014",), ("2013",))


CLEAN = [
    "", "Yes.", "The cat sat on the mat. The dog sat on the log.", "はい、そうです。", "-" * 80,
    "la la la la la la", "1. a\n2. b\n3. c\n4. d\n", "10000000000000000000000000", "\n" * 90,
]  # fmt: skip
LOOPS = [
    "It is a very good day. " * 4, "ok then, " + "no, " * 20, "答えは" + "東京です。" * 8,
    "Well. " + "The price is 20 dollars and the weight is 1 kg.\n" * 3,
]  # fmt: skip


@pytest.mark.parametrize("text", CLEAN)
def test_what_is_no_loop(text: str) -> None:
    assert value("loop", text) is (len(text) == 26)  # a number that never ends is one


@pytest.mark.parametrize("text", LOOPS)
def test_what_is_a_loop(text: str) -> None:
    assert value("loop", text) is True
    assert value("loop", text, text) is False  # a refrain that was asked for


@settings(max_examples=50)
@given(st.text("abc東 .", min_size=2, max_size=30), st.text("xyz", max_size=30))
def test_any_piece_five_times_is_found_after_anything(piece: str, before: str) -> None:
    whole = before + piece * 20
    if any(letter.isalnum() for letter in piece):
        assert looping(whole) is not None


def test_without_the_rules_nobody_can_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from train import ruled

    ruled.shipped.cache_clear()
    monkeypatch.setitem(sys.modules, "curate.rules", None)  # as on a machine without polars
    assert value("refusal", "I'm sorry, but I can't help with that.") is None
    monkeypatch.undo()
    ruled.shipped.cache_clear()
