"""SQL laid out anew: what it looks like, and that it says the same."""

from __future__ import annotations

import gzip
from pathlib import Path

import orjson
import pytest
import sqlglot

from curate.content.sql_layout import Case, Layout, laid_out, marks
from curate.content.sql_text import COMMON, CannotTell, SqlFault

QUERY = (
    "select a, count(*) from t where x between 1 and 2 and y in (select q from u where q=1) "
    "or z is not null group by a order by a desc limit 3;"
)
PRETTY = """\
SELECT a, count(*)
FROM t
WHERE x BETWEEN 1 AND 2
  AND y IN (
    SELECT q
    FROM u
    WHERE q=1
  )
  OR z IS NOT NULL
GROUP BY a
ORDER BY a DESC
LIMIT 3;"""


def test_one_clause_a_line() -> None:
    assert laid_out(QUERY, "several lines", "SELECT", COMMON) == PRETTY


def test_all_on_one_line() -> None:
    assert laid_out(PRETTY, "one line", "select", COMMON) == QUERY


@pytest.mark.parametrize(
    ("text", "pretty"),
    [
        (
            "WITH c AS (SELECT 1), d AS (SELECT a FROM c) "
            "SELECT * FROM d LEFT OUTER JOIN e ON d.a=e.a",
            "WITH c AS (\n  SELECT 1\n), d AS (\n  SELECT a\n  FROM c\n)\nSELECT *\nFROM d\n"
            "LEFT OUTER JOIN e ON d.a=e.a",
        ),
        ("UPDATE t SET a=1, b=2 WHERE c=3", "UPDATE t\nSET a=1, b=2\nWHERE c=3"),
        ("DELETE FROM t WHERE a=1", "DELETE FROM t\nWHERE a=1"),
        (
            "INSERT INTO t (a, b) VALUES (1, 2), (3, 4)",
            "INSERT INTO t (a, b)\nVALUES (1, 2), (3, 4)",
        ),
        ("SELECT 1 UNION ALL SELECT 2; SELECT 3", "SELECT 1\nUNION ALL\nSELECT 2;\nSELECT 3"),
        (
            "SELECT EXTRACT(YEAR FROM d), LEFT(s, 2), SUM(a) OVER (ORDER BY b) FROM t",
            "SELECT EXTRACT(YEAR FROM d), LEFT(s, 2), SUM(a) OVER (ORDER BY b)\nFROM t",
        ),
        (
            "SELECT 名前 FROM 社員 WHERE 部署 = '営業 と 総務'",
            "SELECT 名前\nFROM 社員\nWHERE 部署 = '営業 と 総務'",
        ),
        ("CREATE TABLE t (\n  a INT,\n  b TEXT\n);", "CREATE TABLE t (\n  a INT,\n  b TEXT\n);"),
    ],
)
def test_shapes(text: str, pretty: str) -> None:
    assert laid_out(text, "several lines", "SELECT", COMMON) == pretty
    assert laid_out(pretty, "several lines", "SELECT", COMMON) == pretty


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("Select Name From Table1 Where a Like 'In'", "SELECT Name FROM Table1 WHERE a LIKE 'In'"),
        ("select Count(*), max(date) from table", "SELECT Count(*), max(date) FROM table"),
        ("create table t (a int primary key)", "CREATE TABLE t (a int PRIMARY KEY)"),
    ],
)  # fmt: skip
def test_only_keywords_change_their_case(text: str, spelt: str) -> None:
    assert laid_out(text, None, "SELECT", COMMON) == spelt


def test_what_sqlglot_would_rewrite_stays_as_written() -> None:
    text = "SELECT a::date, b != 1, IFNULL(c, 0), NOW() - INTERVAL '1 day', d IS NOT NULL FROM t"
    assert laid_out(text, "one line", "SELECT", COMMON) == text


@pytest.mark.parametrize(
    "text", ["SELECT a -- why\nFROM t", "SELECT /* all */ * FROM t", "SELECT 1 -- end"]
)
def test_comments_keep_their_place(text: str) -> None:
    with pytest.raises(CannotTell, match="the SQL holds comments"):
        laid_out(text, "one line", "SELECT", COMMON)


def test_what_does_not_parse_is_not_touched() -> None:
    with pytest.raises(SqlFault):
        laid_out("SELECT FROM WHERE", "one line", "SELECT", COMMON)


@pytest.mark.parametrize("case", ["SELECT", "select"])
@pytest.mark.parametrize("layout", ["one line", "several lines"])
def test_gold_queries_keep_tokens_and_tree(shared: Path, layout: Layout, case: Case) -> None:
    lines = gzip.decompress((shared / "instruct_sql_en.jsonl.gz").read_bytes()).splitlines()
    rows = [orjson.loads(line) for line in lines[::40]]
    for row in (row for row in rows if "{" not in row["output"]):
        text, dialect = row["output"], row["dialect"]
        new = laid_out(text, layout, case, (dialect,))
        assert marks(new, dialect) == marks(text, dialect)
        assert sqlglot.parse(new, read=dialect) == sqlglot.parse(text, read=dialect)
        assert laid_out(new, layout, case, (dialect,)) == new
        assert "".join(new.split()).lower() == "".join(text.split()).lower()
