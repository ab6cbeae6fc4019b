"""Zstandard frames: tell from the block headers alone whether a file ends where it should.

The unpacker stops without a word at the end of a file that was cut short; walking the headers
costs one small read for every 128 KiB of content.
"""

from __future__ import annotations

from typing import IO

import zstandard

FRAME = 0xFD2FB528
SKIPPABLE = 0x184D2A50  # the last four bits vary
HEADER_BYTES = 18  # the longest frame header
CHECKSUM_BYTES = 4
RLE = 1  # a block of one repeated byte, whatever its size


def whole(file: IO[bytes]) -> bool:
    """Whether every frame of the file is there to its end."""
    size = file.seek(0, 2)
    at = 0
    while at < size:
        end = _frame_end(file, at)
        if end is None or end > size:
            return False
        at = end
    return True


def _frame_end(file: IO[bytes], at: int) -> int | None:
    """Where the frame that begins at `at` ends; None where it is cut or is no frame."""
    file.seek(at)
    head = file.read(HEADER_BYTES)
    magic = int.from_bytes(head[:4], "little")
    if magic & ~0xF == SKIPPABLE and len(head) >= 8:
        return at + 8 + int.from_bytes(head[4:8], "little")
    if magic != FRAME:
        return None
    try:
        at += zstandard.frame_header_size(head)
        checksum = zstandard.get_frame_parameters(head).has_checksum
    except zstandard.ZstdError:
        return None
    last = False
    while not last:
        file.seek(at)
        raw = file.read(3)
        if len(raw) < 3:
            return None
        block = int.from_bytes(raw, "little")
        last = bool(block & 1)
        at += 3 + (1 if block >> 1 & 3 == RLE else block >> 3)
    return at + (CHECKSUM_BYTES if checksum else 0)
