"""The manifest: an id that says all, on a machine that has nothing but Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.errors import BadSource
from curate.export import manifest as manifests
from train.approved import manifest_id

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=9,
)


def test_a_machine_that_trains_needs_nothing_heavy_for_it() -> None:
    asked = "import sys, curate.export.manifest; print([m for m in ('polars', 'sqlalchemy', 'numpy') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", asked], text=True).strip() == "[]"


@given(
    st.dictionaries(st.text(min_size=1, max_size=6).filter(lambda k: k != "id"), JSON, max_size=5)
)
def test_both_sides_name_it_alike(said: dict[str, object]) -> None:
    named = manifests.named(said)
    assert named["id"] == manifest_id(named)
    assert manifests.named({**said, "more": 1})["id"] != named["id"]


def test_a_folder_of_something_else_is_named(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"format": "curate-snapshot/1"}')
    with pytest.raises(BadSource, match="curate export makes one"):
        manifests.read(tmp_path)
