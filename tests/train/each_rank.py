"""`train` in one of several processes, which also keeps the weights that this process ends with.

torchrun … -m tests.train.each_rank FOLDER WHERE WORD…

WHERE is the place at which every process dies, as tests.train.killed has it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from peft import get_peft_model_state_dict
from safetensors.torch import save_file

from tests.train.killed import doom
from train import run as story
from train.cli import main


def keeping(folder: Path) -> None:
    """Have training leave rank-N.safetensors behind."""
    train = story.train

    def wrapped(place: Path, recipe: Any, approved: Any, loaded: Any, *rest: Any) -> Any:
        fitted = train(place, recipe, approved, loaded, *rest)
        ends = get_peft_model_state_dict(loaded.model)
        save_file(
            {name: each.detach().clone().contiguous() for name, each in ends.items()},
            folder / f"rank-{os.environ['RANK']}.safetensors",
        )
        return fitted

    story.train = wrapped


if __name__ == "__main__":
    keeping(Path(sys.argv.pop(1)))
    doom(sys.argv.pop(1))
    main()
