"""Language-model help against a real server: `transformers serve`, with a tiny model and a small one."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from curate.assist.asking import ask, outlook
from curate.assist.backtranslate import question_for
from curate.assist.budget import Limits
from curate.assist.kept import Kept
from curate.assist.passages import Passage
from curate.assist.question import Answer, Question, Unanswered
from curate.assist.server import Server
from curate.commands.backtranslate import backtranslate
from tests.curate.assist.tiny import tiny
from train.backbones import smollm2
from train.errors import BadModel

UP_SECONDS = 240
TEXTS = [
    "You can send anything back within 30 days; we refund the price within a week.",
    "営業時間は平日の午前9時から午後6時までで、土日はお休みをいただいております。",
    "Hold the button for five seconds until the lamp turns green, then let it go.",
]


@contextmanager
def served(model: Path, folder: Path) -> Iterator[str]:
    """The address of a server of this model, on loopback."""
    pytest.importorskip("fastapi", reason="transformers serve needs fastapi")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = str(Path(sys.executable).with_name("transformers"))
    hub = folder / "hub"
    hub.mkdir()
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HUB_CACHE": str(hub)}
    words = ["serve", str(model), "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    with (folder / "serve.log").open("wb") as log:
        server = subprocess.Popen(
            [program, *words], env={**environment, "OMP_NUM_THREADS": "1"},
            stdout=subprocess.DEVNULL, stderr=log,
        )  # fmt: skip
    try:
        wait_for(f"http://127.0.0.1:{port}/health", server, folder / "serve.log")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        server.wait()


def wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server is up."""
    for _ in range(UP_SECONDS * 5):
        assert server.poll() is None, log.read_text()[-2000:]
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the server did not come up")


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny(tmp_path_factory.mktemp("tiny"))


def test_a_model_that_knows_nothing_loses_no_record(tiny_model: Path, tmp_path: Path) -> None:
    with served(tiny_model, tmp_path) as url, Kept(tmp_path / "replies") as kept:
        model = Server(url, str(tiny_model))
        plain = [Question((("user", text),), most_tokens=8) for text in TEXTS]
        answers = ask(model, plain, kept, Limits(at_once=2))
        assert all(isinstance(one, Answer) and one.tokens > 8 for one in answers)
        assert ask(model, plain, kept) == answers
        shaped = [question_for(Passage("a", 1, "p", text, "en"), [], None) for text in TEXTS]
        limits = Limits(at_once=2, attempts=2, first_wait=0.01, tokens=4000)
        outcomes = ask(model, shaped, kept, limits)
        assert all(isinstance(one, Unanswered) for one in outcomes)
        assert {len(kept.of(q.key(model.name))) for q in shaped} <= {0, 1, 2}
        spent = sum(reply.cost for q in shaped for reply in kept.of(q.key(model.name)))
        assert 0 < spent <= 4000
        assert outlook(model, plain, kept).most_tokens == 0


@pytest.mark.long
def test_a_small_model_writes_instructions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        folder = str(smollm2())
    except BadModel as missing:
        pytest.skip(str(missing))
    monkeypatch.chdir(tmp_path)
    rows = [{"instruction": "", "output": text} for text in TEXTS]
    Path("d.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    app = typer.Typer()
    app.command()(backtranslate)
    with served(Path(folder), tmp_path) as url:
        words = [
            "d.jsonl",
            "--server",
            url,
            "--model",
            folder,
            "--workspace",
            "ws",
            "--timeout",
            "300",
        ]
        done = CliRunner().invoke(app, words)
    made = Path("backtranslated.jsonl").read_text("utf-8").splitlines()
    left = Path("backtranslated.left-out.jsonl").read_text("utf-8").splitlines()
    assert len(made) + len(left) == len(TEXTS), done.output
    local = CliRunner().invoke(
        app, ["d.jsonl", "--model", folder, "--workspace", "ws", "--weights", folder]
    )
    assert local.exit_code == 0, local.output
    made = Path("backtranslated.jsonl").read_text("utf-8").splitlines()
    assert len(made) == len(TEXTS), "weights on this machine are held to the shape"
