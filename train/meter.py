"""Meter: what the machine itself tells of a run, how busy its cards are and the energy it took.

Cards are asked through NVIDIA's NVML, the processor through Linux's powercap files (RAPL), which
often root alone may read. What does not tell is left out, and no run fails for it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

POWERCAP = Path("/sys/class/powercap")
PACKAGES = "intel-rapl:?"  # of each socket; what lies below it is part of it
EVERY = 60.0  # seconds between two readings: a socket's counter goes round in about a quarter hour
MICRO, MILLI = 1e-6, 1e-3  # joules


class Socket:
    """The counter of one processor, which begins anew beyond its range."""

    def __init__(self, zone: Path) -> None:
        """OSError or ValueError where it may not be read."""
        self._file = zone / "energy_uj"
        self._range = number_in(zone / "max_energy_range_uj")
        self._last = number_in(self._file)

    def joules(self) -> float:
        """Since the last time this was asked."""
        now = number_in(self._file)
        used = now - self._last if now >= self._last else now - self._last + self._range
        self._last = now
        return used * MICRO


class Meter:
    """Of this process's machine, from now on."""

    def __init__(self, powercap: Path = POWERCAP) -> None:
        self._sockets, self._cards = list(sockets(powercap)), cards()
        self._processor, self._began = 0.0, card_joules(self._cards)
        self._read_at = time.monotonic()

    def read(self, *, now: bool = False) -> None:
        """Look at the counters, where the last time is long enough ago."""
        if now or time.monotonic() - self._read_at > EVERY:
            self._read_at = time.monotonic()
            self._processor += sum(socket.joules() for socket in self._sockets)

    def joules(self) -> dict[str, float]:
        """What `processor` and `card` have used so far; one that does not tell is missing."""
        self.read(now=True)
        told = {"processor": round(self._processor, 1)} if self._sockets else {}
        if self._began is not None and (used := card_joules(self._cards)) is not None:
            told["card"] = round(used - self._began, 1)
        return told

    def busy(self) -> float | None:
        """How much of the last moment the cards were at work, 0 to 1; None where none tells."""
        if not self._cards:
            return None
        import pynvml

        try:
            shares = [pynvml.nvmlDeviceGetUtilizationRates(card).gpu for card in self._cards]
        except pynvml.NVMLError:
            return None
        return round(float(sum(shares)) / len(shares) / 100, 2)


def sockets(powercap: Path) -> Iterator[Socket]:
    """The processors whose counter may be read."""
    for zone in sorted(powercap.glob(PACKAGES)):
        try:
            yield Socket(zone)
        except (OSError, ValueError):
            continue


def number_in(file: Path) -> int:
    """The number that a file holds."""
    return int(file.read_text(encoding="ascii"))


def cards() -> Sequence[Any]:
    """NVML's handles of the cards that torch sees; none where there is no card or no NVML."""
    import torch

    if not torch.cuda.is_available():
        return []
    try:
        import pynvml
    except ImportError:
        return []
    try:
        pynvml.nvmlInit()
        seen = [torch.cuda.get_device_properties(n).uuid for n in range(torch.cuda.device_count())]
        return [pynvml.nvmlDeviceGetHandleByUUID(f"GPU-{one}".encode()) for one in seen]
    except pynvml.NVMLError:
        return []


def card_joules(handles: Sequence[Any]) -> float | None:
    """What cards have used since their driver was loaded; None where one does not tell."""
    if not handles:
        return None
    import pynvml

    try:
        return float(sum(map(pynvml.nvmlDeviceGetTotalEnergyConsumption, handles))) * MILLI
    except pynvml.NVMLError:
        return None
