"""Turns: every answer of a conversation is judged, and told of where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest

from curate.audit import audit
from curate.outputs import md, sarif
from curate.plan import every_check
from curate.report import Report
from curate.show.report_html import render
from curate.show.showing import Showing
from curate.turns import before, earlier_answers
from tests.making import record, records

LAST = [("user", "And what is the capital of Peru?"), ("assistant", "The capital of Peru is Lima.")]
LAST_JA = [("user", "ペルーの首都はどこですか。"), ("assistant", "ペルーの首都はリマです。")]

CLEAN = [
    [("user", "Name an animal."), ("assistant", "A goat."), *LAST],
    [("user", "動物を一つ挙げてください。"), ("assistant", "ヤギです。"), *LAST_JA],
    [("user", "Is it late?"), ("assistant", '{"call": "clock",}'), ("tool", "9:00"), *LAST[1:]],
    [("user", "今何時ですか。"), ("assistant", ""), ("tool", "9:00"), *LAST_JA[1:]],
    [("user", "Say la five times."), ("assistant", "la la la la la"), *LAST],
]

PLANTED = [
    ("refusal", "Tell me the code.", "I'm sorry, but I can't help with that.", LAST),
    ("refusal", "番号を教えて。", "申し訳ありませんが、そのご要望にはお応えできません。", LAST_JA),
    ("repetition", "Sing.", "la la la " * 40, LAST),
    ("unclosed-code", "A loop?", "```python\nfor i in range(3):", LAST),
    ("invalid-json", "Answer in JSON.", '{"a": 1,, "b": 2}', LAST),
    ("invalid-sql", "Count them in SQL.", "```sql\nSELECT count(* FROM goats WHERE;\n```", LAST),
    ("over-claim", "Book a table.", "I have booked your table for tonight.", LAST),
    ("empty-answer", "Hm?", "", LAST),
    ("empty-answer", "何ですか。", "", LAST_JA),
    ("template-residue", "Hi.", "Hello.\n### Instruction: Name a goat.", LAST),
    (
        "unexpected-language",
        "How do bees make honey in the hive?",
        "Bienen sammeln Nektar und verarbeiten ihn im Stock zu Honig, den sie in Waben lagern.",
        LAST,
    ),
    (
        "tone-drift",
        "Who are you?",
        "I am ChatGPT, a large language model, and I can tell you a lot about goats.",
        LAST,
    ),
]


def said(tmp_path: Path, *conversations: Any, **settings: Any) -> Report:
    told = [
        {"messages": [{"role": role, "content": text} for role, text in one]}
        for one in conversations
    ]
    return audit(told, workspace=tmp_path / "ws", **settings)


def told(report: Report, check: str) -> list[tuple[str, str | None]]:
    found = report.findings.filter(pl.col("check") == check)
    return list(found.select("message", "field").iter_rows())


@pytest.mark.parametrize("conversation", CLEAN)
def test_a_sound_conversation_has_no_finding(conversation: Any, tmp_path: Path) -> None:
    assert said(tmp_path, conversation).findings.is_empty()


@pytest.mark.parametrize(("check", "asked", "answer", "last"), PLANTED)
def test_the_first_of_two_answers_is_judged(
    check: str, asked: str, answer: str, last: Any, tmp_path: Path
) -> None:
    conversation = [("user", asked), ("assistant", answer), *last]
    report = said(tmp_path, conversation, only=check, changes=EXPECTED.get(check, ()))
    [(message, field)] = told(report, check)
    assert message.startswith("in answer 1 of 2: ")
    assert field == "history"
    [one] = [one for one in report.document["checks"] if one["name"] == check]
    assert (one["checked"], one["flagged"], one["could_not_tell"]) == (1, 1, 0)


EXPECTED = {"unexpected-language": ["unexpected-language.languages=en,ja"]}


def test_the_message_names_the_answer_and_the_span_lies_in_it(tmp_path: Path) -> None:
    fence = 'Say "hi":\n```python\nprint("やあ")'
    hello = [("system", "Be kind."), ("user", "Hi."), ("assistant", 'He"llo.')]
    report = said(tmp_path, [*hello, ("user", "A loop?"), ("assistant", fence), *LAST])
    [finding] = report.findings.iter_rows(named=True)
    assert finding["message"].startswith("in answer 2 of 3: the code fence opened in line 2")
    history = report.record(finding["record_id"])["history"]  # type: ignore[index]
    assert history[finding["start"] : finding["end"]] == "```"


def test_every_output_tells_it_in_both_languages(tmp_path: Path) -> None:
    asked = [("user", "ヤギとは？"), ("assistant", ""), *LAST_JA]
    report = said(tmp_path, asked, [("user", "A loop?"), ("assistant", "~~~\nx"), *LAST])
    for output in (render, sarif.render, md.render):
        assert "in answer 1 of 2: the answer is empty" in output(report, "en")
        assert "回答（2件中1件目）: 回答が空です" in output(report, "ja")
    assert '<mark class="warn">~~~</mark>' in render(report, "en")


def test_what_is_shown_is_the_answer_that_is_meant(tmp_path: Path) -> None:
    turns = [("user", "Sing."), ("assistant", "la la la " * 40), *LAST * 8]
    report = said(tmp_path, turns, only="repetition")
    [finding] = report.findings.iter_rows(named=True)
    showing = Showing(report, "en", [finding["record_id"]])
    assert showing.excerpt(finding, 40)[0].text.startswith("la la")
    assert showing.turns_told(finding["record_id"], [finding]) == {1}
    assert "la la la" in render(report, "en").split('id="worst"')[1]


def test_a_check_that_reads_the_history_is_asked_once(tmp_path: Path) -> None:
    bad = [("user", "Hi."), ("assistant", "It is donâ€™t. Call 090-3847-2916. <|im_end|>"), *LAST]
    report = said(tmp_path, bad)
    names = ("mojibake", "personal-data", "template-residue")
    assert [len(told(report, name)) for name in names] == [1, 1, 1]


def test_a_finding_on_the_last_answer_stays_as_it_was(tmp_path: Path) -> None:
    report = said(tmp_path, [*LAST, ("user", "A loop?"), ("assistant", "```\nx")])
    [(message, field)] = told(report, "unclosed-code")
    assert (message[:14], field) == ("the code fence", "answer")


def test_shares_count_records_by_their_last_answer(tmp_path: Path) -> None:
    refused = [("user", "Tell me."), ("assistant", "I'm sorry, but I can't help with that."), *LAST]
    report = said(tmp_path, refused, LAST)
    assert len(told(report, "refusal")) == 1
    assert report.document["measures"]["refusal-share"]["refusals"] == 0
    assert report.document["measures"]["refusal-share"]["total"] == 2


def test_a_conversation_that_ends_with_the_user_has_answers_too(tmp_path: Path) -> None:
    report = said(tmp_path, [("user", "Hm?"), ("assistant", ""), ("user", "Hello?")])
    assert told(report, "empty-answer") == [("in answer 1 of 1: the answer is empty", "history")]
    [one] = [one for one in report.document["checks"] if one["name"] == "empty-answer"]
    assert (one["checked"], one["flagged"]) == (1, 1)


def test_what_a_user_rule_masks_is_masked_in_earlier_answers(tmp_path: Path) -> None:
    rules = tmp_path / "own.yaml"
    rules.write_text(
        "member-number:\n  says: it holds a member number\n  check: own-privacy\n"
        "  field: answer\n  matches: 'GOAT-[0-9]{6}'\n  mask: true\n"
        "  bad:\n    - GOAT-123456\n  good:\n    - GOAT-1\nchecks:\n  own-privacy:\n"
        "    says: it holds a member number\n    group: privacy\n"
    )
    report = said(
        tmp_path,
        [("user", "Mine?"), ("assistant", 'It "is"\nGOAT-918273.'), *LAST],
        rule_files=[rules],
    )
    assert len(told(report, "own-privacy")) == 1
    for output in (render, sarif.render, md.render):
        assert "918273" not in output(report, "en")


def test_each_answer_has_its_own_prompt_and_what_stands_before_it() -> None:
    history = [("user", "one"), ("assistant", "1"), ("user", "two"), ("assistant", "2")]
    made = record("three", "3", history=history, system="s", input="x", label="y")
    turns = earlier_answers(records(record(), made))
    assert turns is not None
    columns = ["row", "at", "turn", "turns", "prompt", "answer", "input", "system", "label"]
    assert turns.select(columns).rows() == [
        (1, 1, 1, 3, "one", "1", None, "s", "y"),
        (1, 3, 2, 3, "two", "2", None, "s", "y"),
    ]
    assert [before(made["history"], at) for at in (1, 3)] == [
        None,
        orjson.dumps(history[:2]).decode(),
    ]


def test_an_answer_after_the_last_user_message_has_that_as_its_prompt() -> None:
    history = [("assistant", "1"), ("assistant", "2")]
    made = record("one", "3", history=history) | {"roles": "uaaa"}
    turns = earlier_answers(records(made))
    assert turns is not None
    assert turns.select("at", "turn", "turns", "prompt", "answer").rows() == [
        (0, 1, 3, "one", "1"),
        (1, 2, 3, "one", "2"),
    ]


def test_context_before_an_earlier_answer_is_read(tmp_path: Path) -> None:
    text = "The mill at Hartwell burned down. It was built of oak and stone by the river in spring."
    asked = f"Summarize this text in one sentence.\n\n{text * 2}"
    answer = "The mill at Hartwell, built by Agnes Moreton in 1907, burned down."
    known = [("user", "Agnes Moreton built it in 1907."), ("assistant", "I see.")]
    task = [("user", asked), ("assistant", answer), *LAST]
    assert len(told(said(tmp_path, task, only="ungrounded"), "ungrounded")) == 1
    assert told(said(tmp_path, [*known, *task], only="ungrounded"), "ungrounded") == []


def test_data_without_history_is_not_asked_again() -> None:
    assert earlier_answers(records(record(), record("a", "b"))) is None
    assert earlier_answers(records(record("a", "b", history=[("user", "c")]))) is None


def test_the_checks_that_judge_an_answer_are_asked_of_each() -> None:
    each = {name for name, check in every_check(()).items() if check.each_answer}
    assert each >= {
        "empty-answer", "invalid-json", "invalid-sql", "left-unfinished", "mixed-language",
        "over-claim", "prompt-echo", "refusal", "repetition", "template-residue", "tone-drift",
        "truncated-answer", "unclosed-code", "unexpected-language", "ungrounded",
    }  # fmt: skip
    assert each.isdisjoint({"mojibake", "personal-data", "secret", "too-long", "refusal-share"})
