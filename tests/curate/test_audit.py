"""Audit: the laws that hold whatever the checks say."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest

from curate import checks as written
from curate import plan as plans
from curate import scan as scanning
from curate.audit import audit
from curate.check import Check
from curate.engines.local import Local
from curate.errors import NothingToAudit, Unaccounted
from curate.report import FILES
from tests.cut_short import Commands

ROOT = Path(__file__).parent.parent.parent

RECORDS: list[dict[str, Any]] = [
    *({"instruction": f"What is {n} plus one?", "output": f"It is {n + 1}."} for n in range(40)),
    *({"instruction": f"{n}の次の数は何ですか。", "output": f"{n + 1}です。"} for n in range(40)),
    {"instruction": "Write a loop.", "output": "```python\nfor i in range(3):"},
    {"instruction": "ループを書いてください。", "output": "```python\nfor i in range(3):"},
    {"instruction": "Say hello.", "output": ""},
    {"instruction": "Say hello.", "output": "Hello."},
    {"instruction": "Say hello.", "output": "Hello."},
    {"instruction": "首都は？", "output": "東京です。"},
    {"instruction": "首都は？", "output": "大阪です。"},
    {"instruction": "Help me.", "output": "I'm sorry, but I can't help with that."},
    {"instruction": "手伝って。", "output": "申し訳ありませんが、そのご要望にはお応えできません。"},
]


def lines(records: list[dict[str, Any]]) -> bytes:
    return b"".join(orjson.dumps(r, option=orjson.OPT_APPEND_NEWLINE) for r in records)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / "data.jsonl"
    file.write_bytes(lines(RECORDS) + b'{"instruction": "cut sho\n')
    return file


def untimed(document: Mapping[str, Any]) -> dict[str, Any]:
    """A report's document without its times."""
    checks = [{k: v for k, v in check.items() if k != "seconds"} for check in document["checks"]]
    return {k: v for k, v in document.items() if k != "seconds"} | {"checks": checks}


def where_aside(findings: pl.DataFrame) -> list[str]:
    """What was found on which record, without places, in one order."""
    rows = findings.select(
        "record_id", "check", "severity", "score", "field", "start", "end"
    ).rows()
    return sorted(map(repr, rows))


def test_everything_read_is_accounted_for(data: Path, tmp_path: Path) -> None:
    report = audit(data, workspace=tmp_path / "ws")
    assert report.document["rows"] == {"read": 90, "kept": 89, "rejected": 1}
    assert len(report.snapshot) == 89
    [reject] = report.rejects
    assert (reject["line"], reject["offset"]) == (90, len(lines(RECORDS)))
    assert reject["raw"] == '{"instruction": "cut sho'


def test_what_was_planted_is_found_where_it_lies(data: Path, tmp_path: Path) -> None:
    findings = audit(data, workspace=tmp_path / "ws").findings
    found = set(findings.select("check", "line").rows())
    planted = {
        ("unclosed-code", 81), ("unclosed-code", 82), ("empty-answer", 83), ("exact-duplicate", 85),
        ("refusal", 88), ("refusal", 89),
    }  # fmt: skip
    assert planted <= found
    assert {check for check, line in found if line and line <= 80} <= {"length-outliers"}
    contradictions = findings.filter(pl.col("check") == "contradiction")["evidence"]
    assert any("大阪" in evidence for evidence in contradictions)


def test_messages_are_filled_and_evidence_says_from_what(data: Path, tmp_path: Path) -> None:
    for row in audit(data, workspace=tmp_path / "ws").findings.iter_rows(named=True):
        evidence = json.loads(row["evidence"])
        assert row["message"] == evidence["says"].format(**evidence["args"])


