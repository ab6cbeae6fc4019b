"""Building: a library where there is a compiler, a cure where there is none, nothing half done."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from curate.dedup import sketch
from curate.dedup.shingles import longest
from curate.dedup.texts import buffers
from curate.kernel import building, library
from curate.kernel.library import NoKernel

SOURCES = building.sources()


def of_these_sources(where: Path) -> Path:
    """A folder as of a checkout, with a library of its own."""
    for file in [*SOURCES, Path(building.__file__)]:
        shutil.copy(file, where)
    done = subprocess.run([sys.executable, where / "building.py"], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return where / "libkernel.so"


@pytest.mark.parametrize(
    ("platform", "cure"),
    [("linux", "apt install gcc libc6-dev"), ("darwin", "xcode-select --install")],
)
def test_without_a_compiler_it_says_what_to_install(
    platform: str, cure: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(building.CannotBuild, match=cure):
        building.build(tmp_path / "libkernel.so")


@pytest.mark.parametrize(
    ("named", "told"), [("false", "^false -std=c99"), ("/no/cc -m64", "Is \\$CC right")]
)
def test_a_compiler_that_fails_is_told_and_leaves_the_library_as_it_was(
    named: str, told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "libkernel.so").write_text("as it was")
    monkeypatch.setenv("CC", named)
    with pytest.raises(building.CannotBuild, match=told):
        building.build(tmp_path / "libkernel.so")
    assert [file.read_text() for file in tmp_path.iterdir()] == ["as it was"]


def test_a_library_that_is_missing_or_older_than_its_sources_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    load = library.loaded.__wrapped__
    monkeypatch.setattr(library, "LIBRARY", tmp_path / "libkernel.so")
    monkeypatch.setattr(library, "sources", lambda: building.sources(tmp_path))
    with pytest.raises(NoKernel, match="cannot be loaded.*pip install -e ."):
        load()
    of_these_sources(tmp_path)
    assert load()["sets"]
    with (tmp_path / "shingles.c").open("a") as file:
        file.write("/* changed */\n")
    with pytest.raises(NoKernel, match="older than its sources.*pip install -e ."):
        load()
    for file in building.sources(tmp_path):  # as from a wheel
        file.unlink()
    assert load()["sets"]


def test_processors_without_wide_registers_find_the_same(tmp_path: Path) -> None:
    texts = [" ".join(f"w{n * k % 61}" for n in range(k)) for k in range(70)]
    data, offsets = buffers(pl.Series([*texts, "東京は日本の首都です。" * 3]))
    plain = ctypes.CDLL(str(building.build(tmp_path / "plain.so", ["-DPLAIN"]))).banded
    plain.argtypes, plain.restype = sketch._banded.argtypes, None
    keys, hashes = np.zeros((20, len(offsets) - 1), np.uint64), sketch.factors()
    room = np.empty(longest(offsets) + 1, np.uint64), np.empty(128, np.uint32)
    plain(data, len(data), offsets, len(offsets) - 1, *hashes, 128, 20, 6, *room, keys)
    assert np.array_equal(keys, sketch.Sketcher()(data, offsets))
