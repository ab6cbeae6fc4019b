"""Once: what can be read a single time (standard input, a pipe) is kept in a temporary file.

Its format is found by looking, and then it is read in place like any other file.
"""

from __future__ import annotations

import atexit
import os
import tempfile
from pathlib import Path
from typing import IO

from curate.errors import BadSource
from curate.sources.limits import MIB, Limits


def kept(stream: IO[bytes], name: str, limits: Limits) -> Path:
    """All of a stream in a file that is gone when the process ends; BadSource if it is too long."""
    handle, file = tempfile.mkstemp(prefix="curate-")
    atexit.register(Path(file).unlink, missing_ok=True)
    size = 0
    with os.fdopen(handle, "wb") as copy:
        while piece := stream.read(MIB):
            size += copy.write(piece)
            if size > limits.max_decompressed_bytes:
                raise BadSource(
                    f"{name} is longer than max_decompressed_bytes = "
                    f"{limits.max_decompressed_bytes}; save it as a file"
                )
    return Path(file)
