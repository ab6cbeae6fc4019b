"""synthetic-confusable: pairs that come first."""

import pytest

from curate.checks.synthetic_confusable import CHECK
from tests.curate.checks.made_pairs import PAIRS, fine, flagged

GOOD = [1]
BAD = [2, 8]


@pytest.mark.parametrize("language", PAIRS)
@pytest.mark.parametrize("value", GOOD)
def test_clean(value: float, language: str) -> None:
    assert fine(CHECK, language, rank=value)


@pytest.mark.parametrize("language", PAIRS)
@pytest.mark.parametrize("value", BAD)
def test_bad(value: float, language: str) -> None:
    assert "among 8 near instructions this one comes" in flagged(CHECK, language, rank=value)
