"""Plan: what may be asked, and how a wrong name or value is answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from curate.errors import BadRule, BadSetting
from curate.plan import every_check, make
from curate.reading import Reading


def test_everything_is_asked_or_says_why_not() -> None:
    plan = make(Reading())
    assert {*plan.asked, *plan.skipped} == set(every_check(()))
    assert list(plan.asked) == sorted(plan.asked)


def test_only_and_skip() -> None:
    plan = make(Reading(), only=["unclosed-code", "too-long"])
    assert plan.asked == ("too-long", "unclosed-code")
    assert plan.skipped["mojibake"] == "not among --only"
    plan = make(Reading(), skip=["too-long"])
    assert plan.skipped["too-long"] == "left out by --skip"
    assert "unclosed-code" in plan.asked


def test_a_check_is_not_asked_for_and_left_out_at_once() -> None:
    with pytest.raises(BadSetting, match="--only and --skip both name too-long"):
        make(Reading(), only=["too-long", "mojibake"], skip=["too-long"])


@pytest.mark.parametrize("code", ["english", "xx"])
def test_an_unknown_language_is_refused(code: str) -> None:
    with pytest.raises(BadSetting, match=f"unknown language '{code}'"):
        make(Reading(), given={"unexpected-language": {"languages": ("ja", code)}})
    with pytest.raises(BadSetting, match=f"unknown language '{code}'"):
        make(Reading(), changes=[f"unexpected-language.languages={code}"])


def house(folder: Path, text: str) -> Path:
    file = folder / "house.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_rule_file_sets_parameters(tmp_path: Path) -> None:
    text = (
        "thresholds:\n  too-long: {max_chars: 8000}\n  unexpected-language: {languages: 'en,ja'}\n"
    )
    params = make(Reading(), rule_files=[house(tmp_path, text)]).params
    assert params["too-long"]["max_chars"] == 8000
    assert params["unexpected-language"]["languages"] == ("en", "ja")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{to-long: {max_chars: 8}}", "unknown check 'to-long'; did you mean 'too-long'"),
        ("{too-long: {max_char: 8}}", "unknown parameter of too-long 'max_char'; did you mean"),
        ("{mojibake: {share: 0.1}}", "mojibake has no parameters"),
        ("{too-long: {max_chars: many}}", "'many' is not a whole number"),
        ("{too-long: {max_chars: -8}}", "-8 is below 0 (default 32000)"),
        ("{refusal-share: {warn: 20}}", "20 is no share: it is above 1 (default 0.1)"),
    ],
)
def test_a_rule_file_that_sets_nothing_known_is_refused(
    written: str, said: str, tmp_path: Path
) -> None:
    file = house(tmp_path, f"# ours\nthresholds: {written}\n")
    with pytest.raises(BadRule) as caught:
        make(Reading(), rule_files=[file])
    assert f"{file}:2: thresholds: " in str(caught.value)
    assert said in str(caught.value)


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
        ("too-long.max_chars=-1", "-1 is below 0 (default 32000)"),
        ("length-outliers.deviations=-0.5", "-0.5 is below 0 (default 5.0)"),
        ("refusal-share.warn=20", "20 is no share: it is above 1 (default 0.1)"),
    ],
)
def test_a_wrong_change_says_what_was_allowed(change: str, said: str) -> None:
    with pytest.raises(BadSetting) as caught:
        make(Reading(), changes=[change])
    assert said in str(caught.value)


def test_a_wrong_check_name() -> None:
    with pytest.raises(BadSetting, match="unknown check 'mojibak'; did you mean 'mojibake'"):
        make(Reading(), only=["mojibak"])


def test_annotators_that_nobody_named_are_not_asked_about() -> None:
    assert make(Reading()).skipped["annotator-agreement"] == "no annotations"
    assert "annotator-agreement" in make(Reading(annotators=("who",))).asked


def test_an_unknown_check_is_told_the_nearest_and_not_all() -> None:
    with pytest.raises(BadSetting) as caught:
        make(Reading(), only=["refusl"])
    assert str(caught.value) == (
        "unknown check 'refusl'; did you mean 'refusal', 'refusal-share'? list all: curate checks"
    )
    with pytest.raises(BadSetting, match=r"^unknown check '検査'; list all: curate checks$"):
        make(Reading(), only=["検査"])
