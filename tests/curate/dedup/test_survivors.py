"""Survivors: the reasons, and what is said where one cannot be followed."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

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
    ("older", "newer"),
    [
        (999999999, 1700000000),
        (9, 10.5),
        (-2, 1e3),
        ("2026-02-28", "2026-03-01"),
        ("9", "10"),
        ("v10", "v9"),  # texts are compared as texts
    ],
)
def test_newest_compares_numbers_as_numbers(older: Any, newer: Any, tmp_path: Path) -> None:
    data = [alpaca("Tell me.", EN, day=older), alpaca("Tell me.", f"{EN} Yes.", day=newer)]
    assert found(asked(data, tmp_path / "a", "survivor=newest:day")) == [(1, 2)]
    assert found(asked(data[::-1], tmp_path / "b", "survivor=newest:day")) == [(2, 1)]


def test_one_text_among_numbers_makes_all_of_them_texts(tmp_path: Path) -> None:
    days = [9, 10, "soon"]
    data = [alpaca("Tell me.", f"{EN}{' Yes.' * n}", day=day) for n, day in enumerate(days)]
    assert {kept for _, kept in found(asked(data, tmp_path, "survivor=newest:day"))} == {3}
    assert {kept for _, kept in found(asked(data[:2], tmp_path, "survivor=newest:day"))} == {2}


ORDINARY = [
    (EN, EN.replace(" ", "\u00a0")),
    (EN, EN.replace(" ", " \u200b")),
    (EN, f"\ufeff{EN}"),
    (EN, EN.replace("har", "har\u00ad")),
    (f"{EN} Café!", unicodedata.normalize("NFD", f"{EN} Café!")),
    ("The final office file, five of them.", "The ﬁnal oﬃce ﬁle, ﬁve of them."),
    ("ニシン漁ノ船団ガ、パリヘ行キマシタ！", "ﾆｼﾝ漁ﾉ船団ｶﾞ、ﾊﾟﾘﾍ行ｷﾏｼﾀ！"),
    (f"{JA}（そう）！　はい？", f"{JA}（そう）！\u00a0はい？"),
    (JA, JA.replace("、", "、\u200b")),
]


@pytest.mark.parametrize("policy", ["majority,longest", "majority"])
@pytest.mark.parametrize(("clean", "odd"), ORDINARY)
def test_of_equal_records_the_one_in_ordinary_characters_stays(
    clean: str, odd: str, policy: str, tmp_path: Path
) -> None:
    # the smaller id would take one or the other, so that both sides of a record are tried
    for asks in ("Say it.", "Tell me.", "Go on.", "Well?"):
        data = [alpaca(asks, odd), alpaca(asks, clean)]
        where = tmp_path / asks
        assert found(asked(data, where, "threshold=1", f"survivor={policy}")) == [(1, 2)]


@pytest.mark.parametrize("text", [EN, JA.replace("、", "、 ")])
def test_of_records_as_ordinary_the_one_with_the_most_copies_stays(
    text: str, tmp_path: Path
) -> None:
    wrapped = text.replace(" ", "\n")
    for asks in ("Say it.", "Tell me.", "Go on.", "Well?"):
        for often, rare in [(text, wrapped), (wrapped, text)]:
            data = [alpaca(asks, rare), alpaca(asks, often), alpaca(asks, often)]
            where = tmp_path / asks / str(often == text)
            assert found(asked(data, where, "threshold=1")) == [(1, 2)]


def test_id_named_asks_for_no_ordinary_characters(tmp_path: Path) -> None:
    data = [
        alpaca(asks, said)
        for asks in ("Say it.", "Tell me.", "Go on.", "Well?", "And now?", "Speak.")
        for said in (EN, EN.replace(" ", "\u00a0"))
    ]
    gone = found(asked(data, tmp_path, "threshold=1", "survivor=majority,id"))
    assert {line % 2 for line, _ in gone} == {0, 1}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("survivor=newest:nope", "'nope' is not there; columns: date, points"),
        ("survivor=score:date", "'date' holds no number; newest:COLUMN compares texts"),
        (
            "survivor=score: points",
            "'score: points'; write newest:COLUMN .* no blank after the colon",
        ),
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
