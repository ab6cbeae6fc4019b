"""Advice: eight questions, their reasons, and the figures of a run."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

from curate.errors import BadSetting
from train.advice import QUESTIONS, WAYS, Way, advise
from train.errors import BadRecipe

NAMES = [question.name for question in QUESTIONS]


def answers(*yes: str) -> dict[str, bool]:
    return {name: name in yes for name in NAMES}


CASES: list[tuple[tuple[str, ...], tuple[Way, ...]]] = [
    ((), ("few-shot",)),
    (("tone", "examples", "cost", "tasks"), ("fine-tuning",)),
    (("knowledge", "invention", "sources", "changing"), ("retrieval",)),
    (("knowledge", "tone", "examples", "cost", "tasks"), ("retrieval", "fine-tuning")),
]


@pytest.mark.parametrize(("yes", "ways"), CASES)
def test_the_way_follows_from_the_answers(yes: tuple[str, ...], ways: tuple[Way, ...]) -> None:
    made = advise(answers(*yes))
    assert made.ways == ways
    assert len(made.reasons) == 8


def test_every_way_is_reached_and_every_answer_leads_somewhere() -> None:
    every = [
        advise(dict(zip(NAMES, said, strict=True))) for said in product([True, False], repeat=8)
    ]
    assert {way for made in every for way in made.ways} == set(WAYS)
    assert all(made.ways for made in every)


def test_a_yes_never_speaks_against_what_it_pulls_to() -> None:
    """Law: answering yes moves no weight of its own ways down."""
    for question in QUESTIONS:
        with_, without = advise(answers(question.name)), advise(answers())
        assert all(with_.weights[way] >= without.weights[way] for way in question.yes)


def test_missing_and_unknown_answers_are_named() -> None:
    with pytest.raises(BadSetting, match="no answer to tone"):
        advise({name: True for name in NAMES if name != "tone"})
    with pytest.raises(BadSetting, match="did you mean 'tone'"):
        advise({**answers(), "tne": True})


@pytest.mark.parametrize(
    ("few", "tuned", "why"), [(40.0, 55.0, "did better"), (55.0, 55.4, "they are simpler")]
)
def test_a_run_says_whether_a_few_examples_would_do(
    tmp_path: Path, few: float, tuned: float, why: str
) -> None:
    kinds = {"baseline": {"chrf": 20.0}, "few_shot": {"chrf": few}, "tuned": {"chrf": tuned}}
    (tmp_path / "run.json").write_text(json.dumps({"results": {"dev": kinds}}), encoding="utf-8")
    figures = advise(answers(), tmp_path).document()["figures"]
    assert f"{few} with a few in the prompt, {tuned} after" in figures[0]
    assert why in figures[1]


@pytest.mark.parametrize(
    ("right", "why"), [(0.34, "34 % of the dev answers"), (0.5, "from the failures, not from more")]
)
def test_a_baseline_below_one_half_is_worth_training(
    tmp_path: Path, right: float, why: str
) -> None:
    results = {"dev": {"baseline": {"exact_match": right}}}
    (tmp_path / "run.json").write_text(json.dumps({"results": results}), encoding="utf-8")
    said = advise(answers(), tmp_path).document()["figures"][-1]
    assert why in said
    assert ("often gain much" in said) is (right < 0.5)


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRecipe, match=r"run\.json"):
        advise(answers(), tmp_path)


def test_the_command_asks_and_writes_down(tmp_path: Path) -> None:
    main = "from train.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", main, "advise", "--out", str(tmp_path / "a.json"), "--locale", "ja"],
        input="n\ny\nn\ny\nn\nn\ny\ny\n", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "おすすめ: ファインチューニング" in done.stdout
    assert json.loads((tmp_path / "a.json").read_bytes())["advice"] == ["fine-tuning"]
