"""Approved: the records that review let through, refused where one byte has changed since.

An approved snapshot is a folder of a manifest and Parquet parts, made by `curate export`. The
manifest names itself by the digest of all it says, each file's digest included.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any

from curate.locale import Translator
from curate.workspace import Workspace, find
from train.errors import BadRecipe, NoSnapshot, NotApproved

FORMAT = "curate-approved/1"
SPLITS = ("train", "dev", "test")
GIVEN_AWAY = ("openai", "csv")  # formats of a copy that leave out what training has to know
SEPARATOR = "\n\n"  # between instruction and input, as in curate.record
ID_BYTES = 16
CHANGED = "{path} has changed since it was approved; export again"

Message = tuple[str, str]
"""(role, text)"""


@dataclass(frozen=True, slots=True)
class Record:
    """One approved conversation; `messages` end with the answer."""

    record_id: str
    split: str
    group: str
    parent_id: str | None
    source: str
    line: int
    system: str | None
    messages: tuple[Message, ...]
    answer: str
    rejected: str | None = None
    category: str | None = None
    origin: str | None = None
    answer_before: str | None = None
    verdict: str = "kept"
    input: str | None = None
    """Alpaca's input, which the last user message ends with."""
    label: str | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)
    """Every other column of the source."""

    @property
    def prompt(self) -> str:
        """The last question, as review showed it."""
        return next((text for role, text in reversed(self.messages) if role == "user"), "")

    @property
    def place(self) -> str:
        """Where it stands in its source."""
        return f"{self.source}:{self.line}"


@dataclass(frozen=True)
class Approved:
    """An approved snapshot whose bytes are the approved ones; a copy goes by the id it is of."""

    path: Path
    manifest: Mapping[str, Any]

    @property
    def id(self) -> str:
        """32 hexadecimal digits."""
        return str(self.manifest["id"])

    @cached_property
    def _splits(self) -> dict[str, list[Record]]:
        return {}

    def records(self, split: str) -> list[Record]:
        """The records of train, dev or test, in the snapshot's order."""
        if split not in self._splits:
            self._splits[split] = self._read(split)
        return self._splits[split]

    def _read(self, split: str) -> list[Record]:
        files = [part["file"] for part in self.manifest["parts"] if part["split"] == split]
        return [record_of(row) for file in files for row in rows(self.path / file)]


def open_approved(named: str | Path | None = None, workspace: Path | None = None) -> Approved:
    """The approved snapshot of an id or folder, the newest where none is named.

    NotApproved where there is none, where it is something else, and where a file has changed.
    """
    folder = folder_of(named, find(workspace))
    manifest = manifest_of(folder)
    refuse_given_away(folder, manifest)
    for entry in files_of(manifest):
        verify(folder / entry["file"], entry["blake2b"])
    return Approved(folder, {**manifest, "id": manifest.get("approved", manifest["id"])})


def must_be_there(named: str | Path | None, workspace: Path | None, t: Translator) -> None:
    """NotApproved, in the reader's language, where there is nothing to open."""
    try:
        manifest_of(folder_of(named, find(workspace)))
    except NotApproved as refused:
        raise refused.told(t) from None


def folder_of(named: str | Path | None, workspace: Workspace) -> Path:
    """The folder that an id, the start of one, or a path names."""
    approved = workspace.path / "approved"
    if named is None:
        return latest(approved)
    path = Path(named)
    if path.is_dir():
        return path
    if path.name == "manifest.json" and path.is_file():
        return path.parent
    if path.is_file():
        raise NotApproved(
            "{path} is a file that no review has seen; train on what `curate export` made of it",
            path=path,
        )
    matching = [folder for folder in approved.glob(f"{named}*") if folder.is_dir()]
    if len(matching) == 1:
        return matching[0]
    said = {"named": str(named), "place": approved, "known": known(approved)}
    if matching:
        raise NoSnapshot(
            "{n} approved snapshots begin with '{named}' in {place}; known: {known}",
            n=len(matching), **said,
        )  # fmt: skip
    raise NoSnapshot("no folder and no id '{named}' in {place}; known: {known}", **said)


def latest(approved: Path) -> Path:
    """The newest approved snapshot of a workspace."""
    pointer = approved / "latest"
    if not pointer.is_file():
        raise NotApproved(
            "{place} holds no approved snapshot; decide in `curate review`, then run "
            "`curate export`",
            place=approved,
        )
    return approved / pointer.read_text(encoding="utf-8").strip()


def known(approved: Path) -> str:
    """The ids in a workspace, in words."""
    names = sorted(folder.parent.name for folder in approved.glob("*/manifest.json"))
    return ", ".join(names) or "none"


