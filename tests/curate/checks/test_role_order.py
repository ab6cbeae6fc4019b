"""role-order: every conversation of up to five messages is either in order or named."""

from __future__ import annotations

import re
from itertools import product

import pytest

from curate.check import ask
from curate.checks.role_order import CHECK
from tests.making import record, records

CLEAN = ["ua", "sua", "uaua", "suauaua", "uata", "uatta", "uatata", "suatauaua"]
BAD = [
    ("su", "error", "the conversation ends with the user, in message 2"),
    ("uau", "error", "the conversation ends with the user, in message 3"),
    ("uat", "error", "the conversation ends with a tool's result, in message 3"),
    ("s", "error", "the conversation ends before anybody answers"),
    ("", "error", "the conversation ends before anybody answers"),
    ("a", "warn", "the assistant speaks before the user, in message 1"),
    ("saua", "warn", "the assistant speaks before the user, in message 2"),
    ("uasua", "warn", "message 3 is a system message, but not the first"),
    ("uua", "warn", "message 2 is the user's again: two in a row"),
    ("uaa", "warn", "message 3 is the assistant's again: two in a row"),
    ("uta", "error", "message 2 is a tool's result without a call"),
    ("uatua", "warn", "no assistant uses the tool's result before message 4"),
]


@pytest.mark.parametrize("roles", CLEAN)
def test_clean(roles: str) -> None:
    assert ask(CHECK, records(record(roles=roles))) == []


@pytest.mark.parametrize(("roles", "severity", "message"), BAD)
def test_bad(roles: str, severity: str, message: str) -> None:
    [(row, hit)] = ask(CHECK, records(record(roles=roles)))
    assert (row, hit.message, hit.severity) == (0, message, severity)
    assert hit.evidence["roles"] == roles


def test_every_turn_is_named_and_no_fault_hides_another() -> None:
    [(_, two), (_, ends)] = ask(CHECK, records(record(roles="uuuau")))
    assert two.evidence["turns"] == [2, 3]
    assert ends.args == {"turn": 5}


def test_roles_that_are_not_known() -> None:
    [(_, hit)] = ask(CHECK, records(record(roles=None)))
    assert hit.message == "the conversation ends before anybody answers"


def test_no_wrong_order_goes_unnamed() -> None:
    every = ["".join(roles) for size in range(6) for roles in product("suat", repeat=size)]
    flagged = {row for row, _ in ask(CHECK, records(*[record(roles=roles) for roles in every]))}
    in_order = re.compile("s?(?:u(?:at+)*a)+")
    assert flagged == {at for at, roles in enumerate(every) if not in_order.fullmatch(roles)}


def test_plain_text_has_no_turns() -> None:
    assert ask(CHECK, records(record("", "夏は暑い。", roles="a", shape="text"))) == []
