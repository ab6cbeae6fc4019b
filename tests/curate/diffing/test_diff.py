"""curate diff: every record is the same, changed, added or removed; nothing private is shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from curate.commands.diff import diff
from curate.diffing.differences import compared
from curate.diffing.sides import opened as side
from curate.errors import BadSource
from curate.export.approve import CARD
from curate.export.formats import export
from curate.workspace import Workspace
from tests.curate.export.desk import EMPTY, RECORDS, approved, id_at, opened, place, says

APP = typer.Typer()
APP.command()(diff)
TOKEN = "AKIAIOSFODNN7EXAMPLQ"


def call(where: Workspace, *words: str) -> str:
    result = CliRunner().invoke(
        APP, [*words, "--workspace", str(where.path)], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return result.output


def test_equal_sides_do_not_differ(tmp_path: Path) -> None:
    review = opened(tmp_path)
    where = place(review)
    done = approved(review)
    copy = tmp_path / "copy"
    export(done, copy, "jsonl", where)
    assert done.path is not None
    for named in (str(done.path), done.path.name[:12], str(copy)):
        found = compared(side(review.report.snapshot.id, where), side(named, where))
        assert found.counts == {"same": len(RECORDS), "changed": 0, "added": 0, "removed": 0}


def test_a_copy_bears_the_approved_id(tmp_path: Path) -> None:
    review = opened(tmp_path)
    where = place(review)
    done = approved(review)
    assert done.path is not None
    export(done, tmp_path / "copy", "jsonl", where)
    told = call(where, done.path.name, str(tmp_path / "copy"))
    assert f"Both are the snapshot {done.path.name}." in told
    assert "Both are" not in call(where, review.report.snapshot.id, str(tmp_path / "copy"))


def test_what_review_changed_is_told_by_words(tmp_path: Path) -> None:
    review = opened(tmp_path)
    where = place(review)
    before = review.report.snapshot.id
    old = RECORDS[2]["output"]
    new = old.replace("library", f"archive\u200b {TOKEN}")
    says(review, id_at(review, 3), "edit", changes={"answer": (old, new)})
    says(review, id_at(review, 2), "relabel", changes={"category": ("travel", "旅行")})
    says(review, id_at(review, EMPTY), "drop")
    done = approved(review)
    assert done.path is not None
    shown = call(where, before[:10], done.path.name[:10])
    assert "[-library-]" in shown
    assert "{+旅行+}" in shown
    assert TOKEN not in shown
    assert "\u200b" not in shown
    assert shown.splitlines()[-1].endswith("same 28, changed 2, added 0, removed 1")
    told = json.loads(call(where, before, str(done.path), "--json"))
    assert told["counts"] == {"same": 28, "changed": 2, "added": 0, "removed": 1}
    assert [one["line"] for one in told["removed"]] == [EMPTY]
    assert TOKEN not in json.dumps(told)
    back = compared(side(str(done.path), where), side(before, where))
    assert back.counts["added"] == 1
    japanese = call(where, before, str(done.path), "--locale", "ja")
    assert "changed" not in japanese.splitlines()[-1]


def test_copies_are_counted_one_by_one(tmp_path: Path) -> None:
    records = [{"instruction": "Name a colour.", "output": "Blue."}] * 3
    one, two = opened(tmp_path / "a", records), opened(tmp_path / "b", records[:2])
    found = compared(
        side(str(one.report.snapshot.path), place(one)),
        side(str(two.report.snapshot.path), place(two)),
    )
    assert found.counts == {"same": 2, "changed": 0, "added": 0, "removed": 1}


def test_what_cannot_be_compared_says_what_can(tmp_path: Path) -> None:
    review = opened(tmp_path)
    with pytest.raises(BadSource, match=review.report.snapshot.id[:8]):
        side("feed", place(review))
    copy = tmp_path / "sheet"
    done = approved(review)
    export(done, copy, "csv", place(review))
    assert (copy / CARD).exists()
    with pytest.raises(BadSource, match="compare the approved snapshot itself: [0-9a-f]{32}"):
        side(str(copy), place(review))
