"""Plan: what may be asked, and how a wrong name or value is answered."""

from __future__ import annotations

from typing import Any

import pytest

from curate.errors import BadSetting
from curate.plan import every_check, make
from curate.reading import Reading


def test_everything_is_asked_or_says_why_not() -> None:
    plan = make(Reading())
    assert {*plan.asked, *plan.skipped} == set(every_check(()))
    assert list(plan.asked) == sorted(plan.asked)


def test_only_and_skip() -> None:
    plan = make(Reading(), only=["unclosed-code", "too-long"], skip=["too-long"])
    assert plan.asked == ("unclosed-code",)
    assert plan.skipped["too-long"] == "left out by --skip"
    assert plan.skipped["mojibake"] == "not among --only"


@pytest.mark.parametrize(
    ("change", "param", "value"),
    [
        ("too-long.max_chars=8000", "max_chars", 8000),
        ("too-long.max_chars= 8e3 ", "max_chars", 8000),
        ("refusal-share.warn=0.2", "warn", 0.2),
        ("refusal-share.warn=1", "warn", 1.0),
        ("unexpected-language.languages=ja,en", "languages", ("ja", "en")),
        ("invalid-sql.dialect=postgres", "dialect", "postgres"),
    ],
)
def test_a_value_has_the_type_of_its_default(change: str, param: str, value: Any) -> None:
    check = change.partition(".")[0]
    got = make(Reading(), changes=[change]).params[check][param]
    assert got == value
    assert type(got) is type(value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("too-long.max_chars", "write CHECK.PARAM=VALUE"),
        ("=3", "write CHECK.PARAM=VALUE"),
        ("to-long.max_chars=3", "unknown check 'to-long'; did you mean 'too-long'"),
        (
            "too-long.max_char=3",
            "unknown parameter of too-long 'max_char'; did you mean 'max_chars'",
        ),
        ("too-long.max_chars=many", "'many' is not a whole number (default"),
        ("too-long.max_chars=1.5", "'1.5' is not a whole number"),
        ("too-long.max_chars=true", "'true' is not a whole number"),
        ("refusal-share.warn=NaN", "'NaN' is not a number"),
    ],
)
def test_a_wrong_change_says_what_was_allowed(change: str, said: str) -> None:
    with pytest.raises(BadSetting) as caught:
        make(Reading(), changes=[change])
    assert said in str(caught.value)


def test_a_wrong_check_name() -> None:
    with pytest.raises(BadSetting, match="unknown check 'mojibak'; did you mean 'mojibake'"):
        make(Reading(), only=["mojibak"])
