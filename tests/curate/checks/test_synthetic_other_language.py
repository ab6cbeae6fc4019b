"""synthetic-other-language: one language first."""

import pytest

from curate.checks.synthetic_other_language import CHECK
from tests.curate.checks.made_pairs import PAIRS, fine, flagged

GOOD = [True]
BAD = [False]


@pytest.mark.parametrize("language", PAIRS)
@pytest.mark.parametrize("value", GOOD)
def test_clean(value: float, language: str) -> None:
    assert fine(CHECK, language, same_language=value)


@pytest.mark.parametrize("language", PAIRS)
@pytest.mark.parametrize("value", BAD)
def test_bad(value: float, language: str) -> None:
    assert "are in different languages" in flagged(CHECK, language, same_language=value)
