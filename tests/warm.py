"""Pythons that have loaded the libraries of training, in place of those that load them for seconds.

`Warm.python` runs `-c CODE` and `-m MODULE` as `sys.executable` does: with its arguments,
environment, folder and streams, and it ends as the program ends. Whoever kills it kills that, too.
Each program is a process forked from one that has loaded the libraries and used none of them.
"""

from __future__ import annotations

import atexit
import json
import multiprocessing
import os
import runpy
import select
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType

import pytest

PATIENCE_SECONDS = 300
FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(["tests.libraries"])
ASKING = """\
#!{python} -IS
import json, os, signal, socket, sys
on = socket.socket(socket.AF_UNIX)
on.connect({place!r})
socket.send_fds(on, [b"."], [0, 1, 2])
said = {{"words": {words!r} + sys.argv[1:], "env": dict(os.environ), "cwd": os.getcwd()}}
on.sendall(json.dumps(said).encode() + b"\\n")
code = int(on.makefile().read())
if code < 0:
    os.kill(os.getpid(), -code)
    signal.pause()
sys.exit(code)
"""


class Warm:
    """Keeps such a Python until it is closed; `bin` is a folder of commands for PATH."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="warm")  # a socket's path is short
        place = Path(self.folder.name) / "socket"
        self.bin = Path(self.folder.name) / "bin"
        self.bin.mkdir()
        self.python = self.command("python", [], place)
        for name in ("curate", "train"):
            start = f"import sys; sys.argv[0] = {name!r}; from {name}.cli import main; main()"
            self.command(name, ["-c", start], place)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("OMP_NUM_THREADS", "1")
            patch.setenv("HF_HUB_OFFLINE", "1")
            patch.setenv("CURATE_CACHE", os.environ.get("CURATE_CACHE", self.folder.name))
            self.process = FORKING.Process(target=serve, args=(place,))
            self.process.start()
        until = time.monotonic() + PATIENCE_SECONDS
        while not place.exists():
            assert self.process.is_alive(), "it did not start"
            assert time.monotonic() < until, "it does not start"
            time.sleep(0.02)

    def command(self, name: str, words: list[str], place: Path) -> Path:
        """An executable that has these words run before its own."""
        file = self.bin / name
        file.write_text(ASKING.format(python=sys.executable, place=str(place), words=words))
        file.chmod(0o755)
        return file

    def close(self) -> None:
        assert self.process.pid is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.join()
        self.folder.cleanup()


def serve(place: Path) -> None:
    """Fork for whoever comes in."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who answer
    with socket.socket(socket.AF_UNIX) as door:
        made = place.with_suffix(".made")
        door.bind(str(made))
        door.listen(64)
        made.rename(place)
        parent = multiprocessing.parent_process()
        assert parent is not None
        while True:
            if parent.sentinel in select.select([door, parent.sentinel], [], [])[0]:
                os.killpg(0, signal.SIGKILL)  # the tests were killed
            on, _ = door.accept()
            if not os.fork():
                door.close()
                answer(on)
            on.close()


def answer(on: socket.socket) -> None:
    """Run the program in a process of its own, and say how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _, streams, _, _ = socket.recv_fds(on, 1, 3)
    with on.makefile() as file:
        said = json.loads(file.readline())
    child = os.fork()
    if not child:
        on.close()
        work(streams, **said)
    for stream in streams:
        os.close(stream)  # whoever reads them waits for the program alone
    ended = os.pidfd_open(child)
    if ended not in select.select([ended, on], [], [])[0]:
        os.kill(child, signal.SIGKILL)  # nobody asks any more
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    on.sendall(str(code).encode())
    os._exit(0)


def work(streams: list[int], words: list[str], env: dict[str, str], cwd: str) -> None:
    """Be the program, and end as it ends."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w")
    sys.stderr = os.fdopen(2, "w", 1, errors="backslashreplace")
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.path[:0] = [cwd, *filter(None, env.get("PYTHONPATH", "").split(os.pathsep))]
    code = 1
    try:
        run(*words)
        code = 0
    except SystemExit as end:
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
        else:
            code = int(end.code or 0)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def run(kind: str, what: str, *words: str) -> None:
    """`-c` or `-m`, as Python has it."""
    if kind == "-m":
        sys.argv = [what, *words]
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        assert kind == "-c", kind
        sys.argv = ["-c", *words]
        main = sys.modules["__main__"] = ModuleType("__main__")
        exec(compile(what, "<string>", "exec"), vars(main))
