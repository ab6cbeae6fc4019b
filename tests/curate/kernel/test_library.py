"""Library: what C takes as it is has been looked at; whatever bytes come, it finds what Python does."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.commands import doctor
from curate.dedup.alike import similarities
from curate.dedup.candidates import pairs_under
from curate.dedup.passages import apart_of_all, own_bytes, passages_of_all, without
from curate.dedup.records import Texts
from curate.dedup.shingles import sets, shared, tokenised
from curate.dedup.sides import sets_by_side
from curate.dedup.sketch import banded, factors
from curate.errors import CurateError
from curate.kernel import library
from curate.kernel.library import NoKernel
from tests.curate.kernel import plain

DATA = np.frombuffer(b"one two three four", np.uint8)
LONG = np.array([0, 9, 18])
SETS = sets(DATA, LONG)

pieces = st.one_of(
    st.binary(max_size=30),  # whatever lies on a disk
    st.text(max_size=20).map(str.encode),
    st.sampled_from(
        [
            b"The harbour was built in 1893 for the herring fleet. ",
            "この港は一八九三年にニシン漁のために造られました。".encode(),
            b"A line that more than one prompt holds\n",
            b"one two three four five six. ",
        ]
    ),
)
prompts = st.lists(pieces, max_size=5).map(b"".join)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: sets(DATA.astype(np.int64), LONG),
        lambda: sets(DATA[::2], np.array([0, 9])),
        lambda: sets(DATA, LONG.astype(np.int32)),
        lambda: similarities([SETS], np.array([0, 1])),
        lambda: banded(DATA, LONG, *(f.astype(np.int32) for f in factors()), 20, 6),
    ],
)
def test_arrays_of_another_kind_are_refused(wrong: Callable[[], Any]) -> None:
    with pytest.raises(ctypes.ArgumentError, match=r"argument \d+: TypeError: array must"):
        wrong()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: sets(DATA, np.array([0, 19])),
        lambda: sets(DATA, np.array([0, 12, 9])),
        lambda: sets(DATA, np.array([-1, 9])),
        lambda: sets(DATA, np.empty(0, np.int64)),
        lambda: tokenised(DATA, 0, 18, np.empty(17, np.uint64)),
        lambda: shared(*SETS, 0, 2),
        lambda: similarities([SETS], np.array([[0, -1]])),
        lambda: banded(DATA, LONG, *factors(), 20, 7),
        lambda: pairs_under(SETS[0], np.array([7, 8]), np.arange(9)),
        lambda: without(DATA, LONG, np.array([10, 18]), SETS[0]),
        lambda: passages_of_all(DATA, LONG, np.array([9])),
        lambda: apart_of_all(DATA, LONG, LONG[1:], np.array([[0, 2]])),
        lambda: own_bytes(DATA, 0, 9, 18, SETS[0], np.empty(17, np.uint8)),
    ],
)
def test_what_would_read_or_write_elsewhere_is_refused(wrong: Callable[[], Any]) -> None:
    with pytest.raises(ValueError, match="text|offsets|room|bands"):
        wrong()


def test_a_missing_library_is_an_error_of_ours_and_of_the_import() -> None:
    assert issubclass(NoKernel, CurateError)
    assert issubclass(NoKernel, ImportError)


@given(st.lists(st.tuples(prompts, prompts), max_size=4), st.integers(0, 3))
@settings(deadline=None)
def test_any_bytes_are_read_as_plain_python_reads_them(
    given: list[tuple[bytes, bytes]], every: int
) -> None:
    data = np.frombuffer(b"".join(a + b for a, b in given), np.uint8)
    offsets = np.cumsum([0, *(len(a + b) for a, b in given)])
    ends = offsets[:-1] + np.array([len(a) for a, _ in given], np.int64)
    texts = [a + b for a, b in given]
    numbers, bounds = sets(data, offsets)
    found = [numbers[a:b].tolist() for a, b in zip(bounds[:-1], bounds[1:], strict=True)]
    assert found == [sorted({*plain.shingles(text)}) for text in texts]
    numbers, bounds = sets_by_side(Texts(data, offsets, ends))
    sided = [numbers[a:b].tolist() for a, b in zip(bounds[:-1], bounds[1:], strict=True)]
    assert sided == [sorted(plain.by_side(prompt, answer)) for prompt, answer in given]
    out = np.empty(len(data), np.uint64)
    assert [
        out[: tokenised(data, start, stop, out)].tolist()
        for start, stop in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
    ] == [plain.tokens(text) for text in texts]
    passages = passages_of_all(data, offsets, ends)
    asked = [sorted({n for n, _ in plain.passages(prompt) if n}) for prompt, _ in given]
    assert passages.tolist() == [number for one in asked for number in one]
    common = np.unique(passages)[every::2].copy()
    left, starts, prompts = without(data, offsets, ends, common)
    kept = [plain.without(prompt, {*common.tolist()}) for prompt, _ in given]
    assert left.tobytes() == b"".join(a + b for a, (_, b) in zip(kept, given, strict=True))
    assert (prompts - starts[:-1]).tolist() == [len(prompt) for prompt in kept]
    pairs = np.array([(a, b) for a in range(len(given)) for b in range(len(given))], np.int64)
    apart = apart_of_all(data, offsets, ends, pairs.reshape(-1, 2))
    assert apart.tolist() == [plain.apart(given[a], given[b]) for a, b in pairs.tolist()]


def test_doctor_says_whether_the_kernels_are_here(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    assert doctor.missing_kernels(said.append) == 0

    def missing() -> None:
        raise NoKernel(f"it is not here; {library.CURE}")

    monkeypatch.setattr(library, "loaded", missing)
    assert doctor.missing_kernels(said.append) == 1
    assert "[green]yes" in said[0]
    assert "pip install -e ." in said[1]
