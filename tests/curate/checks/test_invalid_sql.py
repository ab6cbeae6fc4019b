"""invalid-sql: sentences and sound queries of many dialects first, then broken ones."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from curate.check import ask
from curate.checks.invalid_sql import CHECK
from curate.errors import BadSetting
from curate.finding import Hit, Unsure
from curate.locale import catalogue
from tests.making import record, records

CLEAN = [
    "Select the best option from the list.",
    "Select all that apply from this list of fruits: apples, pears.",
    "With great power comes great responsibility.",
    "With technology advancing as (or faster than) ever, we adapt.",
    "Create a table with three columns.",
    "Create a database table that contains the following columns: name, height.",
    "Create an index card (blue) for each word.",
    "Update your resume, then set a goal.",
    "Update the settings: set volume = 3.",
    "Delete the file.",
    "Delete from your list whatever you do not need.",
    "Insert into the slot the coin you were given.",
    "Drop the ball.",
    "Merge Sort is more efficient than Bubble Sort.",
    "Replace the phrase.",
    "選択してください。",
    "SELECT * FROM t;",
    "select a, b from t where a = 1",
    "SELECT TOP 10 * FROM Orders ORDER BY value DESC;",
    "SELECT TOP 10 name, age, city, email, phone FROM users;",
    "SELECT `first name`, city, email, phone, zip, street FROM users;",
    "SELECT TOP 10 a FROM t WHERE note = 'all is well that ends well this time';",
    "SELECT * FROM `t` WHERE a = \"x\" LIMIT 5",
    "SELECT 名前, COUNT(*) FROM 社員 WHERE 部署 = '営業' GROUP BY 名前;",
    "WITH c AS (SELECT 1 AS x) SELECT x FROM c",
    "INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'y');",
    "UPDATE t SET a = 1 WHERE b = 2",
    "DELETE from Customers \nWHERE CustomerID = 119;",
    "CREATE TABLE t (a INT AUTO_INCREMENT PRIMARY KEY, b VARCHAR(10) NOT NULL);",
    "SELECT x::date, y->>'k' FROM t WHERE z ~ 'a' -- Postgres\n",
    "SELECT DATE_SUB(NOW(), INTERVAL 7 DAY), IFNULL(a, 0) FROM t",
    "SELECT a FROM t QUALIFY ROW_NUMBER() OVER (PARTITION BY a ORDER BY b) = 1",
    "SELECT a, SUM(b) FROM t GROUP BY a HAVING SUM(b) > 1 ORDER BY (SELECT 1 WHERE 1 = 1)",
    "SELECT a FROM t WHERE b = 1 UNION SELECT a FROM u WHERE c = 2 ORDER BY 1",
    "SELECT STRING_AGG(a, ',' ORDER BY a) FROM t WHERE b IN (SELECT c FROM d) GROUP BY e",
    "SELECT * FROM countries LIMIT 10;\n\nThis query will select all columns of the table.",
    "SELECT * FROM countries LIMIT 10;\n\nこのクエリは全ての列を選びます。",
    "SELECT * FROM t\n\nExplanation: the star means all columns; it's simple.",
    "Here you go:\n```sql\nSELECT 1;\n```\nand\n```\nSELECT a FROM b WHERE c = 'It''s';\n```",
    "```python\nselect * form\n```",
    "SELECT, INSERT, UPDATE.",
    "",
]  # fmt: skip


@pytest.mark.parametrize("answer", CLEAN)
def test_clean(answer: str) -> None:
    assert ask(CHECK, records(record(answer=answer))) == []


BAD = [
    ("SELECT COUNT(* FROM t", 1, 16, "FROM"),
    ("SELECT * FORM t", 1, 15, "t"),
    ("SELECT * \nFROM customer \nWHERE customer id >= 1000;", 3, 16, "id"),
    ("SELECT name FROM t WHERE", 1, 20, "WHERE"),
    ("SELECT 'never closed FROM t", 1, 8, "'"),
    ("SELECT a /* never closed FROM t", 1, 10, "/*"),
    ("INSERT INTO t (a, b) VALUES (1, 2", 1, 33, "2"),
    ("CREATE TABLE t (a INT b TEXT)", 1, 23, "b"),
    ("SELECT * FROM t WHERE city = ‘東京’;", 1, 30, "‘"),
    ("SELECT * FROM t ORDER BY x\nGROUP BY y", 2, 1, "GROUP BY"),
    ("SELECT a FROM t HAVING a > 1 WHERE b = 2", 1, 30, "WHERE"),
    ("```sql\nSELECT * FROM t WHERE a = = 1\n```", 2, 27, "="),
    ("次のクエリです。\n```sql\nSELECT COUNT(* FROM 社員\n```", 3, 16, "FROM"),
    ("```postgresql\nSELECT FROM WHERE\n```", 2, 13, "WHERE"),
    ("SELECT * FROM t WHERE name = 'x'.", 1, 33, "."),
]


@pytest.mark.parametrize(("answer", "line", "column", "at"), BAD)
def test_bad(answer: str, line: int, column: int, at: str) -> None:
    [(row, hit)] = ask(CHECK, records(record(answer=answer)))
    assert row == 0
    assert isinstance(hit, Hit)
    assert (hit.args["line"], hit.args["column"]) == (line, column)
    assert answer[hit.start : hit.end] == at


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("SELECT {a,b} FROM t", "the SQL holds {…} placeholders"),
        ("SELECT * FROM {{ table }}", "the SQL holds {…} placeholders"),
        ("SELECT * FROM <table name> WHERE", "the SQL holds blanks to be filled in"),
        ("SELECT a, ... FROM t", "the SQL holds blanks to be filled in"),
        ("SELECT a FROM (\nGO\n", "the SQL holds client commands, procedures or results"),
        ("DELIMITER //\nCREATE TABLE t (((", None),
        ("CREATE VIEW v AS\nVACUUM FULL everything", None),
        ("SELECT " + "a, " * 20_000 + "b FROM t", "the SQL is too long to be parsed"),
        ("SELECT " + "(" * 3000 + "1" + ")" * 3000, "the SQL nests too deeply to be parsed"),
    ],
)  # fmt: skip
def test_could_not_tell(answer: str, why: str | None) -> None:
    said = [one for _, one in ask(CHECK, records(record(answer=answer)))]
    assert not any(isinstance(one, Hit) for one in said)
    if why is not None:
        assert said == [Unsure(why)]
        assert why in catalogue("ja")


def test_braces_in_strings_are_no_placeholders() -> None:
    assert ask(CHECK, records(record(answer="SELECT '{\"a\": 1}' AS j FROM t"))) == []


def test_a_set_dialect_is_the_only_one() -> None:
    frame = records(record(answer="SELECT TOP 3 `a` FROM t"))
    assert len(ask(CHECK, frame, dialect="postgres")) == 1
    assert ask(CHECK, records(record(answer="SELECT a FROM t")), dialect="postgres") == []


def test_dialects_are_known_by_their_common_names() -> None:
    assert CHECK.prepare is not None
    assert CHECK.prepare({"dialect": ""}) == {}
    assert CHECK.prepare({"dialect": "PostgreSQL"}) == {"dialect": "postgres"}
    with pytest.raises(BadSetting, match="mysql"):
        CHECK.prepare({"dialect": "mysq"})


def test_the_parser_is_silent_and_its_logger_left_as_it_was(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        ask(CHECK, records(record(answer="```sql\nSHOW TABLES\n```")))
    assert caplog.records == []
    assert logging.getLogger("sqlglot").disabled is False


def test_the_parser_is_loaded_only_for_suspects() -> None:
    code = (
        "import sys; from curate.checks.invalid_sql import CHECK; from curate.check import ask\n"
        "from tests.making import record, records\n"
        "ask(CHECK, records(record(answer='Select the best option.')))\n"
        "assert 'sqlglot' not in sys.modules\n"
        "ask(CHECK, records(record(answer='SELECT 1')))\n"
        "assert 'sqlglot' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
