"""mojibake: sound text stays in every script; what can be turned back is."""

from __future__ import annotations

import pytest

from curate.fixes.mojibake import FIX


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "café, naïve, Ångström",
        "日本語と façade",
        "Ã is a letter",
        "`cafÃ©`",
        "```\ncafÃ©\n```",
    ],
)
def test_kept(text: str) -> None:
    assert FIX.rewrite(text, {}, {}).text == text


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("cafÃ© au lait", "café au lait"),
        ("itâ€™s", "it’s"),
        ("日本語".encode().decode("latin-1"), "日本語"),
        ("`cafÃ©` cafÃ©", "`cafÃ©` café"),
    ],
)
def test_turned_back(text: str, after: str) -> None:
    new = FIX.rewrite(text, {}, {})
    assert (new.text, new.rules) == (after, ("encoding",))
