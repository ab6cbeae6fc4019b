"""The survivor `reviewed`: of a cluster the record that a person keeps stays, whatever its length."""

from __future__ import annotations

from pathlib import Path

import pytest

from curate.audit import audit
from tests.curate.export.desk import WORDS_OF_A_STORY, id_at, opened, says

LONG = {"instruction": "Tell the story.", "output": f"{WORDS_OF_A_STORY} and the long end of it"}
SHORT = {"instruction": "Tell the story.", "output": f"{WORDS_OF_A_STORY} and the end"}
POLICY = ["near-duplicate.survivor=reviewed,longest"]


def gone(folder: Path, changes: list[str]) -> list[int]:
    report = audit(
        [LONG, SHORT], workspace=folder / ".curate", only=["near-duplicate"], changes=changes
    )
    return report.findings["line"].to_list()


@pytest.mark.parametrize(("kind", "goes"), [("keep", [1]), ("edit", [1]), ("drop", [2])])
def test_what_a_person_keeps_stays(tmp_path: Path, kind: str, goes: list[int]) -> None:
    review = opened(tmp_path, [LONG, SHORT])
    assert gone(tmp_path, POLICY) == [2]
    changes = {"answer": (SHORT["output"], "新しい答え")} if kind == "edit" else None
    says(review, id_at(review, 2), kind, changes=changes)
    assert gone(tmp_path, POLICY) == goes
    assert gone(tmp_path, []) == [2]  # only where it is asked for
