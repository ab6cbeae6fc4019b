"""Planted faults: the plan tells every one of them, by name and record, and none on clean data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.train.planted import clean
from tests.train.planted.faults import DATA, RECIPE, Plant
from train import faults, plan, recipe, shapes
from train.approved import record_of
from train.faults import leaks, lengths, rendering, texts
from train.locale import translator
from train.plan import Plan
from train.template import template_of

BASE = ("model.llm_backbone=tiny", "tokenizer.max_length=256")
PLANTS = (*DATA, *RECIPE)


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Models are made in a folder of these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CURATE_CACHE", str(tmp_path_factory.mktemp("models")))
        yield


def planned(folder: Path, plant: Plant) -> Plan:
    """The plan of clean records with this fault in them."""
    rows = plant.change(clean.rows())
    snapshot = clean.snapshot(folder / "approved", rows, plant.manifest)
    changes = [*BASE, *plant.recipe]
    if plant.jinja:
        (folder / "own.jinja").write_text(plant.jinja, encoding="utf-8")
        changes.append(f"template.name={folder / 'own.jinja'}")
    return plan.plan(recipe.load(None, changes), snapshot=str(snapshot))


@pytest.mark.parametrize(
    "changes",
    [
        (),
        ("template.name=alpaca",),
        ("template.name=plain", "template.text_answer_separator=' => '"),
        ("dataset.prompt_format='Describe {product} in {colour}'",),
        ("dataset.weights={shop: 2}", "dataset.sample={n: 20}"),
        ("adapter.lora_target_modules=all-linear+head",),
        ("tokenizer.on_too_long=fail",),
        ("tokenizer.use_fast=true", "training.epochs=50", "dataset.sample={n: 30}"),
    ],
)
def test_clean_records_raise_no_alarm(tmp_path: Path, changes: tuple[str, ...]) -> None:
    made = planned(tmp_path, Plant("", recipe=changes))
    told = {problem.code for problem in made.problems} - {"memorisation"}
    assert told == set()
    assert made.not_looked_at == ()
    assert made.sound


@pytest.mark.parametrize("plant", PLANTS, ids=lambda p: f"{p.code}{'-' * bool(p.recipe)}")
def test_a_planted_fault_is_told(tmp_path: Path, plant: Plant) -> None:
    made = planned(tmp_path, plant)
    told = [problem for problem in made.problems if problem.code == plant.code]
    assert len(told) == 1, [problem.message for problem in made.problems]
    assert (told[0].severity == "error") is plant.error
    assert not (made.sound and plant.error)
    if plant.at is not None:
        rows = plant.change(clean.rows())
        assert sorted(told[0].record_ids) == sorted(rows[n]["record_id"] for n in plant.at)


def test_there_are_enough_of_them() -> None:
    assert len({plant.code for plant in PLANTS}) >= 30


def test_every_code_has_a_plant() -> None:
    source = Path(faults.__file__).parent
    text = "".join(file.read_text(encoding="utf-8") for file in source.glob("*.py"))
    said = set(re.findall(r'(?:error|warn|say)\(\s*"([a-z]+(?:-[a-z]+)*)",', text))
    said |= {code for code, *_ in (*leaks.KINDS, *texts.ALONE)}
    assert len(said) > 55
    assert said - {plant.code for plant in PLANTS} == ELSEWHERE


ELSEWHERE = {
    "too-large", "no-eos", "fully-masked", "unknown-token", "text-altered", "quantised-already",
    "no-chat-template",
}  # fmt: skip
"""Codes of other models than the tiny one; planted in the tests below."""


def test_a_method_that_fits_no_card_is_told_with_what_to_change() -> None:
    made = plan.plan(recipe.load("full", ["training.batch_size=512"]), shape="llama-2-13b")
    [told] = made.problems
    assert told.code == "too-large"
    assert "batch_size" in told.message


def test_a_base_that_is_quantised_already_is_told(tmp_path: Path) -> None:
    shape = shapes.shape("llama-2-7b")
    file = tmp_path / "config.json"
    for stored, codes in (("gptq", ["quantised-already"]), (None, [])):
        said = {"quantization_config": {"quant_method": stored, "bits": 4}} if stored else {}
        file.write_text(json.dumps(shape | said), encoding="utf-8")
        made = plan.plan(recipe.load(), shape=str(file))
        assert [problem.code for problem in made.problems] == codes
        assert made.sound is not bool(codes)
        assert made.layout is not None
        assert made.layout.total == 6_738_415_616


def test_a_base_model_that_never_learnt_to_answer_is_told(tmp_path: Path) -> None:
    from tests.train import tiny

    bare = tiny.tokenizer()
    bare.chat_template = None
    for name, codes in (("auto", {"no-chat-template"}), ("alpaca", set())):
        template = template_of(recipe.load("lora", [f"template.name={name}"]), bare)
        record = record_of(clean.row(1, "train"))
        intent = plan.Intent(recipe.load("lora"), None, template, {}, {"train": [record]})
        assert {each.code for each in rendering.find(intent)} == codes


def lossy(normalizer: Any, texts: list[str]) -> Any:
    """A tokenizer of whole words that knows these texts only."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.WordLevel(unk_token="<unk>"))
    made.normalizer = normalizer
    made.pre_tokenizer = pre_tokenizers.Split(" ", "isolated")
    special = ["<unk>", "</s>"]
    made.train_from_iterator(texts, trainers.WordLevelTrainer(special_tokens=special))
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        unk_token="<unk>",
        eos_token="</s>",
        clean_up_tokenization_spaces=False,
    )