@pytest.mark.parametrize(
    "several", [[("2", "1")], pytest.param([("2", "1"), ("4", "77")], marks=pytest.mark.long)]
)
def test_the_same_bytes_on_any_number_of_workers(
    tmp_path: Path, several: list[tuple[str, str]]
) -> None:
    """Real processes with their own hash seeds, on input of many chunks."""
    file = tmp_path / "data.jsonl"
    padded = [{**r, "note": "x" * 90_000} for r in RECORDS * 4]
    file.write_bytes(lines(padded) + b"not json\n")
    results = []
    for workers, seed in (("1", "0"), *several):
        out = tmp_path / f"out-{workers}"
        run(["audit", str(file), "--out", str(out), "--workers", workers], tmp_path / workers, seed)
        document = untimed(json.loads((out / "report.json").read_bytes()))
        results.append(((out / "findings.parquet").read_bytes(), json.dumps(document)))
    assert all(result == results[0] for result in results)
    assert json.loads(results[0][1])["rows"]["rejected"] == 1


def run(words: list[str], cwd: Path, seed: str = "0") -> subprocess.CompletedProcess[str]:
    cwd.mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-m", "curate", *words],
        cwd=cwd, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def test_another_order_gives_the_same_findings(tmp_path: Path) -> None:
    first = audit(RECORDS, workspace=tmp_path / "a").findings
    shuffled = random.Random(3).sample(RECORDS, len(RECORDS))
    assert where_aside(audit(shuffled, workspace=tmp_path / "b").findings) == where_aside(first)


def test_the_same_again_gives_the_same_report(data: Path, tmp_path: Path) -> None:
    first = audit(data, workspace=tmp_path / "ws")
    second = audit(data, workspace=tmp_path / "ws")
    assert untimed(first.document) == untimed(second.document)
    assert first.folder == second.folder


def broken_check(**parts: Any) -> Check:
    known = plans.every_check(())["unclosed-code"]
    return replace(known, **parts)