def manifest_of(folder: Path) -> dict[str, Any]:
    """The manifest of a folder, checked against its own id."""
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise NotApproved(
            "{place} holds no manifest.json; `curate export` makes one", place=folder
        ) from None
    except ValueError as error:
        raise NotApproved("{path} is not JSON: {why}", path=path, why=error) from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise NotApproved(
            "{path} is no {form}; train on what `curate export` made", path=path, form=FORMAT
        )
    if manifest.get("id") != manifest_id(manifest):
        raise NotApproved(CHANGED, path=path)
    return manifest


def refuse_given_away(folder: Path, manifest: Mapping[str, Any]) -> None:
    """NotApproved where a copy has a format that is made for others."""
    form = manifest.get("file_format")
    if form in GIVEN_AWAY:
        raise NotApproved(
            "{place} is a copy in the format {form}, which is made to be given away and leaves "
            "out what training needs; name a copy in parquet or jsonl (curate export FOLDER "
            "--format jsonl), or the approved snapshot's id: {id}",
            place=folder, form=form, id=manifest.get("approved"),
        )  # fmt: skip


def manifest_id(manifest: Mapping[str, Any]) -> str:
    """BLAKE2b of the manifest without its id, as JSON with sorted keys and no spaces."""
    rest = {key: value for key, value in manifest.items() if key != "id"}
    said = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return blake2b(said.encode(), digest_size=ID_BYTES).hexdigest()


def files_of(manifest: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Every entry of a manifest that names a file."""
    named = [value for value in manifest.values() if isinstance(value, dict) and "file" in value]
    return [*manifest["parts"], *named]


def verify(file: Path, digest: str) -> None:
    """NotApproved unless the file's bytes are those of the digest."""
    if not file.is_file():
        raise NotApproved("{path} is missing from the approved snapshot; export again", path=file)
    hashed = blake2b(digest_size=len(digest) // 2)
    with file.open("rb") as opened:
        while block := opened.read(1 << 20):
            hashed.update(block)
    if hashed.hexdigest() != digest:
        raise NotApproved(CHANGED, path=file)


def rows(file: Path) -> list[dict[str, Any]]:
    """The rows of a part, Parquet or JSON Lines."""
    if file.suffix == ".jsonl":
        with file.open(encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]
    from pyarrow import parquet

    return list(parquet.read_table(file).to_pylist())


def record_of(row: Mapping[str, Any]) -> Record:
    """A record from its columns; a ready-made text under a template's headings is taken apart."""
    row = {**row, **(ready_made(row) or {})}
    return Record(
        record_id=row["record_id"],
        split=row["split"],
        group=row.get("group") or row["record_id"],
        parent_id=row.get("parent_id"),
        source=row["source"],
        line=row["line"],
        system=row["system"],
        messages=messages_of(row),
        answer=row["answer"] or "",
        rejected=row["rejected"],
        category=row["category"],
        origin=row["origin"],
        answer_before=row.get("answer_before"),
        verdict=row.get("verdict") or "kept",
        input=row["input"] or None,
        label=row["label"],
        columns=json.loads(row["meta"]) if row["meta"] else {},
    )


def ready_made(row: Mapping[str, Any]) -> dict[str, str] | None:
    """The parts of a record that is one text without a question."""
    from train.ready_made import parted

    alone = not (row["instruction"] or row["input"] or row["history"])
    return parted(row["answer"] or "") if alone else None


def messages_of(row: Mapping[str, Any]) -> tuple[Message, ...]:
    """The conversation, from its system text to its answer."""
    system = [("system", row["system"])] if row["system"] else []
    history = [(role, text) for role, text in json.loads(row["history"] or "[]")]
    asked = SEPARATOR.join(part for part in (row["instruction"], row["input"]) if part)
    return (*system, *history, ("user", asked), ("assistant", row["answer"] or ""))


def columns_of(record: Record) -> dict[str, Any]:
    """What a prompt format may name: the source's columns and ours."""
    instruction = (
        record.prompt.removesuffix(f"{SEPARATOR}{record.input}") if record.input else record.prompt
    )
    own = {
        "instruction": instruction,
        "input": record.input,
        "answer": record.answer,
        "output": record.answer,
        "category": record.category,
        "label": record.label,
        "system": record.system,
    }
    return {**record.columns, **{name: text for name, text in own.items() if text is not None}}


NAME = re.compile(r"\{(\w+)\}")
"""A place in a prompt format for a column's text."""


def filled(prompt_format: str, record: Record) -> str:
    """The question that a prompt format makes; BadRecipe where a column is missing or empty."""
    columns = columns_of(record)
    for name in NAME.findall(prompt_format):
        if not str(columns.get(name) or "").strip():
            raise BadRecipe(
                f"dataset.prompt_format names {name!r}, which record {record.record_id} "
                f"({record.place}) has not; it has {', '.join(map(repr, sorted(columns)))}"
            )
    return NAME.sub(lambda match: str(columns[match[1]]), prompt_format)
