"""Views: only columns of texts are lent to C, whole."""

from __future__ import annotations

import polars as pl
import pytest

from curate.kernel.views import Column, Whole, lent


@pytest.mark.parametrize("other", [pl.Series([b"a"]), pl.Series([1]), pl.Series([["a"]])])
def test_a_column_of_anything_else_is_refused(other: pl.Series) -> None:
    with pytest.raises(TypeError, match="where texts in views are read"), lent(other):
        pass


def test_a_column_in_pieces_is_lent_whole() -> None:
    pieces = pl.concat([pl.Series(["a", None]), pl.Series(["要約" * 9])])
    with lent(pieces) as at:
        column = Column.from_address(at)
        assert (column.length, column.null_count) == (3, 1)


@pytest.mark.parametrize("text", ["", "short", "要約", "a text too long for its view " * 9])
def test_a_text_is_an_array_that_outlives_what_lent_it(text: str) -> None:
    array = Whole(pl.Series([text])).bytes()
    others = [pl.Series([f"{number} other {text}"]) for number in range(50)]
    assert array.tobytes().decode() == text
    assert not array.flags.writeable
    del array, others
