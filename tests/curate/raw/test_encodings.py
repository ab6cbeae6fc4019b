"""Encodings are named only when the bytes read as Japanese in them, and as nothing else."""

from __future__ import annotations

import gzip
import subprocess
from pathlib import Path

import pytest

from curate.raw.encodings import convert_command, japanese_name, legacy, wide

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
        ('{"質問": "何時ですか。"}'.encode("utf-16-le"), ("utf-16-le", 0)),
        ("{}".encode("utf-16-be"), ("utf-16-be", 0)),
        ("{}".encode("utf-32-be"), ("utf-32-be", 0)),
        ("\ufeff質問".encode("utf-16-le"), ("utf-16-le", 2)),
        ("\ufeff質問".encode("utf-16-be"), ("utf-16-be", 2)),
        ("\ufeff質問".encode("utf-32-le"), ("utf-32-le", 4)),
    ],
)
def test_wide_encodings(head: bytes, found: tuple[str, int] | None) -> None:
    assert wide(head) == found


TABLE = "質問,回答\r\n何時ですか。,九時です。\r\n"


@pytest.mark.parametrize("text", [TABLE, '猫は眠る, "犬は走る"\n', "質問\t回答\n" * 200])
@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_utf16_without_a_mark_is_named(text: str, codec: str) -> None:
    name = f"{codec[:6].upper()}{codec[-2:].upper()} without a byte-order mark"
    assert legacy(text.encode(codec), whole=True) == name
    assert f"-f {name.split()[0]} " in convert_command(name, "a.csv")


LATIN: list[str] = [
    "question,answer\nOù est le café?,Près de la gare à côté\nÇa va?,Très bien\n",
    "Frage,Antwort\nWas heißt “naïve”?,„Unbefangen“ – für Kinder üblich\n",
    '{"instruction": "¿Dónde está el baño?", "output": "Allí, señor."}\n',
    "spørsmål,svar\nHva er blåbær på engelsk?,Bilberries\n",
]


@pytest.mark.parametrize("text", LATIN)
def test_latin_1_is_named(text: str) -> None:
    assert legacy(text.encode("cp1252", "ignore"), whole=True) == "Latin-1 (Windows-1252)"
    assert legacy(text.encode(), whole=True) is None
    assert "iconv -f CP1252 -t UTF-8 " in convert_command("Latin-1 (Windows-1252)", "a.csv")


@pytest.mark.parametrize(
    "data",
    [
        *NONE[4:],
        "Москва — столица России, да.".encode("cp1251"),
        "Москва - столица России, да.".encode("koi8_r"),
        "서울은 한국의 수도입니다. yes".encode("euc_kr"),
        "北京是中国的首都。yes".encode("gbk"),
        "Η Αθήνα είναι η πρωτεύουσα.".encode("cp1253"),
        "Où est le café? Près de là.".encode("mac_roman"),
        "日本語の文です。".encode()[:-1],
        b"an odd caf\xe9,b\n",
        b"plain,ascii\n" * 99 + "naïve café\n".encode("latin-1"),
    ],
)
def test_what_is_no_latin_1(data: bytes) -> None:
    assert legacy(data, whole=True) != "Latin-1 (Windows-1252)"


@pytest.mark.parametrize(
    "data",
    [TABLE.encode(), b"\0" * 64, b"a,b\n1,\0\n", "質問,回答\n\0".encode(), bytes(range(256))],
)
def test_zeros_alone_are_no_utf16(data: bytes) -> None:
    assert legacy(data, whole=True) is None


CONVERTED = [
    ("data.csv", "data.utf8.csv"),
    ("名 前.csv", "名 前.utf8.csv"),
    ("-x.jsonl", "-x.utf8.jsonl"),
    ("it's.csv", "it's.utf8.csv"),
    ("a.b/data", "a.b/data.utf8"),
    ("data.csv.gz", "data.utf8.csv"),
]


@pytest.mark.parametrize(("file", "new"), CONVERTED)
def test_the_offered_command_converts_the_file(file: str, new: str, tmp_path: Path) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    data = TABLE.encode("cp932")
    (tmp_path / file).write_bytes(gzip.compress(data) if file.endswith(".gz") else data)
    command = convert_command("Shift-JIS (cp932)", file)
    subprocess.run(command, shell=True, cwd=tmp_path, check=True)  # noqa: S602 - as a user would
    assert (tmp_path / new).read_bytes() == TABLE.encode()


def test_standard_input_is_converted_on_its_way() -> None:
    assert convert_command("EUC-JP", "-") == "iconv -f EUC-JP -t UTF-8"
