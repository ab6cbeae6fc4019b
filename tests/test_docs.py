"""The documents say what is true: blocks are executed, commands and checks exist."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from curate.commands.checks import catalogue
from curate.plan import every_check
from tests.warm import Warm

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.M | re.S)
SETUP = ("make ", "pip ")


def blocks(name: str) -> list[tuple[str, str]]:
    """The sh and python blocks of a document."""
    return [(m[1], m[2]) for m in BLOCK.finditer((ROOT / name).read_text(encoding="utf-8"))]


def execute(kind: str, text: str, cwd: Path, commands: Path | None = None) -> str:
    """Run one block; AssertionError with its output if it fails. `commands` is where ours lie."""
    path = f"{commands or Path(sys.executable).parent}:{os.environ['PATH']}"
    command = (
        ["bash", "-euo", "pipefail", "-c", text] if kind == "sh" else [sys.executable, "-c", text]
    )
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, f"{text}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def test_the_tutorial_runs(warm: Warm, tmp_path: Path) -> None:
    tutorial(tmp_path, warm.bin)


@pytest.mark.long
def test_the_tutorial_runs_from_fresh_processes(tmp_path: Path) -> None:
    tutorial(tmp_path, None)


def tutorial(folder: Path, commands: Path | None) -> None:
    """Every block of it, one after the other."""
    shown = [execute(*block, folder, commands) for block in blocks("docs/tutorial.md")]
    assert len(shown) >= 10
    assert "contradiction" in "".join(shown)


def test_what_the_readme_shows_runs(warm: Warm, tmp_path: Path) -> None:
    made = "curate demo demo && cp demo/data.jsonl . && cp demo/eval.jsonl test.jsonl"
    execute("sh", made, tmp_path, warm.bin)
    execute("sh", "mkdir more && cp data.jsonl more/", tmp_path)
    (tmp_path / "data.csv").write_text("質問,回答\n首都は？,東京です。\n", encoding="utf-8")
    for kind, text in blocks("README.md"):
        for line in text.splitlines() if kind == "sh" else [text]:
            if line.strip() and not line.startswith(SETUP):
                gate = "--fail-on" in line
                wanted = f"({line.partition('  #')[0]}) || test $? -eq 1" if gate else line
                execute(kind, wanted, tmp_path, warm.bin)


def test_what_the_readme_names_and_cannot_run_here_is_known() -> None:
    """Commands that need people, or a trained model: they and their flags exist."""
    [named] = re.findall(
        r"^```console\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S
    )
    lines = [shlex.split(line, comments=True) for line in named.splitlines()]
    assert {"curate review", "curate export", "train plan", "train run", "train compare"} <= {
        " ".join(words[:2]) for words in lines
    }
    for words in lines:
        told = execute("sh", f"COLUMNS=200 {' '.join(words[:2])} --help", ROOT)
        assert [flag for flag in words if flag.startswith("--") and f"{flag} " not in told] == []


@pytest.mark.parametrize("target", ["demo", "loop", "test", "test-long", "bench", "stress-review"])
def test_make_knows_what_the_documents_name(target: str) -> None:
    done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0


def test_the_list_of_checks_is_the_code() -> None:
    told = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    assert told == catalogue(every_check(()).values()) + "\n"


@pytest.mark.parametrize(
    "name", ["README.md", "ARCHITECTURE.md", "docs/tutorial.md", "docs/rules.md"]
)
def test_links_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert ((ROOT / name).parent / target).exists(), target


def test_every_command_is_in_the_documents() -> None:
    help_text = execute("sh", "COLUMNS=200 curate --help", ROOT)
    commands = set(re.findall(r"^  ([a-z]+)  ", help_text, re.M)) - {"demo"}
    assert {"audit", "report", "fix", "rules", "checks", "doctor"} <= commands
    told = "".join(
        (ROOT / n).read_text(encoding="utf-8") for n in ("README.md", "docs/tutorial.md")
    )
    assert {c for c in commands if f"curate {c}" not in told} == set()
