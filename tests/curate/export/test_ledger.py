"""The ledger adds up, whatever people and policies decide."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.export.approve import Terms, approve
from curate.export.ledger import LEDGER
from curate.store import decisions
from tests.curate.export.desk import (
    COPY,
    RECORDS,
    approved,
    everything,
    id_at,
    opened,
    part,
    place,
    says,
)

KINDS = st.sampled_from(["keep", "drop", "edit", "relabel", "choose", "skip"])
WHO = st.sampled_from(["mika", "太郎"])
DECIDED = st.lists(st.tuples(st.integers(1, len(RECORDS)), KINDS, WHO, st.booleans()), max_size=25)


@settings(max_examples=25, deadline=None)
@given(DECIDED, st.booleans())
def test_every_record_has_one_outcome(said: list[tuple[int, str, str, bool]], near: bool) -> None:
    review = opened(Path(tempfile.mkdtemp()))
    for nth, (line, kind, who, last) in enumerate(said):
        if line == COPY:  # of two lines with one id, a test below speaks
            continue
        record_id = id_at(review, line) if line < COPY - 1 else id_at(review, len(RECORDS))
        old = pl.concat(review.report.snapshot.frames()).filter(pl.col("record_id") == record_id)
        known: dict[str, object] = {"request": str(nth), "at": 1_770_000_000.0 + nth}
        if kind in ("edit", "relabel"):
            field = "answer" if kind == "edit" else "label"
            text = f"新 {nth % 3}" if near else f"new {nth}"
            known["changes"] = {field: (old[field][0], text)}
        if kind == "choose":
            other = {"record_id": id_at(review, 1)}
            known["payload"] = {"keep": [other], "drop": [{"record_id": record_id}]}
        says(review, record_id, kind, who, adjudicates=last and kind != "skip", **known)  # type: ignore[arg-type]
    done = approve(review, place(review), Terms(allow_undecided=True))
    ledger = part(done, "ledger")
    assert ledger.schema == pl.Schema(LEDGER)
    assert sum(done.outcomes.values()) == len(ledger) == len(RECORDS)
    places = pl.concat(review.report.snapshot.frames(["record_id", "source", "line"]))
    assert ledger.select(places.columns).equals(places)
    stays = ledger.filter(pl.col("outcome").is_in(["kept", "changed"]))
    assert stays["split"].null_count() == stays["new_id"].null_count() == 0
    gone = ledger.filter(~pl.col("outcome").is_in(["kept", "changed"]))
    assert gone["split"].null_count() == gone["new_id"].null_count() == len(gone)
    written = everything(done).sort("source", "line")
    told = stays.sort("source", "line")
    assert written["record_id"].equals(told["new_id"].rename("record_id"))
    assert written["split"].equals(told["split"])
    named = set(ledger["decisions"].explode().drop_nulls())
    known_ids = {
        one.request_id for one in review.store.read(lambda on: list(decisions.current_of(on)))
    }
    assert named <= known_ids
    review.store.engine.dispose()


def test_of_two_copies_one_can_go(tmp_path: Path) -> None:
    review = opened(tmp_path)
    record_id = id_at(review, COPY)
    copies = pl.concat(review.report.snapshot.frames(["record_id", "source", "line"])).filter(
        pl.col("record_id") == record_id
    )
    keep, drop = copies.sort("line").rows(named=True)
    says(review, record_id, "choose", payload={"keep": [keep], "drop": [drop]})
    ledger = part(approved(review), "ledger").filter(pl.col("record_id") == record_id).sort("line")
    assert ledger["outcome"].to_list() == ["kept", "dropped"]
    assert ledger["reason"].to_list() == ["a person chose it", "a person chose another one"]
