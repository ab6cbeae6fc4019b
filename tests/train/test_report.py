"""report.html of a run: what it shows, what it never shows, and that record text stays text."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from curate.errors import BadSource
from tests.train.snapshots import approve, rows
from tests.train.test_run import trained
from train import report, report_pictures, report_texts
from train.approved import open_approved
from train.cli import app
from train.compare import Difference
from train.errors import NotApproved
from train.locale import catalogue, translator
from train.report_facts import opened
from train.report_words import reason_words, words

HOSTILE = (
    '<script>alert(1)</script><img src="http://127.0.0.1/x.png"> ![a](http://127.0.0.1) \u202e'
)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small run with probes and worked examples; a dev record tries to be markup."""
    place = tmp_path_factory.mktemp("report")
    records = rows(train=9, dev=3, test=2)
    records[9]["answer"] = f"Santiago 42 {HOSTILE}"
    asked = place / "probes.jsonl"
    asked.write_text(json.dumps({"prompt": "Capital of <b>Peru</b>?"}) + "\n", encoding="utf-8")
    earlier = approve(place / "earlier", rows(train=8, dev=1, test=3))
    return trained(
        approve(place / "approved", records), place / "runs", f"dataset.probe_prompts={asked}",
        f"forgetting.earlier_test_sets=[{earlier}]",
        "evaluate.few_shot_baseline=2", "forgetting.text_probe=true",
    )  # fmt: skip


