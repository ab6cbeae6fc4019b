"""Documents: what may become answers, cleaned and cut into passages; nothing is lost on the way.

Plain text and Markdown are cut at headings and blank lines; a record of a data file is one passage,
its answer as it is, unless the file holds nothing but text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from curate.content.language import languages
from curate.content.sameness import width
from curate.errors import BadSource, Unaccounted
from curate.reading import read
from curate.record import content_id

PLAIN = (".txt", ".md")
MOST_CHARS = 2000
LEAST_WIDTH = 40  # letters, or half as many kana and kanji; less is a heading or a menu
HEADING = re.compile(r"#{1,6} ")
BLANKS = re.compile(r"\n\s*\n+")
TRAILING = re.compile(r"[ \t\u3000]+$", re.M)


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document; `parent` is the id of the whole."""

    source: str
    line: int  # where it begins, from 1
    parent: str
    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What did not become a passage, and why."""

    source: str
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Documents:
    """What was read: every piece is a passage or left out."""

    passages: tuple[Passage, ...]
    left_out: tuple[LeftOut, ...]
    read: int


def documents(paths: Sequence[str], most_chars: int = MOST_CHARS) -> Documents:
    """All passages of these files and folders; BadSource where one cannot be read at all."""
    plain, data = sorted_apart(paths)
    pieces: list[Passage | LeftOut] = [
        piece for file in plain for piece in of_text(file, most_chars)
    ]
    if data:
        pieces += of_data(data, most_chars)
    passages = [piece for piece in pieces if isinstance(piece, Passage)]
    left_out = tuple(piece for piece in pieces if isinstance(piece, LeftOut))
    named = languages(pl.Series([passage.text for passage in passages], dtype=pl.String))
    spoken = tuple(
        Passage(p.source, p.line, p.parent, p.text, language)
        for p, language in zip(passages, named, strict=True)
    )
    if len(spoken) + len(left_out) != len(pieces):
        raise Unaccounted(f"{len(pieces)} passages read, {len(spoken)} + {len(left_out)} left")
    return Documents(spoken, left_out, len(pieces))


def sorted_apart(paths: Sequence[str]) -> tuple[list[Path], list[str]]:
    """Plain documents, and what the reader of data sees; a folder may hold both."""
    plain: list[Path] = []
    data: list[str] = []
    for named in paths:
        path = Path(named)
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        texts = [file for file in inside if file.suffix.lower() in PLAIN]
        plain += texts
        if not texts:
            data.append(named)
        elif path.is_dir():
            data += [str(file) for file in inside if file.is_file() and file not in texts]
    return plain, data


def of_text(file: Path, most_chars: int) -> Iterator[Passage | LeftOut]:
    """The passages of one plain document."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadSource(f"{file}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        yield LeftOut(str(file), 1, f"not UTF-8 at byte {error.start}")
        return
    yield from cut(str(file), 1, content_id([("assistant", text)]), text, most_chars)


def of_data(paths: Sequence[str], most_chars: int) -> Iterator[Passage | LeftOut]:
    """The answers of the records of data files, and their rejects."""
    records, rejects = read(list(paths))
    columns = records.select("source", "line", "record_id", "answer", "shape")
    for source, line, parent, answer, shape in columns.iter_rows():
        if shape == "text":
            yield from cut(source, line, parent, answer, most_chars, in_one_line=True)
        elif answer.strip():
            yield Passage(source, line, parent, answer)
        else:
            yield LeftOut(source, line, "the answer is empty")
    for reject in rejects:
        yield LeftOut(reject.source, reject.line, reject.message)


def cut(
    source: str, line: int, parent: str, text: str, most_chars: int, in_one_line: bool = False
) -> Iterator[Passage | LeftOut]:
    """Passages of whole paragraphs, none begun before a heading and ended after it."""
    held: list[str] = []
    begun = line
    for paragraph, below in paragraphs(text):
        full = sum(map(len, held)) + len(paragraph) > most_chars
        if held and (full or HEADING.match(paragraph)):
            yield judged(Passage(source, begun, parent, "\n\n".join(held)))
            held = []
        if not held and not in_one_line:
            begun = line + below
        held.append(paragraph)
    yield judged(Passage(source, begun, parent, "\n\n".join(held)))


def paragraphs(text: str) -> Iterator[tuple[str, int]]:
    """Cleaned paragraphs, each with the number of lines above it."""
    clean = TRAILING.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n")))
    start = 0
    for gap in [*BLANKS.finditer(clean), None]:
        end = gap.start() if gap else len(clean)
        if clean[start:end].strip():
            yield clean[start:end].strip("\n"), clean.count("\n", 0, start)
        start = gap.end() if gap else end


def judged(passage: Passage) -> Passage | LeftOut:
    """The passage, or why it is too short to be an answer."""
    if width(passage.text) < LEAST_WIDTH:
        return LeftOut(passage.source, passage.line, f"shorter than {LEAST_WIDTH} letters")
    return passage
