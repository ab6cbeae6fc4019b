"""Fix: the laws that hold for every normaliser together, and for what becomes of records."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import orjson
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate import fixes
from curate.content.code_blocks import blocks
from curate.fix import (
    CHANGES,
    TEXTS,
    Fix,
    Left,
    Patch,
    Rewritten,
    apply,
    patches,
    prepared,
)
from curate.locale import catalogue
from curate.record import content_id, messages, with_prompt
from tests.making import record, records

ALL = list(fixes.found().values())

SCRAPS = st.sampled_from(
    ["a", "it’s", "don't", "“", "”", '"', "x", " ", "  ", "\n", "\r\n", "\n\n\n\n", "\t", "\u3000",
     "\u200b", "\ufeff", "\u202e", "か\u3099", "ｶﾞｷﾞ", "ﾟ", "①", "Ａ", "cafÃ©", "。", "```",
     "```py", "~~~", "`", '{"a":1,', '"b": [1.0,2]}', "{}", "|", "---", "select a from t",
     "SELECT * FROM t;", "where", "-- x", "No input", "    ", "/\\", "{x}", "1e5",
     "Ã", "\u0301", "\u200d", "👨"]
)  # fmt: skip
TEXT = st.lists(SCRAPS, max_size=14).map("".join)


def fixed(frame: pl.DataFrame, chosen: list[Fix] | None = None) -> pl.DataFrame:
    ready = prepared(chosen or ALL, [frame])
    return with_prompt(apply(frame, patches(frame, ready))[0])


def made(text: str, **fields: Any) -> dict[str, Any]:
    return record(fields.pop("prompt", "Say something."), text, **fields)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=3))
def test_fixing_twice_changes_no_more_than_once(texts: list[tuple[str, str, str]]) -> None:
    frame = records(*(made(a, prompt=b, input=c, rejected=b) for a, b, c in texts))
    ready = prepared(ALL, [frame])
    once = with_prompt(apply(frame, patches(frame, ready))[0])
    again = [one for one in patches(once, ready) if isinstance(one, Patch)]
    assert again == []


@settings(max_examples=80, deadline=None)
@given(TEXT, TEXT)
def test_each_patch_begins_where_the_one_before_it_ended(answer: str, asked: str) -> None:
    frame = records(made(answer, prompt=asked))
    steps = [one for one in patches(frame, prepared(ALL, [frame])) if isinstance(one, Patch)]
    new, table = apply(frame, steps)
    assert len(table) == len(steps)
    for name in TEXTS:
        own = [step for step in steps if step.field == name]
        texts = [frame[name][0], *(step.after for step in own)]
        assert [step.before for step in own] == texts[:-1]
        assert new[name][0] == texts[-1]


@settings(max_examples=50, deadline=None)
@given(st.lists(TEXT, min_size=2, max_size=5), st.randoms())
def test_the_order_of_records_does_not_matter(texts: list[str], chance: random.Random) -> None:
    frame = records(*(made(text, prompt=f"Question {i}") for i, text in enumerate(texts)))
    shuffled = frame[chance.sample(range(len(frame)), len(frame))]
    assert fixed(shuffled).sort("line").equals(fixed(frame))


@settings(max_examples=120, deadline=None)
@given(TEXT, TEXT, st.sampled_from(["python", "", "text", "ascii"]))
def test_closed_code_is_untouched_but_for_blanks_at_line_ends(
    before: str, code: str, tag: str
) -> None:
    inside = code.replace("```", "").replace("~~~", "").replace("\r\n", "\n")
    text = f"Words.\n```{tag}\n{inside}\n```\nWords."
    if len(list(blocks(text))) != 1 or inside.lstrip().lower().startswith(("select", "{", "[")):
        return
    new = fixed(records(made(text)))["answer"][0]
    [block] = blocks(new)
    kept = [line.rstrip(" \t") for line in new[block.body : block.body_end].split("\n")]
    assert kept == [line.rstrip(" \t") for line in f"{inside}\n".split("\n")]


@settings(max_examples=80, deadline=None)
@given(TEXT)
def test_what_no_patch_names_is_untouched(text: str) -> None:
    frame = records(
        made(text, meta={"k": "v \n"}, label="l ", uid="u ", origin="o ", category="c\n"),
        made("Fine.", prompt="All is well."),
    )
    steps = [one for one in patches(frame, ALL) if isinstance(one, Patch)]
    new, _ = apply(frame, steps)
    named = {(step.line, step.field) for step in steps}
    for column in set(new.columns) - {"record_id", "prompt_id"}:
        for row in range(2):
            if (frame["line"][row], column) not in named:
                assert new[column][row] == frame[column][row]
    assert new.row(1) == frame.select(new.columns).row(1)


def test_a_changed_record_gets_the_id_of_its_new_content() -> None:
    frame = records(
        made("Fine. ", prompt="Do it. ", input="No input", system="Be kind. "),
        made("良い。 ", prompt="二番 ", history=[("user", "一番 "), ("assistant", "はい ")]),
        made("a ", rejected="b "),
    )
    new, table = apply(frame, patches(frame, ALL))
    expected = records(
        made("Fine.", prompt="Do it.", system="Be kind.") | {"input": ""},
        made("良い。", prompt="二番", history=[("user", "一番"), ("assistant", "はい")]),
        made("a", rejected="b"),
    )
    for row in range(2):
        assert new["record_id"][row] == expected["record_id"][row]
        assert new["prompt_id"][row] == expected["prompt_id"][row]
    whole = [("user", "Say something."), ("assistant", "a"), ("rejected", "b")]
    assert new["record_id"][2] == content_id(whole)
    assert set(table["new_record_id"]) == set(new["record_id"])
    assert set(table["record_id"]) == set(frame["record_id"])
    assert table.schema == pl.Schema(CHANGES)


CONVERSATIONS: list[tuple[list[tuple[str, str]], str | None]] = [
    ([("user", "a"), ("assistant", "b")], None),
    ([("system", "s"), ("user", "a"), ("assistant", "b")], None),
    ([("user", "a"), ("assistant", "b"), ("user", "c"), ("assistant", "d")], "e"),
    ([("user", "a"), ("assistant", "b"), ("tool", "t"), ("assistant", "d")], None),
    ([("user", "a"), ("assistant", "b"), ("user", "c")], None),
    ([("assistant", "a"), ("system", "s"), ("assistant", "b")], None),
]


@pytest.mark.parametrize(("said", "rejected"), CONVERSATIONS)
def test_ids_are_those_that_reading_gives(
    said: list[tuple[str, str]], rejected: str | None
) -> None:
    from curate.sources.fold import Conversation, conversations

    folded = conversations([Conversation(said, rejected=rejected)]).fields
    row = {name: series[0] for name, series in folded.items()}
    before, whole = messages(row)
    assert content_id(whole) == row["record_id"]
    assert content_id(before) == row["prompt_id"]


def test_equal_records_at_two_places_are_both_fixed() -> None:
    frame = records(made("a "), made("a "))
    new, table = apply(frame, patches(frame, ALL))
    assert new["answer"].to_list() == ["a", "a"]
    assert table["line"].to_list() == [1, 2]


def test_nothing_to_do_gives_the_same_records_and_an_empty_table() -> None:
    frame = records(made("Fine."), made("良い。"))
    new, table = apply(frame, patches(frame, ALL))
    assert new.equals(frame.drop("prompt"))
    assert table.schema == pl.Schema(CHANGES)
    assert len(table) == 0


def test_earlier_turns_are_fixed_too() -> None:
    frame = records(made("x", history=[("user", "q \n\n"), ("assistant", "ﾃｽﾄ")]))
    steps = [one for one in patches(frame, ALL) if isinstance(one, Patch)]
    assert [(s.fix, s.rules, s.field) for s in steps] == [
        ("unicode", ("kana",), "history"),
        ("whitespace", ("empty-lines", "line-ends"), "history"),
    ]
    assert orjson.loads(apply(frame, steps)[0]["history"][0]) == [
        ["user", "q"], ["assistant", "テスト"],
    ]  # fmt: skip


def test_both_answers_of_a_pair_get_one_layout() -> None:
    frame = records(made('{"a": 1}', rejected='{"a":1}'), made('{"b": 2}'), made('{"c": 3}'))
    assert fixed(frame)["rejected"][0] == '{"a": 1}'


def test_the_majority_of_the_data_is_the_style() -> None:
    texts = ['{\n  "a": 1\n}'] * 3 + ['{"a":1}', "select a from t;", *["SELECT a\nFROM t;"] * 2]
    frame = records(*(made(text, prompt=f"{i}") for i, text in enumerate(texts)))
    params = {fix.name: fix.params for fix in prepared(ALL, [frame[:4], frame[4:]])}
    assert params["json"]["style"] == "2"
    assert params["sql"] == {"layout": "several lines", "keywords": "SELECT", "dialect": ""}
    assert fixed(frame)["answer"][3] == '{\n  "a": 1\n}'
    assert fixed(frame)["answer"][4] == "SELECT a\nFROM t;"


@pytest.mark.parametrize(
    ("instruction", "answer"),
    [
        ("Remove the trailing spaces.", "a \nb"),
        ("行末の空白を数えてください。", "a \nb"),
        ("全角を半角に変換してください。", "ｶﾀｶﾅ"),
        ("Convert the straight quotes to curly quotes.", "“a” and \"b\""),
        ("Minify the JSON.", '{"a":1}'),
        ("文字化けを説明してください。", "cafÃ©"),
    ],
)  # fmt: skip
def test_an_instruction_about_the_very_thing_is_spared(instruction: str, answer: str) -> None:
    odd = [made('{"a": 1}', prompt=f"{i}") for i in range(3)]
    frame = records(made(answer, prompt=instruction), *odd)
    said = [one for one in patches(frame, prepared(ALL, [frame])) if one.line == 1]
    assert [one for one in said if isinstance(one, Patch)] == []
    assert {one.why for one in said if isinstance(one, Left)} == {
        "the instruction is about this very thing"
    }


def always(change: Callable[[str], str], name: str, rank: int) -> Fix:
    return Fix(
        name=name,
        says="x",
        rank=rank,
        rewrite=lambda text, row, params: Rewritten(change(text), ("r",)),
        suspects=lambda text, params: pl.lit(value=True),
        fields=("answer",),
    )


def test_fixes_that_undo_one_another_change_nothing() -> None:
    endless = always(lambda text: f"{text}!", "endless", 1)
    said = list(patches(records(made("a")), [endless]))
    assert [one.why for one in said if isinstance(one, Left)] == ["the fixes undo one another here"]
    assert not any(isinstance(one, Patch) for one in said)


def test_fixes_run_by_rank_and_are_found_by_folder() -> None:
    assert list(fixes.found()) == [
        "mojibake", "unicode", "whitespace", "quotes", "placeholder", "code", "json", "sql",
    ]  # fmt: skip


def test_everything_a_fix_says_has_japanese() -> None:
    reasons = [
        "the instruction is about this very thing",
        "the fixes undo one another here",
        "the double quotes cannot be paired with certainty",
        "the JSON names a key twice",
        "the JSON does not parse",
        "the JSON stands in an indented block",
        "the JSON nests too deeply to be read",
        "the JSON would not have stayed the same",
        "the SQL holds placeholders",
        "the SQL holds comments",
        "the SQL does not parse",
        "the SQL would not have stayed the same",
        "the parser does not know this kind of SQL statement",
    ]
    for said in [*(fix.says for fix in ALL), *reasons]:
        assert said in catalogue("ja")
