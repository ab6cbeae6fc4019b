"""synthetic-unhelped: numbers above 0 first."""

import pytest

from curate.checks.synthetic_unhelped import CHECK
from tests.curate.checks.made_pairs import PAIRS, fine, flagged

GOOD = [0.01, 2.5]
BAD = [0.0, -0.1, -3]


@pytest.mark.parametrize("language", PAIRS)
@pytest.mark.parametrize("value", GOOD)
def test_clean(value: float, language: str) -> None:
    assert fine(CHECK, language, ifd_delta=value)


@pytest.mark.parametrize("language", PAIRS)
@pytest.mark.parametrize("value", BAD)
def test_bad(value: float, language: str) -> None:
    assert "more than 0.0 is wanted" in flagged(CHECK, language, ifd_delta=value)
