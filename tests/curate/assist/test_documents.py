"""Documents: every piece of text becomes a passage or is left out, and says where it stood."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.assist.documents import Passage, cut, documents
from curate.errors import BadSource

ENGLISH = "You can send anything back within 30 days; we refund the price within a week."
JAPANESE = "当店は平日の午前9時から午後6時まで営業しております。土日祝日はお休みです。"


def test_markdown_is_cut_at_headings_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        f"# Returns\n\n{ENGLISH}\n\n\n# 営業時間\n\n{JAPANESE}\n", "utf-8"
    )
    found = documents([str(tmp_path)])
    assert [(p.line, p.text, p.language) for p in found.passages] == [
        (1, f"# Returns\n\n{ENGLISH}", "en"),
        (6, f"# 営業時間\n\n{JAPANESE}", "ja"),
    ]
    assert found.left_out == ()


def test_an_answer_of_a_record_stays_whole_and_short_ones_stay(tmp_path: Path) -> None:
    long = "\n\n".join([ENGLISH] * 60)
    rows = [{"instruction": "", "output": text} for text in (long, "奈良", " ")]
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(map(orjson.dumps, rows)))
    found = documents([str(tmp_path / "a.jsonl")])
    assert [p.text for p in found.passages] == [long, "奈良"]
    assert [(one.line, one.why) for one in found.left_out] == [(3, "the answer is empty")]
    assert found.read == 3


def test_what_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xff\xfe broken")
    (tmp_path / "b.txt").write_text("Menu\n", "utf-8")
    (tmp_path / "c.txt").write_text("", "utf-8")
    found = documents([str(tmp_path)])
    assert found.passages == ()
    assert [Path(one.source).name for one in found.left_out] == ["a.txt", "b.txt", "c.txt"]
    assert found.left_out[0].why == "not UTF-8 at byte 0"


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match=r"no\.txt"):
        documents([str(tmp_path / "no.txt")])


PARAGRAPHS = st.lists(st.sampled_from(["# A", ENGLISH, JAPANESE, "  x  ", "", "\t"]), max_size=12)


@given(PARAGRAPHS, st.integers(20, 400))
def test_cutting_loses_no_paragraph(paragraphs: list[str], most: int) -> None:
    pieces = list(cut("a", 1, "p", "\n\n".join(paragraphs), most))
    held = [p.text for p in pieces if isinstance(p, Passage)]
    for text in (ENGLISH, JAPANESE):
        assert sum(each.count(text) for each in held) == paragraphs.count(text)
    assert len(pieces) >= 1
