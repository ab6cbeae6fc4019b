"""Traces of a run that was killed are those of one that was not, byte by byte."""

from __future__ import annotations

from pathlib import Path

from tests.train.snapshots import approve
from tests.train.test_resume import whole, with_deaths

CUT = ["step:14"]  # between two states, in the third epoch


def bytes_of(run: Path) -> dict[str, bytes]:
    """Every file of the traces but the one that says how long it took."""
    folder = run / "traces"
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.suffix in (".npy", ".parquet", ".safetensors")
    }


def test_killed_and_resumed_gives_the_same_traces(tmp_path: Path) -> None:
    snapshot = approve(tmp_path / "approved")
    straight = bytes_of(whole(snapshot, tmp_path / "straight"))
    cut = bytes_of(with_deaths(snapshot, tmp_path / "cut", CUT))
    assert cut.keys() == straight.keys()
    assert [name for name in cut if cut[name] != straight[name]] == []
    assert len(cut) == 3 * 3 + 3
