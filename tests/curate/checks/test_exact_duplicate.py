"""exact-duplicate: clean records first, then copies."""

from __future__ import annotations

import polars as pl
import pytest

from curate.check import ask
from curate.checks.exact_duplicate import CHECK, settle
from tests.making import record, records


def labelled(labels: str) -> dict[str, object]:
    return record("良い文ですか。", "はい", annotations=labels)


CLEAN = [
    (record("Q?", "One."), record("Q?", "Two.")),
    (record("Q?", "One."), record("q?", "One.")),
    (record("東京は？", "首都です。"), record("東京は?", "首都です。")),
    (record("Q?", "One.", system="Be kind."), record("Q?", "One.")),
    (labelled('{"a":"良い"}'), labelled('{"b":"悪い"}'), labelled('{"c":"良い"}')),
    (labelled('{"a":"x","b":"y"}'), labelled('{"a":"x"}')),
    (labelled('{"花子":null}'), labelled('{"b":null}')),
    (record("Classify.", "Yes", input="a"), record("Classify.", "Yes", input="b")),
]


@pytest.mark.parametrize("made", CLEAN)
def test_clean(made: tuple[dict[str, object], ...]) -> None:
    assert ask(CHECK, records(*made)) == []


@pytest.mark.parametrize("text", ["Water boils at 100 °C.", "水は100度で沸騰します。"])
def test_every_copy_but_the_first(text: str) -> None:
    made = [record("Q?", text), record("Other?"), record("Q?", text), record("Q?", text)]
    said = dict(ask(CHECK, records(*made)))
    assert set(said) == {2, 3}
    hit = said[2]
    assert hit.evidence["kept"]["line"] == 1
    assert [peer["line"] for peer in hit.evidence["peers"]] == [4]
    assert hit.evidence["size"] == 3
    assert hit.message == "the same record stands in line 1 of test.jsonl; 3 copies in all"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"a":"x"}', '{"a":"x"}'),
        ('{"a":"x"}', '{"a":"\\",\\"b"}'),
        ('{"花子":"良い","太郎":"良い"}', '{"花子":"良い","太郎":"悪い"}'),
    ],
)
def test_what_the_same_annotators_labelled_twice_is_a_copy(one: str, other: str) -> None:
    made = [labelled(one), labelled('{"z":"x"}'), labelled(other), record("良い文ですか。", "はい")]
    [(row, hit)] = ask(CHECK, records(*made))
    assert row == 2
    assert (hit.evidence["kept"]["line"], hit.evidence["size"]) == (1, 2)


def test_the_first_is_by_source_then_line() -> None:
    made = [record(source="b.jsonl", line=1), record(source="a.jsonl", line=9)]
    [(row, hit)] = ask(CHECK, records(*made))
    assert row == 0
    assert hit.evidence["kept"] == {
        "record_id": made[0]["record_id"],
        "source": "a.jsonl",
        "line": 9,
    }


def test_peers_are_listed_to_twenty_and_counted_on() -> None:
    said = ask(CHECK, records(*[record() for _ in range(50)]))
    assert len(said) == 49
    assert {hit.evidence["size"] for _, hit in said} == {50}
    assert {len(hit.evidence["peers"]) for _, hit in said} == {20}
    for row, hit in said:
        assert row + 1 not in [peer["line"] for peer in hit.evidence["peers"]]


def test_records_that_only_share_a_key_are_not_copies() -> None:
    met = records(record("a"), record("b")).with_columns(key=pl.lit(7, pl.UInt64))
    assert list(settle(met, {})) == []
