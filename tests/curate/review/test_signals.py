"""Signals: what the audit and a run say of each record, and which run speaks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from curate.audit import audit
from curate.errors import BadSource
from curate.report import Report
from curate.review.audited import kept_of_audit, of_audit
from curate.review.best import SIGNALS
from curate.review.neighbours import NEAREST
from curate.review.signals import FEWEST, Signals, speaking, with_run
from curate.store.failures import Run
from curate.workspace import Workspace

RECORDS = [
    *({"instruction": f"What is {n} plus one?", "output": f"It is {n + 1}."} for n in range(12)),
    *({"instruction": f"{n}の次の数は何ですか。", "output": f"{n + 1}です。"} for n in range(12)),
    {"instruction": "Which medicine helps against a cold?", "output": "I'm sorry, but I can't help with that."},
    {"instruction": "Which medicine helps against a cough?", "output": "I'm sorry, but I can't help with that."},
    {"instruction": "Which medicine helps against a headache?", "output": "I'm sorry, but I can't help with that."},
    {"instruction": "Which tea helps against a headache?", "output": "Peppermint tea does."},
    {"instruction": "パスタの茹で方を教えてください。", "output": "申し訳ありませんが、お答えできません。"},
    {"instruction": "Say hello.", "output": ""},
    {"instruction": "首都は？", "output": "東京です。"},
    {"instruction": "首都は？", "output": "大阪です。"},
    {"instruction": "What is 3 plus one?", "output": "It is 4."},  # a copy
]  # fmt: skip
ASKED = ["empty-answer", "contradiction", "refusal"]
APPROVED = "a" * 32
RUN = Run("r" * 32, "small", APPROVED)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return audit(RECORDS, workspace=tmp_path_factory.mktemp("ws") / ".curate", only=ASKED)


@pytest.fixture(scope="module")
def audited(report: Report) -> Signals:
    return of_audit(report)


def by_line(signals: Signals, name: str) -> dict[int, Any]:
    return dict(signals.frame.select("line", name).iter_rows())


def test_every_record_has_one_line_and_copies_share_it(report: Report, audited: Signals) -> None:
    assert audited.frame["record_id"].is_unique().all()
    assert len(audited.frame) == len(RECORDS) - 1
    assert set(SIGNALS) < set(audited.frame.columns)
    assert audited.lacking == ["loss", "influence", "opposed", "swap", "attribution"]


def test_what_the_audit_found_is_high_where_it_was_found(audited: Signals) -> None:
    severity = by_line(audited, "severity")
    assert max(severity, key=severity.__getitem__) in (30, 31, 32)
    assert severity[5] == 0
    contradiction = by_line(audited, "contradiction")
    assert [line for line, value in contradiction.items() if value] in ([31, 32], [32, 31])


def test_refusals_that_stand_together_count_more_than_one_alone(audited: Signals) -> None:
    refusal = by_line(audited, "refusal")
    assert min(refusal[line] for line in (25, 26, 27)) > refusal[29] > 0
    assert refusal[28] == refusal[1] == 0


def test_a_category_of_refusals_counts_where_prompts_are_unlike(tmp_path: Path) -> None:
    no = "I'm sorry, but I can't help with that."
    told = [
        {"instruction": one, "output": no, "category": "chemistry"}
        for one in ("Name an acid.", "What dissolves copper?", "How hot is a flame?", "Why is rust red?")
    ] + [
        {"instruction": "Sing me a song.", "output": no, "category": "music"},
        *({"instruction": f"Play the {n}th note.", "output": "La.", "category": "music"} for n in range(8)),
    ]  # fmt: skip
    refusal = by_line(of_audit(audit(told, workspace=tmp_path / ".curate", only=ASKED)), "refusal")
    assert refusal[1] == refusal[4] == 4 / (NEAREST + 1) > refusal[5] > 0


def test_a_check_that_was_not_asked_leaves_its_signal_unknown(tmp_path: Path) -> None:
    report = audit(RECORDS[:3], workspace=tmp_path / ".curate", only=["empty-answer"])
    assert {"contradiction", "refusal"} < set(of_audit(report).lacking)


def test_the_order_of_the_input_changes_lines_only(audited: Signals, tmp_path: Path) -> None:
    turned = of_audit(audit(RECORDS[::-1], workspace=tmp_path / ".curate", only=ASKED))
    columns = ["record_id", "letters", "disagreement", "refusal", "severity"]
    assert turned.frame.select(columns).equals(audited.frame.select(columns))


def test_what_the_audit_says_is_kept_and_another_audit_has_its_own(
    report: Report, audited: Signals, tmp_path: Path
) -> None:
    where = Workspace(tmp_path)
    assert kept_of_audit(report, where).frame.equals(audited.frame)
    [file] = (tmp_path / "signals").iterdir()
    before = file.read_bytes()
    assert kept_of_audit(report, where).frame.equals(audited.frame)
    assert file.read_bytes() == before
    stricter = audit(RECORDS, workspace=tmp_path / ".curate", only=["empty-answer"])
    assert kept_of_audit(stricter, where).frame["refusal"].null_count() == len(audited.frame)


def approved(where: Workspace, parent: str) -> None:
    folder = where.path / "approved" / APPROVED
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"id": APPROVED, "parent": parent}))


def left_by_run(
    where: Workspace, audited: Signals, traced: Sequence[tuple[str, int, str, float]] = ()
) -> None:
    """What intake keeps of a run that trained all but the last three records, by id."""
    folder = where.path / "signals"
    folder.mkdir(parents=True, exist_ok=True)
    ids = audited.frame["record_id"].to_list()[:-3]
    pl.DataFrame(
        {
            "record_id": [f"edited {ids[0]}", *ids[1:]],
            "first_id": ids,
            "loss": [float(n) for n in range(len(ids))],
            "influence": [1.0] * len(ids),
            "opposed": [-float(n) for n in range(len(ids))],
            "swap": [-float(n) for n in range(len(ids))],
        }
    ).write_parquet(folder / f"{RUN.run_id}.parquet")
    rows = [
        {"failure_id": failure, "rank": rank, "record_id": one, "first_id": one, "score": 0.03,
         "triage": "data-caused" if surely else "not-covered", "caused": surely or 0.1,
         "pushes": True}
        for failure, rank, one, surely in traced
    ]  # fmt: skip
    if rows:
        pl.DataFrame(rows).write_parquet(folder / f"{RUN.run_id}.traced.parquet")


def test_a_run_brings_its_signals_also_to_records_that_were_edited_since(
    audited: Signals, tmp_path: Path
) -> None:
    where = Workspace(tmp_path)
    left_by_run(where, audited)
    found = with_run(audited, where, RUN)
    assert found.frame["loss"].to_list()[:3] == [0.0, 1.0, 2.0]
    assert found.frame["opposed"].to_list()[:3] == found.frame["swap"].to_list()[:3] == [0, -1, -2]
    assert found.frame["loss"].to_list()[-3:] == [None] * 3  # not trained, so not known
    assert found.frame["severity"].equals(audited.frame["severity"])
    assert (found.run, found.lacking) == (RUN, ["attribution"])


def test_failures_that_data_caused_vote_from_five_on_and_reserve_places(
    audited: Signals, tmp_path: Path
) -> None:
    ids = audited.frame["record_id"].to_list()
    traced = [
        (f"failure {n}", rank, ids[(n * rank) % 20], 0.5 + n / 20)
        for n in range(1, FEWEST) for rank in range(1, 6)
    ]  # fmt: skip
    traced.append(("not by data", 1, ids[19], 0.0))
    left_by_run(Workspace(tmp_path), audited, traced)
    few = with_run(audited, Workspace(tmp_path), RUN)
    assert few.lacking == ["attribution"]
    assert few.reserved[:4] == (ids[4], ids[3], ids[2], ids[1])  # the surest failure first
    assert ids[19] not in few.reserved
    left_by_run(Workspace(tmp_path), audited, [*traced, ("one more", 1, ids[1], 0.5)])
    enough = with_run(audited, Workspace(tmp_path), RUN).frame["attribution"].to_list()
    assert enough[1] == pytest.approx(0.55 + 0.5)
    assert enough[19] == pytest.approx(0.1)  # in doubt is not without
    assert enough[18] == 0
    assert enough[-1] is None


def test_a_record_that_pushes_nowhere_has_no_vote_and_no_place(
    audited: Signals, tmp_path: Path
) -> None:
    ids = audited.frame["record_id"].to_list()
    left_by_run(Workspace(tmp_path), audited, [(f"failure {n}", 1, ids[n], 0.9) for n in range(6)])
    file = tmp_path / "signals" / f"{RUN.run_id}.traced.parquet"
    still = pl.read_parquet(file).with_columns(pushes=pl.col("record_id") != ids[2])
    still.write_parquet(file)
    found = with_run(audited, Workspace(tmp_path), RUN)
    assert found.frame["attribution"].to_list()[1:4] == [0.9, 0.0, 0.9]
    assert ids[2] not in found.reserved
    assert ids[1] in found.reserved


def test_a_failure_that_data_hardly_caused_reserves_no_place(
    audited: Signals, tmp_path: Path
) -> None:
    ids = audited.frame["record_id"].to_list()
    left_by_run(Workspace(tmp_path), audited, [("one", 1, ids[0], 0.49), ("other", 1, ids[1], 0.5)])
    found = with_run(audited, Workspace(tmp_path), RUN)
    assert found.reserved == (ids[1],)
    assert found.failing == {"failure-one": 0.49, "failure-other": 0.5}


def test_the_newest_run_on_data_made_from_this_snapshot_speaks(
    report: Report, audited: Signals, tmp_path: Path
) -> None:
    where = Workspace(tmp_path)
    newer = Run("n" * 32, "newer, without signals", APPROVED)
    stranger = Run("s" * 32, "on other data", "b" * 32)
    here = report.snapshot.id
    assert speaking(where, here, [newer, stranger, RUN]) is None
    left_by_run(where, audited)
    assert speaking(where, here, [newer, stranger, RUN]) is None  # approved from who knows what
    approved(where, here)
    assert speaking(where, here, [newer, stranger, RUN]) == RUN
    assert speaking(where, "c" * 32, [RUN]) is None
    assert with_run(audited, where, None) is audited


def test_a_file_that_intake_did_not_write_is_named(audited: Signals, tmp_path: Path) -> None:
    where = Workspace(tmp_path)
    left_by_run(where, audited)
    file = where.path / "signals" / f"{RUN.run_id}.parquet"
    pl.DataFrame({"record_id": ["a"]}).write_parquet(file)
    with pytest.raises(BadSource, match=r"rrr\.parquet: .*curate intake RUN"):
        with_run(audited, where, RUN)
    file.write_bytes(b"cut")
    with pytest.raises(BadSource, match="take the run in again"):
        with_run(audited, where, RUN)
