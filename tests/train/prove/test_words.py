"""What a person reads of a proof, in both languages, and what a program does."""

from __future__ import annotations

import json
import string
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.train.prove.folders import folder
from tests.train.prove.lamps import QUESTIONS, repaired, rows
from tests.train.prove.test_verdicts import ALL, judgement
from train.cli import app
from train.locale import catalogue, translator
from train.prove import proof as story
from train.prove import words
from train.prove.document import judgement as as_json
from train.prove.verdicts import VERDICTS, Judgement

TABLES = [
    *words.VERDICT.values(), *words.ARM.values(), words.PROVEN, words.FEW, words.NONE,
    *story.NAMES.values(),
]  # fmt: skip


@pytest.mark.parametrize("said", TABLES)
def test_what_stands_in_tables_is_in_the_japanese_catalogue(said: str) -> None:
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    assert fields(catalogue("ja")[said]) == fields(said)


PROVEN = judgement(2, dirty=[ALL] * 2, control=[ALL, [1, *ALL]], repair=[[1], [1, 21]])
FEW = judgement(1, dirty=[ALL] * 2, control=[ALL] * 2, repair=[[]] * 2)
NONE = judgement(2, dirty=[ALL] * 2, control=[[]] * 2, repair=[[]] * 2)


@pytest.mark.parametrize(
    ("judged", "begins"),
    [
        (PROVEN, "Proven: the repair fixed 2 of 2 failures;"),
        (FEW, "Not proven: the repair fixed 1 of 1 failures, too few"),
        (NONE, "Not proven: the repair fixed none of 2 failures beyond"),
    ],
)
def test_one_sentence_says_it(judged: Judgement, begins: str) -> None:
    assert words.verdict_line(judged, translator("en")).startswith(begins)
    assert words.verdict_line(judged, translator("ja")).startswith("証明")


def test_figures_have_their_intervals_and_every_failure_a_line() -> None:
    told = [*words.figures(PROVEN, translator("en")), *words.table(PROVEN, translator("en"))]
    assert told[0] == "fixed: 2 / 2  100% [34%, 100%]"
    assert told[3].startswith("newly broken: 1 / 4  25% [5%, 70%]; in the control: 0")
    assert "repair 100%, control 0%; difference +100% [+7%, +100%]" in told[4]
    assert told[-2].split()[2:] == [
        "fixed", "repaired", "2/2", "3/4", "control", "0/2", "0/4", "unrepaired", "0/2", "0/4",
    ]  # fmt: skip
    assert told[-1].split() == ["data.jsonl:1", "r1", "newly", "broken"]


def test_json_has_the_same_figures() -> None:
    said: dict[str, Any] = json.loads(json.dumps(as_json(PROVEN)))
    assert said["counts"] == dict(zip(VERDICTS, (2, 0, 0), strict=True))
    assert said["repair_minus_control"]["mean"] == 1
    assert said["repair_minus_control"]["interval"][0] == pytest.approx(0.0707, abs=1e-3)
    assert said["newly_broken"]["records"] == ["r1"]
    assert said["failures"][1]["outcomes"]["repair"] == [[True, True, True], [True, False, True]]


def test_the_command_says_why_there_is_nothing_to_prove(tmp_path: Path) -> None:
    asked = QUESTIONS["en"][4].format(lamp="Maple")
    one = folder(tmp_path / "a", rows(), {asked: "It is 21 hours."})
    other = folder(tmp_path / "b", repaired(rows()), {}, template_fingerprint="g")
    done = CliRunner().invoke(app, ["compare", str(one), str(other), "--quick"])
    assert "fingerprint f, that of b g" in str(done.exception)
