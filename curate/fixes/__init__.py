"""One file, one normaliser; found by looking into this folder, never listed by hand.

They run by `rank`: first what decides which characters a text holds, then their layout.
"""

from __future__ import annotations

import importlib
import pkgutil

from curate.fix import Fix


def found() -> dict[str, Fix]:
    """Every normaliser by name, in the order in which they run."""
    modules = [m.name for m in pkgutil.iter_modules(__path__)]
    fixes = [importlib.import_module(f"{__name__}.{name}").FIX for name in modules]
    return {fix.name: fix for fix in sorted(fixes, key=lambda fix: (fix.rank, fix.name))}
