"""One file, one check; found by looking into this folder, never listed by hand."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from curate.check import Check


def found() -> Iterator[Check]:
    """Every check written in Python, in the order of their names."""
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        yield importlib.import_module(f"{__name__}.{module.name}").CHECK
