"""Encodings are named only when the bytes read as Japanese in them, and as nothing else."""

from __future__ import annotations

import pytest

from curate.raw.encodings import japanese_name, wide

NONE: list[bytes] = [
    b"",
    b"plain",
    "日本語のテキスト".encode(),
    "café, naïve, Zürich".encode("latin-1"),
    "“quotes” – dashes".encode("cp1252"),
    b"\xff",
    b"\x80\x81",
    b"ok \xe3\x81",
    "Привет, мир".encode("cp1251"),
    "こ".encode("cp932"),
    bytes(range(128, 256)),
]
NAMED: list[tuple[bytes, str]] = [
    ("首都は東京です。".encode("cp932"), "Shift-JIS (cp932)"),
    ("はい".encode("cp932"), "Shift-JIS (cp932)"),
    ("㈱山田商店①".encode("cp932"), "Shift-JIS (cp932)"),
    ("ﾃｽﾄ用のデータ".encode("cp932"), "Shift-JIS (cp932)"),
    ('{"表":"能力"}'.encode("cp932"), "Shift-JIS (cp932)"),
    ("首都は東京です。".encode("euc_jp"), "EUC-JP"),
    ("はい".encode("euc_jp"), "EUC-JP"),
    ("カタカナとひらがな".encode("euc_jp"), "EUC-JP"),
    ("首都は東京です。".encode("iso2022_jp"), "ISO-2022-JP"),
]


@pytest.mark.parametrize("text", NONE)
def test_nothing_is_named(text: bytes) -> None:
    assert japanese_name(text) is None


@pytest.mark.parametrize(("text", "name"), NAMED)
def test_japanese_encodings_are_named(text: bytes, name: str) -> None:
    assert japanese_name(text) == name


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"", None),
        (b"{}", None),
        (b"\xef\xbb\xbf{}", None),
        (b"\0\0\0\0", None),
        (b"{\0\0\0\1\2\3\4", None),
        ("{}".encode("utf-16-le"), ("utf-16-le", 0)),
        ("{}".encode("utf-16-be"), ("utf-16-be", 0)),
        ("{}".encode("utf-32-be"), ("utf-32-be", 0)),
        ("\ufeff質問".encode("utf-16-le"), ("utf-16-le", 2)),
        ("\ufeff質問".encode("utf-16-be"), ("utf-16-be", 2)),
        ("\ufeff質問".encode("utf-32-le"), ("utf-32-le", 4)),
    ],
)
def test_wide_encodings(head: bytes, found: tuple[str, int] | None) -> None:
    assert wide(head) == found
