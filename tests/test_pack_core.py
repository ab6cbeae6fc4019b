"""The core pack: gaps, filler and notes left in answers; wanted templates and code stay clean."""

from __future__ import annotations

import pytest

from curate.check import ask
from curate.finding import Hit
from curate.rulebook.rule import Rule
from curate.rules import failures, load
from tests.making import record, records

RULES = [rule for rule in load(()).rules if rule.pack == "core"]
[CHECK] = [check for check in load(()).checks() if check.name == "left-unfinished"]

CLEAN = [
    ("Write a template for an invitation.", "Dear [Name],\nPlease come.\n[Your Name]"),
    ("案内状のひな形を書いてください。", "○○様、ご案内いたします。"),
    ("Sign off as [Your Name].", "Sincerely,\n[Your Name]"),
    ("○○に入る言葉は？", "○○さんと呼びます。"),
    ("穴埋め問題を作って", "私は＿＿＿＿に行きました。"),
    ("何を書けばいい？", "氏名（名前）と住所を書きます。"),
    ("SOSは？", "・・・－－－・・・です。"),
    ("Parse it.", "name[The Mill], area[riverside]"),
    ("Link it.", "[your name](https://example.com)"),
    ("Show the loop.", "```\nfor x in [your names]: # TODO: sort\n    print(x)\n```"),
    ("Write a web page.", "<h1>Hi</h1><p>Lorem ipsum dolor sit amet</p>"),
    ("Where is it from?", "Lorem ipsum goes back to Cicero."),
    ("ダミーテキストとは？", "仮に置く文章です。"),
    ("Explain it.", "TBD stands for to be decided, TODO for to do."),
    ("買い物リストをTODO形式で。", "TODO: 牛乳"),
    ("注意点は？", "寸法は要確認の項目です。"),
    ("Which key?", "Press [Insert] or <Insert>."),
    ("どのボタン？", "「挿入」を押してから【入力】を選びます。"),
]
FOUND = [
    ("warn", "blank-for-an-answer", "[Insert bar chart]"),
    ("warn", "blank-for-an-answer", "【ここに表を挿入】"),
    ("info", "unfilled-blank", "Dear Ann,\nThank you.\nYours,\n[Your Name]"),
    ("info", "unfilled-blank", "The rent is due on [insert date here]."),
    ("info", "unfilled-blank", "〇〇様、先日はありがとうございました。"),
    ("info", "unfilled-blank", "株式会社○○の森です。"),
    ("info", "unfilled-blank", "私の名前は（名前）です。趣味は＿＿＿＿です。"),
    ("info", "unfilled-blank", "はじめまして、（お名前）と申します。"),
    ("info", "unfilled-blank", "趣味は＿＿＿＿です。"),
    ("warn", "filler-text", "Our firm. Lorem ipsum dolor sit amet."),
    ("warn", "filler-text", "沿革\nここに文章が入ります。"),
    ("info", "unfinished-note", "It was built in 1889.\nTODO: check the year"),
    ("info", "unfinished-note", "高さは300メートルです（要確認）。"),
]


@pytest.mark.parametrize(("prompt", "answer"), CLEAN)
def test_clean(prompt: str, answer: str) -> None:
    assert ask(CHECK, records(record(prompt, answer))) == []


@pytest.mark.parametrize(("severity", "rule", "answer"), FOUND)
def test_found(severity: str, rule: str, answer: str) -> None:
    [(_, hit)] = ask(CHECK, records(record("Go on.", answer)))
    assert isinstance(hit, Hit)
    assert (hit.severity, hit.evidence["rule"]) == (severity, rule)
    assert answer[hit.start : hit.end] == hit.evidence["text"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_keeps_its_examples(rule: Rule) -> None:
    assert [failure.message for failure in failures(rule)] == []
    assert min(len(rule.bad), len(rule.good)) >= 4
    assert rule.says_ja