def intended(tokenizer: Any, **columns: Any) -> plan.Intent:
    """What a run with one record and this tokenizer would do."""
    chosen = recipe.load("lora", ["template.name=alpaca"])
    record = record_of(clean.row(1, "train") | columns)
    return plan.Intent(chosen, None, template_of(chosen, tokenizer), {}, {"train": [record]})


def test_answers_that_a_tokenizer_cannot_write_are_told() -> None:
    from tokenizers import normalizers

    known = ["The lamp costs 307 yen."]
    codes = {
        each.code
        for name, answer in (
            (normalizers.NFC(), "The fish swims."),
            (normalizers.Lowercase(), known[0]),
        )
        for each in rendering.find(intended(lossy(name, known), answer=answer))
    }
    assert codes == {"unknown-token", "text-altered"}


def test_a_tokenizer_without_an_end_is_told() -> None:
    from tokenizers import normalizers

    tokenizer = lossy(normalizers.NFC(), ["The lamp costs 307 yen."])
    tokenizer.eos_token = None
    assert "no-eos" in {each.code for each in rendering.find(intended(tokenizer))}


def test_a_record_whose_answer_makes_no_token_is_told() -> None:
    from tests.train import tiny

    silent = ("template.end_marker=''", "template.add_eos_token_to_answer=false")
    chosen = recipe.load("lora", ["template.name=alpaca", *silent])
    record = record_of(clean.row(1, "train") | {"answer": ""})
    template = template_of(chosen, tiny.tokenizer())
    intent = plan.Intent(chosen, None, template, {}, {"train": [record]})
    assert [each.code for each in lengths.find(intent)] == ["fully-masked"]


def test_one_changed_byte_is_refused_and_named(tmp_path: Path) -> None:
    snapshot = clean.snapshot(tmp_path / "approved", clean.rows(), {})
    file = snapshot / "train.parquet"
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)
    made = plan.plan(recipe.load(None, BASE), snapshot=str(snapshot))
    assert [problem.code for problem in made.problems] == ["not-approved"]
    assert "train.parquet" in made.problems[0].message
    assert not made.sound
    assert "承認された後に変わっています" in made.problems[0].said(translator("ja"))


def test_a_model_that_is_not_here_is_told() -> None:
    tokenizer, [told] = plan.tokenizer_for(recipe.load(None, ["model.llm_backbone=no/such"]))
    assert tokenizer is None
    assert told.code == "no-model"
    assert "no/such" in told.message
