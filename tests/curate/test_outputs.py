"""SARIF, JUnit and Markdown: what other programs and pull requests read."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt

from curate import outputs
from curate.outputs import junit, md, sarif
from tests.fake_report import crowd, empty, finding
from tests.hostile import hostile
from tests.realistic_report import KEY, MAIL, realistic

REPORTS = {
    "realistic": realistic,
    "empty": empty,
    "hostile": hostile,
    "crowd": lambda: crowd(9_000),
}
TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
LOCATION = {
    "type": "object",
    "required": ["physicalLocation"],
    "properties": {
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation"],
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "required": ["uri"],
                    "properties": {"uri": {"type": "string"}},
                },
                "region": {
                    "type": "object",
                    "properties": {"startLine": {"type": "integer", "minimum": 1}},
                },
            },
        }
    },
}
NOTE = {
    "type": "object",
    "required": ["message"],
    "properties": {
        "level": LEVEL,
        "message": TEXT,
        "locations": {"type": "array", "items": LOCATION},
    },
}
RULE = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string"},
        "shortDescription": TEXT,
        "defaultConfiguration": {"type": "object", "properties": {"level": LEVEL}},
    },
}
RESULT = {
    "type": "object",
    "required": ["message"],
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": LEVEL,
        "message": TEXT,
        "locations": {"type": "array", "items": LOCATION},
        "partialFingerprints": {"type": "object"},
    },
}
SARIF: dict[str, Any] = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "$schema": {"type": "string"},
        "version": {"enum": ["2.1.0"]},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool"],
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {
                                    "name": {"type": "string"},
                                    "semanticVersion": {"type": "string"},
                                    "rules": {"type": "array", "items": RULE},
                                },
                            }
                        },
                    },
                    "invocations": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["executionSuccessful"],
                            "properties": {
                                "executionSuccessful": {"type": "boolean"},
                                "toolExecutionNotifications": {"type": "array", "items": NOTE},
                            },
                        },
                    },
                    "results": {"type": "array", "items": RESULT},
                    "properties": {"type": "object"},
                },
            },
        },
    },
}
"""The part of the SARIF 2.1.0 schema that we write; a key it does not name is a fault of ours."""

KINDS = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}


def faults(value: Any, schema: dict[str, Any], at: str = "$") -> list[str]:
    """Where a value breaks a schema of the few words used above."""
    if "enum" in schema:
        return [] if value in schema["enum"] else [f"{at}: {value!r}"]
    if not isinstance(value, KINDS[schema["type"]]):
        return [f"{at}: not {schema['type']}"]
    if value_below(value, schema):
        return [f"{at}: {value} is too small"]
    found = [f"{at}: no {key}" for key in schema.get("required", ()) if key not in value]
    if isinstance(value, list):
        for number, item in enumerate(value):
            found += faults(item, schema["items"], f"{at}[{number}]")
    if isinstance(value, dict) and "properties" in schema:
        found += faults_inside(value, schema["properties"], at)
    return found


def faults_inside(value: dict[str, Any], known: dict[str, Any], at: str) -> list[str]:
    found = []
    for key, inner in value.items():
        if key in known:
            found += faults(inner, known[key], f"{at}.{key}")
        elif key != "properties":
            found.append(f"{at}: {key} is not in the schema")
    return found


def value_below(value: Any, schema: dict[str, Any]) -> bool:
    return "minimum" in schema and value < schema["minimum"]


def rendered(writer: Any, made: Any, locale: str = "en") -> str:
    text: str = writer.render(made, locale)
    return text


def test_every_output_is_found_by_its_file() -> None:
    assert outputs.found() == {"junit": junit, "md": md, "sarif": sarif}
    assert len({writer.FILE for writer in outputs.found().values()}) == 3


@pytest.mark.parametrize("name", outputs.found())
@pytest.mark.parametrize("locale", ["en", "ja"])
def test_private_values_are_nowhere_and_bytes_are_the_same(name: str, locale: str) -> None:
    writer = outputs.found()[name]
    text = rendered(writer, realistic(), locale)
    assert text == rendered(writer, realistic(), locale)
    assert KEY not in text
    assert MAIL not in text
    text.encode("utf-8")


def test_the_validator_of_this_test_finds_faults() -> None:
    assert faults({"version": "2.0", "runs": [{"tool": {"driver": {}}, "extra": 1}]}, SARIF) == [
        "$.version: '2.0'",
        "$.runs[0].tool.driver: no name",
        "$.runs[0]: extra is not in the schema",
    ]


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("locale", ["en", "ja"])
def test_sarif_fits_the_schema(name: str, locale: str) -> None:
    log = json.loads(rendered(sarif, REPORTS[name](), locale))
    assert faults(log, SARIF) == []
    [run] = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    prints = [result["partialFingerprints"]["finding/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)


def test_sarif_says_where_and_how_bad() -> None:
    [run] = json.loads(rendered(sarif, realistic()))["runs"]
    result = next(r for r in run["results"] if r["ruleId"] == "contradiction")
    assert result["level"] == "error"
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "instructions.jsonl"},
        "region": {"startLine": 20418},
    }
    said = [n["message"]["text"] for n in run["invocations"][0]["toolExecutionNotifications"]]
    assert "duplicate-key: the key 'output' comes twice" in said
    assert "18 of 52,020 records were rejected; all are in rejects.jsonl." in said
    assert "unexpected-language could not tell of 212 records." in said
    assert any("eval-leakage: skipped" in text for text in said)


def test_sarif_keeps_a_fingerprint_when_records_move() -> None:
    one = realistic().findings.row(2, named=True)
    assert sarif.fingerprint(one) == sarif.fingerprint({**one, "line": 99, "source": "other.jsonl"})
    assert sarif.fingerprint(one) != sarif.fingerprint({**one, "check": "other"})


def test_sarif_counts_what_it_leaves_out() -> None:
    [run] = json.loads(rendered(sarif, crowd(9_000)))["runs"]
    assert len(run["results"]) == sarif.RESULTS
    said = [n["message"]["text"] for n in run["invocations"][0]["toolExecutionNotifications"]]
    assert "4,000 more findings are in findings.parquet." in said


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("locale", ["en", "ja"])
def test_junit_is_xml_with_a_case_for_each_check(name: str, locale: str) -> None:
    made = REPORTS[name]()
    whole = ET.fromstring(rendered(junit, made, locale))
    [suite] = whole.findall("testsuite")
    cases = suite.findall("testcase")
    assert [case.get("name") for case in cases] == [c["name"] for c in made.document["checks"]]
    assert suite.get("tests") == str(len(cases))
    assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
    assert suite.get("skipped") == str(len(suite.findall("testcase/skipped")))


def test_junit_fails_for_errors_and_warnings_only() -> None:
    suite = ET.fromstring(rendered(junit, realistic()))
    cases = {case.get("name"): case for case in suite.iter("testcase")}
    failure = cases["contradiction"].find("failure")
    assert failure is not None
    assert failure.get("type") == "error"
    assert "instructions.jsonl:20418 error: the same prompt has 2 answers" in (failure.text or "")
    assert cases["refusal"].find("failure") is None
    assert "support_ja.csv:640" in (cases["refusal"].findtext("system-out") or "")
    assert "could not tell of 212" in (cases["unexpected-language"].findtext("system-err") or "")
    skipped = cases["eval-leakage"].find("skipped")
    assert skipped is not None
    assert "no evaluation data" in (skipped.get("message") or "")


def test_junit_lists_some_and_counts_the_rest() -> None:
    suite = ET.fromstring(rendered(junit, crowd(500)))
    text = suite.findtext("testsuite/testcase/failure") or ""
    assert len(text.splitlines()) == junit.LISTED + 1
    assert "80 more findings are in findings.parquet." in text


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("locale", ["en", "ja"])
def test_markdown_holds_no_markup_from_a_record(name: str, locale: str) -> None:
    text = rendered(md, REPORTS[name](), locale)
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    inner = [child for token in tokens for child in token.children or ()]
    kinds = {token.type for token in [*tokens, *inner]}
    assert not kinds & {"html_block", "html_inline", "image", "link_open", "blockquote_open"}
    outside = " ".join(child.content for child in inner if child.type == "text")
    assert "@" not in outside
    assert "window" not in outside
    assert len(text) < 65_536


def test_markdown_says_what_matters() -> None:
    text = rendered(md, realistic())
    assert "Read 52,020 = Kept 52,002 + Rejected 18. Findings: error 3, warn 12, info 5." in text
    assert "| unexpected-language | 0 | 212 | 52,002 |" in text
    assert "10. `faq/answers.parquet:902`" in text
    assert "error contradiction: the same prompt has 2 answers that differ in number" in text
    assert (
        "skipped: eval-leakage (`no evaluation data was named; give it with --eval FILE`)." in text
    )
    assert text.rstrip().endswith("Next: `curate fix --dry-run`")


def test_a_fence_is_longer_than_any_run_of_backticks_in_it() -> None:
    assert list(md.fenced(["a ```` b"]))[0] == "`````text"
    assert md.code("a`b") == "``a`b``"
    assert md.code("`") == "`` ` ``"
    assert "|" not in md.code("a|b")


def test_a_finding_without_a_place_is_about_the_whole_set() -> None:
    one = finding(None, "refusal-share", "warn", "too many refusals")
    assert junit.line({**one, "record_id": None}, sarif.Showing(realistic(), "en", [])) == (
        "warn: too many refusals"
    )
