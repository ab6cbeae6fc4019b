"""synthetic-meaning-changed: facts that were kept first."""

import pytest

from curate.checks.synthetic_meaning_changed import CHECK
from tests.curate.checks.made_pairs import PAIRS, fine, flagged

GOOD = [True]
BAD = [False]


@pytest.mark.parametrize("language", PAIRS)
@pytest.mark.parametrize("value", GOOD)
def test_clean(value: float, language: str) -> None:
    assert fine(CHECK, language, kept_facts=value)


@pytest.mark.parametrize("language", PAIRS)
@pytest.mark.parametrize("value", BAD)
def test_bad(value: float, language: str) -> None:
    assert "lost or added: 1889, 1898" in flagged(
        CHECK, language, kept_facts=value, changed="1889, 1898"
    )
