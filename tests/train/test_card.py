"""README.md of a run: a model card that a hub reads, with the data card inside."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.train.snapshots import approve, named
from tests.train.test_run import trained
from train import card
from train.approved import manifest_id
from train.backbones import backbone


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on a snapshot whose card has headings and a head for a hub."""
    place = tmp_path_factory.mktemp("card")
    snapshot = approve(place / "approved")
    data = "---\nlicense: cc0\n---\n\n# Capitals\n\n## Splits\n\n| split |\n| --- |\n"
    (snapshot / "README.md").write_text(data, encoding="utf-8")
    manifest = json.loads((snapshot / "manifest.json").read_bytes())
    del manifest["id"]
    manifest |= {"card": named(snapshot / "README.md")}
    manifest["id"] = manifest_id(manifest)
    (snapshot / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return trained(snapshot, place / "runs", "forgetting.text_probe=true")


def test_train_run_writes_the_card(ran: Path) -> None:
    assert (ran / "README.md").read_text(encoding="utf-8") == card.render(ran)


def test_a_hub_can_read_its_head(ran: Path) -> None:
    _, head, _ = card.render(ran).split("---\n", 2)
    told = YAML(typ="safe").load(head)
    assert told["base_model"] == "tiny"
    assert told["library_name"] == "peft"
    assert told["tags"] == ["curate", "lora", "sft"]


def test_it_says_what_was_measured_what_it_took_and_what_nobody_measured(ran: Path) -> None:
    text = card.render(ran)
    for heading in ("Before and after training", "What it gets wrong", "Forgetting",
                    "How to use it", "What it took", "Every record", "Data"):  # fmt: skip
        assert f"\n## {heading}\n" in text
    assert "14 read = 4 held out (dev, test) + 10 trained" in text
    assert "| dev | chrF | 2 |" in text


@pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")  # asked by peft
def test_its_code_loads_the_model_as_it_was_and_names_no_private_folder(
    approved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bitsandbytes.nn import Linear4bit

    base = shutil.copytree(backbone("tiny"), tmp_path / "private" / "基 model")
    place = trained(
        approved, tmp_path / "runs", f"model.llm_backbone={base}", preset="qlora-all-linear"
    )
    text = card.render(place)
    assert str(tmp_path) not in text
    head = YAML(typ="safe").load(text.split("---\n", 2)[1])
    assert head["base_model"] == "基 model"
    [block] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    monkeypatch.chdir(place)
    names: dict[str, Any] = {}
    exec(block.replace("path/to/基 model", str(base)), names)  # noqa: S102
    stored: list[Any] = [each for each in names["model"].modules() if isinstance(each, Linear4bit)]
    assert stored
    assert all(each.weight.quant_state.nested for each in stored)


def test_a_model_of_a_hub_goes_by_its_name_there(ran: Path, tmp_path: Path) -> None:
    moved = shutil.copytree(ran, tmp_path / "moved")
    told = json.loads((moved / "run.json").read_bytes())
    told["model"]["name"] = "owner/small-model"
    (moved / "run.json").write_text(json.dumps(told), encoding="utf-8")
    text = card.render(moved)
    assert 'base = "owner/small-model"\nmodel = AutoModelForCausalLM' in text
    assert "BitsAndBytes" not in text
    assert "dtype=torch.float32" in text


def test_energy_is_told_where_the_machine_told_it(ran: Path, tmp_path: Path) -> None:
    """In every sitting of the run: what is missing of one is no sum."""
    metered = Path(shutil.copytree(ran, tmp_path / "metered"))
    said = json.loads((metered / "run.json").read_bytes())
    for sittings, told in (
        ([{"card": 7200.0, "processor": 36.0}], ["2.0 Wh", "energy of the processor"]),
        ([{"card": 7200.0, "processor": 36.0}, {"card": 3600.0}], ["3.0 Wh"]),
        ([{"card": 7200.0}, {}], ["Not measured: energy (the machine has no meter"]),
    ):
        said["sittings"] = [{**said["sittings"][0], "training_joules": one} for one in sittings]
        (metered / "run.json").write_text(json.dumps(said), encoding="utf-8")
        text = card.render(metered)
        assert all(each in text for each in told)
        assert ("Not measured: energy" in text) != ("energy of the card in training" in text)
        assert ("energy of the processor in training" in text) == (len(told) == 2)


def test_the_data_card_is_inside_two_levels_down_and_without_its_head(ran: Path) -> None:
    text = card.render(ran)
    assert "\n### Capitals\n\n#### Splits\n\n| split |" in text
    assert "cc0" not in text


def test_without_the_snapshot_it_says_where_the_data_card_is(ran: Path, tmp_path: Path) -> None:
    moved = shutil.copytree(ran, tmp_path / "moved")
    told = json.loads((moved / "run.json").read_bytes())
    told["approved"]["path"] = str(tmp_path / "gone")
    (moved / "run.json").write_text(json.dumps(told), encoding="utf-8")
    assert "The data card lies with the approved snapshot" in card.render(moved)


def test_no_card_where_the_recipe_wants_none(approved: Path, tmp_path: Path) -> None:
    place = trained(approved, tmp_path, "output.model_card=false")
    assert not (place / "README.md").exists()
    assert (place / "report.html").exists()


@given(st.text())
def test_a_cell_stays_one_cell(text: str) -> None:
    made = card.cell(text)
    assert "\n" not in made
    assert made.count("|") == made.count("\\|")
