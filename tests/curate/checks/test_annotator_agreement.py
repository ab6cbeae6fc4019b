"""annotator-agreement: people who agree first, then people who do not."""

from __future__ import annotations

import random
from typing import Any

import orjson
import pytest

from curate.check import Weighed
from curate.checks.annotator_agreement import CHECK, measure, weigh
from tests.conftest import rows
from tests.making import record, records


def said(**labels: str) -> str:
    return orjson.dumps(labels).decode()


def weighed(*made: dict[str, Any]) -> Weighed:
    return weigh(measure(records(*made), CHECK.params), CHECK.params)


def wide(labels: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """One record with both labels each."""
    return [
        record(f"Question {n}?", annotations=said(アン=one, ボブ=other))
        for n, (one, other) in enumerate(labels)
    ]


def long(labels: list[tuple[str, str]], **same: str) -> list[dict[str, Any]]:
    """Two records with one label each; `same` says what they share besides the prompt."""
    made = []
    for n, pair in enumerate(labels):
        for who, label in zip("ab", pair, strict=True):
            fields = {name: f"{value}{n}" for name, value in same.items()}
            answer = fields.pop("answer", f"Answer to {who} of {n}.")
            made.append(
                record(f"Question {n}?", answer, annotations=said(**{who: label}), **fields)
            )
    return made


GOOD = [("良い", "良い")] * 20 + [("悪い", "悪い")] * 20 + [("良い", "悪い")] * 2
BAD = [("good", "good")] * 12 + [("bad", "bad")] * 12 + [("good", "bad")] * 12


def test_people_who_agree() -> None:
    result = weighed(*wide(GOOD))
    assert result.on_dataset == ()
    assert result.measures["items"] == 42
    assert result.measures["percent"] == pytest.approx(40 / 42)
    assert result.measures["alpha"] > 0.9


def test_people_who_do_not_agree() -> None:
    result = weighed(*wide(BAD))
    [hit] = result.on_dataset
    assert hit.score == result.measures["alpha"] < 0.70
    assert "below 0.7: the model cannot be expected to exceed that" in hit.message
    low, high = result.measures["interval"]
    assert low < result.measures["alpha"] < high
    [[one, other, items, percent, kappa]] = result.measures["pairs"]
    assert (one, other, items, percent) == ("アン", "ボブ", 36, pytest.approx(24 / 36))
    assert 0 < kappa < 0.7


@pytest.mark.parametrize("same", [{"answer": "The same "}, {"uid": "id-"}, {}])
def test_one_label_a_record_gives_the_same_figures(same: dict[str, str]) -> None:
    separate = weighed(*long(BAD, **same)).measures
    together = weighed(*wide(BAD)).measures
    for name in ("items", "percent", "alpha", "interval"):
        assert separate[name] == together[name]


@pytest.mark.parametrize("same", [{"uid": "id-"}, {}])
def test_where_the_label_is_the_answer_those_who_differ_count(same: dict[str, str]) -> None:
    made = [
        {**record(asked, label, annotations=said(**{who: label}), **uid), "label": label}
        for n, pair in enumerate(BAD)
        for who, label in zip("ab", pair, strict=True)
        for asked in ["どちら？" if same else f"{n} は良い？"]
        for uid in [{name: f"{value}{n}" for name, value in same.items()}]
    ]
    wanted = weighed(*wide(BAD)).measures
    measures = weighed(*made).measures
    assert (measures["items"], measures["percent"]) == (36, pytest.approx(24 / 36))
    assert measures["alpha"] == wanted["alpha"]


def test_texts_without_a_prompt_are_not_one_item() -> None:
    made = [record("", f"Text {n}.", annotations=said(**{who: "x"})) for n, who in enumerate("ab")]
    assert weighed(*made).skipped == "no record was labelled by two annotators"


def test_an_annotator_who_labels_one_item_twice_counts_once() -> None:
    twice = [record(annotations=said(a=label)) for label in ("x", "y")]
    assert weighed(*twice).skipped == "no record was labelled by two annotators"
    both = [*twice, record(annotations=said(b="y")), *wide(GOOD)]
    assert weighed(*both).measures["items"] == 43


def test_copies_of_a_record_that_carries_two_labels_are_items_of_their_own() -> None:
    made = [record(annotations=said(a="x", b=label)) for label in ("x", "y", "x")]
    assert weighed(*made).measures["items"] == 3


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ([record()], "no annotations"),
        ([record("A?", annotations=said(a="x"))], "no record was labelled by two annotators"),
        (
            [record("A?", annotations='{"花子":null}'), record("A?", annotations='{"b":null}')],
            "no column of labels is named; add --label COLUMN",
        ),
        (wide([("x", "x")] * 9), "all labels are the same"),
        (wide([(str(n), str(n + 1)) for n in range(300)]), "too many different labels"),
    ],
)
def test_where_nothing_can_be_said(made: list[dict[str, Any]], why: str) -> None:
    assert weighed(*made).skipped == why


def test_the_order_of_the_records_does_not_matter() -> None:
    made = long(BAD, answer="The same ")
    wanted = weighed(*made).measures
    random.Random(1).shuffle(made)
    assert weighed(*made).measures == wanted


def published(name: str, *columns: str) -> dict[str, Any]:
    made = [record(annotations=said(**{c: str(row[c]) for c in columns})) for row in rows(name)]
    return dict(weighed(*made).measures)


@pytest.mark.shared
@pytest.mark.usefixtures("shared")
def test_published_figures() -> None:
    pandalm = published("iaa_pandalm_en", "annotator1", "annotator2", "annotator3")
    kappas = [round(kappa, 3) for *_, kappa in pandalm["pairs"]]
    assert kappas == [0.852, 0.879, 0.862]
    xstest = published("refusal_xstest_en", "annotator_1", "annotator_2")
    assert round(xstest["percent"], 3) == 0.964
    assert round(xstest["pairs"][0][4], 3) == 0.937
