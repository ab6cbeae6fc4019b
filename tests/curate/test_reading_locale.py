"""Everything that reading says has its Japanese, also where a template goes through a name."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import curate
from curate import reading
from curate.locale import catalogue, translator

SOURCE = Path(curate.__file__).parent
FILES = [
    SOURCE / "reading.py",
    *(SOURCE / "sources").glob("*.py"),
    *(SOURCE / "formats").glob("*.py"),
    *(SOURCE / "shapes").glob("*.py"),
    *(SOURCE / "raw").glob("*.py"),
]  # fmt: skip


def templates(tree: ast.Module) -> Iterator[str]:
    """Texts given to the name `says`, and texts that stand before a mapping or `_args(...)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "says":
            if isinstance(node.value, ast.Constant):
                yield node.value.value
        elif isinstance(node, ast.Tuple) and len(node.elts) == 2:
            first, second = node.elts
            mapping = isinstance(second, ast.Dict) or ast.unparse(second).startswith("_args(")
            if mapping and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


SAID = sorted({text for file in FILES for text in templates(ast.parse(file.read_text("utf-8")))})


def test_the_collector_finds_what_is_said() -> None:
    assert "not JSON at character {at}: {why}" in SAID
    assert "shape {shape} ({columns})" in SAID
    assert len(SAID) > 40


@pytest.mark.parametrize("template", SAID)
def test_it_is_in_the_japanese_catalogue(template: str) -> None:
    japanese = catalogue("ja").get(template)
    assert japanese is not None
    names = [{name for _, name, _, _ in string.Formatter().parse(t)} for t in (template, japanese)]
    assert names[0] - {None} == names[1] - {None}


def test_a_source_and_its_rejects_speak_japanese(tmp_path: Path) -> None:
    path = tmp_path / "データ.jsonl"
    chat = '{"messages":[{"role":"user","content":"あ"},{"role":"assistant","content":"い"}]}'
    path.write_text(f'{{"質問":"a","回答":"b","メモ":1}}\n{chat}\n{chat[:-3]}\n', encoding="utf-8")
    ja = translator("ja")
    (source,) = reading.sources(path)
    assert (
        source.said_in(ja)
        == f"{path}: JSON Lines; 形式 text-pair（質問, 回答）; ほかの列は meta に保持：2 列"
    )
    first, second = reading.read(path)[1]
    assert (
        ja(first.says).format(**first.args)
        == "列 '質問' がありません（このレコードは形式 messages のようです）"
    )
    assert ja(second.says).format(**second.args).startswith("行末でオブジェクトが終わっていません")
