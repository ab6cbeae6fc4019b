"""Every engine keeps the same contract; the same cases run on each."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curate import plan as plans
from curate.audit import audit_opened
from curate.engines import TRIES, Attempt, Engine, WorkerDied, open_engine, outlived
from curate.errors import BadSetting, CurateError
from curate.reading import Reading, sources
from curate.report import Report
from tests.poison import MARK, NAME, Poisoned, PoisonedTogether, poisoned

ENGINES = [("local", 1), ("local", 2), ("local", 3), ("ray", 2)]
OUTLIVING = [("local", 2), ("ray", 2)]  # one process cannot outlive its own death


@pytest.fixture(scope="module")
def opened() -> Iterator[Callable[[tuple[str, int]], Engine]]:
    """Each engine, opened once for all cases."""
    engines: dict[tuple[str, int], Engine] = {}

    def open_once(which: tuple[str, int]) -> Engine:
        if which not in engines:
            engines[which] = open_engine(*which).__enter__()
        return engines[which]

    yield open_once
    for engine in engines.values():
        engine.__exit__(None, None, None)


@pytest.fixture(params=ENGINES, ids=lambda which: "-".join(map(str, which)))
def engine(request: pytest.FixtureRequest, opened: Any) -> Engine:
    return opened(request.param)  # type: ignore[no-any-return]


@pytest.fixture(params=OUTLIVING, ids=lambda which: "-".join(map(str, which)))
def outliving(request: pytest.FixtureRequest, opened: Any) -> Engine:
    return opened(request.param)  # type: ignore[no-any-return]


def slow_square(number: int) -> int:
    time.sleep(random.random() / 200)
    return number * number


def failing(number: int) -> int:
    if number == 5:
        raise ValueError("record 5")
    return number


def refusing(number: int) -> int:
    raise BadSetting(f"{number} is not allowed")


def killing(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def dying_once(place: tuple[int, Path]) -> int:
    number, folder = place
    mark = folder / str(number)
    if number in (1, 5) and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def process(_: int) -> int:
    return os.getpid()


def test_map_keeps_the_items_order(engine: Engine) -> None:
    assert list(engine.map(slow_square, iter(range(40)))) == [n * n for n in range(40)]


def test_nothing_to_map(engine: Engine) -> None:
    assert list(engine.map(slow_square, [])) == []


def test_map_takes_no_more_than_it_can_hold(engine: Engine) -> None:
    taken = []

    def items() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    results = engine.map(slow_square, items())
    next(results)
    assert len(taken) <= 7
    results.close()  # type: ignore[attr-defined]


def test_a_fault_comes_through(engine: Engine) -> None:
    with pytest.raises(ValueError, match=r"^record 5$"):
        list(engine.map(failing, range(10)))
    with pytest.raises(BadSetting, match=r"^0 is not allowed$"):
        list(engine.map(refusing, range(10)))


def doubled(numbers: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    numbers *= 2
    return numbers


def test_what_travels_is_the_receivers_own(engine: Engine) -> None:
    """Large enough that an engine may be tempted to share memory."""
    [result] = engine.map(doubled, [np.ones(1 << 18)])
    result += 1
    assert set(result) == {3.0}


def test_work_is_done_elsewhere(outliving: Engine) -> None:
    assert os.getpid() not in set(outliving.map(process, range(8)))


def test_deaths_change_nothing(outliving: Engine, tmp_path: Path) -> None:
    items = [(number, tmp_path) for number in range(7)]
    assert list(outliving.map(dying_once, items)) == [n * n for n in range(7)]


def test_an_item_that_kills_is_tried_three_times_and_handed_over(outliving: Engine) -> None:
    handed: list[int] = []

    def survive(item: int, attempt: Attempt[int, int]) -> int:
        handed.append(item)
        with pytest.raises(WorkerDied):
            attempt(item)
        return attempt(4)

    assert list(outliving.map(killing, range(6), survive)) == [0, 1, 4, 16, 16, 25]
    assert handed == [3]


def test_without_a_way_to_survive_it_is_an_error_for_a_person() -> None:
    deaths = []

    def attempt(item: int) -> int:
        deaths.append(item)
        raise WorkerDied("a worker process died")

    with pytest.raises(CurateError, match="a worker process died"):
        outlived(3, attempt, None)
    assert deaths == [3] * TRIES


KEYS = st.lists(st.one_of(st.none(), st.integers(0, 6)), max_size=30)
FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def framed(parts: list[list[int | None]]) -> list[pl.DataFrame]:
    return [
        pl.DataFrame(
            {"part": [number] * len(part), "row": range(len(part)), "key": part},
            schema={"part": pl.UInt32, "row": pl.UInt32, "key": pl.UInt64},
        )
        for number, part in enumerate(parts)
    ]


@given(parts=st.lists(KEYS, min_size=1, max_size=4))
@FEW
def test_meet_brings_exactly_the_equal_keys_together(
    engine: Engine, parts: list[list[int | None]]
) -> None:
    met = engine.meet(framed(parts))
    flat = [(key, p, r) for p, part in enumerate(parts) for r, key in enumerate(part)]
    every = [key for key, *_ in flat]
    expected = sorted(f for f in flat if f[0] is not None and every.count(f[0]) > 1)
    assert met.select("key", "part", "row").rows() == expected
    assert met.equals(open_engine("local", 1).meet(framed(parts)))


def test_meet_by_more_deals_than_one(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Large keys, one of them shared by very many, dealt a little at a time."""
    chance = random.Random(5)
    large = [chance.choice([7, chance.randrange(2**64)]) for _ in range(4000)]
    frames = framed([[*large[at : at + 500]] for at in range(0, 4000, 500)])
    monkeypatch.setattr("curate.engines.ray.DEAL_ROWS", 900)
    met = opened(("ray", 2)).meet(frames)
    want = open_engine("local", 1).meet(frames)
    assert 1500 < len(want) < 2500
    assert pickled(met) == pickled(want)