def raises(*_: Any) -> Any:
    raise ZeroDivisionError("a fault")


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"look": raises}, "the check failed: ZeroDivisionError: a fault"),
        ({"suspects": lambda _: pl.col("answer") + 1 > pl.col("nowhere")}, "the check failed: "),
        (
            {"key": lambda _: pl.col("line").cast(pl.UInt64) * 0, "settle": raises},
            "the check failed: Zero",
        ),
        ({"measure": lambda f, _: f.select("line"), "weigh": raises}, "the check failed: Zero"),
    ],
)
def test_a_check_that_fails_says_so_and_hides_no_other(
    parts: dict[str, Any], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {**plans.every_check(()), "unclosed-code": broken_check(**parts)}
    monkeypatch.setattr(plans, "every_check", lambda _: known)
    report = audit(RECORDS, workspace=tmp_path / "ws")
    told = {check["name"]: check for check in report.document["checks"]}["unclosed-code"]
    assert told["could_not_tell"] > 0
    assert any(said.startswith(reason) for said in told["reasons"])
    assert "empty-answer" in set(report.findings["check"])


def test_a_lost_record_stops_the_audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin of reading: one record fewer than was read."""
    whole = scanning.decode

    def losing(*words: Any) -> Any:
        decoded = whole(*words)
        return replace(decoded, records=decoded.records[1:])

    monkeypatch.setattr(scanning, "decode", losing)
    with pytest.raises(Unaccounted, match="a record was lost"):
        audit(RECORDS, workspace=tmp_path / "ws")


def test_nothing_to_audit(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_bytes(b"")
    with pytest.raises(NothingToAudit):
        audit(tmp_path / "empty.jsonl", workspace=tmp_path / "ws")


def test_scratch_is_gone_afterwards(data: Path, tmp_path: Path) -> None:
    audit(data, workspace=tmp_path / "ws")
    assert {p.name for p in (tmp_path / "ws").iterdir()} == {"snapshots", "audits"}


def test_workers_are_processes_of_their_own(data: Path, tmp_path: Path) -> None:
    assert list(Local(2).map(process_id, range(2))) != [os.getpid()] * 2
    assert len(audit(data, workspace=tmp_path / "ws", workers=2).snapshot) == 89


def process_id(_: int) -> int:
    return os.getpid()


def kills(tmp_path: Path, data: Path, count: int) -> None:
    """Kill audits at random moments; out/ holds one whole report after each, and the next works."""
    words = ["audit", str(data), "--out", "out", "--workers", "2"]
    assert run(words, tmp_path).returncode in (0, 1)
    whole = {name: (tmp_path / "out" / name).read_bytes() for name in FILES}
    chance = random.Random(11)
    for number in range(count):
        with data.open("ab") as file:
            file.write(lines([{"instruction": f"More {number}?", "output": f"{number}."}]))
        process = subprocess.Popen(
            [sys.executable, "-m", "curate", *words],
            cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(ROOT)}, start_new_session=True,
        )  # fmt: skip
        time.sleep(0.5 + chance.random() * 3)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        now = {name: (tmp_path / "out" / name).read_bytes() for name in FILES}
        kept = json.loads(now["report.json"])["rows"]["kept"]
        found = pl.read_parquet(tmp_path / "out" / "findings.parquet")
        assert len(found) == json.loads(now["report.json"])["findings"]["total"]
        assert now == whole or kept > json.loads(whole["report.json"])["rows"]["kept"]
        whole = now
    assert run(words, tmp_path).returncode in (0, 1)
    assert not list((tmp_path / ".curate").glob("making-*"))
    assert not list(tmp_path.glob(".out-*"))


def test_killed_at_random_moments(tmp_path: Path, data: Path) -> None:
    kills(tmp_path, data, 3)


@pytest.mark.long
def test_killed_a_hundred_times(tmp_path: Path, data: Path) -> None:
    kills(tmp_path, data, 100)


def test_a_full_disk_keeps_the_old_report(tmp_path: Path, data: Path) -> None:
    """A real limit on file sizes: writing stops in the middle, as on a full disk."""
    words = ["audit", str(data), "--out", "out"]
    assert run(words, tmp_path).returncode in (0, 1)
    whole = {name: (tmp_path / "out" / name).read_bytes() for name in FILES}
    shutil.copy(data, tmp_path / "more.jsonl")
    limited = f"ulimit -f 24; exec {sys.executable} -m curate audit data.jsonl more.jsonl --out out"
    done = subprocess.run(
        ["bash", "-c", limited], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 2
    assert "File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert {name: (tmp_path / "out" / name).read_bytes() for name in FILES} == whole
    assert run([*words[:2], "more.jsonl", *words[2:]], tmp_path).returncode in (0, 1)
    assert json.loads((tmp_path / "out" / "report.json").read_bytes())["rows"]["read"] == 180


@pytest.mark.long
def test_fifty_full_disks(tmp_path: Path, data: Path) -> None:
    """At fifty steps of an audit no room is left; out/ holds one whole report after each."""
    curate = Commands()
    words = ["audit", str(data), "--out", "out", "--workers", "1"]
    steps = curate(*words, cwd=tmp_path).steps
    whole = {name: (tmp_path / "out" / name).read_bytes() for name in FILES}
    cut = 0
    for number in range(50):
        with data.open("ab") as file:
            file.write(lines([{"instruction": f"More {number}?", "output": f"{number}."}]))
        full = {"full_at": 1 + number * steps // 50, "room": (0, 10, 700, 5_000)[number % 4]}
        done = curate(*words, cwd=tmp_path, **full)
        assert done.code in (0, 2), done.said
        assert "Traceback" not in done.said
        now = {name: (tmp_path / "out" / name).read_bytes() for name in FILES}
        found = pl.read_parquet(tmp_path / "out" / "findings.parquet")
        assert len(found) == json.loads(now["report.json"])["findings"]["total"]
        kept = json.loads(now["report.json"])["rows"]["kept"]
        assert now == whole or kept > json.loads(whole["report.json"])["rows"]["kept"]
        cut += done.code == 2
        assert curate(*words, cwd=tmp_path).code == 0
        whole = {name: (tmp_path / "out" / name).read_bytes() for name in FILES}
        assert not list((tmp_path / ".curate").glob("making-*"))
        assert not list(tmp_path.glob(".out-*"))
    curate.close()
    assert cut > 25


def test_checks_are_found_by_folder() -> None:
    assert {"unclosed-code", "exact-duplicate"} <= {check.name for check in written.found()}
