"""Queue: orders, filters, clusters, and the records that are drawn at random."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.audit import audit
from curate.errors import BadSetting
from curate.finding import SCHEMA
from curate.report import Report
from curate.review.frames import FAILED, Failing, Filters, clusters, spoken
from curate.review.placing import untaught
from curate.review.queue import (
    CONTROL,
    ORDERS,
    Item,
    among_all,
    in_random_order,
    queue,
    wants,
    with_control,
)

ASKED = ["empty-answer", "unclosed-code", "exact-duplicate", "contradiction"]
RECORDS = [
    *({"instruction": f"What is {n} plus one?", "output": f"It is {n + 1}."} for n in range(30)),
    *({"instruction": f"{n}の次の数は何ですか。", "output": f"{n + 1}です。"} for n in range(30)),
    {"instruction": "Say hello.", "output": "", "label": "chat"},
    {"instruction": "はいと言ってください。", "output": "", "label": "雑談"},
    {"instruction": "Name a colour.", "output": "Blue is a colour of the sky."},
    {"instruction": "Name a colour.", "output": "Blue is a colour of the sky."},
    {"instruction": "Write a loop for me, please.", "output": "This is the loop:\n```python\nfor i in range(3):"},
    {"instruction": "ループを書いてください。", "output": "次のとおりです。\n```python\nfor i in range(3):"},
    {"instruction": "首都は？", "output": "東京です。"},
    {"instruction": "首都は？", "output": "大阪です。"},
]  # fmt: skip


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return audit(RECORDS, workspace=tmp_path_factory.mktemp("ws") / ".curate", only=ASKED)


def checks(items: list[Item]) -> list[str]:
    return [check for item in items for names in item.checks.values() for check in names]


def test_the_worst_come_first(report: Report) -> None:
    found = checks(queue(report, control_share=0))
    severe = dict(report.findings.select("check", "severity").unique().iter_rows())
    ranks = [("error", "warn", "info").index(severe[check]) for check in found]
    assert ranks == sorted(ranks)
    assert set(found) == set(ASKED)


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_has_every_record_with_a_finding_once(report: Report, order: str) -> None:
    items = queue(report, order, control_share=0)
    asked = [record for item in items for record, names in item.checks.items() if names]
    assert sorted(asked) == sorted(report.findings["record_id"].drop_nulls().unique())
    assert {item.ordered_by for item in items} == {order}


def test_the_order_of_checks_and_of_places(report: Report) -> None:
    assert checks(queue(report, "check", control_share=0)) == sorted(
        checks(queue(report, control_share=0))
    )
    lines = dict(report.findings.select("record_id", "line").unique().iter_rows())
    oldest = [lines[next(iter(item.checks))] for item in queue(report, "oldest", control_share=0)]
    assert oldest == sorted(oldest)


def test_an_unknown_order_names_the_nearest(report: Report) -> None:
    with pytest.raises(BadSetting, match="did you mean 'severity'"):
        queue(report, "severty")


@pytest.mark.parametrize(
    ("filters", "n"),
    [
        (Filters(check=("empty-answer",)), 2),
        (Filters(check=("empty-answer", "unclosed-code")), 4),
        (Filters(check=("unclosed-code",), language=("ja",)), 1),
        (Filters(label=("雑談",)), 1),
        (Filters(reviewer=("mika",)), 0),
    ],
)
def test_filters(report: Report, filters: Filters, n: int) -> None:
    items = queue(report, filters=filters)
    assert len(items) == n
    assert all(item.drawn is None for item in items)


def test_the_languages_that_are_offered_are_those_of_the_answers(tmp_path: Path) -> None:
    said = (
        "La bibliothèque ouvre à neuf heures du matin.",
        "도서관은 아침 아홉 시에 문을 엽니다.",
        "...",
    )
    told = [{"instruction": f"Say {n}.", "output": f"{one}\n```\n1"} for n, one in enumerate(said)]
    report = audit(told, workspace=tmp_path / ".curate", only=["unclosed-code"])
    assert len(report.findings["record_id"].drop_nulls().unique()) == 3
    assert spoken(report) == ["en", "ja", "fr", "ko", "unknown"]
    assert len(queue(report, filters=Filters(language=("fr",)), control_share=0)) == 1


def test_a_filter_that_nothing_can_pass_is_refused(report: Report) -> None:
    with pytest.raises(BadSetting, match="did you mean 'empty-answer'"):
        queue(report, filters=Filters(check=("empty-anser",)))


def test_contradicting_answers_are_one_item_with_all_its_records(report: Report) -> None:
    [item] = queue(report, filters=Filters(check=("contradiction",)))
    assert len(item.members) == 2
    assert (len(item.checks), len(item.peers)) == (1, 1)


def test_the_control_share_is_drawn_from_all_records(report: Report) -> None:
    items = queue(report, control_share=0.25)
    drawn = [item for item in items if item.drawn]
    assert {item.ordered_by for item in drawn} == {CONTROL}
    assert len(drawn) == round(len(queue(report, control_share=0)) * 0.25 / 0.75)
    ids = [i for frame in report.snapshot.frames(["record_id"]) for i in frame["record_id"]]
    assert [item.drawn for item in drawn] == in_random_order(set(ids))[: len(drawn)]
    assert any(not item.checks for item in drawn)  # most records have no finding at all


IDS = st.lists(st.text("abcdef", min_size=4, max_size=8), unique=True, max_size=40)


@given(found=IDS, drawn=IDS, share=st.floats(0.02, 0.5))
def test_mixing_in_loses_nothing_and_shows_nothing_twice(
    found: list[str], drawn: list[str], share: float
) -> None:
    items = [Item(one, {one: ("c",)}) for one in found]
    mixed = with_control(items, drawn, share)
    assert sorted(item.key for item in mixed) == sorted({*found, *drawn})
    assert [item.drawn for item in mixed if item.drawn] == drawn
    rest = [item.key for item in mixed if item.drawn is None]
    assert rest == [one for one in found if one not in drawn]


@given(ids=IDS.filter(bool), drawn=st.randoms(use_true_random=False), share=st.floats(0.02, 0.5))
def test_where_every_record_is_there_mixing_in_loses_nothing_and_shows_nothing_twice(
    ids: list[str], drawn: random.Random, share: float
) -> None:
    pairs = [Item(one, {one: ("c",)}, (f"{one} too",)) for one in ids[: len(ids) // 2]]
    items = [*pairs, *(Item(one, {one: ()}) for one in ids[len(ids) // 2 :])]
    every = [record for item in items for record in item.members]
    drawn.shuffle(every)
    mixed = among_all(items, every, share)
    assert sorted(item.key for item in mixed) == sorted(ids)
    own = [item.key for item in mixed if item.drawn is None]
    assert own == [one for one in ids if one in own]
    shown = [item.drawn for item in mixed if item.drawn]
    assert shown == [one for one in every if one in shown]


def test_a_drawn_record_never_waits_longer_than_its_own_place() -> None:
    items = [Item(one, {one: ()}) for one in "abcdefghij"]
    mixed = among_all(items, "jaihgfedcb", 0.5)
    assert "".join(item.key for item in mixed) == "ajbichdgef"
    assert [item.drawn for item in mixed] == [None, "j", None, "i", None, "h", None, "g", None, "f"]


def test_best_has_every_record_once_and_asks_a_person_about_those_without_findings(
    report: Report,
) -> None:
    items = queue(report, "best", control_share=0)
    ids = {i for frame in report.snapshot.frames(["record_id"]) for i in frame["record_id"]}
    assert sorted(one for item in items for one in item.members) == sorted(ids)
    silent = [item for item in items if not any(item.checks.values())]
    assert len(silent) == len(ids) - len(set(report.findings["record_id"])) - 1  # a side of a pair
    assert all(item.records == (item.key,) and item.asked_of(item.key) == () for item in silent)
    mixed = queue(report, "best", control_share=0.1)
    assert sorted(item.key for item in mixed) == sorted(item.key for item in items)
    assert {item.ordered_by for item in mixed} == {"best", CONTROL}


def test_best_begins_with_what_checks_found_where_nothing_else_is_known(report: Report) -> None:
    first = queue(report, "best", control_share=0)[:8]
    assert sum(any(item.checks.values()) for item in first) >= 5


def test_failures_stand_in_best_by_the_chance_that_data_caused_them(report: Report) -> None:
    chances = {"failure-a": 0.02, "failure-b": 0.9, "failure-c": 0.4}
    failing = [Failing(key, key, FAILED, "data.jsonl", 1, "error") for key in chances]
    known = untaught(report)
    best = replace(known, signals=replace(known.signals, failing=chances))
    order = [one.key for one in queue(report, "best", control_share=0, failing=failing, best=best)]
    places = {key: order.index(key) for key in chances}
    assert places["failure-b"] < places["failure-c"] < places["failure-a"]
    assert places["failure-b"] <= 5
    assert places["failure-a"] > 10


def test_a_filter_on_best_leaves_records_without_findings_out_or_in(report: Report) -> None:
    named = queue(report, "best", Filters(check=("empty-answer",)))
    assert sorted(checks(named)) == ["empty-answer", "empty-answer"]
    spoken = queue(report, "best", Filters(language=("ja",)))
    assert sum(not any(item.checks.values()) for item in spoken) >= 25


@given(ids=IDS, more=IDS)
def test_the_draw_stays_when_records_are_added(ids: list[str], more: list[str]) -> None:
    before = in_random_order(set(ids))
    after = in_random_order({*ids, *more})
    assert [one for one in after if one in ids] == before


def test_about_the_share_is_asked_of_two_people() -> None:
    two = sum(wants(f"{n:032x}", 0.3) == 2 for n in range(2000))
    assert 500 < two < 700
    assert {wants(f"{n}", 0.0) for n in range(99)} == {1}
    assert {wants(f"{n}", 1.0) for n in range(99)} == {2}


def test_clusters_join_what_findings_name_together() -> None:
    def finding(record: str, evidence: str) -> dict[str, object]:
        return {"record_id": record, "check": "near-duplicate", "evidence": evidence}

    found = pl.DataFrame(
        [
            finding("b", '{"kept":{"record_id":"a"},"peers":[{"record_id":"c"}]}'),
            finding("d", '{"answers":[{"record_id":"d"},{"record_id":"e"}]}'),
            finding("f", '{"kept":{"record_id":"f"}}'),
        ],
        schema=SCHEMA,
    )
    groups = clusters(found)
    assert groups["c"] == groups["a"] == ("a", "b", "c")
    assert groups["e"] == ("d", "e")
    assert "f" not in groups
