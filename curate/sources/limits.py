"""Limits: how much a hostile or broken source may cost before reading says no.

Every limit is a setting with its unit in the name; the defaults let honest data of any size pass.
"""

from __future__ import annotations

from dataclasses import dataclass

from curate.errors import BadSetting

MIB = 1 << 20
GIB = 1 << 30

RATIO_FREE_BYTES = 64 * MIB
"""Decompressed bytes before the ratio counts: short repetitive files are honest."""

RAW_KEPT_BYTES = 64 << 10
"""What a reject keeps of a line that is over `max_line_bytes`."""

MAX_LINES = 100_000
"""Lines, rows or elements of one chunk: each may become a reject, which weighs more than a byte."""

PYTHON_INT_DIGITS = 4300
"""Python itself refuses longer integers."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one source may demand; each is checked one byte under and one over."""

    max_line_bytes: int = 16 * MIB  # one line, array element or table row, in bytes
    max_depth: int = 100  # nested lists and objects in one record
    max_keys: int = 10_000  # keys of one record, nested ones included
    max_decompressed_bytes: int = 20 * GIB  # one compressed source, unpacked
    max_ratio: int = 200  # unpacked bytes per packed byte, after the first 64 MiB
    max_int_digits: int = PYTHON_INT_DIGITS  # digits of one integer

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if getattr(self, name) < 1:
                raise BadSetting(f"{name} is {getattr(self, name)}; it must be at least 1")
        if self.max_int_digits > PYTHON_INT_DIGITS:
            raise BadSetting(
                f"max_int_digits is {self.max_int_digits}; at most {PYTHON_INT_DIGITS} are possible"
            )
