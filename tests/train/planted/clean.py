"""Approved records with nothing wrong, for faults to be planted in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

from tests.train.snapshots import COLUMNS, approve
from train.approved import manifest_id

Row = dict[str, Any]

GOODS = (
    "kettle", "lamp", "desk", "chair", "mug", "rug", "clock", "shelf", "vase", "bowl",
    "spoon", "towel", "mirror", "basket", "bench", "stool", "plate", "candle", "tray", "hook",
)  # fmt: skip
JAPANESE = ("時計", "机", "椅子", "棚")
SIZES = (("train", 34), ("dev", 10), ("test", 10))


def rows() -> list[Row]:
    """Train, dev and test; each record asks of another thing at another price."""
    splits = [split for split, count in SIZES for _ in range(count)]
    return [row(number, split) for number, split in enumerate(splits)]


def row(number: int, split: str) -> Row:
    """One record about a thing in a shop, every tenth one in Japanese."""
    price = 300 + 7 * number
    if number % 10 == 9:
        thing = JAPANESE[number // 10 % len(JAPANESE)]
        asked, said = f"品番{number}の{thing}はいくらですか。", f"{thing}は{price}円です。"
    else:
        thing = GOODS[number % len(GOODS)]
        asked, said = f"What does {thing} number {number} cost?", f"The {thing} costs {price} yen."
    name = blake2b(asked.encode(), digest_size=16).hexdigest()
    made: Row = dict.fromkeys(COLUMNS)
    made |= {
        "record_id": name, "prompt_id": name, "source": "shop.jsonl", "line": number + 1,
        "shape": "alpaca", "roles": "ua", "instruction": asked, "answer": said,
        "category": "shop", "origin": "shop", "split": split, "group": name, "verdict": "kept",
        "meta": json.dumps({"product": f"{thing} {number}", "colour": "blue"}),
    }  # fmt: skip
    return made


def snapshot(folder: Path, records: Sequence[Row], said: Mapping[str, Any]) -> Path:
    """An approved snapshot of these records, whose manifest says this too."""
    approve(folder, records)
    file = folder / "manifest.json"
    manifest = {**json.loads(file.read_bytes()), "refusal_share": 0.05, **said}
    manifest["id"] = manifest_id(manifest)
    file.write_text(json.dumps(manifest), encoding="utf-8")
    return folder
