"""Machine: what training would find here, and what does not go together, before any download.

`facts()` looks; `told()` judges what was seen, so that a judgement needs no card to be tested.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

GB = 1_000_000_000
LEAST_DISK = 5 * GB  # a run of a small model with two states to resume from
DRIVER_OF = {11: 450, 12: 525, 13: 580}
"""Oldest NVIDIA driver of a CUDA version, by NVIDIA's table of minor version compatibility."""
SPARED = {
    "gguf": "{name} is missing; only a model in a .gguf file wants it, once: pip install '{name}'",
    "nvidia-ml-py": "{name} is missing; a run tells no energy of its card: pip install '{name}'",
}
"""Packages that a run can do without, and what is missed."""
REQUIREMENT = re.compile(
    r"([\w.-]+?)(?:\[[\w,]+\])?\s*(?:>=\s*([\w.]+))?(?:,.*)?\s*;.*extra == .train."
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What was seen."""

    packages: Mapping[str, str | None]
    """Installed version by package, null where it is missing."""
    least: Mapping[str, str]
    """Lowest version that has been tried."""
    built_for: str | None
    """CUDA version that torch was built for, null for a CPU build."""
    driver: str | None
    """NVIDIA driver's version, null where there is none."""
    card: str | None
    """The card that torch sees."""
    memory: int
    """Of the card, or of the machine."""
    bfloat16: bool
    quantising: tuple[str, ...]
    """CUDA versions that bitsandbytes has code for, as 126."""
    disk: int
    """Free bytes where runs are written."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the doctor: yes, no, or something to know."""

    mark: Literal["yes", "no", "--"]
    says: str
    args: Mapping[str, Any]


def facts(folder: Path = Path()) -> Facts:
    """Look at this machine."""
    from train.hardware import here

    least = dict(wanted())
    installed = {name: installed_version(name) for name in least}
    hardware = here() if installed.get("torch") else None
    return Facts(
        packages=installed,
        least=least,
        built_for=built_for() if installed.get("torch") else None,
        driver=driver(),
        card=hardware.name if hardware and hardware.device == "cuda" else None,
        memory=hardware.memory if hardware else 0,
        bfloat16=bool(hardware and hardware.bfloat16),
        quantising=quantising(),
        disk=shutil.disk_usage(folder.resolve()).free,
    )


def wanted() -> Iterator[tuple[str, str]]:
    """Packages of the extra `train` and the lowest version of each."""
    try:
        said = requires("curate") or []
    except PackageNotFoundError:
        said = []
    for line in said:
        if match := REQUIREMENT.match(line):
            yield match[1], match[2] or "0"


def installed_version(name: str) -> str | None:
    """The version of an installed package."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def built_for() -> str | None:
    """The CUDA version that torch was built for."""
    import torch

    return str(torch.version.cuda) if torch.version.cuda else None


def driver() -> str | None:
    """The version of the NVIDIA driver."""
    file = Path("/proc/driver/nvidia/version")
    if not file.is_file():
        return None
    found = re.search(r"\b(\d{3}\.\d+(?:\.\d+)?)\b", file.read_text(encoding="utf-8"))
    return found[1] if found else None


def quantising() -> tuple[str, ...]:
    """The CUDA versions that the installed bitsandbytes has code for."""
    found = find_spec("bitsandbytes")
    if found is None or found.origin is None:
        return ()
    files = Path(found.origin).parent.glob("libbitsandbytes_cuda*")
    return tuple(sorted(re.sub(r"\D", "", file.stem) for file in files))


def told(seen: Facts) -> Iterator[Told]:
    """What the doctor says: packages, accelerator, quantisation, room."""
    yield from packages(seen)
    yield from accelerator(seen)
    yield from room(seen)


def packages(seen: Facts) -> Iterator[Told]:
    """Each package, missing or too old or as it should be."""
    for name, have in seen.packages.items():
        least = seen.least[name]
        args = {"name": name, "version": have, "least": least}
        if have is None and name in SPARED:
            yield Told("--", SPARED[name], args)
        elif have is None:
            yield Told("no", "{name} is missing: pip install 'curate[train]'", args)
        elif numbers(have) < numbers(least):
            cure = "{name} {version} is older than {least}: pip install -U '{name}>={least}'"
            yield Told("no", cure, args)
        else:
            yield Told("yes", "{name} {version}", args)


def accelerator(seen: Facts) -> Iterator[Told]:
    """The card, and whether driver, torch and bitsandbytes go together."""
    if seen.card:
        args = {"name": seen.card, "size": f"{seen.memory / GB:.0f}"}
        yield Told("yes", "accelerator: {name} with {size} GB", args)
        number = "{name} has no bfloat16; float16 is used, which can overflow"
        if not seen.bfloat16:
            yield Told("--", number, {"name": seen.card})
        yield from bits(seen)
    elif seen.driver is None:
        yield Told("--", "accelerator: none; small models train on the CPU", {})
    elif seen.built_for is None:
        says = (
            "there is an NVIDIA driver {driver}, and this torch is built for CPUs: install the "
            "build for your CUDA version from pytorch.org"
        )
        yield Told("no", says, {"driver": seen.driver})
    else:
        least = DRIVER_OF.get(int(seen.built_for.split(".")[0]), 0)
        both = {"driver": seen.driver, "cuda": seen.built_for, "least": least}
        old = numbers(seen.driver) < (least,)
        says = (
            "driver {driver} is older than {least}, which CUDA {cuda} needs: update the driver, or "
            "install torch for an older CUDA"
            if old
            else "driver {driver} and torch for CUDA {cuda} are here, and torch sees no card: look "
            "at CUDA_VISIBLE_DEVICES"
        )
        yield Told("no", says, both)


def bits(seen: Facts) -> Iterator[Told]:
    """Whether bitsandbytes can quantise on this card."""
    if seen.packages.get("bitsandbytes") is None or seen.built_for is None:
        return
    wanted_code = "".join(seen.built_for.split(".")[:2])
    args = {"cuda": seen.built_for, "known": ", ".join(seen.quantising) or "none"}
    if wanted_code in seen.quantising:
        yield Told("yes", "bitsandbytes has code for CUDA {cuda}", args)
    else:
        says = "bitsandbytes has no code for CUDA {cuda}, only for {known}; QLoRA would fail"
        yield Told("no", says, args)


def room(seen: Facts) -> Iterator[Told]:
    """Whether a run can be written."""
    args = {"free": f"{seen.disk / GB:.0f}", "least": f"{LEAST_DISK / GB:.0f}"}
    if seen.disk < LEAST_DISK:
        yield Told("no", "{free} GB are free here, and a run may need {least}", args)
    else:
        yield Told("yes", "{free} GB are free here", args)


def numbers(said: str) -> tuple[int, ...]:
    """A version as numbers, as far as it is made of them."""
    return tuple(int(part) for part in re.findall(r"\d+", said.split("+")[0])[:3])
