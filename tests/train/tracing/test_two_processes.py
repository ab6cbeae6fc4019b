"""Two processes that train one model together leave one trace of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.train.test_two_processes import torchrun
from tests.train.tracing.traced import SMALL, Traced, in_first_step_as_alone
from tests.warm import Warm
from train.recipe import load


def test_each_record_has_its_row_whichever_process_trained_it(
    warm: Warm, approved: Path, tmp_path: Path
) -> None:
    changes = [*SMALL, "training.epochs=2", f"run.output_directory={tmp_path / 'runs'}"]
    settings = [word for change in changes for word in ("--set", change)]
    words = ["run", "--recipe", "lora", "--snapshot", str(approved), *settings]
    done = torchrun(warm.python, tmp_path, words)
    assert done.returncode == 0, done.stderr
    [place] = (tmp_path / "runs").iterdir()
    made = Traced(place, load(place / "resolved.yaml"))
    assert [len(each["losses"]) for each in made.records] == [2] * 10
    for number in (1, 2):
        assert np.load(place / f"traces/sketches-{number}.npy").any(1).all()
    assert in_first_step_as_alone(made, approved, 1e-3) == 8
