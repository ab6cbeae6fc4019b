"""synthetic-copied: instructions in words of their own first."""

import pytest

from curate.checks.synthetic_copied import CHECK
from tests.curate.checks.made_pairs import PAIRS, fine, flagged

GOOD = [0.0, 0.49]
BAD = [0.5, 1.0]


@pytest.mark.parametrize("language", PAIRS)
@pytest.mark.parametrize("value", GOOD)
def test_clean(value: float, language: str) -> None:
    assert fine(CHECK, language, copied=value)


@pytest.mark.parametrize("language", PAIRS)
@pytest.mark.parametrize("value", BAD)
def test_bad(value: float, language: str) -> None:
    assert "less than 0.5 is wanted" in flagged(CHECK, language, copied=value)
