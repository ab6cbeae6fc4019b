"""A check has nothing to say of a record that shows none of its signs: an audit does not ask."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate import rules
from curate.check import Check, ask
from curate.content.signs import Signs, shown, sign
from curate.plan import every_check
from tests.making import record, records

PIECES = (
    "The sky is blue. ", "AKIA2E0A8F3B244C9986 ", "postgres://root:hunter7@db.acme.io ", "api_key=",
    "SG.abcdefghijklmnopqrstuv.", "My name is ChatGPT. ", "I am Claude. ", "名前は", "です。", "だ。",
    "東京です。京都だ。", "ＡＢＣ１２３", "ｱｲｳ", "㈱", "\u200b", "\r", "\x07", "縺薙ｓ縺ｫ", "Ã©", "한국어 문장",
    "我是一个学生", '{"a": 1', "[1, 2", "```json\n{", "```\n", "~~~", "Answer as JSON. ", "\nOutput: ",
    "Instruction: ", "\n出力：", "指示：", "+44 7911 204518 ", "10.20.30.41 ", "GB82 WEST 1234 5698 ",
    "d.whitfield@ncl-shipping.co.uk ", "(415) 832-7719 ", "０９０－３８１７－２２９４", "\n\n",
)  # fmt: skip


@cache
def with_signs() -> dict[str, Check]:
    return {name: check for name, check in every_check(()).items() if check.signs is not None}


@cache
def examples() -> tuple[str, ...]:
    packs = rules.load(())
    return tuple(text for one in packs.rules for part in one.bad for text in part.values())


def unseen(check: Check, asked: pl.DataFrame, signs: Signs) -> set[int]:
    """The records of which the check says something though they show no sign."""
    found = shown(asked, [signs])
    alone = replace(check, key=None, measure=None)
    return {row for row, _ in ask(alone, asked) if not found[row]}


def test_the_checks_that_have_signs() -> None:
    assert {"over-claim", "personal-data", "refusal", "secret"} <= set(with_signs())
    clean = records(record("What is 2 + 2?", "It is 4."))
    for check in with_signs().values():
        assert check.signs is not None
        signs = check.signs(check.params)
        assert signs is not None
        assert not shown(clean, [signs])[0], check.name


@pytest.mark.parametrize("name", sorted(with_signs()))
def test_what_the_rules_show_as_faulty_shows_a_sign(name: str) -> None:
    check = with_signs()[name]
    made = [record(text, text, system=text, history=[("user", text)]) for text in examples()]
    assert check.signs is not None
    assert unseen(check, records(*made), check.signs(check.params) or {}) == set()


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_no_check_misses_its_sign(data: st.DataObject) -> None:
    text = st.lists(st.sampled_from((*PIECES, *examples())), min_size=1, max_size=3).map("".join)
    made = [record(data.draw(text), data.draw(text)) for _ in range(4)]
    made.append(record(system=data.draw(text), history=[("user", data.draw(text))]))
    for check in with_signs().values():
        assert check.signs is not None
        assert unseen(check, records(*made), check.signs(check.params) or {}) == set()


def test_a_sign_too_narrow_is_caught() -> None:
    secret = with_signs()["secret"]
    asked = records(record(answer="key: AKIA2E0A8F3B244C9986"))
    assert unseen(secret, asked, {"answer": sign("AKIB")}) == {0}
    blind = replace(secret, signs=lambda _: {})
    assert blind.signs is not None
    assert unseen(blind, asked, blind.signs({}) or {}) == {0}
