"""Survivors: the reasons, and what is said where one cannot be followed."""

from __future__ import annotations

from pathlib import Path

import pytest

from curate.errors import BadSetting
from tests.curate.checks.test_near_duplicate import EN, JA, alpaca, asked, found

DATED = [
    alpaca("Tell me.", EN, date="2026-01-02", points=3),
    alpaca("Tell me.", f"{EN} So it is.", date="2026-02-01", points=2),
]


@pytest.mark.parametrize(
    ("policy", "goes"),
    [("newest:date", 1), ("score:points", 2), ("longest", 1), ("longest,newest:date", 1)],
)
def test_the_reason_decides(policy: str, goes: int, tmp_path: Path) -> None:
    [(line, _)] = found(asked(DATED, tmp_path, f"survivor={policy}"))
    assert line == goes


def test_id_can_be_named_and_decides_at_once(tmp_path: Path) -> None:
    named = found(asked(DATED, tmp_path / "a", "survivor=id"))
    assert found(asked(DATED, tmp_path / "b", "survivor=id,longest")) == named
    turned = found(asked(DATED[::-1], tmp_path / "c", "survivor=id"))
    assert turned == [(3 - line, 3 - kept) for line, kept in named]


@pytest.mark.parametrize(("text", "blank"), [(EN, " "), (JA, "　")])
def test_runs_of_white_space_make_no_text_longer(text: str, blank: str, tmp_path: Path) -> None:
    clean, dirty = f"{text}{blank}{text[::-1]}", f"{text}{blank * 3}\n{text[::-1]}"
    for order in ([clean, dirty], [dirty, clean]):
        data = [alpaca("Tell me.", said) for said in order]
        [(line, _)] = found(asked(data, tmp_path / order[0][-9:], "survivor=longest"))
        assert order[line - 1] == dirty


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("survivor=newest:nope", "'nope' is not there; columns: date, points"),
        ("survivor=score:date", "'date' holds no number; newest:COLUMN compares texts"),
        ("survivor=", "survivor is empty; allowed: reviewed, majority, longest, id"),
    ],
)
def test_what_cannot_be_followed_is_refused(change: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=says):
        asked(DATED, tmp_path, change)


def test_without_columns(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="'date' is not there; columns: none"):
        asked([alpaca("a", "b")], tmp_path, "survivor=newest:date")


@pytest.mark.parametrize("text", [EN, JA])
@pytest.mark.parametrize("policy", ["majority,longest", "majority", "majority,id"])
def test_the_majority_counts_copies(policy: str, text: str, tmp_path: Path) -> None:
    said = alpaca("Tell me.", text)
    one = alpaca("Tell me.", f"{text} その。")
    for nth, data in enumerate([[said, said, said, one], [one, said, said, said]]):
        report = asked(data, tmp_path / str(nth), f"survivor={policy}")
        assert [data[line - 1] for line, _ in found(report)] == [one]
    few = found(asked([said, one, one], tmp_path / "few", f"survivor={policy}"))
    assert few == [(1, 2)]
