"""Commands of curate that are cut short: killed at a moment, or on a disk that gets full on the way.

    python -m tests.cut_short    reads one command a line as JSON, and answers with how it ended

Each runs in a process forked from one that has loaded the libraries and used none of them, since
loading takes longer than the work. A disk that gets full is a limit on the size of files, set at
one of the steps at which the command makes, opens or renames something.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parent.parent
MAKING = {"os.mkdir", "os.rename", "shutil.copyfile"}
PAUSE = 0.05  # seconds between two writes of the twin, so that a kill finds it at work


@dataclass(frozen=True)
class Ended:
    """How a command ended; `steps` that a full disk can come at, `said` on standard error."""

    code: int
    seconds: float
    steps: int
    said: str


class Commands:
    """Runs commands one at a time, until it is closed."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.cut_short"], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def __call__(
        self,
        *words: str,
        cwd: Path,
        kill_after: float | None = None,
        full_at: int | None = None,
        room: int = 0,
        in_place: bool = False,
    ) -> Ended:
        """Run `curate` with these words; `room` are bytes that fit into a file of a full disk."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        how = {"kill_after": kill_after, "full_at": full_at, "room": room, "in_place": in_place}
        self.process.stdin.write(json.dumps({"words": words, "cwd": str(cwd), **how}) + "\n")
        self.process.stdin.flush()
        return Ended(**json.loads(self.process.stdout.readline()))

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def serve() -> None:
    """Run what comes in, until nothing more comes."""
    import pydantic  # noqa: F401

    import curate.audit
    import curate.cli
    import curate.engines.local
    import curate.export.formats
    import curate.review.review
    import curate.show.report_html
    import curate.show.terminal
    import curate.store.migrating  # noqa: F401
    from curate.dedup.sketch import Sketcher
    from curate.plan import every_check

    every_check(())
    Sketcher()(np.empty(0, np.uint8), np.zeros(1, np.int64))  # loads what is compiled
    for line in sys.stdin:
        print(json.dumps(asdict(ended(**json.loads(line)))), flush=True)  # noqa: T201


def ended(kill_after: float | None, **said: Any) -> Ended:
    """Fork, kill where that is asked for, and wait."""
    reading, writing = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if not child:
        os.close(reading)
        work(writing, **said)
    os.close(writing)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading, encoding="utf-8") as told:
        told_steps = told.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    *words, steps = told_steps.rsplit("\x00", 1) if "\x00" in told_steps else (told_steps, "0")
    return Ended(code, time.monotonic() - began, int(steps), "".join(words))


def work(
    out: int, words: list[str], cwd: str, full_at: int | None, room: int, in_place: bool
) -> None:
    """The command, in a process of its own; standard error and then the number of steps go out."""
    from curate import cli

    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(0, 1)
    os.dup2(out, 2)
    os.chdir(cwd)
    steps = counted(full_at, room)
    if in_place:
        write_in_place()
    sys.argv = ["curate", *words]
    code = 1
    try:
        cli.main()
    except SystemExit as exit_:
        code = int(exit_.code or 0)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os.write(2, f"\x00{steps[0]}".encode())
        os._exit(code)


def counted(full_at: int | None, room: int) -> list[int]:
    """Count the steps; from the named one on, no file has more room than so many bytes."""
    steps = [0]

    def step(event: str, given: tuple[Any, ...]) -> None:
        if event in MAKING or (event == "open" and given[2] & (os.O_WRONLY | os.O_RDWR)):
            steps[0] += 1
            if steps[0] == full_at:
                resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))

    sys.addaudithook(step)
    return steps


def write_in_place() -> None:
    """The broken twin: files are written where the reader reads."""
    from curate import report
    from curate.export import approve, formats

    def publish(made: Path, place: Path, ours: Collection[str]) -> None:
        place.mkdir(parents=True, exist_ok=True)
        for name in ours:
            (place / name).unlink(missing_ok=True)
        for file in sorted(made.iterdir()):
            time.sleep(PAUSE)
            shutil.copyfile(file, place / file.name)

    for module in (report, approve, formats):
        vars(module)["publish"] = publish


if __name__ == "__main__":
    serve()
