"""The machine a run is on: its accelerator, its memory, its packages."""

from __future__ import annotations

import os
import platform
import resource
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any, Literal

OPTIONAL = ("bitsandbytes", "flash_attn", "liger_kernel")
TOLD = (
    *("torch", "transformers", "peft", "trl", "accelerate", "bitsandbytes", "datasets"),
    *("tokenizers", "safetensors", "numpy", "pyarrow", "liger-kernel", "curate"),
)


@dataclass(frozen=True, slots=True)
class Hardware:
    """What decides about the choices of a run."""

    device: Literal["cpu", "cuda"]
    name: str
    memory: int
    """Bytes of the card, or of the machine where there is none."""
    bfloat16: bool
    cards: int
    packages: tuple[str, ...]
    """Which of the optional packages are installed."""

    def told(self) -> dict[str, Any]:
        """As it stands in run.json."""
        return {**asdict(self), "system": platform.platform(), "python": platform.python_version()}


def here() -> Hardware:
    """This machine."""
    import torch

    packages = tuple(name for name in OPTIONAL if find_spec(name))
    if torch.cuda.is_available():
        card = torch.cuda.get_device_properties(torch.cuda.current_device())
        bfloat16 = torch.cuda.is_bf16_supported(including_emulation=False)
        count = torch.cuda.device_count()
        return Hardware("cuda", card.name, card.total_memory, bfloat16, count, packages)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return Hardware("cpu", f"{platform.machine()} CPU", memory, True, 0, packages)


def peak_bytes(device: str) -> int:
    """The most memory held so far: the card's, or the process's where there is no card."""
    if device == "cuda":
        import torch

        return int(torch.cuda.max_memory_allocated())
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def versions() -> dict[str, str]:
    """Versions of the packages that a run depends on."""
    found = {}
    for name in TOLD:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
