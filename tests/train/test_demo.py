"""The demo's own words; tests/e2e/test_loop.py shows what it does."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from curate.errors import BadSetting
from tests.warm import Warm
from train.backbones import SMOLLM2, TINY
from train.cli import app
from train.demo import RECIPES, steps, usable
from train.faults import settings
from train.intent import Intent
from train.locale import translator
from train.plan import plan
from train.recipe import load
from train.telling import Telling


@pytest.mark.parametrize(
    ("locale", "said"), [("en", "which is random: it shows the steps"), ("ja", "重みは乱数で")]
)
def test_without_its_weights_it_goes_on_with_the_tiny_model_and_says_so(
    locale: str, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("CURATE_CACHE", "HF_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv("CURATE_SMOLLM2", raising=False)
    lines: list[str] = []
    speak = Telling(lines.append, translator(locale))
    assert usable(SMOLLM2, speak) == TINY
    assert said in lines[-1]
    assert lines[0] == ""
    with pytest.raises(BadSetting, match="the demo knows"):
        usable("smollm3", speak)


@pytest.fixture(scope="module")
def exported(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of the demo as it is when it first trains."""
    from curate.demo import loop

    folder = tmp_path_factory.mktemp("demo")
    loop.write(folder)
    (folder / ".curate").mkdir()
    step = steps(folder, lambda _: None, "en")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.executable", str(warm.python))
        step("curate", "audit", loop.FILES[0])
        step("curate", "decide", "--check", "exact-duplicate", "--keep", "survivor")
        step("curate", "export", "--split", loop.SPLIT, "--seed", str(loop.SEED))
    return folder / ".curate"


@pytest.mark.parametrize("named", [*RECIPES, "smoke-cpu"])
def test_our_own_recipes_are_not_warned_of(exported: Path, named: str) -> None:
    file = exported / "recipe.yaml"
    file.write_text(RECIPES.get(named, ""), encoding="utf-8")
    made = load(file if named in RECIPES else named)
    tiny = made.model.model_copy(update={"llm_backbone": TINY})
    if made.model.llm_backbone != TINY:  # whose weights may not be here; its tokens are fewer
        assert list(settings.find(Intent(made))) == []
        made = made.model_copy(update={"model": tiny})
    planned = plan(made, workspace=exported)
    assert planned.not_looked_at == ()
    told = {problem.code: problem.message for problem in planned.problems}
    assert told.keys() <= {"few-dev"}, "of its split, which is small indeed, and of nothing else"


def test_what_would_be_wrong_elsewhere_is_still_told(exported: Path) -> None:
    """The same rate and as many epochs, where the model has something to lose."""
    change = ["training.epochs=60", "training.learning_rate=3e-3", "adapter.type=none"]
    real = load("smoke-cpu", [*change, "model.llm_backbone=smollm2-135m-instruct"])
    assert [each.code for each in settings.find(Intent(real))] == ["learning-rate"]
    by_heart = plan(load("smoke-cpu", change[:1]), workspace=exported)
    assert [each.code for each in by_heart.problems] == ["few-dev", "memorisation"]


def test_every_step_is_a_command_in_the_readers_language(tmp_path: Path) -> None:
    lines: list[str] = []
    steps(tmp_path, lines.append, "ja")("train", "doctor", passing=(0, 1))
    assert lines[0] == "   $ train doctor --locale ja"
    english: list[str] = []
    steps(tmp_path, english.append, "en")("curate", "--help", lines=1)
    assert english[0] == "   $ curate --help"
    assert len(english) == 2


def test_an_unknown_language_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["demo", str(tmp_path / "new"), "--model", "tiny", "--locale", "jp"]
    )
    assert isinstance(done.exception, BadSetting)
    assert not (tmp_path / "new").exists()
