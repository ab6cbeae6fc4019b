"""Failures: what a run answers wrongly, or how failures would get here."""

from __future__ import annotations

from curate.store import failures as kept
from curate.store.failures import Failure, Run
from review_app.desk import Desk
from tests.review_app.conftest import draw

RUN = Run("r" * 32, "20261121-1200", "a" * 32)
NEAR = {"record_id": "c" * 32, "first_id": "c" * 32, "prompt": "Six or seven?", "answer": "6",
        "score": 0.81}  # fmt: skip
FAILURES = [
    Failure(
        RUN.run_id, "a" * 32, "a" * 32, "data.jsonl", 7, "warn", ("wrong-value",), ("c" * 32,),
        {"prompt": "What is six plus one?", "answer": "It is 6.", "reference": "It is 7.",
         "baseline_answer": "Six?", "evidence": {"value": 6}, "near": {"prompt": [NEAR]}},
    ),
    Failure(
        RUN.run_id, "b" * 32, "b" * 32, "data.jsonl", 9, "error", ("refusal-mismatch", "wrong-language"), (),
        {"prompt": "首都は？", "answer": "I cannot <b>say</b>.", "reference": "東京です。",
         "baseline_answer": None, "evidence": None},
    ),
]  # fmt: skip


def take_in(desk: Desk, found: list[Failure]) -> None:
    store = desk.review.store
    store.write(lambda on: kept.take_in(store, on, RUN, found))


def test_without_a_run_it_says_how_failures_get_here(desk: Desk) -> None:
    at = draw("failures", desk)
    assert at.caption[0].value.startswith("No run has been taken in yet.")
    assert at.code[0].value == "curate export\ntrain run\ncurate intake RUN"


def test_the_worst_failure_comes_first_beside_its_reference(desk: Desk) -> None:
    take_in(desk, FAILURES)
    at = draw("failures", desk)
    assert at.selectbox[0].options[0].startswith("20261121-1200 · ")
    assert list(at.dataframe[0].value["Why"]) == [
        "of answer and reference only one refuses, the answer is in another language than the "
        "reference",
        "the answer states another value than the reference",
    ]
    shown = {one.value for one in at.code}
    assert {"首都は？", "東京です。", "I cannot <b>say</b>."} <= shown


def test_the_training_records_beside_it_are_named(desk: Desk) -> None:
    take_in(desk, FAILURES[:1])
    [_, near] = draw("failures", desk).dataframe
    assert list(near.value["Training record"]) == ["c" * 32]
    assert list(near.value["Nearest by"]) == ["like the prompt"]


def test_a_run_without_failures_says_so(desk: Desk) -> None:
    take_in(desk, [])
    assert draw("failures", desk).caption[0].value == "This run answered every record well."
