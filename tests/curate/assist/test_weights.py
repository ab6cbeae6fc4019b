"""Weights: scores are those of the model, whatever is scored beside them; replies have their shape."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from curate.assist.asking import ask
from curate.assist.budget import Limits
from curate.assist.candidate import Candidate
from curate.assist.kept import Kept
from curate.assist.measure import by_weights
from curate.assist.question import Answer, NoModel, Question
from curate.assist.weights import Weights, batches, ended, loaded, token_ids
from tests.curate.assist.tiny import tiny

PAIRS = [
    ("Say hello.", "Hello, and welcome to all."),
    ("挨拶して", "こんにちは、ようこそ。"),
    ("", "x"),
]


class One(BaseModel):
    """One text."""

    instruction: str


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


def test_one_text_always_comes_in_its_shape(folder: Path, tmp_path: Path) -> None:
    asked = Question((("user", "挨拶"),), One, most_tokens=8)
    with Kept(tmp_path / "r") as kept:
        [first] = ask(Weights(folder), [asked], kept, Limits(at_once=2, attempts=2))
        [again] = ask(Weights(folder), [asked], kept)
    assert isinstance(first, Answer)
    assert first == again
    assert ended('{"a": "', 'He said \\"no\\" twice" and') == '{"a": "He said \\"no\\" twice"}'


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
