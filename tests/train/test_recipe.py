"""Recipe: strict, layered, and the same when its own resolved file is read again."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from train import recipe
from train.errors import BadRecipe
from train.recipe import every_setting, load


def written(folder: Path, text: str, name: str = "own.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_the_default_is_qlora_on_all_linear_layers() -> None:
    made = load()
    assert made.method == "qlora"
    assert made.adapter.lora_target_modules == "all-linear"
    assert made.model.quantization.double


METHODS = {"attention-qv": "qlora", "lora8": "lora8", "lora": "lora", "full": "full"}


@pytest.mark.parametrize("preset", recipe.presets())
def test_every_preset_loads_and_says_what_it_is_for(preset: str) -> None:
    made = load(preset)
    assert made.method == METHODS.get(preset, made.method)
    assert load(f"preset/{preset}") == made
    assert recipe.purpose(preset).endswith((".", "?"))


def test_the_presets_are_those_promised() -> None:
    assert {
        "qlora-all-linear", "attention-qv", "all-linear+head", "lora8", "lora", "full", "dpo",
        "smoke-cpu", "prefix", "prompt", "p-tuning",
    } == set(recipe.presets())  # fmt: skip


def test_a_file_lies_over_what_it_extends_and_a_change_over_both(tmp_path: Path) -> None:
    written(tmp_path, "extends: attention-qv\nadapter: {lora_r: 4}\n", "team.yaml")
    file = written(tmp_path, "extends: team.yaml\ntraining: {epochs: 5}\n")
    made = load(file, ["adapter.lora_alpha=32", "run.experiment_name=red-dot"])
    assert made.adapter.lora_target_modules == "attention-qv"
    assert (made.adapter.lora_r, made.adapter.lora_alpha, made.training.epochs) == (4, 32, 5)
    assert made.run.experiment_name == "red-dot"


def test_the_resolved_file_is_the_same_recipe(tmp_path: Path) -> None:
    said = ["template.end_marker='\\n### 終わり'", "template.tone_tags={店: 店員です。}"]
    made = load("all-linear+head", [*said, "adapter.lora_target_modules=[q_proj, lm_head]"])
    again = load(written(tmp_path, made.yaml()))
    assert again == made
    assert again.digest() == made.digest()
    assert again.digest() != load().digest()


def test_an_unknown_key_is_named_with_its_line_and_the_nearest(tmp_path: Path) -> None:
    file = written(tmp_path, "training:\n  epochs: 3\n  learning_rat: 0.1\n")
    with pytest.raises(BadRecipe, match=r"own\.yaml:3: .*'learning_rat'; did you mean 'learning_"):
        load(file)


def test_the_section_is_named_before_the_known_keys() -> None:
    with pytest.raises(BadRecipe) as told:
        load(None, ["training.learning_rat=1"])
    said = str(told.value)
    assert "training has no setting 'learning_rat'; did you mean 'learning_rate'? known: b" in said


def test_recipes_that_extend_one_another_are_all_named(tmp_path: Path) -> None:
    written(tmp_path, "extends: two.yaml\n", "one.yaml")
    written(tmp_path, "extends: one.yaml\n", "two.yaml")
    file = written(tmp_path, "extends: one.yaml\n")
    with pytest.raises(BadRecipe, match=r"one\.yaml → .*two\.yaml → .*one\.yaml: ") as told:
        load(file)
    assert "own.yaml" not in str(told.value)


THEIRS = ("Input should", "input should", "instance of", "dictionary", "pattern", "tuple")


@given(
    st.sampled_from(every_setting()),
    st.sampled_from(["true", "-7", "'../x'", "[3]", "{a: {b: 1}}", ".inf", "null", "99999999"]),
)
def test_what_is_refused_is_said_in_words_of_ours(name: str, value: str) -> None:
    """Law: whatever a setting is set to, it loads or the message names it and what it allows."""
    told = refusal(f"{name}={value}")
    assert not told or name in told
    assert not [word for word in THEIRS if word in told.partition("; allowed")[2]]


def refusal(change: str) -> str:
    """What is said against a change; nothing where it is allowed."""
    try:
        load(None, [change])
    except BadRecipe as told:
        return str(told)
    return ""


def test_a_key_of_another_section_is_pointed_to() -> None:
    with pytest.raises(BadRecipe, match=r"--set epochs=3: .*there is training\.epochs"):
        load(None, ["epochs=3"])


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    file = written(tmp_path, "adapter:\n  lora_r: 0\ntraining:\n  schedule: cosin\n")
    with pytest.raises(BadRecipe) as told:
        load(file)
    assert "own.yaml:2: adapter.lora_r is 0" in str(told.value)
    assert "own.yaml:4: training.schedule is 'cosin'" in str(told.value)


BAD = {
    "adapter: {lora_r: 8}\nadapter: {lora_r: 9}\n": "2.*duplicate",
    "adapter: &a {lora_r: 8}\nmodel: *a\n": "1.*anchors",
    "adapter: {lora_r: 8\n": "own.yaml:",
    "- a\n- b\n": "not list",
    "training: {epochs: .inf}\n": "finite",
    "extends: qlora\n": "did you mean 'qlora-all-linear'",
    "extends: [lora]\n": "own.yaml:1: extends names one",
    "extends: own.yaml\n": "own.yaml → .*own.yaml: a recipe cannot extend itself",
    "run: {experiment_name: ../../etc}\n": r"experiment_name .*allowed: letters, digits, '_', '\.'",
    "": "no setting; write `extends: qlora-all-linear`",
    "# nothing yet\n": "no setting",
    "adapter: {lora_r: true}\n": "own.yaml:1: adapter.lora_r is True; allowed: a whole number",
    "training: {learning_rate: true}\n": "learning_rate is True; allowed: a number",
    "training: 3\n": "training is 3; allowed: a section of settings, as training.NAME=VALUE",
    "adapter: {lora_target_modules: 3}\n": "allowed: a text or a list of texts",
    "training: {epochs: -1}\n": "training.epochs is -1; allowed: more than 0",
}


@pytest.mark.parametrize(("text", "why"), BAD.items())
def test_what_is_no_recipe_is_refused_with_its_place(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(BadRecipe, match=f"(?is){why}"):
        load(written(tmp_path, text))


@pytest.mark.parametrize("change", ["epochs", "=3", "training.=3", "training.epochs=[", ".=1"])
def test_a_change_that_is_none_is_refused(change: str) -> None:
    with pytest.raises(BadRecipe, match="--set"):
        load(None, [change])


def test_a_missing_file_names_the_presets() -> None:
    with pytest.raises(BadRecipe, match="did you mean 'full'"):
        load("ful")


@given(st.sampled_from(every_setting()), st.sampled_from(every_setting()))
def test_every_setting_can_be_set_to_what_it_is(one: str, two: str) -> None:
    made = load()
    for name in (one, two):
        value: object = made
        for part in name.split("."):
            value = getattr(value, part, None)
        if value is None or isinstance(value, tuple | dict):
            continue
        said = str(value).lower() if isinstance(value, bool) else repr(value)
        assert load(None, [f"{name}={said}"]) == made


def test_the_schema_takes_what_loads_and_refuses_what_does_not() -> None:
    schema = recipe.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate({"extends": "lora", "training": {"epochs": 2}}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"training": {"epoch": 2}}, schema)
    described = schema["$defs"]["Training"]["properties"]["learning_rate"]["description"]
    assert described == "Highest learning rate."