class Page(HTMLParser):
    """The tags, links and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.said: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [v or "" for name, v in attrs if name in ("src", "href", "xlink:href")]

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] != ["style"]:
            self.said.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.said).split())


def test_train_run_writes_the_report_beside_what_it_tells_of(ran: Path) -> None:
    assert (ran / "report.html").read_text(encoding="utf-8") == report.render(ran)


def test_the_page_shows_answers_losses_failures_probes_forgetting_cost_ledger_and_data(
    ran: Path,
) -> None:
    html = report.render(ran)
    page, facts = Page(html), opened(ran)
    for title in ("Answers", "Before and after", "Loss", "Failures", "Probe prompts", "Forgetting",
                  "Time and memory", "Ledger", "Data", "Settings"):  # fmt: skip
        assert title in page.text
    assert "polyline" in page.tags
    assert "With worked examples" in page.text
    assert facts.manifest["id"][:12] in page.text
    assert f"{facts.told['parameters']['trainable']:,} / " in page.text
    assert "Read 14 = trained 9 + held out (dev, test) 5" in page.text
    assert "peak memory of the process" in page.text
    assert f"torch {facts.told['versions']['torch']}" in page.text
    for reason in facts.told["failures"]["reasons"]:
        assert reason_words(translator("en"))[reason] in page.text


def told(ran: Path, out: Path, **changes: Any) -> Path:
    """The run with other words in run.json, or with another agreement of its reviewers."""
    copy = shutil.copytree(ran, out)
    agreement = changes.pop("agreement", None)
    for name, said in (("run.json", changes), ("approved.json", {"agreement": agreement})):
        file = copy / name
        file.write_text(json.dumps(json.loads(file.read_bytes()) | said), encoding="utf-8")
    return copy


def test_a_measure_above_the_agreement_of_reviewers_is_suspicious(
    ran: Path, tmp_path: Path
) -> None:
    results = {"dev": {"tuned": {"exact_match": 0.9}}, "test": {"tuned": {"exact_match": 0.7}}}
    agreed = told(ran, tmp_path / "a", results=results, agreement={"percent": 0.7})
    text = Page(report.render(agreed)).text
    assert "90% of the dev answers are exactly the reference, and reviewers agree on 70%" in text
    assert "of the test answers are exactly" not in text
    unknown = told(ran, tmp_path / "b", results=results)
    assert "look for leaks" not in Page(report.render(unknown)).text


def test_what_is_repeated_from_training_is_shown_with_its_record(ran: Path, tmp_path: Path) -> None:
    assert "Repeated from training" not in Page(report.render(ran)).text
    train, dev = (
        next(row for row in opened(ran).ledger if row["outcome"] == outcome)
        for outcome in ("trained", "held-out")
    )
    piece = {"record_id": dev["record_id"], "training_id": train["record_id"], "piece": HOSTILE}
    html = report.render(told(ran, tmp_path / "copy", recited=[piece]))
    text = Page(html).text
    assert "which neither their question nor their reference has: 1 of 3" in text
    assert f"capitals.jsonl:{train['line']}" in text
    assert not {"script", "img"} & set(Page(html).tags)


def test_the_cost_of_a_prompt_with_and_without_examples_is_told(ran: Path) -> None:
    asked = opened(ran).told["prompt_tokens"]
    assert 0 < asked["alone"] < asked["few_shot"]
    text = Page(report.render(ran)).text
    assert "tokens of a prompt" in text
    assert "tokens of a prompt with worked examples" in text


def test_text_of_records_and_models_is_inert(ran: Path) -> None:
    html = report.render(ran)
    page = Page(html)
    assert not {"script", "img", "iframe", "link", "object"} & set(page.tags)
    assert all(link.startswith("#") for link in page.links)
    assert "default-src 'none'" in html
    assert "<script" not in html
    assert "<b>Peru" not in html
    assert "<script>alert(1)</script>" in page.text  # as text
    assert "\u202e" not in html
    assert "U+202E" in html


def test_earlier_test_sets_are_measured_beside_the_general_text(ran: Path) -> None:
    told = opened(ran).told["forgetting"]
    earlier = open_approved(ran.parent.parent / "earlier")
    assert [(one["name"], one["texts"]) for one in told] == [
        ("en", 40), ("ja", 40), (earlier.id[:12], 3),
    ]  # fmt: skip
    assert earlier.id[:12] in Page(report.render(ran)).text


def test_an_earlier_test_set_that_is_not_there_ends_the_run_before_it_begins(
    approved: Path, tmp_path: Path
) -> None:
    with pytest.raises(NotApproved):
        trained(approved, tmp_path / "runs", "forgetting.earlier_test_sets=[nowhere]")
    assert not (tmp_path / "runs").exists()


def test_test_records_are_never_shown(ran: Path) -> None:
    html = report.render(ran)
    table = parquet.read_table(ran / "records.parquet").to_pylist()
    asked = {row["prompt"] for row in table if row["split"] == "dev"}
    assert all(prompt in Page(html).text for prompt in asked)
    hidden = {row["prompt"] for row in table if row["split"] == "test"} - asked
    assert hidden
    assert not any(prompt in html for prompt in hidden)


def test_the_worst_answers_come_first(ran: Path) -> None:
    facts = opened(ran)
    order = [one.record_id for one in report.shown(facts)]
    failed = list(facts.ran.failures)
    assert order[: len(failed)] == failed
    assert len(order) == 3


def test_japanese_is_all_japanese(ran: Path, tmp_path: Path) -> None:
    out = tmp_path / "ja.html"
    made = CliRunner().invoke(app, ["report", str(ran), "--locale", "ja", "--out", str(out)])
    assert made.exit_code == 0, made.output
    text = Page(out.read_text(encoding="utf-8")).text
    assert 'lang="ja"' in out.read_text(encoding="utf-8")
    assert "学習前後の比較" in text
    english = {e for e, ja in catalogue("ja").items() if e != ja and len(e) > 14 and "{" not in e}
    assert not [sentence for sentence in words(lambda e: e).values() if sentence in english
                and sentence in text]  # fmt: skip


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="no finished run"):
        report.render(tmp_path)


def test_a_run_without_a_baseline_says_that_there_is_nothing_to_compare(
    approved: Path, tmp_path: Path
) -> None:
    place = trained(approved, tmp_path, "evaluate.before_training=false")
    text = Page((place / "report.html").read_text(encoding="utf-8")).text
    assert "Nothing was answered before training" in text
    assert "better" not in text


def test_report_card_and_sweep_need_no_polars_and_no_database() -> None:
    code = (
        "import sys; sys.modules.update(polars=None, sqlalchemy=None)\n"
        "from train import card, report, sweep; report.environment().get_template('run.html')"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@given(st.floats(min_value=1e-6, max_value=1e6))
def test_a_scale_ends_at_a_round_number_just_above(value: float) -> None:
    top = report_pictures.ceiling(value)
    assert value <= top * (1 + 1e-9)
    assert top <= 2 * value * (1 + 1e-9) or top <= 2.5 * value


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(0, 1))
def test_an_interval_stays_inside_its_strip_and_on_its_side_of_zero(
    one: float, other: float, share: float
) -> None:
    low, high = min(one, other), max(one, other)
    mean = min(max(low + share * (high - low), low), high)
    told = report_pictures.whisker(Difference("dev", "chrf", 9, 0.0, mean, low, high, "none"))
    assert told is not None
    assert 0 <= told["low"] <= told["at"] <= told["high"] <= 100
    assert (told["low"] >= 50) == (low >= 0) or low == pytest.approx(0)


@given(st.text())
def test_no_character_without_a_shape_reaches_the_page(text: str) -> None:
    shown = report_texts.written_out(text)
    assert all(report_texts.seen(character) for character in shown)
    if all(report_texts.seen(character) for character in text):
        assert shown == text


@pytest.mark.parametrize(
    ("seconds", "said"), [(8.04, "8.0 s"), (187, "3:07 min"), (7509, "2:05:09 h")]
)
def test_durations(seconds: float, said: str) -> None:
    assert report_texts.duration(seconds) == said


@pytest.mark.parametrize(
    ("amount", "said"), [(512, "512 B"), (69_032, "69 kB"), (6.8e8, "680 MB"), (2.5e10, "25 GB")]
)
def test_sizes(amount: float, said: str) -> None:
    assert report_texts.size(amount) == said
