"""Opening: find out what each path holds before a record is read.

The bytes decide the format, the suffix only breaks a tie; the first records decide the shape.
Whatever cannot be read as a whole is said here, with what to do about it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from curate import formats
from curate.errors import BadSource, NothingToAudit
from curate.formats import PROOF, Format, Head
from curate.raw.encodings import UTF8_BOM, convert_command, legacy, wide
from curate.raw.spool import unpacked
from curate.raw.streams import SUFFIXES, compression
from curate.raw.streams import opened as stream_opened
from curate.raw.tables import Table
from curate.sources.description import describes
from curate.sources.fitting import Sample, fitted, somewhere
from curate.sources.limits import MIB, Limits
from curate.sources.once import kept
from curate.sources.ours import is_workspace, written_by_curate
from curate.sources.source import Misread, Reading, Said, Source

EMPTY = "no record"

LOOK_BYTES = MIB
"""Unpacked bytes that are looked at to tell the format."""

SPLITS = "dataset_dict.json"
"""Names the parts of a saved data set; each is found by itself."""

NOT_DATA = (
    (b"PK\x03\x04", "a zip archive (or Excel file): unpack it, or save the sheet as CSV"),
    (b"SQLite format 3", "an SQLite database: export the table as CSV"),
    (b"BZh", "compressed with bzip2: run bunzip2 on it first"),
    (b"\xfd7zXZ\x00", "compressed with xz: run unxz on it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive: unpack it first"),
    (b"%PDF", "a PDF: it holds pages, not records"),
    (b"\x80\x04\x95", "a Python pickle: reading one can run code, so it is refused"),
    (b"\x80\x05\x95", "a Python pickle: reading one can run code, so it is refused"),
)


def opened(paths: Any, reading: Reading) -> list[Source]:
    """Every source that the paths name; see `reading.sources`."""
    several = isinstance(paths, (list, tuple)) and not _is_records(paths)
    found: list[Source] = []
    for number, path in enumerate(paths if several else [paths], start=1):
        if isinstance(path, str | os.PathLike):
            found += _at(Path(path), str(path), reading)
        else:
            found.append(_in_memory(path, number, reading))
    names = [source.name for source in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BadSource(f"{twice} is given twice; name each source once")
    if all(source.empty for source in found):
        raise NothingToAudit(f"no record in {', '.join(names) or 'nothing given'}")
    somewhere([source.fit for source in found if not source.empty], reading)
    return found


def _is_records(value: Sequence[Any]) -> bool:
    """A list of dicts is one source in memory, not many paths."""
    return bool(value) and all(isinstance(item, dict) for item in value)


def _at(path: Path, name: str, reading: Reading) -> Iterator[Source]:
    if name == "-":
        yield _file(kept(sys.stdin.buffer, "standard input", reading.limits), name, reading)
    elif path.is_dir():
        yield from _folder(path, name.rstrip("/"), reading)
    elif path.is_file():
        yield _file(path, name, reading)
    elif path.is_fifo():  # <(command) too
        with path.open("rb") as pipe:
            copy = kept(pipe, name, reading.limits)
        yield _file(copy, name, reading)
    elif path.exists():
        raise BadSource(f"{name} is neither a file nor a folder nor a pipe; save it as a file")
    else:
        raise BadSource(f"{name}: there is no such file or folder")


def sorted_below(path: Path) -> tuple[list[Path], list[Path], set[Path]]:
    """Below a folder, in the order of their names: data files, others, and what curate wrote."""
    below = [entry for entry in _below(path) if not _hides(path, entry)]
    ours = {entry for entry in below if written_by_curate(entry)}
    theirs = [entry for entry in below if entry not in ours]
    known = [file for file in theirs if file.is_dir() or _suffix(file) in _suffixes()]
    return known, [file for file in theirs if file not in known], ours


def _folder(path: Path, name: str, reading: Reading) -> Iterator[Source]:
    """Every data file below a folder, in the order of their names."""
    known, others, ours = sorted_below(path)
    beside = [file for file in known if describes(file)]
    if len(beside) < len(known):
        known, others = [file for file in known if file not in beside], [*others, *beside]
    hidden = [f for f in _below(path) if _hides(path, f) and _suffix(f) in _suffixes()]
    ignored = tuple(str(file.relative_to(path)) for file in sorted([*others, *hidden]))
    if not known:
        why = ", only what curate wrote itself" if ours else ""
        why += f", but hidden ones: {_listed([f.name for f in hidden])}" if hidden else ""
        raise NothingToAudit(f"{name}: no data file in this folder{why}; known: {_suffix_list()}")
    for file in known:
        inner = file.relative_to(path)
        source = _file(file, f"{name}/{inner}" if file != path else name, reading)
        if file == known[0]:
            said = (*_ignored(ignored), *_skipped(path, ours))
            source = replace(source, ignored=ignored, parts=(*source.parts, *said))
        yield source


def _ignored(files: Sequence[str]) -> Iterator[Said]:
    if files:
        says = "other files ignored: {count} ({files})"
        yield says, _args(count=len(files), files=_listed(files))


def _skipped(path: Path, ours: Iterable[Path]) -> Iterator[Said]:
    """The folders that curate wrote; where it wrote among the data, the files."""
    places = {entry if entry.is_dir() or entry.parent == path else entry.parent for entry in ours}
    if places:
        names = sorted(str(place.relative_to(path)) for place in places)
        yield "skipped, because curate wrote it: {places}", _args(places=_listed(names))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")


def _below(path: Path) -> Iterator[Path]:
    """Files and saved data sets below a folder; hidden and linked folders are not entered."""
    if (path / "state.json").exists() or is_workspace(path):
        yield path
        return
    for entry in sorted(path.iterdir()):
        if entry.is_file() and entry.name != SPLITS:
            yield entry
        elif entry.is_dir() and not entry.is_symlink() and not _hides(path, entry):
            yield from _below(entry)


def _hides(folder: Path, entry: Path) -> bool:
    """Whether an entry of a folder is hidden; the folder itself was named by the user."""
    return entry != folder and entry.name.startswith(".")


def _file(path: Path, name: str, reading: Reading) -> Source:
    """One file, or one saved data set: its format, encoding and shape."""
    try:
        return _looked_at(path, name, reading)
    except OSError as error:
        raise BadSource(f"{name}: {error.strerror or error}") from error


def _looked_at(path: Path, name: str, reading: Reading) -> Source:
    if path.is_dir():
        return _fitted(Source(name, path, "arrow"), None, reading)
    with path.open("rb") as file:
        packed = compression(file.read(16))
    head, encoding = _head(path, name, packed, reading.limits)
    if head.whole and not head.data.removeprefix(UTF8_BOM).strip():
        parts: tuple[Said, ...] = ((EMPTY, {}),)
        return Source(name, path, "jsonl", packed, encoding, parts=parts, empty=True)
    known = _format(head, name)
    if packed is not None and not known.text:
        path, packed = unpacked(path, packed, reading.limits), None
    return _fitted(Source(name, path, known.name, packed, encoding), head, reading)


def _head(path: Path, name: str, packed: str | None, limits: Limits) -> tuple[Head, str]:
    """The first bytes of a file, unpacked and as UTF-8, and the encoding they were in."""
    data, fault = _first(path, packed, "utf-8", limits)
    known = wide(data)
    encoding = known[0] if known is not None else "utf-8"
    if known is not None:
        data, fault = _first(path, packed, encoding, limits)
    if fault is not None and not data:
        raise BadSource(f"{name}: {fault}")
    for magic, what in NOT_DATA:
        if data.startswith(magic):
            raise BadSource(f"{name} is {what}")
    return Head(name, _suffix(Path(name)), data, len(data) < LOOK_BYTES, path), encoding


def _first(
    path: Path, packed: str | None, encoding: str, limits: Limits
) -> tuple[bytes, Misread | None]:
    with closing(stream_opened(path, packed, limits, encoding)) as stream:
        return stream.read(LOOK_BYTES), stream.fault


def _format(head: Head, name: str) -> Format:
    """The format that the first bytes prove; else the one of the suffix; else the likeliest."""
    known = formats.found()
    claims = {f.name: f.claims(head) for f in known.values()}
    best = max(claims, key=lambda name: claims[name])
    if claims[best] >= PROOF:
        return known[best]
    named = next((f for f in known.values() if head.suffix in f.suffixes), None)
    if named is not None:
        return named
    if claims[best]:
        return known[best]
    raise BadSource(f"{name}: not a format that is known; known: {_suffix_list()}")


def _in_memory(data: Any, number: int, reading: Reading) -> Source:
    """A frame or a list of dicts as a source."""
    name = "<memory>" if number == 1 else f"<memory {number}>"
    return _fitted(Source(name, None, "memory", data=data), None, reading)


def _fitted(source: Source, head: Head | None, reading: Reading) -> Source:
    """The source with what its format and the first records say about it."""
    container = formats.found()[source.format]
    if head is not None and container.text and source.encoding == "utf-8":
        guess = legacy(head.data, whole=head.whole)
        if guess is not None:
            raise BadSource(
                f"{source.name} is {guess}, not UTF-8; convert it first: "
                f"{convert_command(guess, source.name)}"
            )
    if container.look is not None:
        source = replace(source, data=container.look(source, head, reading.limits))
    sample = _sample(source, container, reading.limits)
    if not sample.records and not sample.rejects:
        return replace(source, parts=(*_container(source, container), (EMPTY, {})), empty=True)
    fit, said = fitted(sample, reading, source.name)
    found: tuple[Said, ...] = getattr(source.data, "said", ())
    return replace(source, fit=fit, parts=(*_container(source, container), *found, *said))


def _container(source: Source, container: Format) -> Iterator[Said]:
    yield "{format}", _args(format=container.title)
    if source.compression is not None:
        yield "compressed with {kind}", _args(kind=source.compression)
    if source.encoding != "utf-8":
        yield "recoded from {encoding}", _args(encoding=source.encoding.upper())


def _sample(source: Source, container: Format, limits: Limits) -> Sample:
    """The first records: of the first piece, or of the first that holds any."""
    sample = Sample(header=isinstance(source.data, Table))
    for chunk in container.cut(source, limits, LOOK_BYTES):
        if chunk.fault is not None:
            sample.rejects += 1
            continue
        parsed = container.parse(chunk, limits)
        sample.rejects += len(parsed.rejects)
        sample.records = parsed.cells.objects()
        if sample.records:
            break
    return sample


def _args(**args: Any) -> dict[str, Any]:
    return args


def _suffix(path: Path) -> str:
    """The suffix that tells the format, without that of the compression."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in SUFFIXES:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def _suffixes() -> set[str]:
    return {suffix for known in formats.found().values() for suffix in known.suffixes}


def _suffix_list() -> str:
    return ", ".join(sorted(_suffixes())) + ", each also as .gz or .zst"
