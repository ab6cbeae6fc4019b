"""Splits: whole groups, seeded, the same when records come, and no near-duplicate of a test."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.content.wording import wording
from curate.dedup.across import near
from curate.dedup.sketch import Sketcher
from curate.engines import open_engine
from curate.errors import BadSetting
from curate.export.split import BEFORE, DRAWN, FILLED, Shares, groups, placed, shares_of
from curate.snapshot import Part, Snapshot
from tests.curate.export.desk import RECORDS, approved, everything, opened, part, place

NONE = np.empty((0, 2), np.int64)
HALF = Shares(0.5, 0.2, 0.3)
IDS = st.lists(st.text("0123456789abcdef", min_size=8, max_size=8), min_size=1, max_size=40)
WORDS = [
    "amber",
    "birch",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "heron",
    "inlet",
    "jetty",
    "knoll",
    "larch",
    "maple",
    "north",
]


def table(
    ids: list[str],
    prompts: list[str | None] | None = None,
    wordings: list[str | None] | None = None,
    parents: list[str] | None = None,
) -> pl.DataFrame:
    schema = dict.fromkeys(
        ("record_id", "first_id", "parent_id", "prompt_id", "wording"), pl.String
    )
    asked = prompts or [None] * len(ids)
    worded = wordings or asked
    from_ = parents or ids
    told = {
        "record_id": ids,
        "first_id": ids,
        "parent_id": from_,
        "prompt_id": asked,
        "wording": worded,
    }
    return pl.DataFrame(told, schema=schema)


def test_what_says_the_same_is_one_group() -> None:
    found = groups(table(["c", "b", "a", "d", "a"], ["p", "p", None, None, None]), {}, NONE)
    assert found == ["b", "b", "a", "d", "a"]
    tied = groups(
        table(["c", "b", "a", "d"]), {"b": ("b", "d"), "d": ("b", "d")}, np.array([[0, 2]])
    )
    assert tied == ["a", "b", "a", "b"]


def test_prompts_of_one_wording_are_one_group() -> None:
    said = [
        wording(text)
        for text in ("What is 3-4?", "what is 3-4", "What is 3+4?", "東京は？", "東京は?")
    ]
    found = groups(table(list("abcde"), list("pqrst"), said), {}, NONE)
    assert found == ["a", "a", "c", "d", "d"]


def test_a_record_that_a_model_made_goes_with_its_parent() -> None:
    assert groups(table(list("cab"), parents=["c", "c", "b"]), {}, NONE) == ["a", "a", "b"]


def test_records_without_a_prompt_are_not_alike_for_that() -> None:
    assert groups(table(["a", "b"], [None, None]), {}, NONE) == ["a", "b"]


@given(IDS, st.integers(0, 5))
def test_a_record_that_comes_moves_no_other(ids: list[str], seed: int) -> None:
    old = sorted(set(ids))[: len(ids) // 2 + 1]
    new = sorted(set(ids))
    before = {one: p.split for one, p in zip(old, placed(old, HALF, seed), strict=True)}
    after = placed(new, HALF, seed, [before.get(one) for one in new])
    now = {one: p.split for one, p in zip(new, after, strict=True)}
    assert {one: now[one] for one in old} == before


@given(IDS, st.randoms(use_true_random=False))
def test_the_order_of_the_records_is_no_matter(ids: list[str], random: object) -> None:
    found = sorted(set(ids))
    mixed = list(found)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    one = dict(zip(found, placed(found, HALF, 3), strict=True))
    assert dict(zip(mixed, placed(mixed, HALF, 3), strict=True)) == one


@given(IDS, st.integers(0, 9))
def test_train_and_dev_are_never_empty_where_they_need_not_be(ids: list[str], seed: int) -> None:
    splits = Counter(one.split for one in placed(ids, Shares(), seed))
    assert splits["train"]
    assert splits["dev"] or len(set(ids)) == 1


@given(IDS, st.integers(0, 9))
def test_splitting_again_tells_the_same(ids: list[str], seed: int) -> None:
    first = placed(ids, HALF, seed)
    assert placed(ids, HALF, seed, [one.split for one in first]) == first
    assert {one.why for one in first} <= {DRAWN, FILLED}


def test_shares_are_about_what_was_asked_for() -> None:
    many = [f"{n:08x}" for n in range(20_000)]
    counted = Counter(one.split for one in placed(many, Shares(), 0))
    assert abs(counted["test"] - 1000) < 120
    assert abs(counted["dev"] - 1000) < 120


def test_a_record_that_ties_train_to_test_makes_both_test() -> None:
    found = placed(["g", "g", "g", "h"], Shares(), 0, ["train", "test", None, "train"])
    assert [one.split for one in found] == ["test", "test", "test", "train"]
    assert found[0].why.startswith("moved from train")
    assert {found[1].why, found[2].why} <= {BEFORE, DRAWN}


@pytest.mark.parametrize("text", ["1", "0.5,0.5", "0.5,0.6,0.1", "a,b,c", "-1,1,1", "0,0.5,0.5"])
def test_shares_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(BadSetting, match=r"0\.9,0\.05,0\.05"):
        shares_of(text)


def family(n: int) -> list[dict[str, str]]:
    """Five records that nearly say the same, with many words of their own."""
    words = " ".join(WORDS[(n * k) % 13] + str(n * k) for k in range(1, 60))
    return [{"instruction": f"Story {n}.", "output": f"{words} and {end}"} for end in WORDS[:5]]


def test_no_near_duplicate_of_a_test_record_is_in_train_or_dev(tmp_path: Path) -> None:
    review = opened(tmp_path, [record for n in range(1, 25) for record in family(n)])
    done = approved(review, shares=HALF)
    assert leaked(done, tmp_path) == 0
    assert {name for name in ("train", "dev", "test") if len(part(done, name))} == {
        "train", "dev", "test",
    }  # fmt: skip
    broken = everything(done).with_columns(
        split=pl.Series(["test" if n % 3 else "train" for n in range(len(everything(done)))])
    )
    assert between(broken, tmp_path) > 0  # the finder finds what a split by records would leak


def leaked(done: object, folder: Path) -> int:
    """Pairs that the near-duplicate finder sees between test and the rest."""
    return between(everything(done), folder)  # type: ignore[arg-type]


def between(records: pl.DataFrame, folder: Path) -> int:
    rest, tests = (records.filter((pl.col("split") == "test") == t) for t in (False, True))
    rest.write_parquet(folder / "rest.parquet")
    snapshot = Snapshot(folder, (Part("rest.parquet", len(rest), "", ""),), None)
    with open_engine("local", 1) as engine:
        return len(near(snapshot, tests, engine, Sketcher(), 0.8, answers=True).records)


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 99))
def test_a_bigger_export_keeps_every_split(seed: int) -> None:
    import tempfile

    folder = Path(tempfile.mkdtemp())
    small = approved(opened(folder, RECORDS[:20]), seed=seed)
    before = dict(everything(small).select("record_id", "split").iter_rows())
    big = approved(opened(folder), seed=seed)
    after = dict(everything(big).select("record_id", "split").iter_rows())
    assert {one: after[one] for one in before} == before
    assert place(opened(folder)).latest_approved() == big.path


def test_an_edit_keeps_its_split(tmp_path: Path) -> None:
    from tests.curate.export.desk import id_at, says

    review = opened(tmp_path)
    before = dict(everything(approved(review)).select("line", "split").iter_rows())
    says(review, id_at(review, 4), "edit", changes={"answer": (RECORDS[3]["output"], "Porto!")})
    assert dict(everything(approved(review)).select("line", "split").iter_rows()) == before
