"""TSV: quotes are text unless the file shows that they quote."""

from __future__ import annotations

from pathlib import Path

import pytest

from curate import reading

CASES = [
    ('the "big\tdog\n"x" y\tz\n', [('the "big', "dog"), ('"x" y', "z")], True),
    ('"a ""b"""\t"c\nd"\ne\tf\n', [('a "b"', "c\nd"), ("e", "f")], False),
    ('"a"\t"b"\n', [("a", "b")], False),
    ("a,b\tc\n", [("a,b", "c")], False),
    ("５インチ\"\tはい\n", [('５インチ"', "はい")], True),
]  # fmt: skip


@pytest.mark.parametrize(("body", "want", "said"), CASES)
def test_quotes(body: str, want: list[tuple[str, str]], said: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("instruction\toutput\n" + body, encoding="utf-8")
    records, rejects = reading.read(path)
    assert records.select("instruction", "answer").rows() == want
    assert not rejects
    assert ("quotes are plain text" in reading.sources(path)[0].said) == said


def test_a_row_of_another_width_is_a_reject(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("instruction\toutput\na\tb\tc\nd\te\n", encoding="utf-8")
    records, (reject,) = reading.read(path)
    assert records["line"].to_list() == [3]
    assert (reject.line, reject.code, reject.raw) == (2, "csv-ragged", b"a\tb\tc\n")
