"""too-long: characters, and tokens by a real tokenizer."""

from __future__ import annotations

from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from curate.check import ask
from curate.checks.too_long import CHECK
from curate.errors import BadSetting
from tests.making import record, records


@pytest.fixture
def tokenizer(tmp_path: Path) -> Path:
    """Bytes and a few merges, with a maximum length that must not cap the count."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    made.train_from_iterator(
        ["the cat the cat"], trainers.BpeTrainer(vocab_size=270, initial_alphabet=alphabet)
    )
    made.enable_truncation(8)
    made.save(str(tmp_path / "tokenizer.json"))
    return tmp_path


@pytest.mark.parametrize("answer", ["Short.", "短い。", "x" * 3_000, "あ" * 3_000])
def test_clean(answer: str) -> None:
    assert ask(CHECK, records(record(answer=answer))) == []


@pytest.mark.parametrize("letter", ["x", "あ"])
def test_counts_characters_of_the_whole_conversation(letter: str) -> None:
    history = [("user", letter * 10_000), ("assistant", letter * 10_000)]
    made = record(letter * 10_000, letter * 9_000, system=letter * 1_000, history=history)
    [(_, hit)] = ask(CHECK, records(made))
    assert hit.score == 40_000
    assert hit.message == "the record is 40000 characters long"


def test_scores_are_kept_from_the_floor_up() -> None:
    made = records(record("Say.", "x" * 3_995), record("Say.", "x" * 3_996), record("Say.", "x"))
    assert [row for row, _ in ask(CHECK, made)] == [1]
    assert [row for row, _ in ask(CHECK, made, max_chars=100)] == [0, 1]
    assert CHECK.threshold == "max_chars"
    assert CHECK.floor == 4_000


@pytest.mark.parametrize("text", ["the cat ", "その猫は"])
@pytest.mark.parametrize("in_folder", [True, False])
def test_counts_tokens(tokenizer: Path, text: str, in_folder: bool) -> None:
    path = tokenizer if in_folder else tokenizer / "tokenizer.json"
    settings = {"tokenizer": str(path), "max_tokens": 60}
    made = records(record("Say.", text * 2), record("Say.", text * 100))
    [(row, hit)] = ask(CHECK, made, **settings)
    assert row == 1
    assert hit.args["most"] == 60
    assert 60 < hit.args["tokens"] < len((text * 100).encode()) + 10
    assert hit.args["tokens"] == hit.evidence["tokens"]


def test_fewer_tokens_than_bytes(tokenizer: Path) -> None:
    """More bytes than the limit, but fewer tokens: the merges count."""
    made = records(record("the", "the cat " * 20))
    assert ask(CHECK, made, tokenizer=str(tokenizer), max_tokens=150) == []


@pytest.mark.parametrize("content", [None, "", "{}", "not JSON"])
def test_a_tokenizer_that_cannot_be_used(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "tokenizer.json"
    if content is not None:
        path.write_text(content)
    settings = {**CHECK.params, "tokenizer": str(path)}
    assert CHECK.prepare is not None
    with pytest.raises(BadSetting, match=r"expected a tokenizer\.json, or a folder"):
        CHECK.prepare(settings)
    with pytest.raises(BadSetting, match=r"too-long\.tokenizer"):
        ask(CHECK, records(record(answer="x" * 9_000)), tokenizer=str(path))


def test_without_a_tokenizer_nothing_is_prepared() -> None:
    assert CHECK.prepare is not None
    assert CHECK.prepare(CHECK.params) == {}
