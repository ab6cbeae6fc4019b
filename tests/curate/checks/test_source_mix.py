"""source-mix: shares of files and of the data's own source column."""

from __future__ import annotations

from typing import Any

from curate.check import Weighed, ask
from curate.checks.source_mix import CHECK, judge, measure, weigh
from tests.making import record, records


def frame(**counts: int) -> list[dict[str, Any]]:
    return [record(source=name) for name, count in counts.items() for _ in range(count)]


def weighed(*made: dict[str, Any]) -> Weighed:
    return weigh(measure(records(*made), CHECK.params), CHECK.params)


def test_one_source_is_no_mix() -> None:
    assert ask(CHECK, records(*frame(a=100))) == []


def test_an_even_mix_is_fine() -> None:
    assert ask(CHECK, records(*frame(a=90, b=10))) == []


def test_few_records_say_nothing() -> None:
    assert ask(CHECK, records(*frame(a=30, b=1))) == []


def test_answers_of_like_length_are_fine_in_both_languages() -> None:
    english = [record(answer="word " * 30, origin="en") for _ in range(30)]
    japanese = [record(answer="言葉" * 30, origin="ja") for _ in range(30)]
    assert weighed(*english, *japanese).on_dataset == ()


def test_nearly_all_from_one_source() -> None:
    [(row, hit)] = ask(CHECK, records(*frame(b=2, a=98)))
    assert row == -1
    assert hit.message == "of 2 sources, a makes up 98.0 % of the records"


def test_the_datas_own_source_column_in_japanese() -> None:
    rows = [record(origin="社内") for _ in range(99)] + [record(origin="社外")]
    [(_, hit)] = ask(CHECK, records(*rows))
    assert "社内 makes up 99.0 %" in hit.message


def test_one_source_answers_at_ten_times_the_length() -> None:
    terse = [record(answer="短い答え。", origin="短") for _ in range(20)]
    wordy = [record(answer="長い答えです。" * 10, origin="長") for _ in range(20)]
    [hit] = weighed(*terse, *wordy).on_dataset
    wanted = (
        "answers from 長 are typically 14 times as long as those from 短 (70 against 5 characters)"
    )
    assert hit.message == wanted
    assert weighed(*terse[:19], *wordy).on_dataset == ()


def test_thresholds_move_without_the_records() -> None:
    measures = weighed(*frame(a=70, b=30)).measures
    assert judge(measures, CHECK.params) == ()
    assert judge(measures, {**CHECK.params, "share": 0.6})


def test_counts_are_in_one_order_whatever_the_input() -> None:
    [*sources] = weighed(*frame(c=3, b=3, a=5), record(source="d", answer="")).measures["source"][
        "sources"
    ]
    assert [source[:2] for source in sources] == [["a", 5], ["b", 3], ["c", 3], ["d", 1]]
    assert sources[0][2:] == [5 / 12, 10]
    assert sources[3][3] is None
