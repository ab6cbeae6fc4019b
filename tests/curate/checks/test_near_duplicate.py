"""near-duplicate: records that differ are left alone; copies with a word changed are found."""

from __future__ import annotations

import random
import unicodedata
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest

from curate.audit import audit
from curate.errors import BadSetting
from curate.report import Report

EN = (
    "The old harbour was built in 1893 for the herring fleet, and its two long piers still keep the "
    "winter storms away from the boats, the market hall and the narrow streets behind it. On summer "
    "evenings children jump from the outer wall while their grandparents sell smoked mackerel, mend "
    "torn nets and argue about which captain first sailed around the grey islands without a compass."
)
JA = (
    "この古い港は一八九三年にニシン漁の船団のために造られ、二本の長い突堤はいまも冬の嵐から船と市場と裏手の"
    "狭い通りを守り続けています。夏の夕方には子どもたちが外側の壁から海へ飛び込み、祖父母たちは燻製のサバを"
    "売ったり破れた網を繕ったりしながら、灰色の島々を羅針盤なしで最初に回った船長は誰かと言い争います。"
)
SYSTEM = (
    "You are the patient guide of a small harbour museum and answer in full, friendly sentences."
)


def alpaca(instruction: str, output: str, **more: Any) -> dict[str, Any]:
    return {"instruction": instruction, "input": "", "output": output, **more}


def preference(prompt: str, chosen: str, rejected: str) -> dict[str, Any]:
    return {"prompt": prompt, "chosen": chosen, "rejected": rejected}


def asked(data: list[dict[str, Any]], where: Path, *changes: str, **how: Any) -> Report:
    settings = [f"near-duplicate.{change}" for change in changes]
    return audit(data, workspace=where, only=["near-duplicate"], changes=settings, **how)


def found(report: Report) -> list[tuple[int, int]]:
    """(line that could go, line that would stay)."""
    rows = report.findings.select("line", "evidence").rows()
    return [(line, orjson.loads(evidence)["kept"]["line"]) for line, evidence in rows]


@pytest.mark.parametrize(
    "data",
    [
        [alpaca("Tell me of the harbour.", EN), alpaca("Tell me of the lighthouse.", EN[::-1])],
        [alpaca("Who built it?", "The town.", input=EN), alpaca("When was it?", "1893.", input=EN)],
        [alpaca("港について教えて。", JA), alpaca("灯台について教えて。", JA[::-1])],
        [
            alpaca("誰が造りましたか。", "町です。", input=JA),
            alpaca("いつですか。", "1893年です。", input=JA),
        ],
        [alpaca("Hi", "Hello"), alpaca("Hi there", "Hello"), alpaca("やあ", "こんにちは")],
        [alpaca(EN, "a"), alpaca(EN, "b")],  # one question, two answers: that is for contradiction
        [preference("Tell me.", "It is so.", EN), preference("Tell me.", "It is so.", EN[::-1])],
        [preference("港は？", "古いです。", JA), preference("港は？", "古いです。", JA[::-1])],
        [alpaca("the same record", "letter for letter")] * 3,  # that is for exact-duplicate
    ],
)
def test_clean(data: list[dict[str, Any]], tmp_path: Path) -> None:
    report = asked(data, tmp_path)
    assert found(report) == []
    [check] = [c for c in report.document["checks"] if c["name"] == "near-duplicate"]
    assert (check["checked"], check["could_not_tell"]) == (len(data), 0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            alpaca("Tell me of the harbour.", EN),
            alpaca("Tell me of the harbour.", EN.replace("keep", "hold")),
        ),
        (
            alpaca("港について教えて。", JA),
            alpaca("港について教えて！", JA.replace("守り", "護り")),
        ),
        (alpaca("Tell  me of\nthe harbour.", EN), alpaca("Tell me of the harbour.", EN)),
        (preference("Tell me.", EN, "No."), preference("Tell me.", EN, "No. No.")),
        (preference("港について。", JA, "嫌です。"), preference("港について。", JA, "嫌だ。")),
    ],
)
def test_copies_with_a_word_changed(one: Any, other: Any, tmp_path: Path) -> None:
    report = asked([alpaca("Hi", "Hello"), one, other], tmp_path)
    assert {frozenset(pair) for pair in found(report)} == {frozenset({2, 3})}
    evidence = orjson.loads(report.findings["evidence"][0])
    assert 0.8 <= evidence["similarity"] <= 1
    assert set(evidence["kept"]) == {"record_id", "source", "line"}


