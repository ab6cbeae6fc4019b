"""synthetic, and what the checks of its numbers share: records that people wrote, then made ones."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.check import Check, ask
from curate.checks import found
from curate.checks.synthetic import CHECK, NO_NUMBER, NOBODY
from curate.finding import Hit, Unsure
from curate.locale import catalogue
from tests.curate.checks.made_pairs import PAIRS, made
from tests.making import record, records

CHECKS = {check.name: check for check in found() if check.name.startswith("synthetic")}
FOREIGN: list[Any] = [
    True, "yes", "{", [], {}, {"numbers": {"copied": 0.9}}, {"authors": "me", "numbers": {}},
    {"authors": [], "numbers": None, "unmeasured": {}},
]  # fmt: skip


def skipped(check: Check, *rows: dict[str, Any]) -> str | None:
    assert check.measure is not None
    assert check.weigh is not None
    return check.weigh(check.measure(records(*rows), {}), {}).skipped


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_records_that_people_wrote_are_not_asked(check: Check) -> None:
    rows = [record(*PAIRS["en"]), record(*PAIRS["ja"], meta={"note": "synthetic copied authors"})]
    assert ask(check, records(*rows)) == []
    assert skipped(check, *rows) == NOBODY
    assert skipped(check, *rows, made()) is None


@pytest.mark.parametrize("told", FOREIGN, ids=str)
@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_a_column_of_ones_own_by_that_name_is_not_ours(check: Check, told: object) -> None:
    assert ask(check, records(record(meta={"synthetic": told}))) == []


@pytest.mark.parametrize("language", PAIRS)
def test_every_made_pair_waits_for_a_decision(language: str) -> None:
    [(_, hit)] = ask(CHECK, records(made(language)))
    assert isinstance(hit, Hit)
    assert "(smol)" in hit.message
    assert "smol" in catalogue("ja")[hit.says].format(**hit.args)
    assert hit.evidence["synthetic"]["parent"] == {"line": 3}


def test_as_a_table_holds_it() -> None:
    told = orjson.loads(made(copied=0.9)["meta"])["synthetic"]
    row = record(meta={"synthetic": orjson.dumps(told).decode()})
    assert [row for row, _ in ask(CHECK, records(row))] == [0]
    assert len(ask(CHECKS["synthetic-copied"], records(row))) == 1


def test_a_number_that_was_not_taken_says_why() -> None:
    one = orjson.loads(made()["meta"])
    del one["synthetic"]["numbers"]["likeness"]
    without = record(meta=one)
    assert ask(CHECKS["synthetic-unlike"], records(without)) == []
    assert skipped(CHECKS["synthetic-unlike"], without) == NO_NUMBER
    one["synthetic"]["unmeasured"] = {"likeness": "the server was gone"}
    [(_, said)] = ask(CHECKS["synthetic-unlike"], records(record(meta=one)))
    assert said == Unsure("the number was not measured: the server was gone")


@settings(deadline=None, max_examples=30)
@given(value=st.floats(0, 1), limit=st.floats(0, 1))
def test_a_limit_parts_the_numbers(value: float, limit: float) -> None:
    said = ask(CHECKS["synthetic-copied"], records(made(copied=value)), limit=limit)
    assert bool(said) == (value >= limit)
    said = ask(CHECKS["synthetic-unlike"], records(made(likeness=value)), limit=limit)
    assert bool(said) == (value < limit)
