"""Run folders as a run leaves them, without any training: what was answered is given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.train.prove.lamps import Row, recipe
from tests.train.snapshots import approve
from tests.train.test_failures import answered
from train.approved import open_approved
from train.evaluate import write_records
from train.failures import failures, write_failures


def folder(
    place: Path, records: list[Row], wrong: Mapping[str, str], *changes: str, **told: Any
) -> Path:
    """A run on these records; prompts in `wrong` are answered so, the others rightly."""
    approved = open_approved(approve(place.parent / f"approved-{place.name}", records))
    held = [*approved.records("dev"), *approved.records("test")]
    said = [answered(one, wrong.get(one.prompt, one.answer)) for one in held]
    place.mkdir()
    write_records(place / "records.parquet", held, said, said)
    write_failures(place / "failures.parquet", failures(held, said))
    (place / "approved.json").write_text(json.dumps({"id": approved.id}))
    (place / "resolved.yaml").write_text(recipe(place.parent, "x", *changes).yaml())
    status = {
        "approved": {"id": approved.id, "path": str(approved.path)},
        "model": {"name": "tiny", "files": {"model.safetensors": "0"}},
        "template_fingerprint": "f",
        **told,
    }
    (place / "run.json").write_text(json.dumps(status))
    return place
