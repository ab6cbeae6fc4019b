"""Importing: every field of the other systems' files is mapped, or named with a reason."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from train import importing, recipe
from train.errors import BadRecipe
from train.importing import as_yaml, imported

FOLDER = Path(__file__).parent / "importing"
FILES = {"h2o": "h2o.yaml", "llama-factory": "llama-factory.yaml", "axolotl": "axolotl.yaml"}


def fields(values: dict[str, object], inside: str = "") -> set[str]:
    """The dotted names of all values."""
    found: set[str] = set()
    for key, value in values.items():
        name = f"{inside}.{key}" if inside else key
        found |= fields(value, name) if isinstance(value, dict) and value else {name}
    return found


@pytest.mark.parametrize(("kind", "file"), FILES.items())
def test_no_field_is_lost(kind: str, file: str) -> None:
    """Law: read = mapped + unmapped."""
    made = imported(FOLDER / file)
    assert made.kind == kind
    theirs = fields(YAML(typ="safe", pure=True).load((FOLDER / file).read_bytes()))
    told = [each[0] for each in (*made.mapped, *made.unmapped)]
    assert sorted(told) == sorted(theirs)
    assert all(each.why.strip() for each in made.unmapped)


@pytest.mark.parametrize("file", FILES.values())
def test_what_is_written_loads_to_the_same_recipe(tmp_path: Path, file: str) -> None:
    made = imported(FOLDER / file)
    written = tmp_path / "own.yaml"
    written.write_text(as_yaml(made), encoding="utf-8")
    assert recipe.load(written) == made.recipe


def test_the_japanese_tutorials_configuration() -> None:
    made = imported(FOLDER / "h2o.yaml").recipe
    assert made.method == "qlora"
    assert (made.adapter.lora_r, made.adapter.lora_alpha, made.adapter.lora_dropout) == (
        4,
        16,
        0.05,
    )
    assert made.template.name == "plain"
    assert made.template.mask_prompt_labels is False
    assert (made.tokenizer.max_length, made.tokenizer.max_length_prompt) == (256, 128)
    assert made.tokenizer.use_fast is False
    assert (made.training.epochs, made.training.batch_size) == (50, 4)
    assert made.training.drop_last_batch is True
    assert made.evaluate.before_training is False
    assert made.run.seed == 1


def test_what_would_not_be_greedy_is_told_with_the_reason() -> None:
    made = imported(FOLDER / "h2o.yaml")
    told = {each.field: each.why for each in made.unmapped}
    for name in ("num_beams", "repetition_penalty", "min_length_inference", "temperature"):
        assert told[f"prediction.{name}"] == importing.GREEDY
    assert "prediction.do_sample" in {name for name, _, _ in made.mapped}  # false there too


def test_llama_factory_and_axolotl_keep_what_decides() -> None:
    lf = imported(FOLDER / "llama-factory.yaml").recipe
    assert (lf.method, lf.adapter.lora_alpha, lf.training.grad_accumulation) == ("qlora", 16, 8)
    assert (lf.model.backbone_dtype, lf.training.packing) == ("bfloat16", "off")
    ax = imported(FOLDER / "axolotl.yaml").recipe
    assert (ax.method, ax.adapter.lora_alpha, ax.training.packing) == ("qlora", 32, "auto")
    assert (ax.training.batch_size, ax.model.gradient_checkpointing) == (2, True)


def test_a_field_that_nobody_knows_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("base_model: x\nlora_rr: 3\nadapter: lohan\n", encoding="utf-8")
    made = imported(file)
    told = {each.field: each.why for each in made.unmapped}
    assert told["lora_rr"] == importing.NOT_KNOWN
    assert told["adapter"].startswith("'lohan' has no counterpart")


def test_a_value_that_ours_does_not_allow_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("base_model: x\nlora_r: -1\n", encoding="utf-8")
    with pytest.raises(BadRecipe, match="adapter.lora_r is -1"):
        imported(file)


def test_a_file_of_no_known_system_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a: 1\n", encoding="utf-8")
    with pytest.raises(BadRecipe, match="axolotl, h2o, llama-factory"):
        imported(file)
    with pytest.raises(BadRecipe, match="did you mean 'axolotl'"):
        imported(file, "axolot")
    with pytest.raises(BadRecipe, match="no such file"):
        imported(tmp_path / "b.yaml")


def test_no_reason_is_given_for_a_field_that_is_mapped() -> None:
    known = set(recipe.every_setting())
    for system in importing.kinds().values():
        assert not set(system.MAPPED) & set(system.WHY_NOT)
        made = imported(FOLDER / FILES[system.__name__.rpartition(".")[2].replace("_", "-")])
        assert set(made.settings) <= known


def test_the_command_writes_a_file_and_names_what_is_lost(tmp_path: Path) -> None:
    main = "from train.cli import main; main()"
    words = ["import-recipe", str(FOLDER / "axolotl.yaml"), "--out", str(tmp_path / "own.yaml")]
    done = subprocess.run(
        [sys.executable, "-c", main, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "val_set_size=0.02: `curate export` splits" in done.stderr
    assert recipe.load(tmp_path / "own.yaml").adapter.lora_r == 8
    said = subprocess.run(
        [sys.executable, "-c", main, *words[:2], "--json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    document = json.loads(said.stdout)
    assert document["kind"] == "axolotl"
    assert document["assumed"]["training.gradient_clip"] == 1.0
    before = (tmp_path / "own.yaml").read_bytes()
    again = subprocess.run(
        [sys.executable, "-c", main, *words], capture_output=True, text=True, check=False
    )
    assert again.returncode == 2
    assert "own.yaml is there already" in again.stderr
    assert (tmp_path / "own.yaml").read_bytes() == before


def of(folder: Path, text: str) -> importing.Imported:
    file = folder / "theirs.yaml"
    file.write_text(text, encoding="utf-8")
    return imported(file)


def test_the_way_in_which_axolotl_writes_prompts_is_kept(tmp_path: Path) -> None:
    alpaca = of(
        tmp_path, "base_model: x\ndatasets: [{path: a, type: alpaca}]\nchat_template: chatml\n"
    )
    assert (alpaca.recipe.template.name, alpaca.recipe.template.end_marker) == ("alpaca", "")
    chat = of(tmp_path, "base_model: x\ndatasets: [{path: a, type: chat_template}]\n")
    assert chat.recipe.template.name == "auto"
    for other in ("[{type: alpaca}, {type: completion}]", "[{type: completion}]"):
        [told] = of(tmp_path, f"base_model: x\ndatasets: {other}\n").unmapped
        assert (told.field, told.changes) == ("datasets", True)
        assert "completion writes prompts in a way of that system" in told.why


@pytest.mark.parametrize("first", ["base_model: x", "cutoff_len: 512"])
def test_what_the_other_system_does_without_a_word_is_done_and_told(
    tmp_path: Path, first: str
) -> None:
    silent = of(tmp_path, f"{first}\n")
    assert silent.recipe.training.gradient_clip == 1.0
    assert dict(silent.assumed)["training.gradient_clip"] == 1.0
    said = of(tmp_path, f"{first}\nmax_grad_norm: 0.5\n")
    assert said.recipe.training.gradient_clip == 0.5
    assert "training.gradient_clip" not in dict(said.assumed)


@pytest.mark.parametrize(
    ("first", "epochs"), [("base_model: x", "num_epochs"), ("cutoff_len: 512", "num_train_epochs")]
)
def test_a_share_of_warming_up_is_counted_in_epochs(
    tmp_path: Path, first: str, epochs: str
) -> None:
    made = of(tmp_path, f"{first}\n{epochs}: 4.0\nwarmup_ratio: 0.1\n")
    assert made.recipe.training.warmup_epochs == 0.4
    assert made.unmapped == ()


def test_workers_are_those_that_prepare_batches(tmp_path: Path) -> None:
    for first, others in (("cutoff_len: 512", "preprocessing_num_workers"),
                          ("base_model: x", "dataset_processes")):  # fmt: skip
        made = of(tmp_path, f"{first}\n{others}: 16\ndataloader_num_workers: 4\n")
        assert made.recipe.environment.number_of_workers == 4
        assert [(each.field, each.changes) for each in made.unmapped] == [(others, False)]


def test_the_tokenizers_own_settings_are_read(tmp_path: Path) -> None:
    form = "llm_backbone: x\ntokenizer: {{tokenizer_kwargs: '{}'}}\n"
    slow = of(tmp_path, form.format('{"use_fast": false, "add_prefix_space": false}'))
    assert slow.recipe.tokenizer.use_fast is False
    assert slow.unmapped == ()
    [told] = of(tmp_path, form.format('{"use_fast": false, "add_prefix_space": true}')).unmapped
    assert (told.field, told.changes) == ("tokenizer.tokenizer_kwargs", True)


def test_what_changes_the_run_comes_first(tmp_path: Path) -> None:
    made = of(
        tmp_path,
        "llm_backbone: x\narchitecture: {pretrained: true}\nprediction: {max_time: 0.0}\n"
        "logging: {log_all_ranks: true}\n"
        "dataset: {text_system_start: '<|system|>', add_eos_token_to_system: true}\n",
    )
    assert [(each.field, each.changes) for each in made.unmapped] == [
        ("dataset.text_system_start", True),
        ("dataset.add_eos_token_to_system", True),
        ("architecture.pretrained", False),
        ("prediction.max_time", False),
        ("logging.log_all_ranks", False),
    ]


@pytest.mark.parametrize(
    ("locale", "first", "second"),
    [("en", "these change the run:", "these do not:"),
     ("ja", "次の項目は学習の結果を変えます:", "次の項目は変えません:")],
)  # fmt: skip
def test_the_command_sets_apart_what_changes_the_run(locale: str, first: str, second: str) -> None:
    main = "from train.cli import main; main()"
    words = ["import-recipe", str(FOLDER / "axolotl.yaml"), "--locale", locale]
    said = subprocess.run(
        [sys.executable, "-c", main, *words], capture_output=True, text=True, check=True
    ).stderr
    assert said.index(first) < said.index(second) < said.index("val_set_size")
