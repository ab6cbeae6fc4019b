"""docs/requirements.md: no item is missing, and what it names is really there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from bench.gpu.result import names as gpu_parts
from curate.cli import app as curate_app
from train.cli import app as train_app

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8")
LISTED = {"A": 30, "B": 9, "C": 22, "D": 28, "E": 10}
"""How many items each text has."""
SECTIONS = (
    "top", "dataset", "tokenizer", "augmentation", "architecture", "training", "prediction",
    "environment", "logging",
)  # fmt: skip
"""Of the H2O configuration file."""
ROW = re.compile(r"^\| (\S+) \| (.+?) \| (.+) \|$", re.M)
CODE = re.compile(r"`([^`]+)`")


def rows(text: str = TEXT) -> dict[str, str]:
    """Item or section -> what shows it."""
    return {m[1]: m[3] for m in ROW.finditer(text) if m[1] not in ("item", "section", "---")}


def named(text: str = TEXT) -> list[str]:
    """Every test and command that the rows name."""
    return sorted({code for shown in rows(text).values() for code in CODE.findall(shown)})


@cache
def functions(file: Path) -> frozenset[str]:
    """The functions at the top of a file."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@cache
def commands(program: str) -> frozenset[str]:
    """The commands of curate or train."""
    app = {"curate": curate_app, "train": train_app}[program]
    single = {c.name or str(c.callback and c.callback.__name__) for c in app.registered_commands}
    return frozenset(single | {str(group.name) for group in app.registered_groups})


def fault(code: str) -> str | None:
    """What is wrong with a name in the document; None where it is there."""
    words = code.split()
    if code.startswith("tests/"):
        path, _, function = code.partition("::")
        there = (ROOT / path).is_file() and function in functions(ROOT / path)
        return None if there else "no such test"
    if words[0] in ("curate", "train"):
        return None if words[1] in commands(words[0]) else "no such command"
    if words[:3] == ["python", "-m", "bench.gpu"]:
        return None if words[3:] == [] or words[4] in gpu_parts() else "no such part"
    return None  # a file, a setting


def test_no_item_is_missing() -> None:
    expected = {f"{text}{n}" for text, most in LISTED.items() for n in range(1, most + 1)}
    assert set(rows()) == expected | set(SECTIONS)


@pytest.mark.parametrize("code", named())
def test_what_is_named_exists(code: str) -> None:
    assert fault(code) is None, code


@pytest.mark.parametrize("item", rows())
def test_each_item_is_shown_or_says_why_not(item: str) -> None:
    shown = rows()[item]
    assert any(
        code.startswith(("tests/", "curate ", "train ")) for code in CODE.findall(shown)
    ) or (shown.startswith(("document: ", "**not yet**: ")))


@pytest.mark.parametrize(
    "code",
    [
        "tests/train/test_run.py::test_that_nobody_wrote",
        "tests/train/test_nowhere.py::test_a_run_folder_holds_all_there_is_to_know",
        "train swepe",
        "python -m bench.gpu --only nothing",
    ],
)
def test_what_is_not_there_would_be_noticed(code: str) -> None:
    assert fault(code) is not None
    assert code in named(f"| A1 | what | `{code}` |")
