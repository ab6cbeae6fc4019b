"""Near the test set: what repeats one of its records nearly is found, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from curate.audit import audit
from curate.dedup.across import Near, near
from curate.dedup.sketch import Sketcher
from curate.engines import open_engine
from tests.curate.checks.test_near_duplicate import EN, JA, alpaca
from tests.making import record, records


def found(data: list[dict[str, Any]], others: pl.DataFrame, where: Path, **how: Any) -> Near:
    snapshot = audit(data, workspace=where, only=["empty-answer"]).snapshot
    with open_engine("local", how.pop("workers", 1)) as engine:
        return near(snapshot, others, engine, Sketcher(), 0.8, how.get("answers", ()))


@pytest.mark.parametrize(
    ("text", "changed"), [(EN, EN.replace("keep", "hold")), (JA, JA.replace("守り", "護り"))]
)
def test_prompts_and_pairs_near_one_of_the_others(text: str, changed: str, tmp_path: Path) -> None:
    data = [alpaca("Hi", "Hello"), alpaca(changed, "B"), alpaca("Why so?", changed)]
    others = records(record(text, "A"), record("Why?", text), record("Hello?", "Hi"))
    prompts = found(data, others, tmp_path)
    assert (prompts.records.tolist(), prompts.others.tolist()) == ([1], [0])
    assert 0.8 <= prompts.similarity[0] < 1
    pairs = found(data, others, tmp_path, answers=("answer",))
    assert {(1, 0), (2, 1)} <= {*zip(pairs.records.tolist(), pairs.others.tolist(), strict=True)}
    assert 0 not in pairs.records


def test_two_questions_on_one_text_are_not_near(tmp_path: Path) -> None:
    data = [alpaca("Who were the first owners of the boats?", "A", input=EN)]
    others = records(record("Which streets lead to the market hall?", "B", input=EN))
    assert len(found(data, others, tmp_path).records) == 0


def test_workers_and_several_parts_do_not_matter(tmp_path: Path) -> None:
    data = [alpaca(f"Number {n}: {EN}", "A") for n in range(5)]
    others = records(*(record(f"Number {n + 3}: {EN}", "B") for n in range(5)))
    one = found(data, others, tmp_path)
    two = found(data, others, tmp_path, workers=2)
    assert one.records.tolist() == two.records.tolist()
    assert len(one.records) == 25


def test_nothing_on_either_side(tmp_path: Path) -> None:
    assert len(found([alpaca("", "a")], records(record(EN, "A")), tmp_path).records) == 0
    assert len(found([alpaca(EN, "a")], records(record(EN, "A")).clear(), tmp_path).records) == 0