HALF_WIDTH = ("ﾆｼﾝ漁ﾉ船団ﾊ、ﾊﾟﾘﾍ行ｷﾏｼﾀ。", "ニシン漁ノ船団ハ、パリヘ行キマシタ。")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (EN, EN.upper()),
        (EN, EN.title()),
        (f"{EN} Café Zoë.", unicodedata.normalize("NFD", f"{EN} CAFÉ ZOË.")),
        ("Ｔｈｅ ｏｌｄ ｈａｒｂｏｕｒ， １８９３！", "The old harbour, 1893!"),
        HALF_WIDTH,
        ("がぎぐげござじずぜぞ", unicodedata.normalize("NFD", "がぎぐげござじずぜぞ")),
        (EN, EN.replace(" ", "\u200b ")),
        (EN, EN.replace(" ", " \u00ad")),
        (EN, f"\u202e{EN}\ufeff"),
        (JA, "\u200b".join(JA)),
    ],
)
def test_copies_in_other_letters(one: str, other: str, tmp_path: Path) -> None:
    data = [alpaca("Hi", "Hello"), alpaca("Say it.", one), alpaca("Say it.", other)]
    report = asked(data, tmp_path, "threshold=1")
    assert {frozenset(pair) for pair in found(report)} == {frozenset({2, 3})}


def test_many_records_under_one_system_prompt_or_instruction_are_no_duplicates(
    tmp_path: Path,
) -> None:
    words = [
        "river",
        "stone",
        "cloud",
        "bread",
        "market",
        "winter",
        "garden",
        "letter",
        "music",
        "window",
    ]
    drawn = random.Random(1)
    data = [
        {
            "messages": [
                {"role": "system", "content": f"{SYSTEM} {SYSTEM} {SYSTEM}"},
                {"role": "user", "content": f"Explain: {' '.join(drawn.choices(words, k=4))}"},
                {"role": "assistant", "content": " ".join(drawn.choices(words, k=5))},
            ]
        }
        for _ in range(40)
    ]
    assert found(asked(data, tmp_path)) == []


def test_what_stays_is_a_policy(tmp_path: Path) -> None:
    short, long = (
        alpaca("Tell me of the harbour.", EN),
        alpaca("Tell me of the harbour.", EN + " It is so."),
    )
    dated = [{**short, "day": "2026-02-01"}, {**long, "day": "2025-12-31"}]
    assert found(asked(dated, tmp_path, "survivor=longest")) == [(1, 2)]
    assert found(asked(dated, tmp_path, "survivor=newest:day")) == [(2, 1)]
    scored = [{**short, "score": 9}, {**long, "score": 10}]
    assert found(asked(scored, tmp_path, "survivor=score:score")) == [(1, 2)]
    votes = [short, {**short, "instruction": "Tell us of the harbour."}, long]
    assert {kept for _, kept in found(asked(votes, tmp_path, "survivor=majority"))} <= {1, 2}


def test_the_threshold_moves(tmp_path: Path) -> None:
    words = EN.split()
    changed = " ".join("other" if n in (8, 20) else word for n, word in enumerate(words))
    data = [alpaca("Tell me.", EN), alpaca("Tell me.", changed)]
    assert found(asked(data, tmp_path, "threshold=0.9")) == []
    assert len(found(asked(data, tmp_path, "threshold=0.5"))) == 1


LOW = ["near-duplicate.threshold=0.6"]


def test_any_order_any_workers_any_engine_the_same_records(tmp_path: Path) -> None:
    drawn = random.Random(2)
    words = EN.split()
    data = []
    for number in range(60):
        text = [*words]
        text[drawn.randrange(len(text))] = f"w{number % 20}"
        data.append(alpaca(f"Tell me of number {number % 15}.", " ".join(text)))
    path = tmp_path / "data.jsonl"

    def ids(records: list[dict[str, Any]], **how: Any) -> list[tuple[str, str]]:
        path.write_bytes(b"\n".join(map(orjson.dumps, records)))
        report = audit(path, workspace=tmp_path / "ws", only=["near-duplicate"], **how)
        kept = (orjson.loads(e)["kept"]["record_id"] for e in report.findings["evidence"])
        return sorted(zip(report.findings["record_id"], kept, strict=True))

    once = ids(data, changes=LOW)
    assert len(once) > 20
    assert ids(data, changes=LOW, workers=2) == once
    drawn.shuffle(data)
    assert ids(data, changes=LOW) == once
    other = ids(data, changes=[*LOW, "near-duplicate.engine=datasketch"])
    assert len({a for a, _ in other} & {a for a, _ in once}) >= 0.8 * len(once)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("threshold=0.2", "allowed: 0.5 to 1"),
        ("bands=40", "40 bands of 6 rows do not fit into 128 permutations"),
        ("engine=gpu", "allowed: kernel, datasketch"),
        ("survivor=oldest", "unknown near-duplicate.survivor 'oldest'"),
        ("survivor=newest", "write newest:COLUMN"),
    ],
)
def test_settings_that_find_nothing_are_refused(change: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=says):
        asked([alpaca("a", "b")], tmp_path, change)


def test_the_pairs_are_kept_beside_the_report(tmp_path: Path) -> None:
    report = asked([alpaca("Tell me.", EN), alpaca("Tell me.", EN + " Really.")], tmp_path)
    table = pl.read_parquet(report.folder / "near-duplicate.parquet")
    assert table.columns == ["first", "second", "similarity"]
    assert len(table) == 1
