"""source-mix: shares of files and of the data's own source column."""

from __future__ import annotations

from curate.check import ask
from curate.checks.source_mix import CHECK, measure, weigh
from tests.making import record, records


def frame(**counts: int) -> list[dict[str, object]]:
    return [record(source=name) for name, count in counts.items() for _ in range(count)]


def test_one_source_is_no_mix() -> None:
    assert ask(CHECK, records(*frame(a=100))) == []


def test_an_even_mix_is_fine() -> None:
    assert ask(CHECK, records(*frame(a=90, b=10))) == []


def test_few_records_say_nothing() -> None:
    assert ask(CHECK, records(*frame(a=30, b=1))) == []


def test_nearly_all_from_one_source() -> None:
    [(row, hit)] = ask(CHECK, records(*frame(b=2, a=98)))
    assert row == -1
    assert hit.message == "of 2 sources, a makes up 98.0 % of the records"


def test_the_datas_own_source_column_in_japanese() -> None:
    rows = [record(origin="社内") for _ in range(99)] + [record(origin="社外")]
    [(_, hit)] = ask(CHECK, records(*rows))
    assert "社内 makes up 99.0 %" in hit.message


def test_counts_are_in_one_order_whatever_the_input() -> None:
    measured = weigh(measure(records(*frame(c=3, b=3, a=5)), CHECK.params), CHECK.params).measures
    assert measured == {"sources": [["a", 5], ["b", 3], ["c", 3]]}
