"""Meaning: folders that hold a model, folders that do not, and vectors."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from safetensors.numpy import load_file, save_file

from curate.errors import BadSetting, MissingExtra
from curate.meaning.model import Model, cosines, encoder, is_table, model_in, unit
from tests.meaning_model import write_model


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def folder(tiny: Path, tmp_path: Path) -> Path:
    """A copy that a test may break."""
    return Path(shutil.copytree(tiny, tmp_path / "copy"))


def cosine(model: Model, one: str, other: str) -> float:
    return float(cosines(model.vectors([one]), model.vectors([other]))[0])


@pytest.mark.parametrize(
    ("one", "other"), [("buy a big car", "purchase a huge automobile"), ("速い 車", "迅速 自動車")]
)
def test_the_same_in_other_words(one: str, other: str, tiny: Path) -> None:
    assert cosine(model_in(str(tiny)), one, other) > 0.95


@pytest.mark.parametrize(("one", "other"), [("big car", "music letter"), ("速い 車", "音楽 手紙")])
def test_another_meaning(one: str, other: str, tiny: Path) -> None:
    assert cosine(model_in(str(tiny)), one, other) < 0.5


def test_the_end_of_a_long_text_counts(tiny: Path) -> None:
    model = model_in(str(tiny))
    start = "river " * 2_000
    assert cosine(model, start, start + "music letter " * 2_000) < 0.9


def test_a_text_of_unknown_words_or_of_none_has_no_direction(tiny: Path) -> None:
    vectors = model_in(str(tiny)).vectors(["qwerty", "", "river"])
    assert vectors.any(axis=1).tolist() == [False, False, True]
    assert vectors.dtype == np.float16


def test_no_text_has_no_vector_and_many_have_one_each(tiny: Path) -> None:
    model = model_in(str(tiny))
    assert model.vectors([]).shape == (0, 64)
    many = model.vectors(["river"] * 5_000 + ["music"])
    assert many.shape == (5_001, 64)
    assert (many[-1:] == model.vectors(["music"])).all()


def test_a_table_that_sentence_transformers_wrote_needs_no_torch(folder: Path) -> None:
    before = model_in(str(folder)).vectors(["buy a big car"])
    table = load_file(folder / "model.safetensors")["embeddings"]
    save_file({"embedding.weight": table}, folder / "model.safetensors")
    (folder / "config.json").unlink()
    (folder / "config_sentence_transformers.json").write_text("{}")
    encoder.cache_clear()
    assert (model_in(str(folder)).vectors(["buy a big car"]) == before).all()


def test_a_model2vec_folder_without_a_list_of_modules_is_known_by_its_config(folder: Path) -> None:
    (folder / "modules.json").unlink()
    assert is_table(folder)
    (folder / "config.json").write_text('{"model_type": "bert"}')
    assert not is_table(folder)


def test_any_other_model_asks_for_sentence_transformers(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modules = [{"type": "sentence_transformers.models.Transformer"}]
    (folder / "modules.json").write_text(json.dumps(modules))
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    encoder.cache_clear()
    with pytest.raises(MissingExtra, match=r"'curate\[sentence-transformers\]'"):
        model_in(str(folder))


def test_a_path_that_is_no_model_says_what_was_expected(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    for path in ("minishlab/potion-base-8M", tmp_path / "empty", tmp_path / "file"):
        with pytest.raises(BadSetting, match="expected a folder of a model2vec or sentence-"):
            model_in(str(path))


@pytest.mark.parametrize("broken", ["model.safetensors", "tokenizer.json", "modules.json"])
def test_a_broken_file_is_told_with_its_folder(broken: str, folder: Path) -> None:
    (folder / broken).write_bytes(b"no model")
    with pytest.raises(BadSetting, match=f"cannot read '{folder}'"):
        model_in(str(folder))


def test_a_digest_is_that_of_the_files_wherever_they_lie(tiny: Path, folder: Path) -> None:
    assert model_in(str(folder)).digest == model_in(str(tiny)).digest
    (folder / ".cache").mkdir()
    (folder / ".cache" / "seen").write_text("today")
    assert model_in(str(folder)).digest == model_in(str(tiny)).digest
    (folder / "README.md").write_text("another")
    assert model_in(str(folder)).digest != model_in(str(tiny)).digest


VECTORS = arrays(np.float64, (6, 8), elements=st.floats(-10, 10).map(lambda x: round(x, 3)))


@given(one=VECTORS, other=VECTORS)
def test_float16_keeps_the_cosine(one: np.ndarray, other: np.ndarray) -> None:
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    exact = (one * other).sum(axis=1) / np.where(lengths == 0, 1, lengths)
    assert np.allclose(cosines(unit(one), unit(other)), exact, atol=0.002)
    known = one.any(axis=1)
    assert np.allclose(cosines(unit(one), unit(one)), known.astype(float))
