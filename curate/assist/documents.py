"""Documents: files and folders to passages; every piece of them is one, or is named as left out.

A record of a data file is one passage, its answer as it is, unless the file holds nothing but text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from curate.assist.passages import Cut, LeftOut, Passage, cut
from curate.content.language import languages
from curate.errors import BadSource, NothingToAudit, Unaccounted
from curate.raw.encodings import convert_command, legacy
from curate.reading import read
from curate.record import content_id
from curate.sources.opening import sorted_below

PLAIN = (".txt", ".md")
FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n.*?\n---[ \t]*\r?\n", re.S)  # of a Markdown file

Pieces = Iterator[Passage | LeftOut]


@dataclass(frozen=True, slots=True)
class Documents:
    """What was read: every piece is a passage or left out."""

    passages: tuple[Passage, ...]
    left_out: tuple[LeftOut, ...]
    read: int


def documents(
    paths: Sequence[str], how: Cut | None = None, written: Sequence[Path] = ()
) -> Documents:
    """All passages of these files and folders; BadSource where one cannot be read at all.

    Files `written` by an earlier run are not read again where they lie in such a folder.
    """
    ours = {file.resolve() for file in written}
    pieces = [piece for named in paths for piece in found_at(named, how or Cut(), ours)]
    passages = [piece for piece in pieces if isinstance(piece, Passage)]
    left_out = tuple(piece for piece in pieces if isinstance(piece, LeftOut))
    spoken = languages(pl.Series([passage.text for passage in passages], dtype=pl.String))
    told = tuple(replace(p, language=name) for p, name in zip(passages, spoken, strict=True))
    if len(told) + len(left_out) != len(pieces):
        raise Unaccounted(f"{len(pieces)} passages read, {len(told)} + {len(left_out)} left")
    return Documents(told, left_out, len(pieces))


def found_at(named: str, how: Cut, ours: AbstractSet[Path]) -> Pieces:
    """The pieces of one file, or of all that lies below a folder."""
    path = Path(named)
    if path.is_dir():
        yield from below(path, how, ours)
    elif path.suffix.lower() in PLAIN:
        yield from of_text(path, how)
    else:
        yield from of_data(named, how)


def below(folder: Path, how: Cut, ours: AbstractSet[Path]) -> Pieces:
    """The pieces of every file of a folder; one that cannot be read does not stop the others."""
    data, others, _ = sorted_below(folder)
    for file in sorted(file for file in (*data, *others) if file.resolve() not in ours):
        if file.suffix.lower() in PLAIN:
            yield from of_text(file, how)
        elif file in others:
            yield LeftOut(str(file), 1, says="neither text, Markdown nor a data file")
        else:
            try:
                yield from list(of_data(str(file), how))
            except (BadSource, NothingToAudit) as error:
                yield LeftOut(str(file), 1, str(error))


def of_text(file: Path, how: Cut) -> Pieces:
    """The passages of one plain document."""
    try:
        raw = file.read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise BadSource(f"{file}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        yield not_utf8(file, raw, error.start)
        return
    line, parent = 1, content_id([("assistant", text)])
    matter = FRONT_MATTER.match(text) if file.suffix.lower() == ".md" else None
    if matter is not None:
        yield LeftOut(str(file), 1, says="front matter: settings of a page, no text of it")
        line, text = 1 + matter[0].count("\n"), text[matter.end() :]
    yield from cut(str(file), line, parent, text, how)


def not_utf8(file: Path, raw: bytes, at: int) -> LeftOut:
    """What is said of a document in another encoding, with the command that converts it."""
    guess = legacy(raw, whole=True)
    if guess is None:
        return LeftOut(str(file), 1, says="not UTF-8 at byte {at}", args={"at": at})
    args = {"guess": guess, "command": convert_command(guess, str(file))}
    return LeftOut(str(file), 1, says="{guess}, not UTF-8; convert it: {command}", args=args)


def of_data(named: str, how: Cut) -> Pieces:
    """The answers of the records of a data file, and its rejects."""
    records, rejects = read([named])
    columns = records.select("source", "line", "record_id", "answer", "shape")
    for source, line, parent, answer, shape in columns.iter_rows():
        if shape == "text":
            yield from cut(source, line, parent, answer, how, in_one_line=True)
        elif answer.strip():
            yield Passage(source, line, parent, answer)
        else:
            yield LeftOut(source, line, says="the answer is empty")
    for reject in rejects:
        yield LeftOut(reject.source, reject.line, reject.message)
