"""curate export, killed at random moments or on a disk that gets full: the old export or the new.

After each the next run works and leaves nothing behind. Two twins write where the reader reads.
"""

from __future__ import annotations

import random
import signal
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from curate.cli import app
from curate.errors import BadSource
from curate.export import manifest as manifests
from curate.workspace import Workspace
from tests.curate.export.desk import opened
from tests.cut_short import Commands, Ended

FORMS = ("jsonl", "csv", "parquet", "hf", "openai")
ROOMS = (0, 10, 700, 5_000)  # bytes that fit into a file once the disk is full
HALF = "half"


@pytest.fixture(scope="module")
def run() -> Iterator[Commands]:
    commands = Commands()
    yield commands
    commands.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    opened(tmp_path).store.engine.dispose()
    return tmp_path


def words(folder: Path, number: int) -> list[str]:
    """The export of this number: a split of its own, in a format unlike the one before."""
    said = ["export", str(folder / "out"), "--allow-undecided", "--seed", str(number)]
    return [*said, "--format", FORMS[number % len(FORMS)], "--workspace", str(folder / ".curate")]


def is_whole(place: Path) -> bool:
    """Whether a folder holds what its manifest says, byte for byte, and nothing else."""
    try:
        names = {one["file"] for one in manifests.files(manifests.read(place))}
        return not manifests.altered(place) and names | {manifests.FILE} == {
            file.name for file in place.iterdir()
        }
    except (BadSource, ValueError):  # no manifest, or half of one
        return False


def lies(folder: Path, number: int) -> str:
    """What one finds after the export of this number: "new", "old" or HALF."""
    where = Workspace(folder / ".curate")
    latest = where.latest_approved()
    made = [place for place in where.approved.glob("[0-9a-f]*") if place.is_dir()]
    if latest not in made or not all(map(is_whole, [folder / "out", *made])):
        return HALF
    seed = manifests.read(folder / "out")["seed"]
    return {number - 1: "old", number: "new"}.get(seed, HALF)


def after(
    run: Commands, folder: Path, cuts: Iterable[dict[str, Any]], **twin: bool
) -> Iterator[str]:
    """What lies there after each cut; before the next one the export is made once more, whole."""
    for number, cut in enumerate(cuts, 2):
        ended = run(*words(folder, number), cwd=folder, **cut, **twin)
        assert ended.code in (0, 2, -signal.SIGKILL), ended.said
        assert "Traceback" not in ended.said
        yield lies(folder, number)
        done = CliRunner().invoke(app, words(folder, number), standalone_mode=False)
        assert (done.return_value, done.exception) == (0, None), done.output
        assert lies(folder, number) == "new"
        left = {path.name for path in folder.rglob("*") if path.name.startswith((".", "making-"))}
        assert left == {".curate"}


def first(run: Commands, folder: Path, **twin: bool) -> Ended:
    """How an export in the place of an earlier one goes that nothing cuts short."""
    assert run(*words(folder, 0), cwd=folder).code == 0
    done = run(*words(folder, 1), cwd=folder, **twin)
    assert done.code == 0, done.said
    return done


def kills(run: Commands, folder: Path, count: int, **twin: bool) -> Iterator[str]:
    seconds = first(run, folder, **twin).seconds
    moments = random.Random(4)
    return after(
        run, folder, ({"kill_after": moments.uniform(0, seconds)} for _ in range(count)), **twin
    )


def full_disks(run: Commands, folder: Path, count: int, **twin: bool) -> Iterator[str]:
    steps = first(run, folder, **twin).steps
    return after(
        run,
        folder,
        (
            {"full_at": 1 + number * steps // count, "room": ROOMS[number % len(ROOMS)]}
            for number in range(count)
        ),
        **twin,
    )


def test_kills(run: Commands, folder: Path) -> None:
    assert HALF not in list(kills(run, folder, 8))


def test_full_disks(run: Commands, folder: Path) -> None:
    assert HALF not in list(full_disks(run, folder, 9))


@pytest.mark.long
def test_a_hundred_kills(run: Commands, folder: Path) -> None:
    assert set(kills(run, folder, 100)) == {"old", "new"}


@pytest.mark.long
def test_fifty_full_disks(run: Commands, folder: Path) -> None:
    assert set(full_disks(run, folder, 50)) == {"old", "new"}


def test_kills_catch_a_writer_in_place(run: Commands, folder: Path) -> None:
    assert HALF in kills(run, folder, 40, in_place=True)


def test_full_disks_catch_a_writer_in_place(run: Commands, folder: Path) -> None:
    assert HALF in full_disks(run, folder, 9, in_place=True)
