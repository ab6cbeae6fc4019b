"""Best: what signals say together, the order by it, and weights that follow verdicts."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from curate.errors import BadSetting
from curate.review.best import (
    LEAST,
    SIGNALS,
    Weights,
    as_file,
    beginning,
    fit,
    in_order,
    ranks,
    scores,
    with_reserved,
)

NAMES = list(SIGNALS)
EVEN = Weights(-3.0, dict.fromkeys(SIGNALS, 1.0))
VALUES = st.one_of(st.none(), st.integers(-3, 3).map(float))
ROWS = st.lists(st.tuples(*[VALUES] * len(NAMES)), min_size=2, max_size=12)


def frame(rows: list[tuple[float | None, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(NAMES, pl.Float64), orient="row")


def test_a_rank_is_the_share_of_records_that_lie_lower() -> None:
    signals = pl.DataFrame(
        {"loss": [0.5, 3.0, None, 0.5, 1.0], "refusal": [0.0, 0.0, 1.0, 0.0, 0.0]}
    )
    told = ranks(signals)
    assert told["loss"].to_list() == [0.0, 1.0, None, 0.0, pytest.approx(2 / 3)]
    assert told["refusal"].to_list() == [0.0, 0.0, 1.0, 0.0, 0.0]


def test_a_mark_that_most_records_bear_says_little() -> None:
    rare, common = [0.0] * 9 + [1.0], [0.0] + [1.0] * 9
    told = ranks(pl.DataFrame({"refusal": rare, "contradiction": common}))
    assert told.row(9, named=True) == {"refusal": 1.0, "contradiction": pytest.approx(1 / 9)}


def test_one_strong_signal_suffices_and_several_middling_ones_do_not() -> None:
    two = {"loss": [0.0, 0.0, 9.0, 5.0], "opposed": [0.0, 9.0, 0.0, 5.0]}
    found = scores(pl.DataFrame(two), Weights(-3.0, {"loss": 1.0, "opposed": 1.0}))
    assert found[1] == found[2] > found[3] > found[0]


def test_a_signal_that_is_not_known_is_left_out_and_is_not_low() -> None:
    unknown = frame([(1.0,) * 9, (0.0,) * 9, (1.0, *[None] * 8)])
    low = frame([(1.0,) * 9, (0.0,) * 9, (1.0, *[0.0] * 8)])
    top, bottom, same = scores(unknown, EVEN).to_list()
    assert same > scores(low, EVEN)[2] > bottom
    assert same <= top
    assert scores(frame([(None,) * 9]), EVEN).to_list() == [pytest.approx(1 / (1 + np.exp(3.0)))]


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_the_records_changes_no_score(
    rows: list[tuple[float | None, ...]], random: object
) -> None:
    at = list(range(len(rows)))
    random.shuffle(at)  # type: ignore[attr-defined]
    found = scores(frame(rows), EVEN).to_list()
    assert scores(frame([rows[n] for n in at]), EVEN).to_list() == [found[n] for n in at]


@given(ROWS, st.data())
def test_a_signal_that_rises_never_costs_a_record_a_place(
    rows: list[tuple[float | None, ...]], data: st.DataObject
) -> None:
    one = data.draw(st.integers(0, len(rows) - 1))
    which = data.draw(st.integers(0, len(NAMES) - 1))
    before = rows[one][which]
    assume(before is not None)
    raised = [list(row) for row in rows]
    raised[one][which] = before + data.draw(st.integers(1, 4))  # type: ignore[operator]
    weights = Weights(-3.0, dict(zip(NAMES, data.draw(WEIGHTS), strict=True)))

    def place(told: list[tuple[float | None, ...]]) -> int:
        ids = [f"{n:02}" for n in range(len(told))]
        known = pl.DataFrame({"record_id": ids, "score": scores(frame(told), weights)})
        return in_order(known.with_columns(size=1, letters=100.0)).index(ids[one])

    assert place([tuple(row) for row in raised]) <= place(rows)


WEIGHTS = st.lists(st.floats(LEAST, 5), min_size=9, max_size=9)


def test_what_repairs_more_and_takes_less_reading_comes_first() -> None:
    told = pl.DataFrame(
        {
            "record_id": ["long", "plain", "cluster", "sure"],
            "score": [0.5, 0.5, 0.5, 0.9],
            "size": [1, 1, 3, 1],
            "letters": [4000.0, 100.0, 100.0, 100.0],
        }
    )
    assert in_order(told) == ["cluster", "sure", "plain", "long"]
    assert in_order(told.reverse()) == in_order(told)


IDS = st.lists(st.text("abcdef", min_size=1, max_size=4), unique=True, max_size=30)


@given(IDS, IDS)
def test_reserved_places_lose_nothing_and_show_nothing_twice(
    ids: list[str], held: list[str]
) -> None:
    mixed = list(with_reserved(ids, held))
    assert sorted(mixed) == sorted(ids)
    kept = [one for one in held if one in ids]
    rest = [one for one in ids if one not in held]
    assert [one for one in mixed if one in held] == kept
    assert [one for one in mixed if one not in held] == rest


def test_reserved_records_take_every_other_place_until_they_are_used_up() -> None:
    assert list(with_reserved("abcdefg", ["e", "x", "c"])) == list("eacbdfg")


def test_the_weights_we_begin_with_are_in_a_file_that_says_where_they_come_from() -> None:
    weights = beginning()
    assert set(weights.signals) == set(SIGNALS)
    assert weights.told
    assert min(weights.signals.values()) >= LEAST


def test_a_file_of_weights_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "best.json"
    file.write_bytes(as_file(Weights(-2.5, {"loss": 2.0}, "測定した値")))
    assert beginning(file) == Weights(-2.5, {"loss": 2.0}, "測定した値")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"weights": {"los": 1.0}}, "did you mean 'loss'"),
        ({"weights": {"loss": -1.0}}, "weight -1.0 of loss"),
        ({"format": "curate-best/9"}, "curate-best/1"),
    ],
)
def test_a_file_of_other_weights_is_refused(
    tmp_path: Path, change: dict[str, object], says: str
) -> None:
    file = tmp_path / "best.json"
    file.write_text(json.dumps({**json.loads(as_file(EVEN)), **change}))
    with pytest.raises(BadSetting, match=says):
        beginning(file)


def judged(n: int, seed: int, by: str) -> tuple[pl.DataFrame, list[bool]]:
    """Ranks drawn at random, and verdicts that one signal leads to."""
    random = np.random.default_rng(seed)
    placed = pl.DataFrame({name: random.random(n) for name in NAMES})
    bad = random.random(n) < 0.02 + 0.9 * placed[by].to_numpy() ** 8
    return placed, bad.tolist()


def test_the_signal_that_people_agree_with_gains_weight() -> None:
    for name in ("loss", "refusal"):
        placed, bad = judged(400, 1, name)
        found = fit(placed, bad, EVEN)
        assert max(found.signals, key=lambda one: found.signals[one]) == name
        assert found.signals[name] > EVEN.signals[name]
        assert min(found.signals.values()) >= LEAST


def test_without_verdicts_the_weights_stay() -> None:
    placed, _ = judged(3, 1, "loss")
    assert fit(placed[:0], [], EVEN) == EVEN


def test_a_few_verdicts_move_the_weights_less_than_many() -> None:
    far = []
    for n in (5, 50, 500):
        placed, bad = judged(n, 2, "influence")
        found = fit(placed, bad, EVEN)
        far.append(abs(found.signals["influence"] - 1.0))
    assert far[0] < far[1] < far[2]


@given(st.integers(0, 5), st.sampled_from(NAMES))
def test_the_same_verdicts_in_any_order_give_the_same_weights(seed: int, by: str) -> None:
    placed, bad = judged(60, seed, by)
    at = np.random.default_rng(seed).permutation(60)
    assert fit(placed[at], [bad[n] for n in at], EVEN) == fit(placed, bad, EVEN)


def test_ranks_and_verdicts_that_do_not_match_are_refused() -> None:
    placed, bad = judged(4, 1, "loss")
    with pytest.raises(ValueError, match="4 records with ranks and 3 verdicts"):
        fit(placed, bad[:3], EVEN)
