"""Probes: fixed prompts, answered before and after, side by side."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.train import tiny
from train.errors import BadRecipe
from train.probes import Probed, ask, probes, read, side_by_side, write
from train.recipe import load
from train.sections import Evaluate, Generation
from train.template import template_of

LINES = '{"prompt": "Describe a mouse."}\n\n{"prompt": "掃除機の説明を書いてください。", "system": "丁寧に。"}\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "probes.jsonl"
    made.write_text(LINES, encoding="utf-8")
    return made


def test_probes_are_answered_and_kept(file: Path, tmp_path: Path) -> None:
    tokenizer = tiny.tokenizer()
    template = template_of(load("smoke-cpu"), tokenizer)
    settings = Evaluate(generation=Generation(max_new_tokens=4))
    asked = probes(file)
    first, second = (
        ask(tiny.model(len(tokenizer), seed), tokenizer, template, asked, settings)
        for seed in (0, 1)
    )
    told = side_by_side(asked, second, first)
    assert [one.prompt for one in told] == ["Describe a mouse.", "掃除機の説明を書いてください。"]
    assert [(one.baseline, one.tuned) for one in told] == list(zip(first, second, strict=True))
    write(tmp_path / "out.jsonl", told)
    assert read(tmp_path / "out.jsonl") == told
    assert read(tmp_path / "nothing.jsonl") == []


def test_without_a_baseline_only_the_tuned_answer_is_there(file: Path) -> None:
    assert side_by_side(probes(file), ["a", "b"])[0] == Probed("Describe a mouse.", None, "a")


@pytest.mark.parametrize("line", ["{", '"prompt"', '{"prompt": 1}', '{"prmpt": "a"}'])
def test_a_line_that_is_no_probe_is_named(file: Path, line: str) -> None:
    file.write_text(LINES + line, encoding="utf-8")
    with pytest.raises(BadRecipe, match=r"probes.jsonl:4"):
        probes(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadRecipe, match="dataset.probe_prompts"):
        probes(tmp_path / "none.jsonl")
