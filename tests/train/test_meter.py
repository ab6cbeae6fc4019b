"""Meter: energy is what the counters say, round their end too; a machine that does not tell fails nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from train import meter
from train.meter import Meter

RANGE = 1_000_000_000


@pytest.fixture
def powercap(tmp_path: Path) -> Path:
    """Two sockets, and a part of the first, which is counted with it."""
    for name in ("intel-rapl:0", "intel-rapl:1", "intel-rapl:0:0"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "max_energy_range_uj").write_text(f"{RANGE}\n")
        counted(tmp_path, name, 5_000_000)
    return tmp_path


def counted(powercap: Path, name: str, micro: int) -> None:
    (powercap / name / "energy_uj").write_text(f"{micro}\n")


def test_sockets_are_added_up(powercap: Path) -> None:
    here = Meter(powercap)
    counted(powercap, "intel-rapl:0", 8_000_000)
    counted(powercap, "intel-rapl:0:0", 8_000_000)
    counted(powercap, "intel-rapl:1", 5_500_000)
    assert here.joules() == {"processor": 3.5}
    assert here.joules() == {"processor": 3.5}


def test_a_counter_that_went_round_lost_nothing(powercap: Path) -> None:
    here = Meter(powercap)
    counted(powercap, "intel-rapl:0", RANGE - 1_000_000)
    assert here.joules() == {"processor": 994.0}
    counted(powercap, "intel-rapl:0", 2_000_000)
    assert here.joules() == {"processor": 997.0}


def test_it_looks_now_and_then_and_not_at_every_step(
    powercap: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or a counter would go round twice unseen."""
    here = Meter(powercap)
    counted(powercap, "intel-rapl:0", RANGE - 1_000_000)
    here.read()
    counted(powercap, "intel-rapl:0", 6_000_000)
    assert here.joules() == {"processor": 1.0}  # a round that nobody saw
    again = Meter(powercap)
    counted(powercap, "intel-rapl:0", RANGE - 1_000_000)
    monkeypatch.setattr(meter, "EVERY", 0.0)
    again.read()
    counted(powercap, "intel-rapl:0", 5_000_000)
    assert again.joules() == {"processor": 999.0}


def test_a_machine_that_does_not_tell(tmp_path: Path) -> None:
    silent = Meter(tmp_path / "nothing")
    assert (silent.joules(), silent.busy()) == ({}, None)
    (tmp_path / "intel-rapl:0").mkdir()
    (tmp_path / "intel-rapl:0" / "max_energy_range_uj").write_text("many")
    assert Meter(tmp_path).joules() == {}
