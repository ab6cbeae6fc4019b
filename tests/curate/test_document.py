"""What report.json says of a check: what was asked, of how many, and why it could not tell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from curate.audit import audit
from curate.checks.unexpected_language import TOO_LITTLE
from curate.reading import Reading

ASKED = [
    {"instruction": "Which fruit is red and small?", "output": "The strawberry is, and many more."},
    {"instruction": "赤い果物は？", "output": "42"},
]


def said_of(check: str, tmp_path: Path, source: Any, **how: Any) -> dict[str, Any]:
    report = audit(source, reading=Reading(**how), workspace=tmp_path / "ws")
    told: dict[str, dict[str, Any]] = {one["name"]: one for one in report.document["checks"]}
    return told[check]


def test_why_a_check_of_the_whole_could_not_tell_is_said(tmp_path: Path) -> None:
    said = said_of("unexpected-language", tmp_path, ASKED)
    assert (said["checked"], said["could_not_tell"]) == (2, 1)
    assert said["reasons"] == {TOO_LITTLE: 1}


def test_a_skipped_check_has_checked_nothing(tmp_path: Path) -> None:
    said = said_of("annotator-agreement", tmp_path, ASKED)
    assert said["skipped"] is not None
    assert said["checked"] == 0


def test_a_check_that_was_asked_has_checked_every_record(tmp_path: Path) -> None:
    labelled = [{**ASKED[0], "a": "良い", "b": label} for label in ("良い", "悪い")]
    said = said_of("annotator-agreement", tmp_path, labelled, annotators=("a", "b"))
    assert (said["skipped"], said["checked"]) == (None, 2)
