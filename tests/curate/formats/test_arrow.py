"""Arrow: folders that the `datasets` package really wrote."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from curate import formats, reading
from curate.errors import BadSource
from curate.reading import Limits

ROWS = [
    {
        "id": n,
        "messages": [
            {"role": "user", "content": f"問{n}"},
            {"role": "assistant", "content": f"答{n}"},
        ],
        "score": n / 2,
    }
    for n in range(2500)
]


@pytest.fixture(scope="module")
def hf() -> Any:
    """The `datasets` package; it takes seconds to load."""
    import datasets

    datasets.disable_progress_bars()
    return datasets


pytestmark = pytest.mark.filterwarnings("ignore")  # what others warn about is not ours


def test_a_saved_data_set_in_shards(hf: Any, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    hf.Dataset.from_list(ROWS).save_to_disk(folder, num_shards=2)
    records, rejects = reading.read(folder)
    assert not rejects
    assert records["line"].to_list() == list(range(1, 2501))
    assert records["answer"].to_list() == [f"答{n}" for n in range(2500)]
    assert records["uid"].to_list()[-1] == "2499"
    assert records["meta"].to_list()[:2] == ['{"score":0.0}', '{"score":0.5}']
    assert records["record_id"].equals(reading.read(ROWS)[0]["record_id"])
    assert "Arrow data set; shape messages (messages)" in reading.sources(folder)[0].said


def test_batches_make_the_same_rows(hf: Any, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    hf.Dataset.from_list(ROWS).save_to_disk(folder)
    (source,) = reading.sources(folder)
    chunks = list(formats.found()["arrow"].cut(source, Limits(), 1))
    assert len(chunks) == 3
    decoded = [reading.decode(chunk).records for chunk in chunks]
    assert [line for part in decoded for line in part["line"]] == list(range(1, 2501))


def test_a_dict_of_data_sets_is_one_source_each(hf: Any, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    whole = hf.Dataset.from_list(ROWS[:8])
    hf.DatasetDict(train=whole.select(range(5)), test=whole.select(range(3))).save_to_disk(folder)
    found = reading.sources(folder)
    assert [s.name for s in found] == [f"{folder}/test", f"{folder}/train"]
    assert [len(reading.read(folder / part)[0]) for part in ("test", "train")] == [3, 5]


def test_classes_are_read_by_name_and_dates_as_text(hf: Any, tmp_path: Path) -> None:
    features = hf.Features(
        instruction=hf.Value("string"),
        output=hf.Value("large_string"),
        label=hf.ClassLabel(names=["良い", "悪い"]),
        day=hf.Value("date32"),
    )
    rows = [{"instruction": "a", "output": "b", "label": 1, "day": datetime.date(2024, 1, 2)}]
    hf.Dataset.from_list(rows, features=features).save_to_disk(tmp_path / "set")
    (record,) = reading.read(tmp_path / "set")[0].iter_rows(named=True)
    assert record["label"] == "悪い"
    assert record["meta"] == '{"day":"2024-01-02"}'


def test_a_data_set_object_in_memory(hf: Any) -> None:
    records, _ = reading.read(hf.Dataset.from_list(ROWS[:3]))
    assert records["answer"].to_list() == ["答0", "答1", "答2"]


def test_a_shard_that_is_not_there_is_named(hf: Any, tmp_path: Path) -> None:
    hf.Dataset.from_list(ROWS[:3]).save_to_disk(tmp_path / "set")
    next((tmp_path / "set").glob("data-*.arrow")).unlink()
    with pytest.raises(BadSource, match=r"lacks data-00000-of-00001\.arrow"):
        reading.sources(tmp_path / "set")


def test_a_shard_that_was_cut_short_keeps_its_whole_batches(hf: Any, tmp_path: Path) -> None:
    hf.Dataset.from_list(ROWS).save_to_disk(tmp_path / "set")
    shard = next((tmp_path / "set").glob("data-*.arrow"))
    shard.write_bytes(shard.read_bytes()[:-20_000])
    records, rejects = reading.read(tmp_path / "set")
    assert len(records) == 2000
    assert [(r.line, r.code) for r in rejects] == [(2001, "archive-cut-short")]


def test_what_is_no_arrow_stream_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.arrow"
    path.write_bytes(b"\xff\xff\xff\xff\x10\x00\x00\x00" + b"\xff" * 64)
    with pytest.raises(BadSource, match="broken Arrow message at byte 0"):
        reading.sources(path)
