"""A merged model says what base and adapter said; two adapters share a base without mixing."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from curate.errors import BadSetting
from tests.train.test_run import trained
from train import chat, tuned
from train.errors import BadModel
from train.merge import Merged, Unlike, merge, must_be_alike, prompts, said

LEARNING = ("training.learning_rate=0.01", "training.epochs=4")


@pytest.fixture(scope="module")
def run(approved: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained(approved, tmp_path_factory.mktemp("runs"), *LEARNING, preset="qlora-all-linear")


@pytest.fixture(scope="module")
def other(approved: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    changes = [*LEARNING, "run.experiment_name=other", "run.seed=7"]
    return trained(approved, tmp_path_factory.mktemp("runs"), *changes)


def test_logits_and_answers_are_the_same_after_merging(run: Path, tmp_path: Path) -> None:
    made = merge(run, tmp_path / "merged")
    assert made.max_logit_diff < 1e-4
    assert made.equal_answers == made.answers == 2
    assert min(made.seconds_apart, made.seconds_merged) > 0
    assert json.loads((tmp_path / "merged" / "merged.json").read_bytes()) == asdict(made)
    names = {file.name for file in (tmp_path / "merged").iterdir()}
    assert names >= {"model.safetensors", "template.json", "merged.json", "tokenizer.json"}
    with pytest.raises(BadSetting, match="is there already"):
        merge(run, tmp_path / "merged")


def test_a_merge_that_moves_a_logit_too_far_is_refused() -> None:
    must_be_alike(Merged("m", "float32", 0.05, 2, 2), limit=0.1)
    for moved in (0.2, float("nan")):
        with pytest.raises(Unlike, match="merge_max_logit_diff"):
            must_be_alike(Merged("m", "bfloat16", moved, 2, 2), limit=0.1)


def test_tokens_before_the_prompt_cannot_be_merged(approved: Path, tmp_path: Path) -> None:
    place = trained(approved, tmp_path, preset="prompt")
    with pytest.raises(BadModel, match="cannot be merged"):
        merge(place, tmp_path / "merged")
    assert not (tmp_path / "merged").exists()


def test_two_adapters_on_one_base_answer_as_each_alone(run: Path, other: Path) -> None:
    both = [tuned.opened(each) for each in (run, other)]
    asked = prompts(both[0])
    alone = [said(tuned.together([each], "float32"), each, asked) for each in both]
    shared = tuned.together(both, "float32")
    for each, (logits, answers) in zip(both, alone, strict=True):
        shared.set_adapter(each.run.name)
        now, answers_now = said(shared, each, asked)
        assert max(float((a - b).abs().max()) for a, b in zip(now, logits, strict=True)) < 1e-5
        assert answers_now == answers
    assert not all((a == b).all() for a, b in zip(alone[0][0], alone[1][0], strict=True))


def test_a_run_whose_template_changed_is_not_asked(run: Path, tmp_path: Path) -> None:
    said_before = json.loads((run / "adapter" / "template.json").read_bytes())
    changed = tmp_path / "changed"
    (changed / "adapter").mkdir(parents=True)
    for file in [*(run / "adapter").iterdir(), run / "resolved.yaml"]:
        place = changed / ("adapter" if file.parent.name == "adapter" else "") / file.name
        place.write_bytes(file.read_bytes())
    resolved = (run / "resolved.yaml").read_text(encoding="utf-8")
    worded = resolved.replace("tone_tags: {}", "tone_tags: {a: b}")
    assert worded != resolved
    (changed / "resolved.yaml").write_text(worded, encoding="utf-8")
    with pytest.raises(tuned.OtherTemplate, match=said_before["fingerprint"]):
        tuned.opened(changed)


def test_what_is_no_run_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match="no finished run: it has no adapter/template.json"):
        tuned.opened(tmp_path)


def test_a_merged_model_and_an_unfinished_run_are_called_what_they_are(
    run: Path, tmp_path: Path
) -> None:
    merge(run, tmp_path / "統合 済み")
    with pytest.raises(BadModel, match="is a merged model; name the folder of the run"):
        tuned.opened(tmp_path / "統合 済み")
    for status in ("running", "interrupted"):
        (tmp_path / "run.json").write_text(json.dumps({"status": status}))
        with pytest.raises(BadModel, match=f"is not finished.* train run --resume {tmp_path}"):
            tuned.opened(tmp_path)


def test_another_run_answers_after_a_change_of_model(run: Path, other: Path) -> None:
    after, heard = chat.obeyed(chat.begin([run, other]), "model", other.name)
    assert after.run.run == other
    assert heard == f"{other.name} answers"


def test_control_characters_of_an_answer_never_reach_the_terminal() -> None:
    assert chat.inert("a\x1b[2Jb\n\tc") == "a\N{REPLACEMENT CHARACTER}[2Jb\n\tc"
