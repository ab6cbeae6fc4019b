"""The privacy packs: every example holds, every rule masks, and hard twins stay clean."""

from __future__ import annotations

import orjson
import pytest

from curate.check import ask
from curate.content.checksums import VALIDATORS
from curate.finding import Hit
from curate.rulebook.rule import Rule
from curate.rules import failures, load
from tests.making import record, records

PACKS = ("privacy", "privacy-ja")
RULES = [rule for rule in load().rules if rule.pack in PACKS]
[CHECK] = [check for check in load().checks() if check.name == "personal-data"]

CLEAN = [
    "Version 10.0.19045.3803 replaces 10.0.19045.3570.",
    "ISBN 978-3-16-148410-0, ISSN 2049-3630, DOI 10.1000/182",
    "Order 1234-5678-9012 costs 1,234,567.89 dollars.",
    "The years 2010 2011 2012 2013 and 1999-2003, 1815-1898",
    "UUID 550e8400-e29b-41d4-a716-446655440000",
    "MD5 9e107d9d372bb6826bd81d3542a419d6",
    "Coordinates 35.6895, 139.6917 and 51.5074, -0.1278",
    "Pi is 3.14159265358979323846.",
    "0 1 1 2 3 5 8 13 21 34 55 89 144",
    "Unix time 1700000000 and 1518606373218",
    "At 12:30:45.123456 on 2024-05-03T12:30:45+09:00",
    "The score was 212-684-47 and the ratio 4:3.",
    "SKU 415-83-27719 and EAN 4006381333931",
    "sum = 4111 + 1111 + 1111 + 1111",
    "二〇二四年五月三日、令和6年度は1,000万円。",
    "2024年5月3日から6月12日まで、全長1,234.5メートル。",
    "品番 03-15-2024、型番 AB-090-12、JIS X 0208-1990",
    "人口は1,234,567人、面積は9,098.76平方キロメートルである。",
    "郵便番号を入力する欄が必要です。",
    "東京都千代田区は東京都の中央部にある。",
    "@tanaka さん、明日の会議は10時です。",
    "npm install @types/node@20.1.0 react@18.2.0",
    "contact@example.org, jane@test.example, user@localhost",
]
FOUND = [
    ("e-mail", "質問は h.sakamoto@kobe-denki.jp へお寄せください。"),
    ("phone", "My cell is 917-444-6321, call any time."),
    ("phone", "緊急連絡先：０３－３８１７－２２９４"),
    ("phone-fiction", "Ring (312) 555-0148."),
    ("card", "I paid with 5425 2334 3010 9903, exp 04/27."),
    ("iban", "口座はNL91 ABNA 0417 1643 00です。"),
    ("us-ssn", "His SSN is 219-08-9998."),
    ("my-number", "マイナンバー 1234-5678-9018"),
    ("postal-code", "〒231-0062"),
    ("bank-account-ja", "普通預金 4817229"),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_examples(rule: Rule) -> None:
    assert [failure.message for failure in failures(rule)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_masks_and_reads_every_field(rule: Rule) -> None:
    assert rule.mask
    assert rule.field == "text"
    assert rule.check == "personal-data"
    assert rule.kind
    assert rule.valid is None or rule.valid in VALIDATORS


@pytest.mark.parametrize("text", CLEAN)
def test_clean(text: str) -> None:
    assert ask(CHECK, records(record(answer=text), record(prompt=text))) == []


@pytest.mark.parametrize(("kind", "text"), FOUND)
def test_found(kind: str, text: str) -> None:
    hits = [hit for _, hit in ask(CHECK, records(record(answer=text))) if isinstance(hit, Hit)]
    assert [hit.evidence["kind"] for hit in hits] == [kind]


@pytest.mark.parametrize(("kind", "text"), FOUND)
def test_no_output_shows_the_value(kind: str, text: str) -> None:
    [(_, hit)] = ask(CHECK, records(record(answer=text)))
    assert isinstance(hit, Hit)
    value = text[hit.start : hit.end]
    said = hit.message + orjson.dumps([hit.args, hit.evidence, hit.fix]).decode()
    assert not any(value[i : i + 5] in said for i in range(len(value) - 4)), kind


def test_every_place_is_found() -> None:
    mail = "h.sakamoto@kobe-denki.jp"
    one = record(mail, mail, system=mail, history=[("user", f"mail:\n{mail}"), ("assistant", "ok")])
    fields = [hit.field for _, hit in ask(CHECK, records(one)) if isinstance(hit, Hit)]
    assert len(fields) == 4
    assert set(fields) == {"answer", "history", "prompt", "system"}


def test_each_value_is_its_own_finding() -> None:
    text = "h.sakamoto@kobe-denki.jp と 080-3817-2294"
    hits = [hit for _, hit in ask(CHECK, records(record(answer=text))) if isinstance(hit, Hit)]
    assert {text[hit.start : hit.end] for hit in hits} == set(text.split(" と "))
