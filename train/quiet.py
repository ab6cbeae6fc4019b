"""Quiet: libraries keep their progress bars and asides to themselves; their errors stay."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

LIBRARIES = ("bitsandbytes", "transformers", "trl", "peft", "accelerate", "datasets")


@contextmanager
def quiet() -> Iterator[None]:
    """Only what we say ourselves is said."""
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(logging.ERROR)
    from datasets import disable_progress_bars
    from transformers.utils import logging as told

    told.set_verbosity_error()
    told.disable_progress_bar()
    disable_progress_bars()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        warnings.simplefilter("ignore", UserWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        yield
