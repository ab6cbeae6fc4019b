"""Description: a file beside the data that says what they are, and holds no record itself."""

from __future__ import annotations

from pathlib import Path

import orjson

from curate import shapes
from curate.formats.json_array import wraps
from curate.sources.limits import MIB


def describes(file: Path) -> bool:
    """Whether a file is one JSON object and no record, such as a schema or a configuration."""
    if file.suffix != ".json" or not file.is_file() or file.stat().st_size > MIB:
        return False
    try:
        value = orjson.loads(file.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return False
    if not isinstance(value, dict) or wraps(value):
        return False
    found = shapes.of(value)
    return found is None or found[0] == "text"
