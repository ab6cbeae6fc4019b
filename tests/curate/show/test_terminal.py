"""Terminal: the summary on the screen, and progress where a person sees it."""

from __future__ import annotations

import contextlib
import io
import re
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from curate.locale import translator
from curate.plan import make
from curate.reading import Reading, sources
from curate.show import terminal
from curate.show.next_step import next_steps
from tests.fake_report import FakeReport, check, empty, finding, record, report
from tests.hostile import hostile
from tests.realistic_report import KEY, MAIL, realistic

OUT = Path("curate-report")


def shown(made: FakeReport, capsys: pytest.CaptureFixture[str], locale: str = "en") -> str:
    terminal.show(made, OUT, locale)
    return capsys.readouterr().out


def on_a_terminal(made: FakeReport, width: int, locale: str = "en") -> str:
    file = io.StringIO()
    console = Console(file=file, width=width, force_terminal=True, color_system="truecolor",
                      markup=False, highlight=False, emoji=False)  # fmt: skip
    terminal.show(made, OUT, locale, console)
    return file.getvalue()


def test_everything_a_person_needs_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(realistic(), capsys)
    assert "together: 52,020 read = 52,002 kept + 18 rejected" in text
    assert "support_ja.csv: alpaca (instruction, input, output), by its keys\n  17,340 read" in text
    assert "bad-json 11, duplicate-key 5, too-deep 2" in text
    assert "instructions.jsonl:20418  error contradiction: the same prompt has 2 answers" in text
    assert re.search(r"unexpected-language +0 +212 +52,002", text)
    assert "2 checks found nothing: empty-prompt, role-order" in text
    assert "skipped: eval-leakage (no evaluation data was named; give it with --eval FILE)" in text
    assert "expected: 0% to 5%" in text
    assert "Findings: error 3  warn 12  info 5  Could not tell: 253" in text
    assert "Report: curate-report/report.html" in text
    assert "Next: look at the 3 errors in curate-report/report.html\n" in text
    assert "Then: curate fix --dry-run\nThen: curate review\n" in text


