"""class-imbalance: even classes first, then uneven ones."""

from __future__ import annotations

from typing import Any

import pytest

from curate.check import Weighed, ask
from curate.checks.class_imbalance import CHECK, collect_next, effective, judge, measure, weigh
from curate.locale import sentence, translator
from tests.making import record, records


def labelled(column: str = "label", **counts: int) -> list[dict[str, Any]]:
    return [record(**{column: name}) for name, n in counts.items() for _ in range(n)]


def asked(prompts: dict[str, int]) -> list[dict[str, Any]]:
    return [record(prompt) for prompt, n in prompts.items() for _ in range(n)]


def weighed(made: list[dict[str, Any]], **params: Any) -> Weighed:
    settings = {**CHECK.params, **params}
    return weigh(measure(records(*made), settings), settings)


CLEAN = [
    labelled(good=100, bad=90),
    labelled(column="category", 質問=78, 要約=2),
    labelled(one=3, two=3),
    asked({"Write a poem.": 30, "Translate it.": 1}),
    asked({"詩を書いてください。": 30, "翻訳してください。": 1}),
    asked({"Write a poem.": 900, "Translate it.": 1}),  # of one record nobody infers a class
    asked({"詩を書いてください。": 400, "英訳してください。": 9, "要約してください。": 11}),
]


@pytest.mark.parametrize("made", CLEAN, ids=range(len(CLEAN)))
def test_clean(made: list[dict[str, Any]]) -> None:
    assert [hit.severity for hit in weighed(made).on_dataset if hit.score is not None] == []


def test_one_class_has_forty_times_another() -> None:
    [(row, hit)] = ask(CHECK, records(*labelled(肯定=400, 否定=10)))
    assert row == -1
    assert hit.severity is None
    assert hit.message == "肯定 has 40 times the records of 否定 (400 against 10)"
    assert hit.evidence["column"] == "label"
    assert hit.evidence["collect_next"] == [["否定", 390]]


@pytest.mark.parametrize(
    ("many", "few"),
    [("Write a poem.", "Translate it."), ("詩を書いてください。", "英語に翻訳してください。")],
)
def test_inferred_classes_are_only_info_and_say_so(many: str, few: str) -> None:
    result = weighed(asked({many: 400, few: 10}))
    assert result.measures["inferred"] is True
    [hit] = result.on_dataset
    assert hit.severity == "info"
    assert "inferred from the prompts, write has 40 times the records of translate" in hit.message
    evidence = {"says": hit.says, "args": dict(hit.args), **hit.evidence}
    assert "「文章作成」は「翻訳」" in sentence(translator("ja"), evidence, hit.message)


def test_what_kind_is_unknown_is_counted_but_not_compared() -> None:
    result = weighed(asked({"Hmm.": 500, "Write a poem.": 5, "Translate it.": 5}))
    assert result.on_dataset == ()
    assert result.measures["classes"] == [["translate", 5], ["write", 5]]
    assert result.measures["without"] == 500
    assert result.measures["effective_classes"] == pytest.approx(2)


def test_a_class_that_people_call_other_is_one_like_any() -> None:
    measures = weighed(labelled(other=30, one=10)).measures
    assert measures["classes"] == [["other", 30], ["one", 10]]
    assert measures["without"] == 0


def test_rare_classes_are_told() -> None:
    hits = weighed(labelled(a=60, b=50, c=9, d=3)).on_dataset
    assert [hit.message for hit in hits] == [
        "2 classes have fewer than 10 records; the smallest is d with 3"
    ]


def test_the_measures_are_complete() -> None:
    measures = weighed([*labelled(a=6, b=2), record()]).measures
    assert measures["classes"] == [["a", 6], ["b", 2]]
    assert measures["without"] == 1
    assert measures["largest_share"] == 0.75
    assert measures["ratio"] == 3
    assert judge(measures, {"ratio": 3, "min_records": 1})
    assert not judge(measures, {"ratio": 3.1, "min_records": 1})


def test_equal_counts_stand_in_one_order() -> None:
    forward = weighed(labelled(a=5, b=5, c=9)).measures["classes"]
    assert forward == weighed(labelled(c=9, b=5, a=5)).measures["classes"]


def test_nothing_to_compare() -> None:
    assert weighed(asked({"Hmm.": 9})).skipped == "there are no two classes to compare"


@pytest.mark.parametrize(("counts", "wanted"), [([5, 5, 5, 5], 4.0), ([7], 1.0), ([99, 1], 1.06)])
def test_effective_classes(counts: list[int], wanted: float) -> None:
    assert effective(counts) == pytest.approx(wanted, abs=0.005)


def test_collect_up_to_the_size_of_the_middle_class() -> None:
    assert collect_next([("a", 90), ("b", 40), ("c", 10)]) == [["c", 30]]
    assert collect_next([("a", 90), ("b", 40), ("c", 10), ("d", 5)]) == [["d", 35], ["c", 30]]
    assert collect_next([("a", 90), ("b", 5)]) == [["b", 85]]
    assert collect_next([("a", 5), ("b", 5)]) == []
