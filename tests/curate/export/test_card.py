"""The card: what a person must know, in one language, with nothing in it that runs."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from ruamel.yaml import YAML

from curate.audit import audit
from curate.export.approve import Approved
from curate.export.card import code
from curate.review import open_review, policy
from curate.workspace import Workspace
from tests.curate.export.desk import EMPTY, RECORDS, approved, id_at, opened, says

EVIL = "![x](http://127.0.0.1/x.png) <img src=x> `a` | b"


def text(done: Approved) -> str:
    assert done.path is not None
    return (done.path / "README.md").read_text(encoding="utf-8")


def test_it_tells_what_was_decided_and_what_was_not(tmp_path: Path) -> None:
    review = opened(tmp_path)
    policy.decide(review, "exact-duplicate", "survivor", "hana")
    for who in ("mika", "太郎"):
        says(review, id_at(review, 2), "keep", who=who)
    said = text(approved(review, licence="cc-by-4.0"))
    front = YAML(typ="safe").load(said.split("---")[1])
    assert front["license"] == "cc-by-4.0"
    assert {one["split"]: one["path"] for one in front["configs"][0]["data_files"]}["train"] == (
        "train.parquet"
    )
    assert "| dropped | 1 |" in said
    assert "Persons who decided: 2" in said
    assert "| `exact-duplicate: survivor` | 1 |" in said
    assert "agreement: 100.0% (20.7% to 100.0%) over 1 records" in said
    assert "| `empty-answer` | 1 |" in said
    assert "`secret`: " in said  # a check that was not asked
    assert "太郎" not in said
    assert "mika" not in said
    says(review, id_at(review, EMPTY), "drop")
    assert "No error is left undecided." in text(approved(review))


@pytest.mark.parametrize("locale", ["en", "ja"])
def test_it_mixes_no_languages(tmp_path: Path, locale: str) -> None:
    said = text(approved(opened(tmp_path), locale=locale))
    headings = [line for line in said.splitlines() if line.startswith("#")]
    japanese = [any(ord(char) > 0x3000 for char in line) for line in headings]
    assert set(japanese) == {locale == "ja"}
    assert len(headings) >= 7


def test_what_was_said_of_all_the_data_is_in_the_language_of_the_card(tmp_path: Path) -> None:
    where = tmp_path / ".curate"
    rare = {"instruction": "Write one line.", "output": "Snow again.", "category": "poetry"}
    common = [{**one, "category": "travel"} for one in RECORDS * 4]
    audit([*common, rare], workspace=where, only=["class-imbalance", "empty-answer"])
    review = open_review(Workspace(where))
    assert "fewer than" in text(approved(review))
    said = text(approved(review, locale="ja"))
    assert not re.search(r"`[^`]*(fewer than|times the records)", said)


def test_nothing_from_the_data_is_markup(tmp_path: Path) -> None:
    records = [
        {"instruction": f"Item {n}?", "output": f"It is {n}.", "category": EVIL} for n in range(9)
    ]
    said = text(approved(opened(tmp_path, records), licence="x\n---\nevil: 1"))
    assert code(EVIL) in said
    assert EVIL not in said.replace(code(EVIL), "")
    assert "evil" not in YAML(typ="safe").load(said.split("\n---\n")[0].removeprefix("---"))
    assert code(EVIL) == "`` ![x](http://127.0.0.1/x.png) <img src=x> `a` ¦ b ``"


WARNED = [
    {"instruction": "Name a colour.", "output": "Blue is a colour."},
    {"instruction": "Name a colour.", "output": "Blue is a colour."},
    {"instruction": "Where is Nara?", "output": "In Japan."},
    {"instruction": "Where is Nara?", "output": "It is in Peru, near Lima."},
]


def test_warnings_that_nobody_reviewed_are_counted(tmp_path: Path) -> None:
    review = opened(tmp_path, [*RECORDS[:14], *WARNED])
    found = review.report.findings.filter(pl.col("severity") != "error")
    kinds = {severity: frame for (severity,), frame in found.group_by("severity")}
    assert kinds
    done = approved(review)
    assert done.manifest is not None
    told = done.manifest["unreviewed"]
    for severity, frame in kinds.items():
        counted = frame.select("record_id", "source", "line", "check").unique()
        assert told[severity] == dict(counted["check"].value_counts().iter_rows())
        assert "that nobody has reviewed" in text(done)
        for check, n in told[severity].items():
            assert f"| `{check}` | {n} |" in text(done)
    for record_id in set(found["record_id"]):
        says(review, str(record_id), "keep")
    done = approved(review)
    assert done.manifest is not None
    assert done.manifest["unreviewed"] == {"warn": {}, "info": {}}
    assert "that nobody has reviewed" not in text(done)


def test_a_policy_answers_its_own_check(tmp_path: Path) -> None:
    review = opened(tmp_path, [*RECORDS[:14], *WARNED])
    before = approved(review).manifest["unreviewed"]["warn"]  # type: ignore[index]
    policy.decide(review, "exact-duplicate", "all", "hana")
    after = approved(review).manifest["unreviewed"]["warn"]  # type: ignore[index]
    assert before.keys() - after.keys() == {"exact-duplicate"}


def test_overruled_votes_are_not_counted(tmp_path: Path) -> None:
    review = opened(tmp_path)
    says(review, id_at(review, 2), "keep")
    says(review, id_at(review, 2), "drop", who="太郎")
    assert "verdict of a person" not in text(approved(review))
    says(review, id_at(review, 2), "drop", who="hana", adjudicates=True)
    told = text(approved(review)).split("verdict of a person")[1].split("\n\n")[0]
    assert told.splitlines()[2:] == ["| drop | 1 |"]