def test_at_most_ten_records(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(realistic(), capsys)
    block = text.split("Records most worth a look\n")[1].split("\n\n")[0]
    assert len(re.findall(r"^  \S+:\d+  ", block, re.MULTILINE)) == 10


def test_japanese(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(realistic(), capsys, "ja")
    for label in (
        "合計",
        "除外",
        "優先して確認したいレコード",
        "判定不能",
        "レポート: curate-report",
    ):
        assert label in text
    assert "Records most worth" not in text


def test_piped_output_is_plain_and_always_the_same(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    first = shown(realistic(), capsys)
    monkeypatch.setenv("TERM", "xterm-256color")
    assert shown(realistic(), capsys) == first
    assert "\x1b" not in first
    assert max(cell_len(line) for line in first.splitlines()) <= terminal.PIPED_WIDTH
    assert [line for line in first.splitlines() if line != line.rstrip()] == []


def test_columns_are_obeyed_when_piped(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    text = shown(realistic(), capsys, "ja")
    assert 50 < max(cell_len(line) for line in text.splitlines()) <= 60


def test_a_long_line_goes_on_under_itself(capsys: pytest.CaptureFixture[str]) -> None:
    made = realistic()
    made.document["rejects"] = {f"code-{n}": 1 for n in range(40)}
    block = shown(made, capsys).split("Rejected\n")[1].split("\n")
    assert block[0].startswith("  code-0 1, ")
    assert block[1].startswith("    1, code-")


def test_rejects_end_with_the_count_of_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(realistic(), capsys)
    left = 18 - len(realistic().rejects[: terminal.REJECTS])
    assert f"  … {left} more are in rejects.jsonl" in text
    assert "rejects.jsonl holds these as they are, private values too" in text


def test_many_checks_left_out_for_one_reason_are_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = empty()
    left = [check(f"c{n}", "form", "x", skipped="not among --only") for n in range(33)]
    made.document["checks"] += [*left, check("other", "form", "x", skipped="no annotations")]
    text = shown(made, capsys)
    assert "skipped: 33 checks (not among --only)\n" in text
    assert "skipped: other (no annotations)\n" in text
    assert text.count("skipped") == 2


@pytest.mark.parametrize("locale", ["en", "ja"])
@pytest.mark.parametrize("width", [40, 80, 160])
def test_no_line_is_wider_than_the_terminal(width: int, locale: str) -> None:
    for made in (realistic(), hostile(), empty()):
        text = re.sub(r"\x1b\[[0-9;]*m", "", on_a_terminal(made, width, locale))
        assert max(cell_len(line) for line in text.splitlines()) <= width


def test_record_text_cannot_command_the_terminal() -> None:
    text = on_a_terminal(hostile(), 200)
    ours = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]", ours)
    assert "⟨U+001B⟩[31m" in ours
    assert "[red]rich[/red] :boom:" in ours


def test_private_values_are_nowhere(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(realistic(), capsys)
    assert KEY not in text
    assert MAIL not in text


def test_nothing_found(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(empty(), capsys)
    assert "1 check found nothing: empty-answer" in text
    assert "Records most worth" not in text
    assert "Next" not in text


def test_the_gate_speaks_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.gate([])
    terminal.gate(["refusal-share>0.2: it is 0.31"])
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "Gate failed: refusal-share>0.2: it is 0.31\n"


def test_the_next_step_follows_from_what_was_found() -> None:
    t = translator("en")
    one = record(line=1, source="my data.jsonl")
    fault = finding(one, "repetition", "warn", "again", field="answer")
    checks = [check("repetition", "form", "again")]
    assert list(next_steps(empty(), "x.html", t)) == []
    found = report([one], [fault], checks)
    assert list(next_steps(found, "x.html", t)) == ["curate checks repetition", "curate review"]
    mended = report([one], [{**fault, "fix": '{"field": "answer", "text": ""}'}], checks)
    assert list(next_steps(mended, "x.html", t)) == ["curate fix --dry-run", "curate review"]
    worse = report([one], [{**fault, "severity": "error"}], checks)
    assert next(next_steps(worse, "x.html", t)) == "look at the error in x.html"


def test_a_dry_run_says_what_would_be_read_and_asked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "data.jsonl"
    file.write_text('{"instruction": "Say hello.", "input": "", "output": "Hello."}\n')
    reading = Reading()
    plan = make(reading, only=["empty-answer", "unclosed-code"])
    terminal.dry_run(sources([str(file)], reading), plan)
    text = capsys.readouterr().out
    assert "alpaca" in text
    assert "2 checks would be asked: empty-answer, unclosed-code" in text
    assert re.search(r"^skipped: \d+ checks \(not among --only\)$", text, re.MULTILINE)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_silent_when_piped(capsys: pytest.CaptureFixture[str]) -> None:
    with terminal.Progress(100) as progress:
        progress.advance(50, 10)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == ""


@pytest.mark.parametrize("total", [100, 0, 40])
def test_progress_shows_rate_on_a_terminal(total: int, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm-256color")
    with terminal.Progress(total) as progress:
        for _ in range(4):
            progress.advance(20, 1_000)
    text = screen.getvalue()
    assert "4,000 records" in text
    assert "a second" in text
    assert ("80%" in text) == (total == 100)


def test_progress_speaks_japanese(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with terminal.Progress(100, "ja") as progress:
        progress.advance(20, 1_000)
    assert "1,000 件" in screen.getvalue()


@pytest.mark.parametrize(
    ("locale", "words"),
    [("en", ["reading", "comparing", "weighing", "writing"]),
     ("ja", ["読み込み中", "照合中", "集計中", "書き出し中"])],
)  # fmt: skip
def test_progress_names_what_is_being_done(
    locale: str, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with terminal.Progress(100, locale) as progress:
        progress.advance(100, 4_000)
        for phase in ("comparing", "weighing", "writing"):
            progress.phase(phase)
            assert progress._bar is not None
            progress._bar.refresh()
    text = screen.getvalue()
    assert [text.index(word) for word in words] == sorted(text.index(word) for word in words)
    assert "100%" not in text[text.index(words[1]) :], "the rest is not done yet"


def test_progress_is_put_away_when_the_audit_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    progress = terminal.Progress(100)
    with contextlib.suppress(RuntimeError), progress:
        raise RuntimeError("disk full")
    assert progress._bar is not None
    assert not progress._bar.live.is_started
