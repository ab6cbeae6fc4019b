"""Weights: scores are those of the model, whatever is scored beside them; replies have their shape."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, Field

from curate.assist.asking import ask
from curate.assist.budget import Limits
from curate.assist.candidate import Candidate
from curate.assist.grammar import Grammar
from curate.assist.kept import Kept
from curate.assist.measure import by_weights
from curate.assist.question import Answer, NoModel, Question
from curate.assist.weights import Weights, batches, loaded, token_ids
from tests.curate.assist.tiny import tiny

PAIRS = [
    ("Say hello.", "Hello, and welcome to all."),
    ("挨拶して", "こんにちは、ようこそ。"),
    ("", "x"),
]


class One(BaseModel):
    """One text."""

    instruction: str = Field(max_length=10)


class Scored(BaseModel):
    """What a judge says of one axis."""

    reason: str = Field(max_length=5)
    score: int = Field(ge=1, le=5)


class Judgement(BaseModel):
    """Of two."""

    truth: Scored
    form: Scored


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny(tmp_path_factory.mktemp("tiny"))


def test_a_score_is_the_mean_log_likelihood_of_the_answer(folder: Path) -> None:
    import torch

    model, tokenizer = loaded(folder, "cpu")
    prompt, answer = PAIRS[0]
    before = token_ids(tokenizer, [{"role": "user", "content": prompt}])
    said = tokenizer(answer)["input_ids"]
    with torch.inference_mode():
        logits = model(torch.tensor([[*before, *said]])).logits[0].log_softmax(-1)
    each = [float(logits[len(before) - 1 + n, token]) for n, token in enumerate(said)]
    [score] = Weights(folder).scores([PAIRS[0]])
    assert score == pytest.approx(sum(each) / len(each), abs=1e-4)


def test_scores_do_not_depend_on_what_is_scored_beside_them(folder: Path) -> None:
    weights = Weights(folder)
    alone = [weights.scores([pair])[0] for pair in PAIRS]
    assert weights.scores(PAIRS) == pytest.approx(alone, abs=1e-4)
    assert weights.scores(PAIRS[::-1])[::-1] == pytest.approx(alone, abs=1e-4)


def test_batches_are_bounded_and_lose_nothing() -> None:
    lengths = [2000, 1500, 1000, 10, 10]
    made = batches([0, 1, 2, 3, 4], lengths)
    assert [n for some in made for n in some] == [0, 1, 2, 3, 4]
    assert made[0] == [0, 1]


@pytest.mark.parametrize("shape", [One, Judgement])
@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_weights_that_know_nothing_answer_in_the_shape_asked_for(
    folder: Path, tmp_path: Path, shape: type[BaseModel], temperature: float
) -> None:
    asked = Question((("user", "挨拶"),), shape, most_tokens=200, temperature=temperature)
    with Kept(tmp_path / "r") as kept:
        [first] = ask(Weights(folder), [asked], kept, Limits(at_once=2, attempts=1))
        [again] = ask(Weights(folder), [asked], kept)
    assert isinstance(first, Answer)
    assert isinstance(first.value, shape)
    assert first == again


def test_without_a_grammar_they_do_not(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Grammar, "holding", lambda *said: [])
    asked = Question((("user", "挨拶"),), One, most_tokens=50)
    with Kept(tmp_path / "r") as kept:
        [found] = ask(Weights(folder), [asked], kept, Limits(attempts=1))
    assert not isinstance(found, Answer)


def test_plain_text_is_held_to_nothing(folder: Path) -> None:
    said = Weights(folder).reply(Question((("user", "挨拶"),), None, most_tokens=8), 0)
    assert said.text


def test_other_weights_are_another_model(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / folder.name
    copy.mkdir()
    for file in folder.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    assert Weights(copy).name == Weights(folder).name
    with (copy / "model.safetensors").open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x01")
    assert Weights(copy).name != Weights(folder).name


def test_a_folder_without_a_model_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoModel, match=r"config\.json"):
        Weights(tmp_path)


def test_pairs_get_their_place_in_the_batch(folder: Path) -> None:
    pairs = [
        Candidate("backtranslation", f"Ask {n}?", f"Answer {n}.", "en", {}, ()) for n in range(10)
    ]
    measured = by_weights(pairs, Weights(folder))
    assert {one.numbers["of"] for one in measured} == {8}
    assert sorted(float(one.numbers["ifd_place"] or 0) for one in measured)[0] == 0.0
    [lonely] = by_weights(pairs[:1], Weights(folder))
    assert set(lonely.unmeasured) == {"ifd_place", "rank"}
