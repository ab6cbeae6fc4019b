"""Charts: numbers in, places in percent out; a measure that is missing is no chart."""

from __future__ import annotations

from typing import Any

import pytest

from curate.locale import translator
from curate.show.charts import charts
from tests.fake_report import check, empty, finding, record, report
from tests.realistic_report import realistic

T = translator("en")


def drawn(measures: dict[str, Any], **settings: Any) -> list[dict[str, Any]]:
    made = empty()
    made.document |= {"measures": measures, "settings": settings}
    return charts(made, T)


def by_title(made: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {chart["title"]: chart for chart in made}


def test_every_measure_of_a_full_audit_is_drawn() -> None:
    kinds = [chart["kind"] for chart in charts(realistic(), T)]
    assert kinds == ["histogram"] * 2 + ["bars"] * 5 + ["shares", "columns"]


@pytest.mark.parametrize(
    "measures",
    [
        {},
        {"length-outliers": {}},
        {"length-outliers": {"prompt": None}},
        {"length-outliers": {"prompt": {"edges": [0, 1], "counts": [0]}}},
        {"length-outliers": {"prompt": {"edges": [], "counts": []}}},
        {"unexpected-language": {"answers": {}}},
        {"class-imbalance": {"classes": []}},
        {"source-mix": {"source": {"count": 1, "sources": [["one.jsonl", 5, 1.0, 80]]}}},
        {"refusal-share": {"skipped": "there is nothing to count"}},
        {"a-check-of-tomorrow": {"sizes": 3}},
    ],
)
def test_what_was_not_measured_is_not_drawn(measures: dict[str, Any]) -> None:
    assert drawn(measures) == []


def test_bars_beyond_the_twelfth_are_counted_together() -> None:
    counts = [[f"c{n:02}", 100 - n] for n in range(40)]
    [chart] = drawn({"class-imbalance": {"classes": counts}})
    assert len(chart["bars"]) == 12
    assert chart["bars"][0]["width"] == 100
    assert chart["others"]["classes"] == 28
    shown = sum(bar["count"] for bar in chart["bars"]) + chart["others"]["count"]
    assert shown == sum(100 - n for n in range(40))
    assert sum(bar["share"] for bar in chart["bars"]) + chart["others"]["share"] == pytest.approx(1)


def test_shares_and_their_band_lie_on_one_scale() -> None:
    chart = by_title(charts(realistic(), T))["Share of refusals"]
    left, width, low, high = chart["band"]
    assert (left, low, high) == (0, 0.0, 0.05)
    general = next(row for row in chart["rows"] if row["name"] == "general")
    assert general["at"] == pytest.approx(left + width)  # 5 % lies at the end of the band
    assert all(0 <= row["low"] <= row["at"] <= row["high"] <= 100 for row in chart["rows"])
    assert chart["rows"][0]["name"] == "All records"


SHARE = {"total": 100, "refusals": 0, "share": 0.0, "interval": [0.0, 0.04], "categories": []}


def test_the_band_is_that_of_the_check_and_settings_move_it() -> None:
    [usual] = drawn({"refusal-share": SHARE})
    assert usual["band"][2:] == (0.0, 0.05)
    moved = {"refusal-share": {"floor": 0.02, "expected": 0.08}}
    [chart] = drawn({"refusal-share": SHARE}, **moved)
    left, width, *_ = chart["band"]
    assert left > 0
    assert width == pytest.approx(3 * left)


def test_inferred_kinds_are_said_to_be_inferred_and_translated() -> None:
    measured = {"classes": [["summarize", 9], ["other", 3]], "inferred": True, "column": "inferred"}
    made = empty()
    made.document["measures"] = {"class-imbalance": measured}
    [chart] = charts(made, translator("ja"))
    assert chart["title"] == "プロンプトから推定した課題の種類"
    assert [bar["name"] for bar in chart["bars"]] == ["要約", "その他"]


def test_what_to_collect_next_is_said() -> None:
    chart = by_title(charts(realistic(), T))["Classes"]
    assert chart["legend"] == [
        "largest to smallest 38 to 1; as mixed as 6.4 equal classes",
        "to collect next: 要約 +1,324, security +770",
    ]


def test_records_in_no_class_are_said() -> None:
    [chart] = drawn({"class-imbalance": {"classes": [["list", 2], ["write", 1]], "without": 1200}})
    assert chart["legend"] == ["in no class: 1,200 records"]


def test_marks_lie_among_the_bins() -> None:
    spread = {
        "edges": [0, 10, 100, 1000],
        "counts": [1, 2, 1],
        "median": 55.0,
        "p95": 1000.0,
        "max": 1000,
    }
    [chart] = drawn({"length-outliers": {"answer": spread}})
    assert [place for _, _, place in chart["marks"]] == [pytest.approx(50), pytest.approx(100)]
    assert [tall for *_, tall in chart["bins"]] == [50, 100, 50]


def test_empty_ends_are_left_out_and_the_last_bin_may_be_open() -> None:
    spread = {"edges": [0, 1, 10, 100], "counts": [0, 3, 0, 2], "median": 4, "p95": 900, "max": 950}
    [chart] = drawn({"length-outliers": {"answer": spread}})
    assert [(low, count) for low, _, count, _ in chart["bins"]] == [(1, 3), (10, 0), (100, 2)]
    assert [low for low, _ in chart["ticks"]] == [1, 10, 100]
    assert [place for *_, place in chart["marks"]][1] == pytest.approx(200 / 3)


def test_cluster_sizes_are_gathered() -> None:
    sizes = {2: 5, 3: 1, 7: 2, 10: 1, 400: 1}
    copies = [size for size, groups in sizes.items() for _ in range(groups * (size - 1))]
    one = record(line=1)
    says = "{size} copies in all"
    found = [
        finding(one, "exact-duplicate", "warn", says, args={"size": n}, evidence={"size": n})
        for n in copies
    ]
    [chart] = charts(report([one], found, [check("exact-duplicate", "pairs", "again")]), T)
    columns = {name: count for name, count, _ in chart["columns"]}
    assert columns == {
        "2": 5, "3": 1, "4": 0, "5": 0, "6–10": 3, "11–20": 0, "21–50": 0, "51–100": 0, "101+": 1,
    }  # fmt: skip
    assert (chart["groups"], chart["largest"]) == (10, 400)


def test_near_duplicates_are_counted_by_the_check_itself() -> None:
    [chart] = drawn({"near-duplicate": {"sizes": {"2": 7, "12": 1}}})
    assert (chart["groups"], chart["largest"]) == (8, 12)


def test_a_tiny_category_has_no_interval() -> None:
    categories = [["poetry", 1, 0, 0.0, 0.0, 0.79], ["json", 24, 0, 0.0, 0.0, 0.14]]
    [chart] = drawn({"refusal-share": {**SHARE, "categories": categories}})
    assert [row["few"] for row in chart["rows"]] == [False, True, False]
    assert chart["few"] == 20
    [usual] = drawn({"refusal-share": SHARE})
    assert usual["few"] is None


def test_a_logarithmic_axis_says_so() -> None:
    spread = {"edges": [0, 1, 10], "counts": [0, 3, 1], "median": 4, "p95": 9, "max": 9}
    [chart] = drawn({"length-outliers": {"answer": spread}})
    assert chart["note"] == "characters, on a logarithmic scale"
