"""Showing: what is private in a record stays masked in every text that comes from it."""

from __future__ import annotations

from typing import Any

import pytest

from curate.show.showing import Showing, where
from tests.fake_report import FakeReport, check, finding, record, report

PHONE = "090-1234-5678"
SECRETS = [check("personal-data", "privacy", "personal data"), check("other", "text", "other")]


def shown(made: FakeReport, locale: str = "en") -> Showing:
    return Showing(made, locale, made.kept["record_id"])


def text(showing: Showing, record_id: str, field: str) -> str:
    return "".join(piece.text for piece in showing.text(record_id, field, 1_000))


def private(on: dict[str, Any], **more: Any) -> dict[str, Any]:
    return finding(on, "personal-data", "warn", "a phone number", **more)


def test_a_private_value_is_masked_in_every_field_and_message() -> None:
    one = record(f"Call {PHONE}?", f"Yes: {PHONE}.", system=f"You are at {PHONE}", label=PHONE)
    findings = [
        private(one, field="answer", mark=PHONE),
        finding(one, "other", "info", "the answer names {name}", args={"name": PHONE}),
    ]
    showing = shown(report([one], findings, SECRETS))
    for field in ("prompt", "answer", "system"):
        assert PHONE not in text(showing, one["record_id"], field)
        assert "090•••" in text(showing, one["record_id"], field)
    assert PHONE not in (showing.fact(one["record_id"], "label") or "")
    assert "names 090•••" in showing.message(findings[1])


def test_a_private_value_in_an_earlier_turn_is_masked_there() -> None:
    said = f'My "number"\nis {PHONE}'
    one = record("Thanks.", "You are welcome.", history=[("user", said), ("assistant", "Noted.")])
    start = one["history"].index(PHONE)
    found = private(one, field="history", start=start, end=start + len(PHONE))
    showing = shown(report([one], [found], SECRETS))
    turns = showing.history(one["record_id"], 500)
    assert [role for role, _ in turns] == ["user", "assistant"]
    assert PHONE not in str(turns)
    assert 'My "number"' in turns[0][1][0].text


def test_a_value_with_json_escapes_is_found_in_the_turn() -> None:
    key = "-----BEGIN-----\nabcdefgh\n-----END-----"
    one = record("Thanks.", "Done.", history=[("user", f"key: {key}")])
    start = one["history"].index("-----BEGIN")
    end = one["history"].index("END-----") + 8
    found = private(one, field="history", start=start, end=end)
    showing = shown(report([one], [found], SECRETS))
    assert "abcdefgh" not in str(showing.history(one["record_id"], 500))


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("answer", {}),
        (
            "answer",
            {"start": 0, "end": 4, "evidence": {"count": 30, "values": [{"start": 0, "end": 4}]}},
        ),
    ],
)
def test_where_nobody_can_say_where_the_whole_field_is_hidden(
    field: str, more: dict[str, Any]
) -> None:
    one = record("Prompt.", "Somewhere in this answer there is a value.")
    showing = shown(report([one], [private(one, field=field, **more)], SECRETS))
    assert [piece.kind for piece in showing.text(one["record_id"], "answer", 500)] == ["masked"]
    assert text(showing, one["record_id"], "prompt") == "Prompt."


def test_every_value_that_the_evidence_lists_is_masked() -> None:
    one = record("Prompt.", "first AAAABBBBCCCC then DDDDEEEEFFFF.")
    listed = [{"start": 6, "end": 18}, {"start": 24, "end": 36}]
    found = private(one, field="answer", start=6, end=18, evidence={"count": 2, "values": listed})
    showing = shown(report([one], [found], SECRETS))
    assert "EEEE" not in text(showing, one["record_id"], "answer")


def test_a_finding_in_the_input_is_marked_in_the_prompt() -> None:
    one = record("Summarise:", "Done.", input="the broken text")
    found = finding(one, "other", "warn", "broken", field="input", start=4, end=10)
    showing = shown(report([one], [found], SECRETS))
    marked = [p.text for p in showing.text(one["record_id"], "prompt", 500, [found]) if p.severity]
    assert marked == ["broken"]


def test_an_excerpt_never_cuts_through_a_private_value() -> None:
    value = "0123456789" * 12
    one = record("Prompt.", "x" * 300 + value + " then the FAULT follows here.")
    findings = [
        private(one, field="answer", mark=value),
        finding(one, "other", "warn", "a fault", field="answer", mark="FAULT"),
    ]
    showing = shown(report([one], findings, SECRETS))
    for width in range(20, 160, 7):
        line = "".join(piece.text for piece in showing.excerpt(findings[1], width))
        assert "FAULT" in line
        assert "456789" not in line


def test_an_excerpt_falls_back_to_the_beginning_of_the_answer() -> None:
    one = record("Prompt.", "The answer begins.")
    found = finding(one, "other", "warn", "about the record")
    showing = shown(report([one], [found], SECRETS))
    assert [piece.text for piece in showing.excerpt(found, 50)] == ["The answer begins."]


def test_a_message_that_quotes_ten_thousand_characters_is_cut() -> None:
    one = record()
    found = finding(one, "other", "warn", "it says {what}", args={"what": "w" * 10_000})
    showing = shown(report([one], [found], SECRETS))
    assert len(showing.message(found)) == 300


def test_a_place_keeps_its_line_however_long_the_path_is() -> None:
    assert where("data.jsonl", 12) == "data.jsonl:12"
    assert where("deep/" * 40 + "data.jsonl", 12).endswith("/data.jsonl:12")
    assert len(where("deep/" * 40 + "data.jsonl", 12)) < 90
    assert where("data\u202e.jsonl", None) == "data⟨U+202E⟩.jsonl"
