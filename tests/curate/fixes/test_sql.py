"""sql: one layout and case, the same tree; what cannot be proved is left and named."""

from __future__ import annotations

import pytest

from curate.fix import Rewritten
from curate.fixes.sql import FIX

LINES = {"layout": "several lines", "keywords": "SELECT", "dialect": ""}
KEPT = [
    "Select the best option.",
    "```python\nselect 1\n```",
    "SELECT a\nFROM t;",
    "選択してください",
]
CHANGED = [
    ("select a from t;", "SELECT a\nFROM t;"),
    (
        "例:\n```sql\nselect 名前 from 社員\n```\n以上",
        "例:\n```sql\nSELECT 名前\nFROM 社員\n```\n以上",
    ),
]
LEFT = [
    ("SELECT a FROM {t}", "the SQL holds placeholders"),
    ("SELECT a -- why\nFROM t", "the SQL holds comments"),
    ("SELECT COUNT(* FROM t", "the SQL does not parse"),
    ("```sql\nVACUUM FULL t\n```", "the parser does not know this kind of SQL statement"),
]


@pytest.mark.parametrize("text", KEPT)
def test_kept(text: str) -> None:
    assert FIX.rewrite(text, {}, LINES) == Rewritten(text)


@pytest.mark.parametrize(("text", "after"), CHANGED)
def test_changed(text: str, after: str) -> None:
    assert FIX.rewrite(text, {}, LINES) == Rewritten(after, ("layout",))


@pytest.mark.parametrize(("text", "why"), LEFT)
def test_left(text: str, why: str) -> None:
    assert FIX.rewrite(text, {}, LINES) == Rewritten(text, left=why)


def test_where_nobody_shows_a_style_only_what_is_known_changes() -> None:
    unknown = {"layout": None, "keywords": None, "dialect": ""}
    assert FIX.rewrite("select a\nFROM t", {}, unknown) == Rewritten("select a\nFROM t")


def test_a_set_dialect_is_the_one_that_reads() -> None:
    text = "select top 3 `a` from t"
    assert FIX.rewrite(text, {}, {**LINES, "dialect": "postgres"}).left == "the SQL does not parse"
