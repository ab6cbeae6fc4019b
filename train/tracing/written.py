"""Written: the folder `traces` of a run, which `curate` reads without any of this program.

Rows have one order everywhere: trained records as they were prepared, failures worst first. The
folder is there whole or not at all.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import open_memmap

from curate.publish import sync
from train.approved import Approved
from train.fit import Fitted
from train.prepared import Prepared
from train.tracing.asking import Asked, Looked
from train.tracing.capture import Captured, Table
from train.tracing.sketch import DIMENSION, SIDE

FORMAT = "curate-trace/1"
FOLDER = "traces"
ROWS_AT_ONCE = 4096
NUMBERS = ("base_loss", "unconditional_loss")


def write(
    place: Path,
    approved: Approved,
    prepared: Prepared,
    fitted: Fitted,
    unlearnt: Table,
    looked: Looked,
) -> dict[str, Any]:
    """Write the folder; what trace.json says."""
    captured = fitted.captured
    assert captured is not None
    made = place / f".{FOLDER}"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    trained = np.unique(captured.visits["record"])
    rows = record_rows(approved, prepared, captured, trained, unlearnt)
    parquet(made / "records.parquet", RECORDS, rows)
    for moment, wrong in zip(captured.moments, looked.sketches, strict=True):
        copy(captured.sketches(moment), trained, made / f"sketches-{moment.number}.npy")
        np.save(made / f"wrong-{moment.number}.npy", wrong)
        there = made / f"adapter-{moment.number}"
        shutil.copytree(captured.adapter(moment), there, copy_function=linked)
    ids = [{"record_id": one.record_id} for one in looked.asked]
    parquet(made / "failures.parquet", ("record_id",), ids)
    parquet(made / "triage.parquet", Asked.__slots__, [as_row(one) for one in looked.asked])
    said = about(approved, captured, fitted, made, len(trained))
    text = json.dumps(said, indent=1, ensure_ascii=False) + "\n"
    (made / "trace.json").write_text(text, encoding="utf-8")
    for file in made.rglob("*"):
        sync(file)
    shutil.rmtree(place / FOLDER, ignore_errors=True)
    made.rename(place / FOLDER)
    return said


def about(
    approved: Approved, captured: Captured, fitted: Fitted, made: Path, records: int
) -> dict[str, Any]:
    """What a reader must know of the other files."""
    files = [made / f"sketches-{moment.number}.npy" for moment in captured.moments]
    size = (made / "records.parquet").stat().st_size + sum(file.stat().st_size for file in files)
    return {
        "format": FORMAT,
        "snapshot": approved.id,
        "dimension": DIMENSION,
        "k": SIDE,
        "seed": captured.seed,
        "modules": list(captured.modules),
        "checkpoints": [
            {"number": moment.number, "epoch": moment.epoch, "step": moment.step}
            for moment in captured.moments
        ],
        "captured": "during training",
        "bytes_per_record": round(size / max(1, records) / len(captured.moments)),
        "share_of_time": round(captured.seconds / max(fitted.seconds, 1e-9), 4),
    }


RECORDS = (
    "record_id", "parent_id", "tokens", "losses", "margins", "base_loss", "unconditional_loss",
    "influence",
)  # fmt: skip


def record_rows(
    approved: Approved,
    prepared: Prepared,
    captured: Captured,
    trained: Table,
    unlearnt: Table,
) -> list[dict[str, Any]]:
    """One row a trained record."""
    parents = {record.record_id: record.parent_id for record in approved.records("train")}
    visits = captured.visits[np.argsort(captured.visits["record"], kind="stable")]
    starts = np.searchsorted(visits["record"], trained)
    rows = []
    for number, own in zip(trained, np.split(visits, starts[1:]), strict=True):
        name = prepared.encoded[number].record_id
        rows.append(
            {
                "record_id": name,
                "parent_id": parents[name],
                "tokens": sum(prepared.encoded[number].trained),
                "losses": own["loss"].tolist(),
                "margins": own["margin"].tolist(),
                "base_loss": float(unlearnt[number][0]),
                "unconditional_loss": float(unlearnt[number][1]),
                "influence": [influence(own, moment.number) for moment in captured.moments],
            }
        )
    return rows


def influence(visits: Table, moment: int) -> float:
    """The squared norm of a record's gradient at a moment; NaN where it was not trained then."""
    then = visits["influence"][visits["moment"] == moment]
    return float(then[-1]) if len(then) else float("nan")


def as_row(one: Asked) -> dict[str, Any]:
    """As triage.parquet has it."""
    said = {name: getattr(one, name) for name in Asked.__slots__}
    return {k: list(v) if isinstance(v, tuple) else v for k, v in said.items()}


def linked(file: str, there: str) -> None:
    """The same file under another name, which takes no room; a copy where the disk has no links.

    Training that goes on writes its adapters anew, so what lies here never changes under a reader.
    """
    try:
        os.link(file, there)
    except OSError:
        shutil.copy2(file, there)


def copy(sketches: Table, chosen: Table, file: Path) -> None:
    """The chosen rows in a file of their own, some at a time."""
    out = open_memmap(file, "w+", np.int8, (len(chosen), DIMENSION))
    for start in range(0, len(chosen), ROWS_AT_ONCE):
        out[start : start + ROWS_AT_ONCE] = sketches[chosen[start : start + ROWS_AT_ONCE]]
    out.flush()


def parquet(file: Path, columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    """A table of rows, with the kinds that `KINDS` has for its columns."""
    import pyarrow as pa
    from pyarrow import parquet as format_

    number, text = pa.float32(), pa.string()
    kinds = {
        **dict.fromkeys(
            ("base_loss", "unconditional_loss", "wrong_loss", "reference_loss"), number
        ),
        **dict.fromkeys(("losses", "margins", "influence"), pa.list_(number)),
        **dict.fromkeys(("paraphrases", "answers", "sampled"), pa.list_(text)),
        "base_right": pa.bool_(),
        "tokens": pa.int32(),
    }
    schema = pa.schema([(name, kinds.get(name, text)) for name in columns])
    format_.write_table(pa.Table.from_pylist(list(rows), schema), file)
