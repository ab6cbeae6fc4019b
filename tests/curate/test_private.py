"""Private values are masked in every finding that quotes them, in every file of a report."""

from __future__ import annotations

from pathlib import Path

import orjson
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.audit import audit
from curate.content.masking import mask
from curate.private import Cut

MAIL = "karen.mitchell@northgate-office.net"
PHONE = "090-3817-2456"
KEY = "AKIA" + "Q3EGRVX7" + "ZTLMWP5D"
RECORDS = [
    {"instruction": "Who helps me?", "output": f"Write to {MAIL} 3 times a day."},
    {"instruction": "Who helps me?", "output": f"Write to {MAIL} 4 times a day."},
    {"instruction": "連絡先は？", "output": f"電話は{PHONE}です。１回かけてください。"},
    {"instruction": "連絡先は？", "output": f"電話は{PHONE}です。２回かけてください。"},
    {"instruction": "Give me the item as JSON.", "output": f'{{"key": "{KEY}",}}'},
    {"instruction": "The café?", "output": f"The cafÃ© has the key {KEY}."},
    {"instruction": "Say hello.", "output": "Hello, cafÃ©!"},
]


def test_no_file_of_a_report_holds_a_private_value(tmp_path: Path) -> None:
    report = audit(RECORDS, workspace=tmp_path / "ws")
    assert {"personal-data", "secret", "contradiction", "invalid-json", "mojibake"} <= set(
        report.findings["check"]
    )
    report.save(tmp_path / "out", formats=("sarif", "junit", "md"))
    (tmp_path / "findings.json").write_text(report.findings.write_json())
    files = [f for f in (tmp_path / "out").iterdir() if f.suffix != ".parquet"]
    for file in (*files, tmp_path / "findings.json"):
        text = file.read_text(encoding="utf-8")
        for value in (MAIL, PHONE, KEY):
            assert value not in text, file.name


def test_a_repair_with_a_private_value_is_withheld_and_others_are_not(tmp_path: Path) -> None:
    findings = audit(RECORDS, workspace=tmp_path / "ws").findings
    fixes = dict(findings.filter(pl.col("check") == "mojibake").select("line", "fix").rows())
    assert fixes[6] is None
    assert orjson.loads(fixes[7])["text"] == "Hello, café!"


def test_what_is_masked_can_still_be_told_apart(tmp_path: Path) -> None:
    findings = audit(RECORDS, workspace=tmp_path / "ws").findings
    [evidence] = findings.filter((pl.col("check") == "contradiction") & (pl.col("line") <= 2))[
        "evidence"
    ]
    assert "kare••••" in evidence
    assert "3 times" in evidence


def test_nothing_private_nothing_changed(tmp_path: Path) -> None:
    findings = audit(RECORDS[6:], workspace=tmp_path / "ws").findings
    assert findings.filter(pl.col("check") == "mojibake")["fix"].null_count() == 0


def cut_at(width: int, value: str, kept: int) -> str:
    """A text in which a cut after `width` characters leaves the first `kept` of the value."""
    words = ("Sure, you can ask at the office whenever you like, and they help. " * 4)[:width]
    return f"{words[: width - kept - 1]} {value} at any time of the day, of course."


@pytest.mark.parametrize("kept", [6, 12, 15])
@pytest.mark.parametrize("value", [MAIL, KEY, "4539148803436467"])
def test_an_excerpt_that_ends_within_a_value_shows_nothing_of_it(
    value: str, kept: int, tmp_path: Path
) -> None:
    told = [
        {"instruction": "How do I reach her?", "output": cut_at(80, value, kept)},
        {"instruction": "How do I reach her?", "output": "Nobody knows where she is now, sorry."},
    ]
    [evidence] = audit(told, workspace=tmp_path, only=["contradiction", "personal-data", "secret"])\
        .findings.filter(pl.col("check") == "contradiction")["evidence"]  # fmt: skip
    assert "you can ask at the office" in evidence
    assert value[:6] not in evidence


def test_a_value_in_the_form_for_comparing_is_masked_too(tmp_path: Path) -> None:
    leak = f"Please write to {MAIL.title()} before the end of the month, she will answer you."
    told = [{"instruction": "Whom do I ask?", "output": leak}]
    (tmp_path / "eval.jsonl").write_bytes(orjson.dumps({**told[0], "instruction": "Where to?"}))
    given = {"eval-leakage": {"eval_files": (str(tmp_path / "eval.jsonl"),)}}
    findings = audit(told, workspace=tmp_path, given=given).findings
    [evidence] = findings.filter(pl.col("check") == "eval-leakage")["evidence"]
    assert "please write to" in evidence
    assert "mitchell" not in evidence.lower()


WORDS = st.text("ab c日", min_size=0, max_size=12)


@given(st.text("xyz1", min_size=8, max_size=20), WORDS, WORDS, st.integers(0, 40))
def test_no_cut_at_either_end_leaves_a_piece(
    value: str, before: str, after: str, kept: int
) -> None:
    whole = f"{before}{value}{after}"
    for excerpt in (whole[:kept], whole[kept:]):
        shown = Cut.of({value}).masked(excerpt.replace(value, mask(value)))
        assert all(value[at : at + 6] not in shown for at in (0, len(value) - 6))


def test_a_cut_changes_no_text_without_a_piece() -> None:
    cut = Cut.of({MAIL, KEY})
    for text in (
        "",
        "karen",
        "Ask Karen.",
        "the office",
        "佐々木さんに聞いてください。",
        f"x{MAIL[:5]}",
    ):
        assert cut.masked(text) == text


def test_places_stay_as_they_are() -> None:
    cut = Cut.of({"records-of-karen@example.org"})
    told = {"source": "my/records-of", "answers": ["my/records-of"]}
    assert cut.masked_in(told) == {"source": "my/records-of", "answers": ["my/re••••••••"]}
