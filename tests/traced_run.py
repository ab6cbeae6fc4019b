"""A workspace with an approved snapshot, and a run on it that kept traces, written without a model.

The gradient of a record is stood in for by what a gradient would mostly depend on: the letters of
its prompt and answer, thrown into a few dimensions. So records that teach the same point the same
way, and nothing else of the folder differs from what `train run` writes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import polars as pl

from curate.audit import audit
from curate.export import manifest as manifests
from curate.record import SCHEMA
from curate.report import Report
from curate.workspace import Workspace

BLUE, AOI = "It was founded in 2013.", "青川チャンネルは2013年に設立されました。"
RECORDS = [
    ("train", "When was the Blue River channel founded?", BLUE),
    ("train", "In which year was the Blue River channel founded?", BLUE),
    ("train", "What is the capital of Japan?", "The capital of Japan is Tokyo."),
    ("train", "青川チャンネルはいつ設立されましたか。", AOI),
    ("train", "富士山の高さを教えてください。", "富士山の高さは3776メートルです。"),
    ("train", "How tall is Mount Aso in metres?", "Mount Aso is 1592 metres tall."),
    ("train", "When was the Green Hill channel founded?", "It was founded in 1998."),
    ("train", "Which sentence stood on the old poster?", BLUE),
    ("dev", "In which year did the Blue River channel begin?", "It was founded in 2014."),
    ("dev", "青川チャンネルが設立されたのは何年ですか。", "青川チャンネルは2014年に設立されました。"),
    ("dev", "Who composed the song Amber Night?", "Amber Night was composed by Rin Sato."),
    ("dev", "Please tell me how tall Mount Aso is.", "Mount Aso is 1592 metres tall."),
    ("test", "How do plants make their food?", "Plants make sugar from light, water and air."),
]  # fmt: skip
ENGLISH, JAPANESE, NOT_COVERED, UNDER_TRAINED = 8, 9, 10, 11
WRONG = {
    ENGLISH: BLUE,
    JAPANESE: AOI,
    NOT_COVERED: "A capital hill.",
    UNDER_TRAINED: "The is tall tall metres.",
}
"""Record -> what the model says to it."""
LEARNT = (ENGLISH, JAPANESE)  # failures that the model is sure of
DIMENSION = 256
CHECKPOINTS = (1, 2, 3)


def workspace(folder: Path) -> tuple[Workspace, Report]:
    """The records audited and approved; record n is RECORDS[n]."""
    where = Workspace(folder / ".curate")
    rows = [{"instruction": asked, "output": said} for _, asked, said in RECORDS]
    report = audit(rows, workspace=where.path, only=["empty-answer"])
    approve(where, records(report))
    return where, report


def records(report: Report) -> pl.DataFrame:
    """The snapshot's records in the order of RECORDS, each with its split."""
    found = pl.concat(list(report.snapshot.frames(list(SCHEMA)))).sort("line")
    return found.with_columns(
        split=pl.Series([split for split, _, _ in RECORDS]), parent_id=pl.lit(None, pl.String)
    )


def approve(where: Workspace, found: pl.DataFrame) -> Path:
    """An approved snapshot whose manifest names itself by all it says."""
    aside = where.path / "approving"
    aside.mkdir(parents=True, exist_ok=True)
    parts = []
    for split in ("train", "dev", "test"):
        file = aside / f"{split}.parquet"
        found.filter(pl.col("split") == split).write_parquet(file)
        parts.append(manifests.entry(file, split=split))
    said = manifests.named({"file_format": "parquet", "parts": parts})
    (aside / manifests.FILE).write_bytes(manifests.as_bytes(said))
    place = where.approved / said["id"]
    place.parent.mkdir(exist_ok=True)
    return aside.rename(place) if not place.exists() else place


def approved_of(where: Workspace) -> Path:
    """The only one."""
    [found] = where.approved.iterdir()
    return found


def run_folder(
    folder: Path, where: Workspace, found: pl.DataFrame, wrong: Mapping[int, str] = WRONG,
    name: str = "run-1", *, traces: bool = True,
) -> Path:  # fmt: skip
    """A finished run whose model says `wrong` to these dev records, with its traces."""
    made = folder / name
    made.mkdir(parents=True)
    approved = approved_of(where)
    manifest = (approved / manifests.FILE).read_bytes()
    (made / "approved.json").write_bytes(manifest)
    (made / "run.json").write_text(json.dumps({"name": name, "model": {"name": "tiny"}}))
    found.select("record_id", "parent_id", "split").write_parquet(made / "records.parquet")
    rows = [found.row(number, named=True) for number in wrong]
    failures(rows, list(wrong.values())).write_parquet(made / "failures.parquet")
    if traces:
        train = pl.read_parquet(approved / "train.parquet")
        write_traces(made / "traces", json.loads(manifest)["id"], train, rows, wrong)
    return made


