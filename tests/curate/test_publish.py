"""publish: the old files or the new ones, never half, and nobody's other file is touched."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from curate import publish as publishing
from curate.publish import JOURNAL, publish, recover, write_whole

NAMES = ("a.json", "b.parquet", "c.html")
DEAD = 4_194_305  # no process has this number


def made(folder: Path, content: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        (folder / name).write_text(content * 1000)
    return folder


def content(place: Path) -> set[str]:
    return {(place / name).read_text()[:3] for name in NAMES if (place / name).exists()}


def test_a_new_folder(tmp_path: Path) -> None:
    publish(made(tmp_path / "made", "new"), tmp_path / "deep" / "out", NAMES)
    assert content(tmp_path / "deep" / "out") == {"new"}
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["out"]


def test_an_earlier_report_is_replaced_whole(tmp_path: Path) -> None:
    place = made(tmp_path / "out", "old")
    (made(tmp_path / "made", "new") / "c.html").unlink()
    publish(tmp_path / "made", place, NAMES)
    assert content(place) == {"new"}
    assert not (place / "c.html").exists(), "a file of the old report must not outlive it"


def test_other_files_in_the_folder_stay(tmp_path: Path) -> None:
    place = made(tmp_path / "out", "old")
    (place / "data.jsonl").write_text("mine")
    publish(made(tmp_path / "made", "new"), place, NAMES)
    assert content(place) == {"new"}
    assert (place / "data.jsonl").read_text() == "mine"
    assert {p.name for p in place.iterdir()} == {*NAMES, "data.jsonl"}


def test_a_file_of_the_old_ones_does_not_outlive_them_among_others(tmp_path: Path) -> None:
    place = made(tmp_path / "out", "old")
    (place / "data.jsonl").write_text("mine")
    (made(tmp_path / "made", "new") / "c.html").unlink()
    publish(tmp_path / "made", place, NAMES)
    assert {p.name for p in place.iterdir()} == {"a.json", "b.parquet", "data.jsonl"}


def test_a_journal_is_finished_by_the_next_call(tmp_path: Path) -> None:
    place = made(tmp_path / "out", "old")
    made(place / ".curate-new-0-x", "new")
    (place / JOURNAL).write_text(
        '{"from": ".curate-new-0-x", "names": ["a.json", "b.parquet", "c.html"]}'
    )
    recover(place)
    assert content(place) == {"new"}
    assert {p.name for p in place.iterdir()} == set(NAMES)


def test_without_exchange_it_is_done_under_a_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "exchange", lambda *_: False)
    place = made(tmp_path / "out", "old")
    publish(made(tmp_path / "made", "new"), place, NAMES)
    assert content(place) == {"new"}


@pytest.mark.parametrize("others", [False, True])
def test_disk_full_keeps_the_old_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, others: bool
) -> None:
    place = made(tmp_path / "out", "old")
    if others:
        (place / "data.jsonl").write_text("mine")
    monkeypatch.setattr(publishing.shutil, "copyfile", full_after(2, publishing.shutil.copyfile))
    with pytest.raises(OSError, match="No space left"):
        publish(made(tmp_path / "made", "new"), place, NAMES)
    assert content(place) == {"old"}
    assert not list(tmp_path.glob(".out-*"))


def full_after(files: int, copy: Callable[..., object]) -> Callable[..., object]:
    left = [files]

    def copyfile(source: Path, target: Path) -> object:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        return copy(source, target)

    return copyfile


def publishing_for_ever(base: Path) -> None:
    for number in range(1, 10**6):
        folder = made(base / f"made-{number}", f"{number % 1000:03}")
        publish(folder, base / "out", NAMES)


def publishing_in_place(base: Path) -> None:
    """The broken twin: writes where the reader reads."""
    for number in range(1, 10**6):
        made(base / "out", f"{number % 1000:03}")


def halves_after_kills(base: Path, work: Callable[[Path], None], kills: int, others: bool) -> int:
    made(base / "out", "000")
    if others:
        (base / "out" / "data.jsonl").write_text("mine")
    chance = random.Random(7)
    halves = 0
    for _ in range(kills):
        process = multiprocessing.get_context("fork").Process(target=work, args=(base,))
        process.start()
        time.sleep(0.02 + chance.random() * 0.05)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        recover(base / "out")
        texts = [(base / "out" / name).read_text() for name in NAMES]
        halves += len(set(texts)) != 1 or len(texts[0]) != 3000
    return halves


@pytest.mark.parametrize("others", [False, True])
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_killed_at_a_random_moment(tmp_path: Path, others: bool) -> None:
    assert halves_after_kills(tmp_path, publishing_for_ever, 30, others) == 0


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_the_kill_test_catches_a_writer_in_place(tmp_path: Path) -> None:
    assert halves_after_kills(tmp_path, publishing_in_place, 60, others=False) > 0


def test_what_a_dead_process_began_for_a_file_goes_and_nothing_else(tmp_path: Path) -> None:
    dead, own = f".x-curate-{DEAD}-abcdefgh", f".x-curate-{os.getpid()}-abcdefgh"
    theirs = f".x-{DEAD}-backup"
    for name in (dead, own, theirs):
        (tmp_path / name).write_text("half")
    write_whole(tmp_path / "x", b"one")
    assert {p.name for p in tmp_path.iterdir()} == {"x", own, theirs}


def test_write_whole_leaves_no_litter(tmp_path: Path) -> None:
    write_whole(tmp_path / "x" / "latest", b"one")
    write_whole(tmp_path / "x" / "latest", b"two")
    assert (tmp_path / "x" / "latest").read_bytes() == b"two"
    assert len(list((tmp_path / "x").iterdir())) == 1
