"""synthetic-unlike: answers like enough first."""

import pytest

from curate.checks.synthetic_unlike import CHECK
from tests.curate.checks.made_pairs import PAIRS, fine, flagged

GOOD = [0.15, 1.0]
BAD = [0.0, 0.14]


@pytest.mark.parametrize("language", PAIRS)
@pytest.mark.parametrize("value", GOOD)
def test_clean(value: float, language: str) -> None:
    assert fine(CHECK, language, likeness=value)


@pytest.mark.parametrize("language", PAIRS)
@pytest.mark.parametrize("value", BAD)
def test_bad(value: float, language: str) -> None:
    assert "at least 0.15 is wanted" in flagged(CHECK, language, likeness=value)
