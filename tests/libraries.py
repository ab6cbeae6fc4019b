"""Loads what commands of training load; a server that forks processes loads it once for all."""

from __future__ import annotations

import atexit
import gc


def load() -> None:
    """Without a look for garbage meanwhile, which takes long and finds nothing, or afterwards."""
    gc.disable()
    import curate.audit  # noqa: F401
    import train.cli
    import train.compare
    import train.prove.proof
    import train.run
    import train.trainers  # noqa: F401

    gc.enable()
    gc.freeze()
    atexit.register(gc.unfreeze)  # or libraries complain at the end


load()
