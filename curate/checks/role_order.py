"""Messages in an order that no chat template can render as it was meant.

Training turns a conversation into one text by a template that expects an optional system message,
then user and assistant in turn, an assistant's message last. Other orders make the template fail,
drop a message in silence, or leave nothing to learn from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

import polars as pl

from curate.check import Check, Params, Row, Said, by_record
from curate.finding import Hit, Severity

MOST = 20  # turns named in the evidence of one fault
IN_ORDER = "^s?(?:u(?:at+)*a)+$"  # a tool's result answers a call by the assistant

# What to look for in the roles (one letter a message), how bad it is, and how to say it. The turn
# named is that of the match's last letter.
FAULTS: tuple[tuple[re.Pattern[str], Severity, str], ...] = (
    (re.compile(r"(?<!^)s"), "warn", "message {turn} is a system message, but not the first"),
    (re.compile(r"^s?[at]*a"), "warn", "the assistant speaks before the user, in message {turn}"),
    (re.compile(r"(?<=u)u"), "warn", "message {turn} is the user's again: two in a row"),
    (re.compile(r"(?<=a)a"), "warn", "message {turn} is the assistant's again: two in a row"),
    (re.compile(r"(?:^|[su])t"), "error", "message {turn} is a tool's result without a call"),
    (re.compile(r"tu"), "warn", "no assistant uses the tool's result before message {turn}"),
    (re.compile(r"u$"), "error", "the conversation ends with the user, in message {turn}"),
    (re.compile(r"t$"), "error", "the conversation ends with a tool's result, in message {turn}"),
    (re.compile(r"^s?$|s$"), "error", "the conversation ends before anybody answers"),
)


def suspects(_: Params) -> pl.Expr:
    roles = pl.col("roles").fill_null("")
    return (roles != "ua") & ~roles.str.contains(IN_ORDER) & applies({})


def applies(_: Params) -> pl.Expr:
    return pl.col("shape").fill_null("") != "text"  # plain text has nobody who asks


def judge(row: Row, _: Params) -> Iterator[Said]:
    roles = row["roles"] or ""
    for fault, severity, says in FAULTS:
        found = [match.end() for match in islice(fault.finditer(roles), MOST)]
        if found:
            yield Hit(
                says,
                {"turn": found[0]},
                severity=severity,
                evidence={"roles": roles, "turns": found},
            )


CHECK = Check(
    name="role-order",
    says="the messages are not in an order that a chat template can render",
    group="form",
    severity="warn",
    why=__doc__,
    fields=("roles",),
    applies=applies,
    suspects=suspects,
    look=by_record(judge),
)