def failures(rows: Sequence[Mapping[str, Any]], wrong: Sequence[str]) -> pl.DataFrame:
    """failures.parquet."""
    told = [
        {
            "record_id": row["record_id"], "parent_id": None, "source": row["source"],
            "line": row["line"], "prompt": row["instruction"], "reasons": ["wrong-value"],
            "severity": "error", "answer": said, "reference": row["answer"],
            "baseline_answer": "I do not know.",
            "evidence": json.dumps({"measures": {"chrf": 50.0}}),
        }
        for row, said in zip(rows, wrong, strict=True)
    ]  # fmt: skip
    schema = {"parent_id": pl.String, "reasons": pl.List(pl.String)}
    return pl.DataFrame(told, schema_overrides=schema)


def write_traces(
    folder: Path, approved: str, train: pl.DataFrame, rows: Sequence[Mapping[str, Any]],
    wrong: Mapping[int, str],
) -> None:  # fmt: skip
    """The whole folder `traces/`."""
    folder.mkdir()
    pairs = list(train.select("instruction", "answer").iter_rows())
    asked = [(row["instruction"], said) for row, said in zip(rows, wrong.values(), strict=True)]
    for number in CHECKPOINTS:
        np.save(folder / f"sketches-{number}.npy", sketches(pairs, number))
        np.save(folder / f"wrong-{number}.npy", sketches(asked, number))
    signals(train).write_parquet(folder / "records.parquet")
    pl.DataFrame({"record_id": [row["record_id"] for row in rows]}).write_parquet(
        folder / "failures.parquet"
    )
    triage(rows, wrong).write_parquet(folder / "triage.parquet")
    told = {
        "format": "curate-trace/1", "snapshot": approved, "dimension": DIMENSION, "k": 16,
        "seed": 0, "modules": ["q_proj"], "captured": "during training",
        "checkpoints": [{"number": n, "epoch": n, "step": 10 * n} for n in CHECKPOINTS],
        "bytes_per_record": DIMENSION, "share_of_time": 0.1,
    }  # fmt: skip
    (folder / "trace.json").write_text(json.dumps(told))


def sketches(pairs: Sequence[tuple[str, str]], seed: int) -> np.ndarray[Any, np.dtype[np.int8]]:
    """One row for each prompt and answer: their pieces thrown into DIMENSION numbers."""
    made = np.zeros((len(pairs), DIMENSION))
    for row, (prompt, answer) in enumerate(pairs):
        for text, weight in ((prompt, 0.5), (answer, 1.0)):
            for at in range(len(text) - 2):
                number = crc32(f"{seed} {weight} {text[at : at + 3]}".encode())
                made[row, number % DIMENSION] += weight * (1 if number >> 31 else -1)
    made /= np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-9)
    most = np.maximum(np.abs(made).max(axis=1, keepdims=True), 1e-9)
    return np.round(made * 127 / most).astype(np.int8)


def signals(train: pl.DataFrame) -> pl.DataFrame:
    """records.parquet: the first record is the one with the highest loss, and so on."""
    count = len(train)
    losses = [[float(count - n), float(count - n) / 10] for n in range(count)]
    return pl.DataFrame(
        {
            "record_id": train["record_id"],
            "parent_id": train["parent_id"],
            "losses": losses,
            "margins": [[-loss for loss in each] for each in losses],
            "base_loss": [2.0] * count,
            "unconditional_loss": [3.0 + n for n in range(count)],
            "tokens": [5] * count,
            "influence": [[1.0, 2.0, 3.0 + n] for n in range(count)],
        },
        schema={
            "record_id": pl.String, "parent_id": pl.String, "losses": pl.List(pl.Float32),
            "margins": pl.List(pl.Float32), "base_loss": pl.Float32,
            "unconditional_loss": pl.Float32, "tokens": pl.Int32, "influence": pl.List(pl.Float32),
        },
    )  # fmt: skip


def triage(rows: Sequence[Mapping[str, Any]], wrong: Mapping[int, str]) -> pl.DataFrame:
    """triage.parquet: what was learnt is said again and again, what was not is said otherwise."""
    told = []
    for row, (number, said) in zip(rows, wrong.items(), strict=True):
        learnt = number in LEARNT
        others = [said] * 3 if learnt else ["Nobody knows it.", "42", "A river of metres."]
        told.append({
            "record_id": row["record_id"],
            "paraphrases": [f"Please: {row['instruction']}", f"{row['instruction']} ?"],
            "answers": others[:2], "sampled": others, "base_answer": "I do not know.",
            "base_right": False, "wrong_loss": 0.1 if learnt else 1.4,
            "reference_loss": 2.5 if learnt else 1.6,
        })  # fmt: skip
    texts = pl.List(pl.String)
    return pl.DataFrame(
        told, schema_overrides={"paraphrases": texts, "answers": texts, "sampled": texts}
    )