def pickled(frame: pl.DataFrame) -> bytes:
    return frame.write_ipc(None).getvalue()


def records(poison: set[int]) -> list[dict[str, str]]:
    return [
        {
            "instruction": f"{n}の次の数は？",
            "output": f"{MARK} {n}" if n in poison else f"{n + 1}です。",
        }
        for n in range(4)
    ]


def audited(engine: tuple[str, int], folder: Path, plan: plans.Plan, data: Any) -> Report:
    return audit_opened(sources(data, plan.reading), plan, folder / "ws", *engine)


@pytest.mark.parametrize("which", OUTLIVING, ids=lambda which: which[0])
def test_a_poison_record_is_quarantined_and_named(
    which: tuple[str, int], opened: Any, tmp_path: Path
) -> None:
    opened(which)  # a cluster that runs already is used, and left running
    file = tmp_path / "data.csv"
    pl.DataFrame(records({2})).write_csv(file)
    plan = poisoned(plans.make(Reading(), only=["empty-answer", NAME]), Poisoned)
    report = audited(which, tmp_path, plan, [file])
    assert report.document["rows"] == {"read": 4, "kept": 3, "rejected": 1}
    assert report.document["rejects"] == {"quarantined": 1}
    [reject] = report.rejects
    assert (reject["line"], reject["code"]) == (4, "quarantined")
    assert reject["raw"] == f"2の次の数は？,{MARK} 2\n"
    assert reject["message"].startswith(f"the worker that read it died {TRIES} times")
    assert report.snapshot.frame(0)["line"].to_list() == [2, 3, 5]
    assert opened(which) is opened(which)
    assert list(opened(which).map(slow_square, [3])) == [9]


@pytest.mark.parametrize("which", OUTLIVING, ids=lambda which: which[0])
def test_of_a_group_that_kills_its_worker_nobody_could_tell(
    which: tuple[str, int], opened: Any, tmp_path: Path
) -> None:
    opened(which)
    plan = poisoned(plans.make(Reading(), only=["empty-answer", NAME]), PoisonedTogether)
    report = audited(which, tmp_path, plan, records({2}))
    told = {check["name"]: check for check in report.document["checks"]}[NAME]
    assert told["could_not_tell"] == 4
    assert list(told["reasons"]) == [f"the check failed: its worker died {TRIES} times"]
    assert report.document["rows"]["kept"] == 4


def test_an_unknown_engine() -> None:
    with pytest.raises(BadSetting, match="unknown engine 'spark'; known: local, ray"):
        open_engine("spark", 1)


def test_an_address_without_ray() -> None:
    with pytest.raises(BadSetting, match="add: --engine ray"):
        open_engine("local", 1, "127.0.0.1:6379")
