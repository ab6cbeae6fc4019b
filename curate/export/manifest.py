"""Manifest: what an approved snapshot holds; its id digests all it says, every file included."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

from curate.errors import BadSource

FORMAT = "curate-approved/1"
FILE = "manifest.json"
SPLITS = ("train", "dev", "test")
ID_BYTES = 16
BLOCK = 1 << 20  # bytes read at once


def named(said: Mapping[str, Any]) -> dict[str, Any]:
    """What is said with its id: BLAKE2b of it as JSON, keys sorted, without spaces."""
    whole = {"format": FORMAT, **said}
    return {"format": FORMAT, "id": digest_of(whole), **said}


def digest_of(said: Mapping[str, Any]) -> str:
    """32 hexadecimal digits."""
    rest = {key: value for key, value in said.items() if key != "id"}
    told = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return blake2b(told.encode(), digest_size=ID_BYTES).hexdigest()


def as_bytes(said: Mapping[str, Any]) -> bytes:
    """The file."""
    return json.dumps(said, indent=1, ensure_ascii=False).encode() + b"\n"


def entry(file: Path, **known: Any) -> dict[str, Any]:
    """What the manifest says of one file."""
    hashed = blake2b(digest_size=ID_BYTES)
    with file.open("rb") as opened:
        while block := opened.read(BLOCK):
            hashed.update(block)
    return {"file": file.name, **known, "blake2b": hashed.hexdigest()}


def is_approved(folder: Path) -> bool:
    """Whether a folder holds what `curate export` made."""
    file = folder / FILE
    return file.is_file() and f'"{FORMAT}"'.encode() in file.read_bytes()[:200]


def read(folder: Path) -> dict[str, Any]:
    """The manifest of a folder; BadSource where there is none of ours."""
    if not is_approved(folder):
        raise BadSource(f"{folder} is no approved snapshot; curate export makes one")
    said: dict[str, Any] = json.loads((folder / FILE).read_bytes())
    return said


def files(said: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The entries of all files of an approved snapshot."""
    beside = [one for one in said.values() if isinstance(one, dict) and "file" in one]
    return [*said["parts"], *beside]


def altered(folder: Path) -> list[str]:
    """The files whose bytes are no longer those that were approved; the manifest among them."""
    said = read(folder)
    changed = [
        one["file"]
        for one in files(said)
        if not (folder / one["file"]).is_file()
        or entry(folder / one["file"])["blake2b"] != one["blake2b"]
    ]
    return changed if digest_of(said) == said["id"] else [*changed, FILE]
