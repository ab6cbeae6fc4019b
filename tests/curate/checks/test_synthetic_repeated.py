"""synthetic-repeated: new instructions first."""

import pytest

from curate.checks.synthetic_repeated import CHECK
from tests.curate.checks.made_pairs import PAIRS, fine, flagged

GOOD = [0.0, 0.79]
BAD = [0.8, 1.0]


@pytest.mark.parametrize("language", PAIRS)
@pytest.mark.parametrize("value", GOOD)
def test_clean(value: float, language: str) -> None:
    assert fine(CHECK, language, repeated=value)


@pytest.mark.parametrize("language", PAIRS)
@pytest.mark.parametrize("value", BAD)
def test_bad(value: float, language: str) -> None:
    assert "less than 0.8 is wanted" in flagged(CHECK, language, repeated=value)
