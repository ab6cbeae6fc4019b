"""curate calibrate: the threshold that pairs of one's own ask for, and what is no pair."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from curate.cli import app
from curate.errors import BadSource
from curate.meaning.labelled import labelled
from tests.meaning_model import write_model

ROWS = [
    ("buy a big car", "purchase a huge automobile", True),
    ("速い 車", "迅速 自動車", True),
    ("buy a big car", "music in the garden", False),
]


def written(file: Path, times: int = 30) -> Path:
    rows = [{"text1": a, "text2": b, "same": same} for a, b, same in ROWS] * times
    if file.suffix == ".csv":
        with file.open("w", newline="", encoding="utf-8") as out:
            table = csv.DictWriter(out, ["text1", "text2", "same"])
            table.writeheader()
            table.writerows(rows)
    else:
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("model") / "tiny")


@pytest.mark.parametrize("name", ["pairs.csv", "pairs.jsonl"])
@pytest.mark.parametrize(
    ("locale", "says"), [("en", "90 pairs, 60 the same"), ("ja", "90組のうち同じものは60組")]
)
def test_it_says_what_to_set(
    name: str, locale: str, says: str, model: Path, tmp_path: Path
) -> None:
    pairs = written(tmp_path / name)
    done = CliRunner().invoke(app, ["calibrate", str(model), str(pairs), "--locale", locale])
    assert done.exit_code == 0, done.output
    assert says in done.output
    assert f"--set semantic-duplicate.model={model}" in done.output
    assert "--set semantic-duplicate.threshold=0." in done.output


def test_too_few_pairs_recommend_nothing(model: Path, tmp_path: Path) -> None:
    pairs = written(tmp_path / "pairs.jsonl", times=10)
    done = CliRunner().invoke(app, ["calibrate", str(model), str(pairs)], standalone_mode=False)
    assert done.return_value == 1
    assert "more pairs are needed" in done.output
    assert "--set" not in done.output


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.jsonl", '{"text1": "a", "text2": "b", "same": true}\n{"text1": "a"}\n', "a.jsonl:2"),
        ("a.jsonl", '{"text1": "a", "text2": "b", "same": "maybe"}\n', "same is 'maybe' here"),
        ("a.jsonl", "[1]\n", "a.jsonl:1: expected text1, text2, same"),
        ("a.jsonl", "text1\n", "a.jsonl:1"),
        ("a.csv", "text1,text2,same\nあ,い,true\nあ,い,はい\n", "a.csv:3"),
        ("a.csv", "one,two\na,b\n", "a.csv:2: expected text1, text2, same"),
        ("a.csv", "text1,text2,same\n", "no pairs"),
        ("a.jsonl", "", "no pairs"),
    ],
)
def test_what_is_no_pair_is_named(name: str, text: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadSource) as error:
        labelled(file)
    assert says in str(error.value)


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="No such file"):
        labelled(tmp_path / "none.csv")
    (tmp_path / "sjis.csv").write_bytes("text1,text2,same\nあ,い,1\n".encode("cp932"))
    with pytest.raises(BadSource, match="not UTF-8 at byte 17"):
        labelled(tmp_path / "sjis.csv")
