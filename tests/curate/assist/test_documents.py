"""Documents: every piece of text becomes a passage or is left out, and says where it stood."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.assist.documents import documents
from curate.assist.passages import Cut, Passage, cut
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


def test_code_is_neither_cut_nor_taken_for_a_heading(tmp_path: Path) -> None:
    code = "```sh\n# stop it first\n\n# then copy everything\ncp -r /srv /backup\n```"
    (tmp_path / "a.md").write_text(
        f"# 手順\n\n{JAPANESE}\n\n{code}\n\n# End\n\n{ENGLISH}\n", "utf-8"
    )
    found = documents([str(tmp_path)])
    assert [p.text for p in found.passages] == [
        f"# 手順\n\n{JAPANESE}\n\n{code}",
        f"# End\n\n{ENGLISH}",
    ]


def test_long_text_without_blank_lines_is_cut_at_sentences(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(JAPANESE * 200, "utf-8")
    (tmp_path / "b.txt").write_text(f"{ENGLISH} " * 200, "utf-8")
    found = documents([str(tmp_path)])
    assert all(len(p.text) <= 2000 for p in found.passages)
    assert all(p.text.endswith(("。", ".")) for p in found.passages)
    joined = " ".join(p.text for p in found.passages if p.language == "en")
    assert joined == " ".join([ENGLISH] * 200)
    assert "".join(p.text for p in found.passages if p.language == "ja") == JAPANESE * 200


def test_a_folder_of_many_kinds_is_read_and_what_is_not_is_named(tmp_path: Path) -> None:
    (tmp_path / "mail.txt").write_text(ENGLISH, "utf-8")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (tmp_path / "torn.json").write_text("[{", "utf-8")
    (tmp_path / "sjis.txt").write_bytes(JAPANESE.encode("cp932"))
    (tmp_path / "page.md").write_text(f"---\ntitle: 会社\n---\n{JAPANESE}\n", "utf-8")
    (tmp_path / "made.jsonl").write_text('{"instruction": "q", "output": "ours"}\n', "utf-8")
    found = documents([str(tmp_path)], written=[tmp_path / "made.jsonl"])
    assert {Path(p.source).name: (p.line, p.text) for p in found.passages} == {
        "mail.txt": (1, ENGLISH),
        "page.md": (4, JAPANESE),
    }
    why = {Path(one.source).name: one.why for one in found.left_out}
    assert why["photo.png"] == "neither text, Markdown nor a data file"
    assert why["page.md"].startswith("front matter")
    assert why["sjis.txt"].startswith("Shift-JIS (cp932), not UTF-8; convert it: iconv -f CP932")
    assert why.keys() == {"photo.png", "page.md", "sjis.txt", "torn.json"}
    with pytest.raises(BadSource, match=r"photo\.png"):
        documents([str(tmp_path / "photo.png")])


def test_how_short_an_answer_may_be_is_said_and_can_be_changed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("送料は全国一律500円です。", "utf-8")
    [one] = documents([str(tmp_path)]).left_out
    assert one.why == "shorter than 40 letters (20 kana or kanji); --min-letters lowers that"
    [passage] = documents([str(tmp_path)], Cut(least_letters=20)).passages
    assert passage.language == "ja"


PARAGRAPHS = st.lists(
    st.sampled_from(["# A", ENGLISH, JAPANESE, "  x  ", "", "\t", "```\n# no", "```"]), max_size=12
)


@given(PARAGRAPHS, st.integers(20, 400))
def test_cutting_loses_no_letter(paragraphs: list[str], most: int) -> None:
    text = "\n\n".join(paragraphs)
    pieces = list(cut("a", 1, "p", text, Cut(most, least_letters=1)))
    held = "".join(p.text for p in pieces if isinstance(p, Passage))
    assert "".join(held.split()) == "".join(text.split())
    assert len(pieces) >= 1
