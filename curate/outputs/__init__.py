"""Outputs: the report in forms that other programs read; one file here is one form.

Each module has FILE, the name of the file it makes, and `render(report, locale)`, its text.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from types import ModuleType


@cache
def found() -> dict[str, ModuleType]:
    """Every output by the name that `--format` takes."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: import_module(f"{__name__}.{name}") for name in names}
