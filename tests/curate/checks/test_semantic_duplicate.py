"""semantic-duplicate: paraphrases by a small real model; what only looks alike is left alone."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest

from curate.audit import audit
from curate.checks.semantic_duplicate import CHECK
from curate.errors import BadSetting, MissingExtra
from curate.plan import make
from curate.reading import Reading
from curate.report import Report
from tests.meaning_model import OTHERS, SYNONYMS, write_model

EN = (
    {"instruction": "how do i buy a big car", "output": "go to the market in winter"},
    {"instruction": "how do i purchase a huge automobile", "output": "go to the market in winter"},
)
JA = (
    {"instruction": "どう 大きい 車 を 買う", "output": "冬 の 市場 に 速い"},
    {"instruction": "どう 巨大 自動車 を 購入", "output": "冬 の 市場 に 迅速"},
)
SHARED = (
    "The old harbour boat and the stone wall stand near the river and the garden of the market. "
)
SHARED_JA = "川 の 港 と 石 の 壁 と 庭 の 市場 と 手紙 と 音楽 と 窓 の 雲 。"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "tiny")


def asked(data: list[dict[str, Any]], where: Path, model: Path, *more: str, **how: Any) -> Report:
    settings = [f"model={model}", "threshold=0.9", *more]
    return audit(
        [{"input": "", **row} for row in data],
        workspace=where,
        only=how.pop("only", ["semantic-duplicate"]),
        changes=[f"semantic-duplicate.{change}" for change in settings],
        **how,
    )


def found(report: Report) -> list[tuple[int, int]]:
    """(line that could go, line that would stay)."""
    mine = report.findings.filter(pl.col("check") == "semantic-duplicate")
    rows = mine.select("line", "evidence").rows()
    return [(line, orjson.loads(evidence)["kept"]["line"]) for line, evidence in rows]


CLEAN = [
    [EN[0], JA[0]],
    # one answer to two questions, and two answers to one question
    [EN[0], {**EN[1], "instruction": "who is the physician of a kid"}],
    [EN[0], {**EN[1], "output": "bread cloud music window letter stone boat wall " * 3}],
    [JA[0], {**JA[1], "instruction": "誰 が 子ども の 医師 です"}],
    [JA[0], {**JA[1], "output": "パン 雲 音楽 窓 手紙 石 船 壁 " * 3}],
    [
        {"instruction": "who is the physician", "output": EN[0]["output"] * 8},
        {"instruction": "where is the music", "output": EN[1]["output"].replace("go", "go go") * 8},
    ],
    # two questions on one paragraph, with one answer
    [
        {"instruction": SHARED * 3 + "who is the physician", "output": "no"},
        {"instruction": SHARED * 3 + "why start in winter", "output": "no"},
    ],
    [
        {"instruction": SHARED_JA * 3 + "医師 は 誰 です", "output": "音楽"},
        {"instruction": SHARED_JA * 3 + "なぜ 冬 に 始める", "output": "音楽"},
    ],
    # a long question in other words, and another short answer
    [
        {"instruction": EN[0]["instruction"] * 4, "output": "bread"},
        {"instruction": EN[1]["instruction"] * 4, "output": "music"},
    ],
    [
        {"instruction": JA[0]["instruction"] * 4, "output": "パン"},
        {"instruction": JA[1]["instruction"] * 4, "output": "音楽"},
    ],
    # words that the model does not know mean nothing, and so nothing alike
    [{"instruction": "qwe rty", "output": "uio"}, {"instruction": "asd fgh", "output": "jkl"}],
]


@pytest.mark.parametrize("data", CLEAN)
def test_clean(data: list[dict[str, Any]], model: Path, tmp_path: Path) -> None:
    assert found(asked(data, tmp_path, model)) == []


@pytest.mark.parametrize("data", [EN, JA])
def test_other_words_for_the_same(data: Any, model: Path, tmp_path: Path) -> None:
    report = asked([{"instruction": "new bread", "output": "no"}, *data], tmp_path, model)
    assert {frozenset(pair) for pair in found(report)} == {frozenset({2, 3})}
    evidence = orjson.loads(report.findings["evidence"][0])
    assert evidence["model"] == report.document["measures"]["semantic-duplicate"]["model"]
    assert evidence["model"]["name"] == "tiny"
    assert 0.9 <= evidence["similarity"] <= 1
    assert f"(cosine {evidence['similarity']:.3f})" in report.findings["message"][0]


def test_texts_without_a_prompt(model: Path, tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    texts = ["begin in the home of the kid", "start in the house of the child", "bread and music"]
    path.write_bytes(b"\n".join(orjson.dumps({"text": text}) for text in texts))
    changes = [f"semantic-duplicate.model={model}", "semantic-duplicate.threshold=0.9"]
    only = ["semantic-duplicate"]
    report = audit(path, workspace=tmp_path / "ws", only=only, changes=changes)
    assert {frozenset(pair) for pair in found(report)} == {frozenset({1, 2})}


def test_a_question_on_a_shared_paragraph_in_other_words(model: Path, tmp_path: Path) -> None:
    data = [{**row, "instruction": SHARED * 3 + row["instruction"]} for row in EN]
    assert len(found(asked(data, tmp_path, model))) == 1


def test_what_many_prompts_hold_makes_no_two_alike(model: Path, tmp_path: Path) -> None:
    words = OTHERS.split()[-40:-20]
    drawn = random.Random(1)
    data = [
        {
            "system": SHARED * 3,
            "instruction": " ".join(drawn.sample(words, 4)),
            "output": " ".join(drawn.sample(words, 2)),
        }
        for _ in range(40)
    ]
    assert {frozenset(pair) for pair in found(asked([*data, *EN], tmp_path, model))} == {
        frozenset({41, 42})
    }


def test_what_many_prompts_hold_is_not_counted(model: Path, tmp_path: Path) -> None:
    """Two prompts of which one word in six differs, under a system prompt of ten words."""
    system = "the old harbour boat and the stone wall near river"
    rest = "how do i buy a big car in winter "
    same = "go to the market in winter and buy a big car " * 4
    two = [
        {"system": system, "instruction": rest + "bread music", "output": same},
        {"system": system, "instruction": rest + "letter cloud", "output": same},
    ]
    assert len(found(asked(two, tmp_path, model, "threshold=0.85"))) == 1
    words = OTHERS.split()[-40:]
    others = [{"system": system, "instruction": word, "output": word} for word in words]
    assert found(asked([*two, *others], tmp_path, model, "threshold=0.85")) == []


LONG = "the boat and the stone wall of the harbour near the river and the market in winter " * 3


@pytest.mark.parametrize("changed", [LONG, LONG + "yes", LONG.replace("winter", "garden", 1)])
def test_what_the_letters_tell_is_told_by_other_checks_alone(
    changed: str, model: Path, tmp_path: Path
) -> None:
    one = {"instruction": "how do i start", "output": LONG}
    both = ["semantic-duplicate", "near-duplicate", "exact-duplicate"]
    report = asked([one, {**one, "output": changed}], tmp_path, model, only=both)
    assert found(report) == []
    assert len(report.findings) == 1


def test_of_copies_one_stands_for_all(model: Path, tmp_path: Path) -> None:
    report = asked([EN[0], EN[0], EN[1], EN[1]], tmp_path, model)
    assert found(report) in ([(1, 3), (2, 3)], [(3, 1), (4, 1)])  # each copy goes for one survivor
    assert report.document["measures"]["semantic-duplicate"]["pairs"] == 1


def test_what_stays_is_the_policy_of_near_duplicates(model: Path, tmp_path: Path) -> None:
    dated = [{**EN[0], "day": "2026-02-01"}, {**EN[1], "day": "2025-12-31"}]
    assert found(asked(dated, tmp_path, model, "survivor=newest:day")) == [(2, 1)]
    assert found(asked(dated, tmp_path, model, "survivor=longest")) == [(1, 2)]


def test_any_order_and_any_workers_the_same_records(model: Path, tmp_path: Path) -> None:
    drawn = random.Random(3)
    words = [word for group in SYNONYMS[:6] for word in group.split()[:3]]
    data = [
        {"instruction": " ".join(drawn.choices(words, k=3)), "output": drawn.choice(words)}
        for _ in range(300)
    ]
    path = tmp_path / "data.jsonl"

    def ids(rows: list[dict[str, Any]], **how: Any) -> list[tuple[str, str]]:
        path.write_bytes(b"\n".join(orjson.dumps({"input": "", **row}) for row in rows))
        changes = [f"semantic-duplicate.model={model}", "semantic-duplicate.threshold=0.9"]
        only = ["semantic-duplicate"]
        report = audit(path, workspace=tmp_path / "ws", only=only, changes=changes, **how)
        kept = (orjson.loads(e)["kept"]["record_id"] for e in report.findings["evidence"])
        return sorted(zip(report.findings["record_id"], kept, strict=True))

    once = ids(data)
    assert len(once) > 20
    assert ids(data, workers=2) == once
    drawn.shuffle(data)
    assert ids(data) == once


def test_records_of_unknown_words_are_counted(model: Path, tmp_path: Path) -> None:
    report = asked([*EN, {"instruction": "qwe", "output": "rty"}], tmp_path, model)
    [check] = [c for c in report.document["checks"] if c["name"] == "semantic-duplicate"]
    assert check["checked"] == 2
    assert report.document["measures"]["semantic-duplicate"]["without_known_words"] == 1


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ([], "no model given; --set semantic-duplicate.model=PATH"),
        (["model={model}"], "no threshold given; curate calibrate MODEL PAIRS"),
    ],
)
def test_not_asked_until_model_and_threshold_are_given(
    changes: list[str], why: str, model: Path
) -> None:
    settings = [f"semantic-duplicate.{change.format(model=model)}" for change in changes]
    plan = make(Reading(), changes=settings)
    assert plan.skipped["semantic-duplicate"].startswith(why)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (["threshold=1.5"], "1.5"),
        (["model=minishlab/potion-base-8M"], "semantic-duplicate.model: there is no folder"),
        (["survivor=oldest"], "'oldest'"),
    ],
)
def test_settings_that_cannot_be_used(
    changes: list[str], says: str, model: Path, tmp_path: Path
) -> None:
    with pytest.raises(BadSetting, match=says):
        asked([*EN], tmp_path, model, *changes)


def test_a_wrong_path_is_told_before_a_threshold_is_given() -> None:
    with pytest.raises(
        BadSetting, match=r"semantic-duplicate.model: there is no folder '/nowhere'"
    ):
        make(Reading(), changes=["semantic-duplicate.model=/nowhere"])


def test_copies_in_capitals_are_left_to_near_duplicate(model: Path, tmp_path: Path) -> None:
    loud = {key: text.upper() for key, text in EN[0].items()}
    assert len(asked([EN[0], loud], tmp_path, model).findings) == 0


@pytest.mark.parametrize("library", ["usearch.index", "model2vec"])
def test_a_missing_library_names_the_extra(
    library: str, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    from curate.meaning.model import encoder

    encoder.cache_clear()
    monkeypatch.setitem(sys.modules, library, None)  # as Python marks what cannot be imported
    settings = [f"semantic-duplicate.{change}" for change in (f"model={model}", "threshold=0.9")]
    with pytest.raises(MissingExtra, match=r"pip install 'curate\[meaning\]'"):
        make(Reading(), changes=settings)


def test_it_is_off_by_default() -> None:
    assert CHECK.params["model"] == ""
    assert CHECK.params["threshold"] == 0
