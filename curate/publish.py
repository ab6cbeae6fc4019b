"""Put a folder of files in its place, whole or not at all.

A killed process or a full disk leaves the old files or the new ones. A folder that holds nothing
but an earlier report is exchanged in one step (Linux `renameat2`, macOS `renamex_np`); a folder
that holds other files too gets ours one by one under a journal, which the next call finishes.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Collection, Iterator
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curate.processes import sweep

if TYPE_CHECKING:
    import polars as pl

JOURNAL = ".curate-publishing"
EXCHANGE = 2  # RENAME_EXCHANGE on Linux, RENAME_SWAP on macOS
AT_FDCWD = -100


def publish(made: Path, place: Path, ours: Collection[str]) -> None:
    """Put copies of the files of `made` into `place`; `ours` are all names that may be replaced."""
    place.parent.mkdir(parents=True, exist_ok=True)
    recover(place)
    staged = Path(tempfile.mkdtemp(prefix=prefix(place), dir=place.parent))
    try:
        names = sorted(file.name for file in made.iterdir())
        for name in names:
            shutil.copyfile(made / name, staged / name)
            sync(staged / name)
        staged.chmod(0o777 & ~umask())
        sync(staged)
        if not place.exists():
            staged.rename(place)
        elif others(place, ours) or not exchange(staged, place):
            roll_forward(staged, place, names, sorted(set(ours) - set(names)))
        sync(place.parent)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def others(place: Path, names: Collection[str]) -> bool:
    """Whether the folder holds anything but files of these names."""
    return bool({entry.name for entry in place.iterdir()} - set(names))


def roll_forward(staged: Path, place: Path, names: list[str], gone: list[str]) -> None:
    """Replace the files one by one; a journal lets the next call finish what a kill cut short.

    Files named in `gone` go: they were of the old ones, and the new ones have them not.
    """
    inside = Path(tempfile.mkdtemp(prefix=f".curate-new-{os.getpid()}-", dir=place))
    for name in names:
        (staged / name).rename(inside / name)
    sync(inside)
    said = {"from": inside.name, "names": names, "gone": gone}
    write_whole(place / JOURNAL, json.dumps(said).encode())
    finish(place)


def recover(place: Path) -> None:
    """Finish a publishing that was cut short, and remove what one left before it began."""
    if (place / JOURNAL).exists():
        finish(place)
    sweep([*begun(place), *place.glob(".curate-new-*-*")])


def prefix(path: Path) -> str:
    """How the name of a file or folder begins that this process is to put in place of `path`."""
    return f".{path.name}-curate-{os.getpid()}-"


def begun(path: Path) -> Iterator[Path]:
    """What any process began for that place and left."""
    return path.parent.glob(f".{escape(path.name)}-curate-*-*")


def finish(place: Path) -> None:
    """Do what the journal says."""
    said = json.loads((place / JOURNAL).read_bytes())
    inside = place / said["from"]
    for name in said["names"]:
        if (inside / name).exists():
            (inside / name).replace(place / name)
    for name in said.get("gone", ()):  # older journals name none
        (place / name).unlink(missing_ok=True)
    sync(place)
    (place / JOURNAL).unlink()
    shutil.rmtree(inside, ignore_errors=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file so that a reader sees the old bytes or the new ones."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep(begun(path))
    handle, name = tempfile.mkstemp(prefix=prefix(path), dir=path.parent)
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.chmod(0o666 & ~umask())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def write_table(table: pl.DataFrame, file: Path, **how: Any) -> None:
    """Write a table as Parquet; OSError where the disk does not take it, which polars says not."""
    from polars.exceptions import ComputeError

    try:
        table.write_parquet(file, **how)
    except ComputeError as error:
        told = errno.EIO, "this file cannot be written; is the disk full?", str(file)
        raise OSError(*told) from error


def sync(path: Path) -> None:
    """Wait until a file or the names in a folder are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def umask() -> int:
    """The process's file mode mask; reading it means setting it twice."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step; false where the system cannot."""
    libc = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(one), os.fsencode(other)
    if sys.platform.startswith("linux") and hasattr(libc, "renameat2"):
        failed = libc.renameat2(AT_FDCWD, names[0], AT_FDCWD, names[1], EXCHANGE)
    elif sys.platform == "darwin":
        failed = libc.renamex_np(*names, EXCHANGE)
    else:
        return False
    if failed and ctypes.get_errno() not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(other))
    return not failed
