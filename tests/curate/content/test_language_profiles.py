"""Profiles opened quickly say of every piece of a word what `langdetect` reckons itself."""

from __future__ import annotations

import pytest
from langdetect import PROFILES_DIRECTORY
from langdetect.detector_factory import DetectorFactory

from curate.content.language_profiles import factory

TEXTS = [
    "The harbour was built for the herring fleet a long time ago.",
    "この港はニシン漁のためにずっと昔に造られました。",
    "Der Hafen wurde vor langer Zeit für die Heringsflotte gebaut.",
    "Порт был построен давным-давно для сельдяного флота.",
]


@pytest.fixture(scope="module")
def own() -> DetectorFactory:
    """`langdetect` as it opens its profiles itself."""
    made = DetectorFactory()
    made.seed = 0
    made.load_profile(PROFILES_DIRECTORY)
    return made


def test_every_piece_is_as_likely_in_every_language(own: DetectorFactory) -> None:
    ours = factory()
    assert ours.langlist == own.langlist
    assert len(own.word_lang_prob_map) > 80_000
    for piece, likely in own.word_lang_prob_map.items():
        assert piece in ours.word_lang_prob_map
        assert ours.word_lang_prob_map[piece].tolist() == likely


def test_other_pieces_are_unknown(own: DetectorFactory) -> None:
    for piece in ("", "four", "\ud800", "0"):
        assert (piece in factory().word_lang_prob_map) == (piece in own.word_lang_prob_map)


@pytest.mark.parametrize("text", TEXTS)
def test_texts_are_told_alike(own: DetectorFactory, text: str) -> None:
    said = []
    for made in (own, factory()):
        detector = made.create()
        detector.append(text)
        said.append([(found.lang, found.prob) for found in detector.get_probabilities()])
    assert said[0] == said[1] != []
