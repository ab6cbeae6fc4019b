"""Quarantine: find the record that kills every worker which reads it, and set it aside.

A chunk whose worker keeps dying is halved, and its halves again, until each piece is sound or is
one record. Such a record becomes a reject; all others are read as if it had not been there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from curate.engines import TRIES, Attempt, WorkerDied, tried
from curate.reading import Chunk, Misread, Reading, halves, set_aside
from curate.scan import Scanned

SAYS = "the worker that read it died {times} times; it was left out so that the rest could be read"
IN_A_ROW = 64
"""Pieces that kill with none read between them; one record in a chunk needs 17 at most."""

EVERY_PIECE = (
    "{source}: workers died on {deaths} pieces in a row, the last from line {line} on, as if every "
    "record killed them; is memory short? Fewer --workers need less"
)
ONLY_WHOLE = (
    "{source}: workers die on the {size} bytes from line {line} on, and on no single record of "
    "them; is memory short? Fewer --workers need less"
)

Numbered = tuple[int, Chunk]
Halved = Callable[[Chunk], tuple[Chunk, ...]]


def around_poison(
    numbered: Numbered, attempt: Attempt[Numbered, Scanned], reading: Reading
) -> Scanned:
    """What comes of a chunk that killed its worker, without the records that do so by themselves.

    WorkerDied where no record is to blame.
    """
    number, chunk = numbered
    halved = partial(halves, reading=reading)
    pieces = tuple(sound(chunk, halved, trial(number, halved, attempt)))
    try:
        return tried((number, replace(chunk, pieces=pieces)), attempt)
    except WorkerDied as died:
        told = ONLY_WHOLE.format(source=chunk.source, size=chunk.size, line=chunk.first_line)
        raise WorkerDied(f"{told} ({died})") from None


def sound(chunk: Chunk, halved: Halved, lives: Callable[[Chunk], bool]) -> Iterator[Chunk]:
    """The pieces of a chunk that kills its worker; those of one record that does are set aside."""
    pieces = halved(chunk)
    if not pieces:
        yield set_aside(chunk, Misread("quarantined", SAYS, times=TRIES))
    for piece in pieces:
        if lives(piece):
            yield piece
        else:
            yield from sound(piece, halved, lives)


def trial(
    number: int, halved: Halved, attempt: Attempt[Numbered, Scanned]
) -> Callable[[Chunk], bool]:
    """Whether a worker outlives a piece: a single record is tried as often as a chunk is."""
    deaths = 0

    def lives(piece: Chunk) -> bool:
        nonlocal deaths
        try:
            tried((number, piece), attempt, 1 if halved(piece) else TRIES)
        except WorkerDied as died:
            deaths += 1
            if deaths == IN_A_ROW:
                told = EVERY_PIECE.format(source=piece.source, deaths=deaths, line=piece.first_line)
                raise WorkerDied(f"{told} ({died})") from None
            return False
        deaths = 0
        return True

    return lives
