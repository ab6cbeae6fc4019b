"""Reviewers and servers are killed at random; each promise has a broken twin that is caught."""

from __future__ import annotations

import json

import pytest

from bench import stress_review
from bench.stress_review import COUNTS, SIZES
from bench.stress_twins import TWINS
from tests.contract.conftest import KINDS


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """A kind of store; each run starts a server of its own, where there is PostgreSQL at all."""
    if request.param == "postgresql":
        request.getfixturevalue("postgres_server")  # says so where it cannot be had
    return str(request.param)


@pytest.mark.parametrize("how", ["quick", pytest.param("usual", marks=pytest.mark.long)])
def test_nothing_is_lost_doubled_or_starved_under_kills(kind: str, how: str) -> None:
    size = SIZES[kind, how]
    found = stress_review.run(kind, size)
    assert found["kills"] == size.kills + size.server_kills
    assert found["decisions"] == size.records
    assert {what: found[what] for what in COUNTS} == dict.fromkeys(COUNTS, 0)


@pytest.mark.parametrize("broken", [pytest.param(None, id="whole"), *TWINS])
def test_a_twin_breaks_its_promise_and_no_other(
    kind: str, broken: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    twin = ["--broken", broken] if broken else []
    code = stress_review.main(["--store", kind, "--small", *twin])
    found = json.loads(capsys.readouterr().out)
    assert [what for what in COUNTS if found[what]] == ([broken] if broken else [])
    assert code == (1 if broken else 0)
