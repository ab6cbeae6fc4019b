"""Building: the C files beside this one, compiled into one library; no Python header is needed.

It is run where curate is not installed yet (hatch_build.py), so it imports nothing of it.

usage: python curate/kernel/building.py
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
LIBRARY = HERE / "libkernel.so"  # ctypes does not mind the name on a Mac
COMPILERS = ("cc", "gcc", "clang")
FLAGS = ("-std=c99", "-O3", "-fPIC", "-shared", "-fvisibility=hidden", "-ffp-contract=off")
CURES = {
    "linux": "apt install gcc libc6-dev (Debian, Ubuntu), or dnf install gcc (Fedora)",
    "darwin": "xcode-select --install",
}


class CannotBuild(Exception):
    """There is no compiler, or it fails; says what to do."""


def sources(where: Path = HERE) -> list[Path]:
    """The C files and their header; none where curate is installed from a wheel."""
    return sorted(path for path in where.iterdir() if path.suffix in (".c", ".h"))


def fingerprint(files: Sequence[Path]) -> str:
    """What the library is built from; the times of files would change with every copy of them."""
    told = sha256()
    for file in files:
        told.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return told.hexdigest()


def compiler() -> list[str]:
    """The words that call the compiler: $CC, or the first one that is here."""
    if asked := os.environ.get("CC", "").split():
        return asked
    for name in COMPILERS:
        if found := shutil.which(name):
            return [found]
    cure = CURES.get(sys.platform, "a C compiler")
    raise CannotBuild(f"curate needs a C compiler to install from source. Install one: {cure}")


def build(library: Path = LIBRARY, flags: Sequence[str] = ()) -> Path:
    """Compile the library; CannotBuild where that fails. It is put in its place whole."""
    files = sources()
    made = library.with_name(f"{library.name}.{os.getpid()}")
    named = f'-DFINGERPRINT="{fingerprint(files)}"'
    compiled = [str(file) for file in files if file.suffix == ".c"]
    command = [*compiler(), *FLAGS, named, *flags, "-o", str(made), *compiled]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotBuild(f"{' '.join(command)}\n{done.stderr.strip()}")
        made.replace(library)
    except OSError as error:
        raise CannotBuild(f"{command[0]} cannot be run: {error}. Is $CC right?") from error
    finally:
        made.unlink(missing_ok=True)
    return library


if __name__ == "__main__":
    try:
        build(flags=sys.argv[1:])
    except CannotBuild as trouble:
        sys.exit(str(trouble))
