"""Flat: texts of columns put together from where they lie in the lines."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from curate.raw.flat import flat
from curate.sources.limits import Limits
from tests.curate.raw.test_flat_lines import EN, JA, dumped

NULLS = [{"質問": "あ", "n": None}, {"質問": None, "n": None}]


def texts(data: bytes, *names: str) -> list[str]:
    """The texts of some columns, as they lie in memory."""
    found = flat(data, Limits())
    assert found is not None
    written, offsets = found.texts(*names)
    whole = written.tobytes()
    return [whole[a:b].decode() for a, b in zip(offsets[:-1], offsets[1:], strict=True)]


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("names", [["output"], ["instruction", "input", "output"], ["input"] * 2])
def test_columns_are_put_together_row_by_row(names: list[str], ascii_only: bool) -> None:
    rows: list[dict[str, Any]] = [EN, JA, {**EN, "input": None}, {**JA, "output": ""}]
    joined = ["\n".join(row[name] or "" for name in names) for row in rows]
    assert texts(dumped(rows, ascii_only=ascii_only), *names) == joined


def test_a_column_without_any_text_is_empty() -> None:
    assert texts(dumped(NULLS), "n", "質問") == ["\nあ", "\n"]


def test_only_columns_of_texts_are_put_together() -> None:
    found = flat(dumped([EN]), Limits())
    assert found is not None
    assert found.holds("input", "output")
    for names in (["id"], ["output", "nowhere"]):
        assert not found.holds(*names)
        with pytest.raises(ValueError, match="are not all columns of texts"):
            found.texts(*names)


def test_it_is_read_without_polars() -> None:
    """A search of a file's texts needs none; it takes a tenth of a second to load."""
    program = "import sys, curate.raw.flat; sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
