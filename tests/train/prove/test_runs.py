"""Runs of a proof: what can prove nothing is refused, with the reason, before anything is trained."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest

from curate.errors import BadSetting, BadSource
from tests.train.prove.folders import folder
from tests.train.prove.lamps import QUESTIONS, edited, repaired, rows
from train.errors import NotApproved
from train.prove.proof import prove
from train.prove.runs import NothingToProve, both

ASKED = QUESTIONS["en"][4].format(lamp="Maple")
WRONG = {ASKED: "It is 21 hours."}


def pair(place: Path, **later: Any) -> tuple[Path, Path]:
    return folder(place / "a", rows(), WRONG), folder(place / "b", repaired(rows()), {}, **later)


def refused(one: Path, other: Path) -> str:
    """Why there is nothing to prove; nothing was written."""
    with pytest.raises(NothingToProve) as why:
        prove(one, other, tell=lambda _: None)
    assert not (other / "proof").exists()
    return str(why.value)


def test_two_runs_of_one_review_are_held_against_each_other(tmp_path: Path) -> None:
    sides = both(*pair(tmp_path))
    assert sides.repair.counts() == {"edited": 4, "dropped": 0, "added": 0, "untouched": 16}
    assert sides.settings_apart == []


def test_settings_in_which_the_recipes_differ_are_named(tmp_path: Path) -> None:
    one = folder(tmp_path / "a", rows(), WRONG)
    other = folder(tmp_path / "b", repaired(rows()), {}, "training.epochs=9", "run.seed=3")
    assert both(one, other).settings_apart == ["training.epochs"]


def test_another_model_is_refused(tmp_path: Path) -> None:
    said = refused(*pair(tmp_path, model={"name": "other", "files": {"model.safetensors": "1"}}))
    assert "a was trained on tiny and b on other" in said


def test_another_template_is_refused(tmp_path: Path) -> None:
    assert "has fingerprint f, that of b g" in refused(*pair(tmp_path, template_fingerprint="g"))


def test_no_failure_is_refused(tmp_path: Path) -> None:
    one = folder(tmp_path / "a", rows(), {})
    said = refused(one, folder(tmp_path / "b", repaired(rows()), {}))
    assert "a answered no dev record wrongly" in said


def test_the_same_data_is_refused(tmp_path: Path) -> None:
    one = folder(tmp_path / "a", rows(), WRONG)
    assert "trained on the same records" in refused(one, folder(tmp_path / "b", rows(), {}))


def test_a_repair_that_leaves_no_control_is_refused(tmp_path: Path) -> None:
    one = folder(tmp_path / "a", rows(), WRONG)
    every = [edited(row, row["answer"] + "!") if row["split"] == "train" else row for row in rows()]
    said = refused(one, folder(tmp_path / "b", every, {}))
    assert "20 training records were changed and only 0 were not" in said


def test_data_of_another_review_is_refused_and_a_ledger_that_knows_it_all_is_not(
    tmp_path: Path,
) -> None:
    one = folder(tmp_path / "a", rows(), WRONG)
    other = folder(tmp_path / "b", [row for row in repaired(rows()) if row["line"] != 3], {})
    resigned(other, parent="1" * 32)
    assert re.search(r"the data of b .* does not descend from that of a", refused(one, other))
    place = Path(json.loads((other / "run.json").read_bytes())["approved"]["path"])
    table = parquet.read_table(one.parent / "approved-a" / "train.parquet", columns=["record_id"])
    parquet.write_table(table, place / "ledger.parquet")
    assert both(one, other).repair.counts()["dropped"] == 5


def test_a_split_that_was_carried_on_descends(tmp_path: Path) -> None:
    one = folder(tmp_path / "a", rows(), WRONG)
    other = folder(tmp_path / "b", repaired(rows())[3:], {})
    resigned(other, parent="1" * 32, after=json.loads((one / "approved.json").read_bytes())["id"])
    assert both(one, other).repair.counts()["dropped"] == 3


def test_the_later_run_first_is_refused(tmp_path: Path) -> None:
    one, other = pair(tmp_path)
    told = json.dumps({"record_id": "r", "kind": "edit", "request_id": "q", "reviewer": "mika"})
    (one / "decisions.jsonl").write_text(f"{told}\n")
    (other / "decisions.jsonl").write_text("")
    assert "name the run before the repair first" in refused(one, other)


def test_data_that_changed_or_went_is_refused(tmp_path: Path) -> None:
    one, other = pair(tmp_path)
    file = tmp_path / "approved-b" / "train.parquet"
    whole = file.read_bytes()
    file.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
    with pytest.raises(NotApproved, match=r"train\.parquet has changed"):
        both(one, other)
    file.parent.rename(tmp_path / "elsewhere")
    with pytest.raises(NotApproved, match="which is not here"):
        both(one, other)


def test_test_records_are_never_taken_for_failures(tmp_path: Path) -> None:
    one, other = pair(tmp_path)
    file = one / "failures.parquet"
    table = parquet.read_table(file)
    parquet.write_table(table.replace_schema_metadata({"split": "test"}), file)
    with pytest.raises(NotApproved, match="does not say that its records are of dev"):
        both(one, other)


def test_no_run_and_one_seed_are_refused(tmp_path: Path) -> None:
    one, other = pair(tmp_path)
    with pytest.raises(BadSetting, match="--seeds 1: a proof needs 2"):
        prove(one, other, seeds=1)
    (other / "run.json").unlink()
    with pytest.raises(BadSource, match="no finished run"):
        prove(one, other)


def resigned(run: Path, **changes: Any) -> None:
    """The run's approved snapshot with another manifest, rightly signed."""
    from train.approved import manifest_id

    told = json.loads((run / "run.json").read_bytes())
    file = Path(told["approved"]["path"]) / "manifest.json"
    manifest = {**json.loads(file.read_bytes()), **changes}
    manifest["id"] = manifest_id(manifest)
    file.write_text(json.dumps(manifest))
    (run / "approved.json").write_text(json.dumps({"id": manifest["id"]}))
    (run / "run.json").write_text(
        json.dumps({**told, "approved": {**told["approved"], "id": manifest["id"]}})
    )
