"""The records most worth a look: worst first, mixed in kind, the same in any order."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from curate.finding import SCHEMA, SEVERITIES
from curate.top import KEPT, WEIGHTS, most_worth_a_look


def findings(*rows: tuple[str, str, str]) -> pl.DataFrame:
    made = [
        {"record_id": record, "source": "a.jsonl", "line": 1, "check": check, "severity": severity}
        for record, check, severity in rows
    ]
    return pl.DataFrame(made, schema=SCHEMA)


def test_every_severity_has_a_weight() -> None:
    assert list(WEIGHTS) == list(reversed(SEVERITIES))


def test_nothing_found_nothing_to_look_at() -> None:
    assert most_worth_a_look(findings()) == []


def test_worst_first() -> None:
    top = most_worth_a_look(
        findings(("a", "x", "info"), ("b", "y", "error"), ("c", "z", "warn"), ("d", "v", "warn"),
                 ("d", "w", "warn"))
    )  # fmt: skip
    assert [record["record_id"] for record in top] == ["b", "d", "c", "a"]
    assert top[1] == {
        "record_id": "d", "source": "a.jsonl", "line": 1, "why": ["v", "w"], "weight": 6.0,
    }  # fmt: skip


def test_two_findings_of_one_check_weigh_once() -> None:
    top = most_worth_a_look(findings(("a", "x", "warn"), ("a", "x", "error")))
    assert top[0]["weight"] == 8.0
    assert top[0]["why"] == ["x"]


def test_not_ten_of_one_kind_in_a_row() -> None:
    many = [(f"a{n:03}", "x", "error") for n in range(200)]
    top = most_worth_a_look(findings(*many, ("b", "y", "warn")))
    assert "b" in [record["record_id"] for record in top[:4]]
    assert len(top) <= KEPT


rows = st.lists(
    st.tuples(
        st.sampled_from("abcdef"), st.sampled_from(["x", "y", "z"]), st.sampled_from(SEVERITIES)
    ),
    max_size=20,
)


@given(rows=rows, seed=st.randoms())
def test_the_order_of_findings_does_not_matter(
    rows: list[tuple[str, str, str]], seed: object
) -> None:
    shuffled = list(rows)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    assert most_worth_a_look(findings(*shuffled)) == most_worth_a_look(findings(*rows))
