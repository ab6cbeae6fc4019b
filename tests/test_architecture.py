"""The house: what may be loaded, how large a room is, and what things are called."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from curate import checks
from curate.check import GROUPS

ROOT = Path(__file__).parent.parent
SOURCES = sorted(
    path
    for top in ("curate", "train", "review_app", "rules")
    for path in (ROOT / top).rglob("*.py")
)
HEAVY = {"polars", "numpy", "torch", "streamlit", "sqlalchemy", "alembic", "psycopg",
         "transformers", "datasets", "ftfy", "sqlglot", "jinja2", "orjson", "langdetect",
         "model2vec", "usearch", "sentence_transformers"}  # fmt: skip
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base", "handler"}
LONGEST_FILE, LONGEST_FUNCTION = 300, 50


def modules_of(code: str) -> set[str]:
    """The top-level modules that are loaded once this code has run in a fresh Python."""
    shown = f"{code}\nimport sys; print(*sorted({{m.partition('.')[0] for m in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", shown], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("program", ["curate", "train"])
@pytest.mark.parametrize(
    "words",
    ["--help", "audit --help", "rules --help", "fix --help", "decide --help", "status --help"],
)
def test_help_loads_nothing_heavy(program: str, words: str) -> None:
    if program == "train" and words != "--help":
        words = "doctor --help"
    code = (
        f"import sys; sys.argv = ['{program}', *'{words}'.split()]\n"
        f"from {program}.cli import main\n"
        "try: main()\nexcept SystemExit: pass"
    )
    assert modules_of(code) & HEAVY == set()


def test_the_module_test_can_fail() -> None:
    assert "polars" in modules_of("import curate.record")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_one_room(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "a module says what it is for"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            length = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_drawers(path: Path) -> None:
    assert path.stem not in DRAWERS


@pytest.mark.parametrize("path", sorted((ROOT / "review_app").rglob("*.py")), ids=lambda p: p.stem)
def test_the_app_hides_no_module_of_python(path: Path) -> None:
    assert path.stem not in sys.stdlib_module_names  # streamlit puts the folder first on sys.path


def test_checks_are_named_for_their_file() -> None:
    for check in checks.found():
        file = ROOT / "curate" / "checks" / f"{check.name.replace('-', '_')}.py"
        assert file.exists(), check.name
        assert (ROOT / "tests" / "curate" / "checks" / f"test_{file.stem}.py").exists(), check.name
        assert check.group in GROUPS
        assert check.says[0].islower()
        assert not check.says.endswith(".")
        assert len(check.why.split()) >= 8, f"{check.name} does not say why it matters"


def test_a_check_that_moves_by_score_names_its_threshold() -> None:
    for check in checks.found():
        if check.threshold is not None:
            assert check.threshold in check.params
            assert check.floor is None or check.floor <= check.params[check.threshold]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_pattern_has_a_group_that_is_possessive(path: Path) -> None:
    """Before Python 3.11.5 such a group, as in Debian 12, took what it had not matched; (?>...) is
    right there too."""
    assert not re.search(r"\)[*+?]\+", path.read_text(encoding="utf-8"))
