"""What the commands say: what it will cost, what was made of everything, and what they refuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from curate.assist.backtranslate import rewritten
from curate.assist.candidate import Candidate
from curate.assist.question import Answer
from curate.assist.wording import INSTRUCT
from curate.audit import audit
from curate.commands import backtranslate, generate, judge, mix, paraphrase, select
from curate.demo.made import records as made_records
from curate.errors import BadSetting, NothingToAudit
from curate.review import open_review, policy
from curate.workspace import Workspace
from tests.curate.assist.scripted import Script, serving
from tests.curate.assist.tiny import tiny

app = typer.Typer()
for command in (
    backtranslate.backtranslate, generate.generate, judge.judge, mix.mix, paraphrase.paraphrase,
    select.select,
):  # fmt: skip
    app.command(command.__name__)(command)

TEXTS = [
    "You can send anything back within 30 days; we refund the price within a week.",
    "営業時間は平日の午前9時から午後6時までで、土日はお休みをいただいております。",
]
Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    rows = [{"instruction": f"q {n}", "output": t, "category": "a"} for n, t in enumerate(TEXTS)]
    Path("d.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, list(words), catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    return run


def served(run: Run, script: Script, *words: str) -> str:
    with serving(script) as seen:
        return run(*words, "--server", seen.url, "--model", "m", "--workspace", "ws")


def instructs(_: dict[str, Any], __: int) -> str:
    return json.dumps({"instruction": "Which words are these?"})


@pytest.mark.parametrize(
    "words",
    [("backtranslate", "d.jsonl"), ("paraphrase", "d.jsonl"),
     ("generate", "d.jsonl", "--category", "a"), ("mix", "d.jsonl=1")],
)  # fmt: skip
def test_no_command_writes_over_its_source(run: Run, words: tuple[str, ...]) -> None:
    before = Path("d.jsonl").read_bytes()
    asked = () if words[0] == "mix" else ("--server", "http://127.0.0.1:9/v1", "--model", "m")
    for into in ("d.jsonl", "../" + Path.cwd().name + "/d.jsonl"):
        with pytest.raises(BadSetting, match="that is a source"):
            run(*words, "--into", into, *asked)
    assert Path("d.jsonl").read_bytes() == before


def test_all_stages_are_foretold_and_a_dry_run_asks_nothing(run: Run) -> None:
    words = ("backtranslate", "d.jsonl", "--rewrite", "--regenerate", "--rounds", "2", "--dry-run")
    assert "in 5 stages, about " in served(run, instructs, *words)
    assert "stages" not in served(run, instructs, "backtranslate", "d.jsonl", "--dry-run")


def test_a_budget_for_no_question_is_refused_and_a_short_one_is_said(run: Run) -> None:
    with pytest.raises(BadSetting, match="--max-tokens 10: one question may cost"):
        served(run, instructs, "backtranslate", "d.jsonl", "--max-tokens", "10")
    said = served(run, instructs, "backtranslate", "d.jsonl", "--max-tokens", "1400", "--dry-run")
    assert "will likely end" not in said


def test_a_run_without_candidates_leaves_the_file_of_the_one_before(run: Run) -> None:
    served(run, instructs, "backtranslate", "d.jsonl")
    before = Path("backtranslated.jsonl").read_bytes()
    assert before
    with pytest.raises(NothingToAudit, match=r"backtranslated\.jsonl is as it was"):
        served(run, lambda _r, _n: "no JSON", "backtranslate", "d.jsonl", "--persona", "a child")
    assert Path("backtranslated.jsonl").read_bytes() == before
    assert Path("backtranslated.left-out.jsonl").read_text("utf-8").count("\n") == 2


def test_what_was_not_measured_and_what_was_left_out_is_said_in_japanese(run: Run) -> None:
    Path("short.txt").write_text("送料は無料です。", "utf-8")
    said = served(run, instructs, "backtranslate", "d.jsonl", "short.txt", "--locale", "ja")
    assert "2 件は測定していません: 似た指示の中での、この回答に対する順位" in said
    assert "40 文字（かな・漢字なら 20 文字）より短い文章です" in said


def test_a_second_round_without_examples_is_not_begun(run: Run) -> None:
    def copies(request: dict[str, Any], _: int) -> str:
        seen = request["messages"][-1]["content"]
        return json.dumps({"instruction": next(text for text in TEXTS if text in seen)})

    said = served(run, copies, "backtranslate", "d.jsonl", "--rounds", "2")
    assert "no pair of the first round is fit for an example" in said
    assert "round 2" not in said


def test_an_answer_that_was_rewritten_must_state_what_its_text_did() -> None:
    one = Candidate("backtranslation", "返品できますか。", "30日以内に返品できます。", "ja", {}, ())
    for text, kept in (
        ("はい、30日以内なら可能です。", True),
        ("はい、60日以内なら可能です。", False),
    ):
        said = type("Said", (), {"answer": text})
        made = rewritten(one, Answer(said, "m", "", {}, 0.0, 1))
        assert made.numbers["kept_facts"] is kept


def test_a_judge_counts_what_it_judged_and_a_dry_run_changes_nothing(
    run: Run, tmp_path: Path
) -> None:
    audit("d.jsonl", workspace=Path("ws"))

    def script(request: dict[str, Any], _: int) -> str:
        if TEXTS[0] in request["messages"][-1]["content"]:
            return "no JSON at all"
        axes = ("helpful", "correct", "format", "tone", "safe")
        return json.dumps({axis: {"reason": "so", "score": 2} for axis in axes})

    said = served(run, script, "judge")
    assert "2 records = 1 judged + 1 without judgement; flagged: 1" in said
    assert "without judgement: 1: 5 attempts" in said
    before = {file: file.stat().st_mtime_ns for file in Path().rglob("*report*/*")}
    assert before
    weights = str(tiny(tmp_path / "tiny"))
    said = run("judge", "--weights", weights, "--workspace", "ws", "--dry-run")
    assert "records to score with tiny" in said
    assert before == {file: file.stat().st_mtime_ns for file in Path().rglob("*report*/*")}
    said = run("judge", "--weights", weights, "--workspace", "ws")
    assert "2 records = 2 judged + 0 without judgement" in said


def test_a_source_that_would_give_nothing_is_said(run: Run) -> None:
    Path("e.jsonl").write_bytes(Path("d.jsonl").read_bytes().replace(b"q ", b"r "))
    with pytest.raises(BadSetting, match=r"e\.jsonl would give none of 2 records"):
        run("mix", "d.jsonl=4", "e.jsonl=1")
    run("mix", "d.jsonl=1", "e.jsonl=1", "--seed", "3")
    how = json.loads(Path("mixed.how.json").read_bytes())
    assert (how["seed"], [one["given"] for one in how["sources"]]) == (3, [2, 2])


def test_a_selection_says_what_is_undecided_and_leaves_out_what_people_dropped(run: Run) -> None:
    Path("m.jsonl").write_text("".join(json.dumps(pair) + "\n" for pair in made_records()))
    audit("m.jsonl", workspace=Path("ws"))
    said = run("select", "--budget", "5", "--workspace", "ws")
    assert "5 selected records have errors that nobody has decided on" in said
    review = open_review(Workspace(Path("ws")))
    gone = policy.decide(review, "synthetic-copied", "none", "mai")
    run("select", "--budget", "5", "--workspace", "ws")
    told = [json.loads(line) for line in Path("selected.reasons.jsonl").read_text().splitlines()]
    out = {one["record_id"] for one in told if "taken out" in one["reason"]}
    assert out == {one.record_id for one in gone.decisions}
    assert out
    assert not any(one["kept"] for one in told if one["record_id"] in out)


def test_the_page_shows_the_prompts_as_they_are_sent() -> None:
    page = (Path(__file__).parents[3] / "docs" / "assist.md").read_text("utf-8")
    assert all(f"> {text}\n" in page for text in INSTRUCT.values())
