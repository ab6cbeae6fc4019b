"""synthetic-least-helped: pairs above the last tenth first."""

import pytest

from curate.checks.synthetic_least_helped import CHECK
from tests.curate.checks.made_pairs import PAIRS, fine, flagged

GOOD = [0.1, 0.9]
BAD = [0.0, 0.09]


@pytest.mark.parametrize("language", PAIRS)
@pytest.mark.parametrize("value", GOOD)
def test_clean(value: float, language: str) -> None:
    assert fine(CHECK, language, ifd_place=value)


@pytest.mark.parametrize("language", PAIRS)
@pytest.mark.parametrize("value", BAD)
def test_bad(value: float, language: str) -> None:
    assert "at least 0.1 is wanted" in flagged(CHECK, language, ifd_place=value)
