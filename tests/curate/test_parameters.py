"""Parameters: a value has the type of its default and makes sense, or is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.commands.checks import shown
from curate.errors import BadSetting
from curate.parameters import merged, of_type, parsed
from curate.plan import every_check

DEFAULTS = [
    (name, param, default)
    for name, check in every_check(()).items()
    for param, default in check.params.items()
    if default not in ((), "")
]


@pytest.mark.parametrize(("name", "param", "default"), DEFAULTS)
def test_every_default_may_be_set(name: str, param: str, default: Any) -> None:
    change = f"{name}.{param}={shown(default)}"
    assert parsed([change], every_check(())) == {name: {param: default}}


@given(st.integers(0, 10**9))
def test_a_whole_number_stays_itself(value: int) -> None:
    assert of_type("it", str(value), 5) == value


@given(st.floats(0, 1))
def test_a_share_stays_itself(value: float) -> None:
    assert of_type("it", repr(value), 0.2) == value


@given(st.integers(max_value=-1), st.sampled_from([5, 5.0, 0.2]))
def test_no_number_is_negative(value: int, default: float) -> None:
    with pytest.raises(BadSetting, match="it: .* is below 0|is not a"):
        of_type("it", str(value), default)


@given(st.floats(min_value=1, exclude_min=True, allow_infinity=False))
def test_no_share_is_above_one_and_other_numbers_may_be(value: float) -> None:
    assert of_type("it", repr(value), 1.0) == value
    with pytest.raises(BadSetting, match="is no share: it is above 1"):
        of_type("it", repr(value), 0.5)


@pytest.mark.parametrize("text", ["1e999", "-1e999", "NaN", "Infinity", "", "{}", "[1]", "null"])
@pytest.mark.parametrize("default", [5, 5.0, 0.2, True])
def test_what_is_no_number_is_refused(text: str, default: float) -> None:
    with pytest.raises(BadSetting):
        of_type("it", text, default)


def test_later_layers_win_parameter_by_parameter() -> None:
    assert merged({"b": {"y": 1, "x": 1}}, {"b": {"y": 2}, "a": {"z": 3}}) == {
        "a": {"z": 3}, "b": {"x": 1, "y": 2},
    }  # fmt: skip


@pytest.mark.parametrize("text", ["majority,,longest", "majority,", " , id"])
def test_a_comma_with_nothing_beside_it_is_refused(text: str) -> None:
    known = every_check(())
    with pytest.raises(BadSetting, match="has a comma with nothing on one side"):
        parsed([f"near-duplicate.survivor={text}"], known)
    told = parsed(["near-duplicate.survivor=majority, longest"], known)
    assert told["near-duplicate"]["survivor"] == ("majority", "longest")
