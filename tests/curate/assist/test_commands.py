"""The commands, from words to files: every record accounted for, and findings where they belong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import typer
from typer.testing import CliRunner

from curate.audit import audit
from curate.commands import backtranslate, generate, judge, mix, paraphrase, select
from curate.demo.made import records as made_records
from curate.errors import BadSetting
from curate.reading import read
from curate.report import open_report
from curate.workspace import Workspace
from tests.curate.assist.scripted import Fault, serving
from tests.curate.assist.tiny import tiny

app = typer.Typer()
app.command("backtranslate")(backtranslate.backtranslate)
app.command("paraphrase")(paraphrase.paraphrase)
app.command("generate")(generate.generate)
app.command("judge")(judge.judge)
app.command("select")(select.select)
app.command("mix")(mix.mix)

ENGLISH = [
    "You can send anything back within 30 days; we refund the price within a week.",
    "The shop is open from nine to six on working days, and closed at weekends.",
    "Hold the button for five seconds until the lamp turns green, then let it go.",
]
JAPANESE = [
    "30日以内であれば返品できます。代金は1週間以内にお返しいたします。",
    "営業時間は平日の午前9時から午後6時までで、土日はお休みをいただいております。",
    "ランプが緑色になるまでボタンを5秒間押し続け、それから手を離してください。",
]
ASKS = dict(
    zip(
        [*ENGLISH, *JAPANESE],
        ["How can I return something that I bought?", "When can I visit the shop?",
         "What do I do to restart this device?", "買った品物はどうすれば返せますか。",
         "お店に行けるのはいつですか。", "この機器を再起動する方法を教えてください。"],
        strict=True,
    )
)  # fmt: skip


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, list(words), catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    return run


def answers(file: Path, texts: list[str]) -> None:
    file.write_text("".join(json.dumps({"instruction": "", "output": t}) + "\n" for t in texts))


def instructs(request: dict[str, Any], _: int) -> Any:
    seen = request["messages"][-1]["content"]
    told = next((asks for text, asks in ASKS.items() if text in seen), None)
    return json.dumps({"instruction": told}) if told else Fault(400, b"{}")


def lines(file: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(file).read_text("utf-8").splitlines()]


def findings() -> pl.DataFrame:
    where = Workspace(Path("ws"))
    folder = where.latest_audit()
    assert folder is not None
    return open_report(folder, where).findings


def test_backtranslate(run: Callable[..., str]) -> None:
    answers(Path("d.jsonl"), [*ENGLISH, "Nobody knows what this is the answer to.", *JAPANESE])
    with serving(instructs) as seen:
        words = (
            "backtranslate",
            "d.jsonl",
            "--server",
            seen.url,
            "--model",
            "m",
            "--workspace",
            "ws",
        )
        assert "questions 7, answered before 0" in run(*words, "--dry-run")
        assert seen.asked.total() == 0
        said = run(*words)
        assert "read 7 = 6 candidates + 1 left out" in said
        first = Path("backtranslated.jsonl").read_bytes()
        asked = seen.asked.total()
        assert "questions 7, answered before 6" in run(*words)
        assert seen.asked.total() == asked + 1  # the refused one only
        assert Path("backtranslated.jsonl").read_bytes() == first
    made = lines("backtranslated.jsonl")
    assert {one["output"]: one["instruction"] for one in made} == ASKS
    assert [one["synthetic"]["parent"]["line"] for one in made] == [1, 2, 3, 5, 6, 7]
    assert lines("backtranslated.left-out.jsonl")[0]["line"] == 4
    assert findings()["check"].to_list().count("synthetic") == 6
    assert Path("curate-report/report.html").exists()


def test_backtranslate_with_weights_in_two_rounds_rewritten(
    run: Callable[..., str], tmp_path: Path
) -> None:
    def script(request: dict[str, Any], before: int) -> Any:
        task = request["messages"][0]["content"]
        if "Rewrite the text" in task or "書き直して" in task:
            return json.dumps({"answer": "It is rewritten: " + "答えです。"})
        return instructs(request, before) if "<data" in task else "Some other answer."

    answers(Path("d.jsonl"), [*ENGLISH, *JAPANESE])
    with serving(script) as seen:
        run("backtranslate", "d.jsonl", "--server", seen.url, "--model", "m", "--workspace", "ws",
            "--weights", str(tiny(tmp_path / "tiny")), "--rounds", "2", "--rewrite",
            "--regenerate", "--persona", "a new customer")  # fmt: skip
    for one in lines("backtranslated.jsonl"):
        told = one["synthetic"]
        assert told["before"] in ASKS
        assert len(told["authors"]) == 2
        assert {"ifd_delta", "rank", "likeness", "copied", "repeated"} <= told["numbers"].keys()
        assert told["unmeasured"]["ifd_place"] == "fewer than 10 pairs in the batch"
    assert any("a new customer" in r["messages"][0]["content"] for r in seen.requests)


def test_paraphrase(run: Callable[..., str]) -> None:
    rows = [
        {
            "instruction": "When was Sony founded by Akio Morita, in 1946?",
            "output": "Yes, in 1946.",
        },
        {"instruction": "「青い鳥」は2001年に何部売れましたか。", "output": "3万部です。"},
        {"instruction": "", "output": "No question at all."},
    ]
    Path("d.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    told = {
        rows[0]["instruction"]: "Is it so that Akio Morita founded Sony in 1947?",
        rows[1]["instruction"]: "2001年における「青い鳥」の販売部数を教えてください。",
    }

    def script(request: dict[str, Any], _: int) -> str:
        seen = request["messages"][-1]["content"]
        return json.dumps({"instruction": next(v for k, v in told.items() if k in seen)})

    with serving(script) as seen:
        said = run(
            "paraphrase", "d.jsonl", "--server", seen.url, "--model", "m", "--workspace", "ws"
        )
    assert "read 3 = 2 candidates + 1 left out" in said
    english, japanese = lines("paraphrased.jsonl")
    assert (english["output"], japanese["output"]) == (rows[0]["output"], rows[1]["output"])
    assert set(english["synthetic"]["numbers"]["changed"].split(", ")) == {"1946", "1947"}
    assert japanese["synthetic"]["numbers"]["kept_facts"] is True
    flagged = findings().filter(check="synthetic-meaning-changed")
    assert flagged["line"].to_list() == [1]


def test_generate(run: Callable[..., str]) -> None:
    rows = [
        {"instruction": asks, "output": text, "category": "shop"} for text, asks in ASKS.items()
    ]
    Path("d.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    def script(request: dict[str, Any], before: int) -> Any:
        pair = {"instruction": "Do you sell gift cards?", "answer": "Yes, at the counter."}
        return json.dumps(pair)

    with serving(script) as seen:
        run("generate", "d.jsonl", "--category", "shop", "--count", "4", "--server", seen.url,
            "--model", "m", "--workspace", "ws")  # fmt: skip
    made = lines("generated.jsonl")
    assert len(made) == 4
    assert {one["category"] for one in made} == {"shop"}
    assert findings().filter(check="synthetic-repeated")["line"].to_list() == [2, 3, 4]


def test_judge(run: Callable[..., str], tmp_path: Path) -> None:
    answers(Path("d.jsonl"), [*ENGLISH, *JAPANESE])
    rows = [{"instruction": asks, "output": text} for text, asks in ASKS.items()]
    Path("d.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    audit("d.jsonl", workspace=Path("ws"))

    def script(request: dict[str, Any], _: int) -> str:
        low = ENGLISH[0] in request["messages"][-1]["content"]
        axes = ("helpful", "correct", "format", "tone", "safe")
        each = {axis: {"reason": "so it is", "score": 4} for axis in axes}
        return json.dumps({**each, "tone": {"reason": "curt", "score": 2 if low else 5}})

    with serving(script) as seen:
        said = run("judge", "--server", seen.url, "--model", "m", "--workspace", "ws")
    assert "uncalibrated: people have decided on 0" in said
    [found] = findings().filter(check="judged-low").to_dicts()
    assert found["severity"] == "info"
    assert found["message"] == "a model that judges gives tone 2 of 5: curt"
    assert json.loads(found["evidence"])["judge"]["scores"]["safe"] == 4
    run("judge", "--weights", str(tiny(tmp_path / "tiny")), "--workspace", "ws")
    checks = json.loads(Path("curate-report/report.json").read_text())["checks"]
    counted = {one["name"]: one["could_not_tell"] for one in checks}
    few = len(ENGLISH) + len(JAPANESE)  # too few to say what is usual
    assert counted["unhelped-answer"] == 0
    assert counted["mismatched-answer"] == counted["unlikely-answer"] == few
    assert len(findings().filter(check="judged-low")) == 1


def test_select_keeps_ids_and_gives_every_record_a_reason(run: Callable[..., str]) -> None:
    rows = [{"instruction": asks, "output": text} for text, asks in ASKS.items()]
    talk = {"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "q"},
                         {"role": "assistant", "content": "a"}, {"role": "user", "content": "再び"},
                         {"role": "assistant", "content": "はい"}]}  # fmt: skip
    Path("d").mkdir()
    Path("d/a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    Path("d/b.jsonl").write_text(json.dumps(talk) + "\n")
    audit("d", workspace=Path("ws"))
    run("select", "--budget", "6", "--workspace", "ws")
    reasons = lines("selected.reasons.jsonl")
    assert len(reasons) == 7
    before, _ = read(["d"])
    for file in ("selected.jsonl", "selected.random.jsonl"):
        after, rejects = read([file])
        assert (len(after), rejects) == (6, [])
        assert set(after["record_id"]) <= set(before["record_id"])
    assert {r["record_id"] for r in reasons if r["kept"]} == set(
        read(["selected.jsonl"])[0]["record_id"]
    )


def test_select_among_preferences(run: Callable[..., str]) -> None:
    pairs = [{"prompt": asks, "chosen": text, "rejected": "No."} for text, asks in ASKS.items()]
    Path("p.jsonl").write_text("".join(json.dumps(pair) + "\n" for pair in pairs))
    audit("p.jsonl", workspace=Path("ws"))
    run("select", "--budget", "3", "--workspace", "ws")
    after = read(["selected.jsonl"])[0]
    assert set(after["record_id"]) <= set(read(["p.jsonl"])[0]["record_id"])
    assert after["rejected"].to_list() == ["No."] * 3
    answers(Path("own.jsonl"), ENGLISH)
    with pytest.raises(BadSetting, match="one file holds one kind"):
        run("mix", "p.jsonl", "own.jsonl")


def test_mix(run: Callable[..., str]) -> None:
    answers(Path("own.jsonl"), [f"{text} {n}" for n in range(10) for text in ENGLISH])
    answers(Path("general.jsonl"), [f"{text} {n}" for n in range(10) for text in JAPANESE])
    said = run("mix", "own.jsonl=4", "general.jsonl=1", "--seed", "3")
    assert "own.jsonl: 30 of 30 records, 81% of" in said
    first = Path("mixed.jsonl").read_bytes()
    run("mix", "own.jsonl=4", "general.jsonl=1", "--seed", "3")
    assert Path("mixed.jsonl").read_bytes() == first
    assert read(["mixed.jsonl"])[0]["origin"].value_counts(sort=True)["count"].to_list() == [30, 7]


def test_neither_select_nor_mix_hides_that_a_model_made_a_record(run: Callable[..., str]) -> None:
    Path("m.jsonl").write_text("".join(json.dumps(pair) + "\n" for pair in made_records()))
    audit("m.jsonl", workspace=Path("ws"))
    run("select", "--budget", "5", "--workspace", "ws")
    run("mix", "m.jsonl=1:4")
    for file, records in (("selected.jsonl", 5), ("selected.random.jsonl", 5), ("mixed.jsonl", 4)):
        found = audit(file, workspace=Path("ws2")).findings
        assert len(found.filter(check="synthetic")) == records
