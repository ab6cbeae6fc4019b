"""The order of a run: every record its times, the same however it is packed or continued."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from train.batches import IGNORED, Batch, Order, batches, collate, in_rows
from train.template import Encoded

LENGTHS = st.lists(st.integers(1, 40), min_size=1, max_size=60)
ORDERS = st.builds(
    Order,
    seed=st.integers(0, 5),
    epochs=st.sampled_from([1, 2, 3]),
    batch_size=st.integers(1, 9),
    row_tokens=st.sampled_from([None, 40, 64]),
    processes=st.sampled_from([1, 2, 3]),
)


def seen(made: list[Batch]) -> Counter[int]:
    return Counter(number for batch in made for number in batch.records)


@given(LENGTHS, ORDERS)
def test_every_record_is_seen_once_an_epoch_and_every_process_gets_as_many_batches(
    lengths: list[int], order: Order
) -> None:
    made = batches(lengths, order)
    assert seen(made) == {n: order.epochs for n in range(len(lengths))}
    assert len(made) % order.processes == 0


@given(LENGTHS, ORDERS)
def test_no_packed_row_is_longer_than_a_row_may_be(lengths: list[int], order: Order) -> None:
    for batch in batches(lengths, order):
        for row in batch.rows:
            assert len(row) == 1 or sum(lengths[n] for n in row) <= (order.row_tokens or 0)


@given(LENGTHS, ORDERS)
def test_packing_never_changes_which_records_share_a_step(lengths: list[int], order: Order) -> None:
    order = replace(order, processes=1)
    plain, packed = (batches(lengths, replace(order, row_tokens=most)) for most in (None, 40))
    assert [sorted(b.records) for b in plain] == [sorted(b.records) for b in packed]


@given(LENGTHS, ORDERS)
def test_more_epochs_leave_the_earlier_ones_as_they_were(lengths: list[int], order: Order) -> None:
    made = batches(lengths, order)
    longer = batches(lengths, replace(order, epochs=order.epochs + 1))
    assert longer[: len(made)] == made


def test_epochs_differ_and_seeds_differ() -> None:
    lengths = list(range(1, 33))
    made = batches(lengths, Order(seed=1, epochs=2, batch_size=4))
    assert made[:8] != made[8:]
    assert made != batches(lengths, Order(seed=2, epochs=2, batch_size=4))


def test_half_an_epoch_is_half_of_its_batches() -> None:
    assert len(batches([5] * 40, Order(seed=1, epochs=1.5, batch_size=4))) == 15


def test_a_dropped_last_batch_loses_two_of_ten_records_and_keeping_it_none() -> None:
    order = Order(seed=1, epochs=1, batch_size=4, drop_last=True)
    assert len(seen(batches([5] * 10, order))) == 8
    assert len(seen(batches([5] * 10, replace(order, drop_last=False)))) == 10


def test_weights_say_how_often_a_record_is_seen() -> None:
    order = Order(seed=1, epochs=200, batch_size=4)
    times = seen(batches([5] * 3, order, weights=[1.0, 2.0, 0.5]))
    assert times[0] == 200
    assert times[1] == 400
    assert 70 < times[2] < 130


def test_records_of_like_length_share_a_batch() -> None:
    lengths = [5, 50] * 16
    for batch in batches(lengths, Order(seed=1, epochs=1, batch_size=4)):
        assert len({lengths[n] for n in batch.records}) == 1


def test_first_fit_decreasing() -> None:
    assert in_rows([0, 1, 2, 3], [6, 4, 3, 3], 10) == ((0, 1), (2, 3))


RECORDS = [
    Encoded("a", [5, 6, 7], [False, True, True]),
    Encoded("b", [8, 9], [True, True]),
    Encoded("c", [4], [True]),
]


def test_padded_rows() -> None:
    made = collate(Batch(((0,), (1,))), RECORDS, pad=0, packed=False)
    assert made["input_ids"].tolist() == [[5, 6, 7], [8, 9, 0]]
    assert made["attention_mask"].tolist() == [[1, 1, 1], [1, 1, 0]]
    assert made["labels"].tolist() == [[IGNORED, 6, 7], [IGNORED, 9, IGNORED]]
    assert made["records"] == [0, 1]


def test_packed_rows_begin_anew_with_every_record_and_with_padding() -> None:
    made = collate(Batch(((0, 1), (2,))), RECORDS, pad=0, packed=True)
    assert made["input_ids"].tolist() == [[5, 6, 7, 8, 9], [4, 0, 0, 0, 0]]
    assert made["position_ids"].tolist() == [[0, 1, 2, 0, 1], [0, 0, 1, 2, 3]]
    assert made["labels"][0].tolist() == [IGNORED, 6, 7, IGNORED, 9]  # 8 follows nothing
    assert "attention_mask" not in made


@pytest.mark.parametrize("packed", [True, False])
def test_an_empty_batch_trains_nothing(packed: bool) -> None:
    made = collate(Batch(()), RECORDS, pad=0, packed=packed)
    assert (made["labels"] == IGNORED).all()
    assert made["records"] == []
