"""Memory: frames and dicts are read as files are."""

from __future__ import annotations

from typing import Any

import pandas as pd
import polars as pl
import pytest

from curate import reading
from curate.errors import BadSource, NothingToAudit

ROWS = [
    {"instruction": "a", "output": "b", "n": 1},
    {"instruction": "挨拶して", "output": None, "n": 2},
]


@pytest.mark.parametrize(
    "data", [ROWS, tuple(ROWS), [ROWS], pl.DataFrame(ROWS), pl.LazyFrame(ROWS), pd.DataFrame(ROWS)]
)
def test_whatever_holds_the_rows(data: Any) -> None:
    records, rejects = reading.read(data)
    assert records.select("source", "line", "instruction", "answer", "meta").rows() == [
        ("<memory>", 1, "a", "b", '{"n":1}'),
        ("<memory>", 2, "挨拶して", "", '{"n":2}'),
    ]
    assert not rejects


def test_several_frames_are_several_sources() -> None:
    found = reading.sources([pl.DataFrame(ROWS), pd.DataFrame(ROWS)])
    assert [source.name for source in found] == ["<memory>", "<memory 2>"]


def test_half_a_character_is_a_reject() -> None:
    records, (reject,) = reading.read([*ROWS, {"instruction": "a", "output": "b", "x": "\ud800"}])
    assert len(records) == 2
    assert (reject.line, reject.code) == (3, "lone-surrogate")
    assert b"\\ud800" in reject.raw


def test_what_cannot_be_read_is_said() -> None:
    with pytest.raises(BadSource, match="cannot read a int"):
        reading.sources(5)
    with pytest.raises(BadSource, match="no known shape"):
        reading.sources([{"n": 1}])
    with pytest.raises(NothingToAudit):
        reading.sources(pl.DataFrame())
