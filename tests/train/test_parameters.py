"""Parameters: the counts of the requirement text, and PEFT's own for every kind of adapter."""

from __future__ import annotations

import pytest

from train import recipe, shapes
from train.errors import BadModel
from train.parameters import Layout, layout

KINDS = {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"}


@pytest.fixture(scope="module")
def llama_3b() -> Layout:
    return layout(shapes.shape("openllama-3b-v2"))


COUNTS = [
    ("attention-qv", 8, 2_662_400),
    ("attention-qv", 16, 5_324_800),
    ("all-linear+head", 8, 12_994_560),
    ("qlora-all-linear", 8, 12_712_960),
    ("lora8", 8, 12_712_960),
    ("full", 8, 3_426_473_600),
]


@pytest.mark.parametrize(("preset", "rank", "count"), COUNTS)
def test_the_counts_of_openllama_3b(llama_3b: Layout, preset: str, rank: int, count: int) -> None:
    assert llama_3b.trainable(recipe.load(preset, [f"adapter.lora_r={rank}"]).adapter) == count


TOTALS = {
    "openllama-3b-v2": 3_426_473_600,
    "llama-2-7b": 6_738_415_616,
    "llama-2-13b": 13_015_864_320,
    "mistral-7b": 7_241_732_096,
    "solar-10.7b": 10_731_524_096,
    "smollm2-135m": 134_515_008,
}


@pytest.mark.parametrize(("name", "total"), TOTALS.items())
def test_the_sizes_of_known_models(name: str, total: int) -> None:
    assert layout(shapes.shape(name)).total == total


def test_solar_has_48_layers_of_linear_modules() -> None:
    made = layout(shapes.shape("solar-10.7b"))
    assert made.layers == 48
    assert made.kinds == {**dict.fromkeys(KINDS, 48), "lm_head": 1}


ADAPTERS = [
    ("adapter.type=lora",),
    ("adapter.type=lora", "adapter.lora_target_modules=all-linear+head", "adapter.lora_r=4"),
    ("adapter.type=lora", "adapter.lora_target_modules=[k_proj, down_proj]"),
    ("adapter.type=dora",),
    ("adapter.type=prefix", "adapter.virtual_tokens=7"),
    ("adapter.type=prompt", "adapter.virtual_tokens=7"),
    ("adapter.type=p-tuning", "adapter.virtual_tokens=7"),
    ("adapter.type=none",),
]


@pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")  # PEFT's own
@pytest.mark.parametrize("changes", ADAPTERS, ids="".join)
def test_the_count_is_pefts(changes: tuple[str, ...]) -> None:
    from transformers import AutoConfig, AutoModelForCausalLM

    from train.adapters import with_adapter

    chosen = recipe.load("lora", changes).adapter
    shape = shapes.shape("tiny")
    model = AutoModelForCausalLM.from_config(AutoConfig.for_model(**shape))
    made = with_adapter(model, chosen)
    theirs = sum(each.numel() for each in made.parameters() if each.requires_grad)
    assert layout(shape).trainable(chosen) == theirs


def test_the_tiny_shape_is_the_tiny_models() -> None:
    from train import tiny

    made = layout(shapes.shape("tiny"))
    model = tiny.model(len(tiny.tokenizer()))
    assert made.total == sum(each.numel() for each in model.parameters())


def test_a_wrong_module_names_the_nearest(llama_3b: Layout) -> None:
    with pytest.raises(BadModel, match="'q_prj'; did you mean 'q_proj'"):
        llama_3b.targets(("q_prj",))


def test_a_wrong_shape_names_those_known(tmp_path: object) -> None:
    with pytest.raises(BadModel, match="did you mean 'llama-2-7b'"):
        shapes.shape("llama-2-7")
    with pytest.raises(BadModel, match="nonesuch"):
        layout({"model_type": "nonesuch"})
