"""Plan: the promised object without a snapshot, and with one everything that a run would do."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from tests.train.planted import clean
from tests.warm import Warm
from train import plan, recipe, schedule
from train.approved import record_of
from train.locale import translator
from train.memory import Change, Fit
from train.show_plan import change, clock, coloured, shown, visible

BASE = ("model.llm_backbone=tiny", "tokenizer.max_length=256")
MAIN = "from train.cli import main; main()"


@pytest.fixture(scope="module", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Models are made in a folder of these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CURATE_CACHE", str(tmp_path_factory.mktemp("models")))
        yield


def train(python: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, "-c", MAIN, *words],
        capture_output=True, text=True, check=False, cwd=cwd,
    )  # fmt: skip


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clean.snapshot(tmp_path_factory.mktemp("plan") / "approved", clean.rows(), {})


def test_the_promised_object_without_a_snapshot(warm: Warm, tmp_path: Path) -> None:
    done = train(
        warm.python, "plan", "--model-config", "openllama-3b-v2", "--recipe", "attention-qv",
        "--set", "adapter.lora_r=8", "--json", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["trainable_parameters"] == 2_662_400
    assert said["total_parameters"] == 3_426_473_600
    assert said["problems"] == []
    assert set(said["memory"]) == {"full", "lora", "lora8", "qlora", "inference"}
    for row in said["memory"].values():
        assert list(row) == ["16", "24", "40", "80", "141"]
        assert all(isinstance(size, int) and size > 10**9 for size in row.values())
    assert said["not_looked_at"][0]["needs"]


def test_without_a_snapshot_and_a_shape_it_says_what_is_missing(warm: Warm, tmp_path: Path) -> None:
    done = train(warm.python, "plan", "--recipe", "smoke-cpu", "--json", cwd=tmp_path)
    assert done.returncode == 1
    [told] = json.loads(done.stdout)["problems"]
    assert (told["code"], told["severity"]) == ("not-approved", "error")
    assert "curate export" in told["message"]


def test_a_snapshot_that_is_not_there_is_not_one_that_was_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = plan.plan(recipe.load("smoke-cpu"), snapshot="nosuch", workspace=tmp_path)
    assert [problem.code for problem in made.problems] == ["no-snapshot"]
    english, japanese = printed(made, "en", monkeypatch), printed(made, "ja", monkeypatch)
    assert english.count("not looked at") == 2
    assert "no folder and no id 'nosuch'" in english
    assert "'nosuch' というフォルダーも" in japanese


@pytest.mark.parametrize(
    ("locale", "says"),
    [("en", "holds no approved snapshot"), ("ja", "承認済みスナップショットがありません")],
)
def test_a_run_without_a_snapshot_is_refused_before_torch_is_loaded(
    tmp_path: Path, locale: str, says: str
) -> None:
    watched = (
        "import sys\nfrom train.cli import main\ntry:\n    main()\n"
        "finally:\n    print(sorted({'torch', 'transformers'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", watched, "run", "--locale", locale],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stdout == "[]\n"


def test_nothing_is_promised_of_what_was_not_looked_at(
    approved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = plan.plan(recipe.load("lora", BASE), snapshot=str(approved))
    assert "nothing would go wrong" in printed(whole, "en", monkeypatch)
    part = plan.plan(recipe.load(), shape="openllama-3b-v2")
    assert "nothing found in what was looked at" in printed(part, "en", monkeypatch)
    assert "nothing would go wrong" not in printed(part, "en", monkeypatch)
    assert "確認した範囲では" in printed(part, "ja", monkeypatch)


def test_it_begins_with_what_is_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    made = plan.plan(recipe.load("prefix"), shape="openllama-3b-v2")
    said = printed(made, "en", monkeypatch, "prefix")
    assert said.startswith("recipe prefix: sft, prefix; model openllama-3b-v2\n")
    assert printed(made, "ja", monkeypatch, "prefix").startswith("レシピ prefix: sft、prefix。")
    document = made.document()
    assert (document["method"], document["memory_method"]) == ("prefix", "lora")
    assert document["model"] == "openllama-3b-v2"


def test_what_fits_is_seen_without_colour_and_every_card_says_what_to_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = plan.plan(recipe.load("full"), shape="llama-2-7b")
    said = printed(made, "en", monkeypatch)
    assert said.count("✓") + said.count("✗") == 5 * 5 + 2
    [full] = [line for line in said.splitlines() if line.startswith("│ full")]
    assert (full.count("✓"), full.count("✗")) == (2, 3)
    enough = "GB, one of these is enough: --recipe qlora-all-linear (-"
    assert [size for size in (16, 24, 40, 80) if f"to fit {size} {enough}" in said] == [16, 24, 40]
    lora = printed(plan.plan(recipe.load("lora"), shape="solar-10.7b"), "ja", monkeypatch)
    assert "16 GB に収めるには、次のすべて: training.batch_size=1" in lora
    too_few = Fit(10**11, False, True, (Change("training.batch_size=1", 10**9, False, False),))
    said = change(16, too_few, translator("en"))
    assert said == "16 GB are too few, even with: training.batch_size=1 (-1.0 GB)"


def test_both_answers_of_a_pair_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = clean.rows()
    rows[1] |= {"answer_before": "The lamp is cheap.", "verdict": "changed"}
    pairs = clean.snapshot(tmp_path / "pairs", rows, {})
    for preset, seen in (("dpo", 1), ("lora", 0)):
        made = plan.plan(recipe.load(preset, BASE), snapshot=str(pairs))
        said = printed(made, "en", monkeypatch).replace("·", "")
        assert said.count("the same with the answer that it learns to reject") == seen
        assert ("⟦The lamp is cheap.<|im_end|>⟧" in said) == bool(seen)
        assert rows[seen]["answer"] in said
        if seen:
            assert "退けることを学ぶ回答" in printed(made, "ja", monkeypatch)


def test_a_plan_of_approved_records(approved: Path) -> None:
    made = plan.plan(recipe.load("lora", [*BASE, "training.batch_size=4"]), snapshot=str(approved))
    said = made.document()
    assert made.sound
    assert said["records"] == {"train": 34, "dev": 10, "test": 10}
    assert said["template"]["stops"] == ["<|im_end|>"]
    assert len(said["template"]["fingerprint"]) == 32
    assert said["schedule"]["steps_per_epoch"] == 9
    assert said["schedule"]["steps"] == 27
    encoded = made.intent.encoded
    assert said["schedule"]["tokens_per_epoch"] == sum(len(each.ids) for each in encoded)
    assert said["schedule"]["trained_per_epoch"] == sum(sum(each.trained) for each in encoded)
    assert json.dumps(said)


@pytest.mark.parametrize(
    ("changes", "steps"),
    [
        (("training.batch_size=4", "training.drop_last_batch=true"), 24),
        (("training.batch_size=4", "training.grad_accumulation=2"), 15),
        (("training.batch_size=8", "training.epochs=0.5"), 3),
        (("training.batch_size=8", "dataset.sample={n: 8}"), 3),
    ],
)
def test_steps_follow_from_the_recipe(approved: Path, changes: tuple[str, ...], steps: int) -> None:
    made = plan.plan(recipe.load("lora", [*BASE, *changes]), snapshot=str(approved))
    assert made.schedule is not None
    assert made.schedule.steps == steps


def test_time_grows_with_tokens_and_with_fewer_bits(approved: Path) -> None:
    intents = [
        plan.plan(recipe.load(name, BASE), snapshot=str(approved)).intent
        for name in ("lora", "qlora-all-linear", "full")
    ]
    lora, qlora, full = (schedule.seconds(intent, 1e9)["80"] for intent in intents)
    assert lora < qlora
    assert lora < full
    assert schedule.seconds(intents[0], 2e9)["80"] == pytest.approx(2 * lora)


def printed(
    made: plan.Plan, locale: str, monkeypatch: pytest.MonkeyPatch, named: str = "own.yaml"
) -> str:
    out = StringIO()
    wide = Console(file=out, width=200, highlight=False)
    monkeypatch.setattr("train.show_plan.Console", lambda **_: wide)
    shown(made, translator(locale), 1, named)
    return out.getvalue()


def test_it_is_shown_in_both_languages(approved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = plan.plan(recipe.load("lora", [*BASE, "training.epochs=50"]), snapshot=str(approved))
    english, japanese = printed(made, "en", monkeypatch), printed(made, "ja", monkeypatch)
    assert "records: 34 train, 10 dev, 10 test" in english
    assert "0 errors, 1 warnings" in english
    assert "teach them by heart" in english
    assert "丸暗記" in japanese
    assert "エラー 0 件、警告 1 件" in japanese


def test_a_model_of_no_size_needs_no_table_and_a_larger_one_does(
    approved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = plan.plan(recipe.load("lora", BASE), snapshot=str(approved))
    said = printed(made, "en", monkeypatch)
    assert "memory: 1.4 GB by every method" in said
    assert "16 GB" not in said
    assert "141: < 1 s" in said
    larger = printed(plan.plan(recipe.load(), shape="llama-2-7b"), "en", monkeypatch)
    assert "16 GB" in larger
    assert "by every method" not in larger
    assert [clock(seconds) for seconds in (0.2, 1, 89, 90, 7200)] == [
        "< 1 s", "1 s", "89 s", "2 min", "2.0 h",
    ]  # fmt: skip


def test_a_number_of_records_that_is_not_usual_is_told(
    approved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = plan.plan(recipe.load("lora", BASE), snapshot=str(approved))
    usual = "usual are 1,000 to 50,000 training records"
    assert usual in printed(made, "en", monkeypatch)
    many = {"train": [record_of(clean.row(1, "train"))] * 1_000}
    enough = replace(made, intent=replace(made.intent, splits=many))
    assert usual not in printed(enough, "en", monkeypatch)
    assert usual not in printed(plan.plan(recipe.load(), shape="llama-2-7b"), "en", monkeypatch)


def test_the_mask_is_seen_token_by_token(approved: Path) -> None:
    made = plan.plan(recipe.load("lora", BASE), snapshot=str(approved))
    assert made.intent.template is not None
    for number in (0, 9):
        record = record_of(clean.row(number, "train"))
        text = coloured(made.intent.template, record)
        learnt = "".join(
            text.plain[span.start : span.end] for span in text.spans if "green" in str(span.style)
        )
        assert learnt == f"{record.answer}<|im_end|>"
        assert "dim" in str(text.spans[0].style)
        assert text.plain.count("⟦") == text.plain.count("⟧") == 1
        assert text.plain.endswith("<|im_end|>·⟧")
    assert visible("a\nb\tc\u200b") == "a⏎\nb⇥\tc\\u200b"


def test_training_on_a_plain_file_is_refused(warm: Warm, tmp_path: Path) -> None:
    (tmp_path / "data.jsonl").write_text("{}\n", encoding="utf-8")
    words = ["plan", "--model", "tiny", "--snapshot", "data.jsonl"]
    done = train(warm.python, *words, cwd=tmp_path)
    assert done.returncode == 1
    assert "no review has seen" in done.stdout
