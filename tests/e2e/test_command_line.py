"""The command line as a user meets it: real processes, exit codes, streams, files."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import orjson
import polars as pl
import pytest

from curate.finding import SCHEMA
from curate.report import FILES
from tests.warm import Warm

ROOT = Path(__file__).parent.parent.parent
GOOD = [{"instruction": f"Name the number {n}.", "output": f"It is {n}."} for n in range(30)]
Done = subprocess.CompletedProcess[bytes]
Curate = Callable[..., Done]
BAD = [*GOOD, {"instruction": "Say hello.", "output": ""}]


def lines(records: list[dict[str, str]]) -> bytes:
    return b"".join(orjson.dumps(r, option=orjson.OPT_APPEND_NEWLINE) for r in records)


@pytest.fixture(scope="session")
def curate(warm: Warm) -> Curate:
    def run(cwd: Path, *words: str, data: bytes | None = None) -> Done:
        return subprocess.run(
            [warm.python, "-m", "curate", *words], cwd=cwd, input=data, capture_output=True,
            check=False, env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"},
        )  # fmt: skip

    return run


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "good.jsonl").write_bytes(lines(GOOD))
    (tmp_path / "bad.jsonl").write_bytes(lines(BAD))
    return tmp_path


def test_an_audit_writes_its_files_and_says_where(curate: Curate, here: Path) -> None:
    done = curate(here, "audit", "bad.jsonl", "--out", "out")
    assert done.returncode == 0
    assert {p.name for p in (here / "out").iterdir()} == set(FILES)
    assert "empty-answer" in done.stdout.decode()
    assert "out" in done.stdout.decode()
    assert done.stderr == b"", "quiet when piped"
    assert pl.read_parquet(here / "out" / "findings.parquet").schema == pl.Schema(SCHEMA)


def test_no_place_of_the_machine_and_no_time_in_the_report(curate: Curate, here: Path) -> None:
    curate(here, "audit", "bad.jsonl", "--out", "out")
    html = (here / "out" / "report.html").read_text(encoding="utf-8")
    assert str(here) not in html


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["good.jsonl", "--fail-on", "error"], 0, ""),
        (["bad.jsonl"], 0, ""),
        (["bad.jsonl", "--fail-on", "error"], 1, ""),
        (["bad.jsonl", "--fail-on", "empty-answer>0.5"], 0, ""),
        (["bad.jsonl", "--fail-on", "empty-answer>0"], 1, ""),
        (["bad.jsonl", "--fail-on", "severe"], 2, "write a severity"),
        (["bad.jsonl", "--only", "empty-anser"], 2, "did you mean 'empty-answer'"),
        (["bad.jsonl", "--engine", "spark"], 2, "unknown engine 'spark'"),
        (["bad.jsonl", "--locale", "fr"], 2, "en"),
        (["bad.jsonl", "--format", "pdf"], 2, "unknown format 'pdf'"),
        (["bad.jsonl", "--shape", "alpacca"], 2, "alpaca"),
        (["bad.jsonl", "--map", "instruction"], 2, "FIELD=COLUMN"),
        (
            ["bad.jsonl", "--map", "input=a", "--map", "input=b"],
            2,
            "input is given twice (a and b)",
        ),
        (["bad.jsonl", "--label", "klass"], 2, "klass"),
        (["missing.jsonl"], 2, "missing.jsonl"),
        (["bad.jsonl", "--no-such-option"], 2, "--no-such-option"),
        (["empty.jsonl"], 3, "no record"),
    ],
)
def test_exit_codes(curate: Curate, here: Path, words: list[str], code: int, said: str) -> None:
    (here / "empty.jsonl").write_bytes(b"")
    done = curate(here, "audit", *words)
    assert done.returncode == code, done.stderr.decode()
    assert said in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_a_bad_call_writes_nothing(curate: Curate, here: Path) -> None:
    before = {p.name for p in here.iterdir()}
    assert curate(here, "audit", "bad.jsonl", "--format", "pdf").returncode == 2
    assert curate(here, "audit", "bad.jsonl", "--fail-on", "refusl>0.1").returncode == 2
    assert {p.name for p in here.iterdir()} - before <= {".curate"}


def test_a_rule_that_is_wrong_on_its_own_examples_is_told(curate: Curate, here: Path) -> None:
    rule = (
        "no-hello:\n  says: it greets\n  check: greeting\n  field: answer\n  matches: 'hi'\n"
        "  bad:\n    - hello\n    - {more}\n  good:\n    - bye\n"
    )
    (here / "wrong.yaml").write_text(rule.format(more="hi"), encoding="utf-8")
    (here / "right.yaml").write_text(rule.format(more="hi").replace("- hello", "- hi you"))
    done = curate(here, "audit", "good.jsonl", "--rules", "wrong.yaml", "--rules", "right.yaml")
    assert (done.returncode, b"is not found" in done.stderr) == (0, False)  # the later one counts
    done = curate(here, "audit", "good.jsonl", "--rules", "wrong.yaml")
    said = done.stderr.decode()
    assert done.returncode == 0
    assert "wrong.yaml:1: rule 'no-hello': bad {'answer': 'hello'} is not found" in said
    assert "curate rules test wrong.yaml" in said


def test_standard_input_and_compression_and_folders(curate: Curate, here: Path) -> None:
    (here / "more").mkdir()
    (here / "more" / "x.jsonl.gz").write_bytes(gzip.compress(lines(GOOD)))
    done = curate(here, "audit", "-", "more", "--out", "out", data=lines(BAD))
    assert done.returncode == 0, done.stderr.decode()
    rows = json.loads((here / "out" / "report.json").read_bytes())["rows"]
    assert rows == {"read": 61, "kept": 61, "rejected": 0}


def test_only_what_is_new_counts_against_a_baseline(curate: Curate, here: Path) -> None:
    assert curate(here, "audit", "bad.jsonl", "--out", "first").returncode == 0
    again = ["audit", "bad.jsonl", "--baseline", "first/report.json", "--fail-on", "error"]
    assert curate(here, *again).returncode == 0
    with (here / "bad.jsonl").open("ab") as file:
        file.write(lines([{"instruction": "Say goodbye.", "output": ""}]))
    assert curate(here, *again).returncode == 1


def test_a_dry_run_writes_nothing(curate: Curate, here: Path) -> None:
    before = sorted(here.rglob("*"))
    done = curate(here, "audit", "bad.jsonl", "--dry-run")
    assert done.returncode == 0
    assert "bad.jsonl" in done.stdout.decode()
    assert sorted(here.rglob("*")) == before


def test_formats(curate: Curate, here: Path) -> None:
    words = ["--format", "sarif, junit", "--format", "md"]
    assert curate(here, "audit", "bad.jsonl", "--out", "out", *words).returncode == 0
    assert len(list((here / "out").iterdir())) == len(FILES) + 3


def test_japanese(curate: Curate, here: Path) -> None:
    done = curate(here, "audit", "bad.jsonl", "--out", "out", "--locale", "ja")
    assert "件" in done.stdout.decode()
    assert '<html lang="ja"' in (here / "out" / "report.html").read_text(encoding="utf-8")


def test_thresholds_move_without_reading_again(curate: Curate, here: Path) -> None:
    assert curate(here, "report").returncode == 3
    records = [{"instruction": "Tell me.", "output": "word " * 1500 + f"{n}."} for n in range(3)]
    (here / "long.jsonl").write_bytes(lines(records))
    assert curate(here, "audit", "long.jsonl", "--out", "out").returncode == 0
    (here / "long.jsonl").unlink()
    assert "too-long" not in set(pl.read_parquet(here / "out" / "findings.parquet")["check"])
    done = curate(here, "report", "--out", "out", "--set", "too-long.max_chars=5000")
    assert done.returncode == 0, done.stderr.decode()
    found = pl.read_parquet(here / "out" / "findings.parquet")
    assert len(found.filter(pl.col("check") == "too-long")) == 3
    below = curate(here, "report", "--set", "too-long.max_chars=10")
    assert below.returncode == 2
    assert b"scores were kept from" in below.stderr
    other = curate(here, "report", "--set", "invalid-sql.dialect=postgres")
    assert other.returncode == 2
    assert b"takes a new audit" in other.stderr


def test_interrupted(here: Path) -> None:
    (here / "big.jsonl").write_bytes(lines(GOOD) * 60_000)
    process = subprocess.Popen(
        [sys.executable, "-m", "curate", "audit", "big.jsonl", "--out", "out", "--workers", "2"],
        cwd=here, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    time.sleep(4)
    os.killpg(process.pid, signal.SIGINT)
    _, words = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"interrupted" in words
    assert not (here / "out").exists()
    assert not list((here / ".curate").glob("making-*"))


def test_doctor_names_a_changed_snapshot(curate: Curate, here: Path) -> None:
    curate(here, "audit", "bad.jsonl")
    assert curate(here, "doctor").returncode == 0
    [part] = (here / ".curate" / "snapshots").glob("*/records-00000.parquet")
    raw = bytearray(part.read_bytes())
    raw[100] ^= 1
    part.write_bytes(raw)
    done = curate(here, "doctor")
    assert done.returncode == 1
    assert b"changed on disk: records-00000.parquet" in done.stdout.replace(b"\n", b" ")


def test_checks_are_shown(curate: Curate, here: Path) -> None:
    shown = curate(here, "checks").stdout.decode()
    assert "unclosed-code" in shown
    one = curate(here, "checks", "too-long").stdout.decode()
    assert "too-long.max_chars = " in one
    assert curate(here, "checks", "too-lang").returncode == 2
