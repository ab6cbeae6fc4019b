"""Wrong rules: those of the user that fail on their own examples, and are used all the same."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from curate.rules import load

NAMED = 5  # wrong examples; `curate rules test` has them all


def warn(files: Sequence[Path]) -> None:
    """Name the first wrong examples and the command that tests all."""
    failures = load(files).failing(files)
    said = [failure.message for failure in failures[:NAMED]]
    if failures:
        named = " ".join(shlex.quote(str(file)) for file in files)
        said.append(f"wrong examples of rules: {len(failures)}; see: curate rules test {named}")
    sys.stderr.writelines(f"curate: {line}\n" for line in said)
