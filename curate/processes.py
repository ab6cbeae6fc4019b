"""Whether the process that left something behind still runs, and away with it where it does not."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path


def alive(pid: int) -> bool:
    """Whether a process of this number runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def sweep(begun: Iterable[Path]) -> None:
    """Remove files and folders that a dead process had begun; names end in -PID-RANDOM."""
    for left in begun:
        owner = left.name.split("-")[-2]
        if not owner.isdigit() or alive(int(owner)):
            continue
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)
