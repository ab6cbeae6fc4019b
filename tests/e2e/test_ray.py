"""A two-node Ray cluster gives what one process gives, byte for byte, whatever dies on the way."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest

from bench.meter import tree
from curate import plan as plans
from curate.audit import audit_opened
from curate.engines import open_engine
from curate.engines.ray import answers, loaded, see_everywhere
from curate.errors import BadSetting, MissingExtra
from curate.reading import Reading, sources
from tests.poison import NAME, PoisonedOnce, poisoned

ROOT = Path(__file__).parent.parent.parent
MEMORY = 80 << 20  # of each node's object store, the least that Ray takes
RECORDS: list[dict[str, Any]] = [
    *({"instruction": f"What is {n} plus one?", "output": f"It is {n + 1}."} for n in range(120)),
    *({"instruction": f"{n}の次の数は何ですか。", "output": f"{n + 1}です。"} for n in range(120)),
    *(
        record
        for n in range(12)
        for record in (
            {"instruction": f"Write loop {n}.", "output": "```python\nfor i in range(3):"},
            {"instruction": f"挨拶 {n}", "output": ""},
            {"instruction": "Say hello.", "output": "Hello."},
            {"instruction": f"首都は？{n % 3}", "output": f"東京です。{n}"},
            {"instruction": f"手伝って {n}", "output": "申し訳ありませんが、お応えできません。"},
        )
    ),
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Two nodes of one core each, on the loopback address."""
    loaded(alone=True)
    from ray.cluster_utils import Cluster

    node = {"num_cpus": 1, "object_store_memory": MEMORY, "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args=node)
    cluster.add_node(**node)
    yield cluster.address
    cluster.shutdown()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / "data.jsonl"
    shuffled = random.Random(4).sample(RECORDS, len(RECORDS))
    lines = [orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE) for record in shuffled]
    file.write_bytes(b"".join(lines) + b'{"instruction": "cut sho\n')
    return file


@pytest.fixture(autouse=True)
def many_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curate.reading.CHUNK_BYTES", 1500)


def told(
    data: Path, folder: Path, plan: plans.Plan, *engine: Any
) -> tuple[dict[str, Any], bytes, bytes]:
    """What an audit gives: its document without times and the engine's name, and its findings."""
    report = audit_opened(sources([data], plan.reading), plan, folder, *engine)
    document = timeless(report.document)
    findings = (report.folder / "findings.parquet").read_bytes()
    return document, orjson.dumps(document), findings


def timeless(document: Mapping[str, Any]) -> dict[str, Any]:
    checks = [{k: v for k, v in check.items() if k != "seconds"} for check in document["checks"]]
    same = {k: v for k, v in document.items() if k not in ("seconds", "engine")}
    return same | {"checks": checks}


def test_one_process_four_and_two_nodes_give_the_same_bytes(
    data: Path, tmp_path: Path, address: str
) -> None:
    plan = plans.make(Reading())
    one = told(data, tmp_path / "one", plan, "local", 1)
    assert one[0]["rows"] == {"read": 301, "kept": 300, "rejected": 1}
    assert one[0]["findings"]["total"] > 40
    assert told(data, tmp_path / "four", plan, "local", 4) == one
    assert told(data, tmp_path / "ray", plan, "ray", 2, address) == one
    answers(address)  # what was not started here goes on


@pytest.mark.parametrize(
    ("engine", "kills"),
    [
        ("ray", 3),
        pytest.param("ray", 10, marks=pytest.mark.long),
        pytest.param("local", 10, marks=pytest.mark.long),
    ],
)
def test_deaths_during_the_run_change_nothing(
    engine: str, kills: int, data: Path, tmp_path: Path, address: str
) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    lines = random.Random(kills).sample(range(1, 301), kills)
    plan = poisoned(plans.make(Reading()), PoisonedOnce)
    plan = replace(plan, params={**plan.params, NAME: {"lines": lines, "folder": str(marks)}})
    where = (address,) if engine == "ray" else ()
    first = told(data, tmp_path / "dying", plan, engine, 2, *where)
    assert {int(mark.name) for mark in marks.iterdir()} == set(lines), "all have killed"
    assert told(data, tmp_path / "living", plan, "local", 1) == first


@pytest.mark.long
@pytest.mark.parametrize("engine", ["local", "ray"])
def test_ten_workers_killed_from_outside_change_nothing(
    engine: str, data: Path, tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("curate.reading.CHUNK_BYTES", 60)
    data.write_bytes(data.read_bytes() * 3)
    plan = plans.make(Reading())
    one = told(data, tmp_path / "one", plan, "local", 1)
    killed: list[int] = []
    over = threading.Event()
    killer = threading.Thread(target=kill_workers, args=(killed, over, 10))
    killer.start()
    try:
        where = (address,) if engine == "ray" else ()
        assert told(data, tmp_path / engine, plan, engine, 2, *where) == one
        assert len(killed) == 10, "the run was long enough to be disturbed"
    finally:
        over.set()
        killer.join()


def kill_workers(killed: list[int], over: threading.Event, many: int) -> None:
    """Kill a worker of ours by chance, again and again."""
    chance = random.Random(many)
    while len(killed) < many and not over.wait(0.5):
        workers = sorted(pid for pid in tree(os.getpid()) if works(pid))
        if workers:
            killed.append(chance.choice(workers))
            os.kill(killed[-1], signal.SIGKILL)


def works(pid: int) -> bool:
    """Whether it is a worker that had the time to do something: three deaths are no chance."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        seconds = time.time() - Path(f"/proc/{pid}").stat().st_ctime
    except OSError:
        return False
    return seconds > 2.5 and (command.startswith(b"ray::worked") or b"spawn_main" in command)


def test_the_command_starts_a_cluster_and_ends_it(data: Path, tmp_path: Path) -> None:
    mark = uuid4().hex
    words = ["audit", data.name, "--engine", "ray", "--workers", "1", "--out", "out"]
    done = subprocess.run(
        [sys.executable, "-m", "curate", *words, "--only", "empty-answer"],
        cwd=tmp_path, capture_output=True, check=False, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "MARK": mark},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads((tmp_path / "out" / "report.json").read_bytes())
    assert document["engine"] == {"name": "ray"}
    assert {c["name"]: c["flagged"] for c in document["checks"]}["empty-answer"] == 12
    assert [pid for pid in running(mark) if pid != os.getpid()] == []


def running(mark: str) -> Iterator[int]:
    """The processes that carry this mark in their environment."""
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and mark.encode() in (entry / "environ").read_bytes():
                yield int(entry.name)


@pytest.mark.parametrize("wrong", ["127.0.0.1:1", "nowhere", "127.0.0.1:99999999"])
def test_where_no_cluster_answers(wrong: str) -> None:
    with pytest.raises(BadSetting, match=f"--address {wrong}: no Ray cluster answers there"):
        open_engine("ray", 1, wrong).__enter__()


def test_a_node_that_does_not_see_the_workspace_is_named(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_engine("ray", 1, address, tmp_path):
        monkeypatch.chdir(tmp_path)
        with pytest.raises(BadSetting, match=r"node 127\.0\.0\.1 does not see .* --workspace"):
            see_everywhere(Path("/proc/self/cwd"))  # another folder for every process
    assert not list(tmp_path.iterdir())


def test_without_ray_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curate.engines.ray.find_spec", lambda _: None)
    with pytest.raises(MissingExtra, match=r"pip install 'curate\[ray\]'"):
        open_engine("ray", 1)
