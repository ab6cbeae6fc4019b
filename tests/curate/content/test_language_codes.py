"""Codes of languages: those that a detector may give are known, others are refused."""

from __future__ import annotations

import pytest
from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory

from curate.content.language_codes import codes, refuse_unknown
from curate.content.language_detect import OWN_SCRIPT, PART_OF
from curate.errors import BadSetting


def test_whatever_a_detector_may_give_is_known() -> None:
    second = DetectorFactory()
    second.load_profile(PROFILES_DIRECTORY)
    assert {language.partition("-")[0] for language in second.langlist} <= codes()
    assert {*OWN_SCRIPT.values(), "en", "ja", "zh", "ko", *PART_OF.values()} <= codes()
    assert len(codes()) > 150


def test_known_codes_pass() -> None:
    refuse_unknown(())
    refuse_unknown(("en", "ja", "zh", "ko", "fr"))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("english", "en"), ("EN", "en"), ("en-US", "en"), ("japanese", "ja"), ("jp", "ja"),
        ("Chinese", "zh"), ("cn", "zh"), ("yue", "zh"), ("german", "de"), ("korean", "ko"),
    ],
)  # fmt: skip
def test_another_spelling_is_refused_with_what_was_meant(written: str, meant: str) -> None:
    with pytest.raises(BadSetting) as caught:
        refuse_unknown(("en", written))
    assert f"unknown language {written!r}; did you mean {meant!r}?" in str(caught.value)


@pytest.mark.parametrize("written", ["xx", "日本語", "", "klingon"])
def test_what_is_no_language_is_refused(written: str) -> None:
    with pytest.raises(BadSetting, match="write ISO 639-1 codes, as en,ja"):
        refuse_unknown((written,))
