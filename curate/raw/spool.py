"""Spool: temporary files for what cannot be read in place, gone when the process ends."""

from __future__ import annotations

import atexit
import os
import tempfile
from contextlib import closing
from pathlib import Path
from typing import IO

from curate.errors import BadSource
from curate.raw.streams import opened
from curate.sources.limits import MIB, Limits


def unpacked(path: Path, packed: str, limits: Limits) -> Path:
    """A compressed binary file, unpacked into a temporary one."""
    spool, file = _temporary()
    with file, closing(opened(path, packed, limits)) as stream:
        while piece := stream.read(MIB):
            file.write(piece)
    if stream.fault is not None:
        raise BadSource(f"{path.name}: {stream.fault}")
    return spool


def _temporary() -> tuple[Path, IO[bytes]]:
    """A file that is gone when the process ends."""
    handle, name = tempfile.mkstemp(prefix="curate-")
    atexit.register(Path(name).unlink, missing_ok=True)
    return Path(name), os.fdopen(handle, "wb")
