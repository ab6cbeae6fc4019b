"""SARIF 2.1.0, for code scanning: a result for each finding, a rule for each check.

Code scanning takes 5,000 results of a run; where there are more, the worst are written, some of
every check, and a notification says how many were left out and where they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson

from curate import __version__
from curate.locale import Translator
from curate.show.numbers import number
from curate.show.saying import said as reason
from curate.show.showing import Finding, Showing, places
from curate.show.shown import one_line
from curate.show.worst import worst

if TYPE_CHECKING:
    from curate.report import Report

FILE = "report.sarif"
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
RESULTS = 5_000
LEVELS = {"error": "error", "warn": "warning", "info": "note"}

Json = dict[str, Any]


def render(report: Report, locale: str = "en") -> str:
    """The whole log, as text."""
    rows = worst(report.findings, RESULTS)
    showing = Showing(report, locale, rows["record_id"])
    document, t = report.document, showing.t
    checks = document["checks"]
    numbers = {check["name"]: at for at, check in enumerate(checks)}
    run = {
        "tool": {
            "driver": {
                "name": "curate",
                "semanticVersion": __version__,
                "rules": [rule(check, t) for check in checks],
            }
        },
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [*notifications(report, len(rows), t)],
            }
        ],
        "results": [result(f, numbers, showing) for f in rows.iter_rows(named=True)],
        "properties": {"snapshot": document["snapshot"], "rows": document["rows"]},
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return orjson.dumps(log, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def rule(check: Mapping[str, Any], t: Translator) -> Json:
    """A check as SARIF's reporting descriptor."""
    return {
        "id": check["name"],
        "shortDescription": {"text": t(check["says"])},
        "defaultConfiguration": {"level": LEVELS[check["severity"]]},
        "properties": {
            "group": check["group"],
            "checked": check["checked"],
            "flagged": check["flagged"],
            "couldNotTell": check["could_not_tell"],
        },
    }


def result(finding: Finding, numbers: Mapping[str, int], showing: Showing) -> Json:
    """A finding; its fingerprint stays the same when records move in their file."""
    said: Json = {
        "ruleId": finding["check"],
        "level": LEVELS[finding["severity"]],
        "message": {"text": showing.message(finding)},
        "partialFingerprints": {"finding/v1": fingerprint(finding)},
    }
    if finding["check"] in numbers:
        said["ruleIndex"] = numbers[finding["check"]]
    if finding["source"]:
        said["locations"] = [location(finding["source"], finding["line"])]
    return said


def fingerprint(finding: Finding) -> str:
    """The same for the same finding on the same content, wherever it lies."""
    parts = [finding["record_id"], finding["check"], finding["field"], finding["start"]]
    listed = [[one["field"], one["start"], one["end"]] for one in places(finding)]
    return blake2b(orjson.dumps([parts, listed, finding["message"]]), digest_size=16).hexdigest()


def location(source: str, line: int | None) -> Json:
    """A place in a file; a URI, so that every character of the name is allowed."""
    uri = quote(one_line(source).replace("\\", "/"), safe="/:._-~")
    place: Json = {"artifactLocation": {"uri": uri}}
    if line:
        place["region"] = {"startLine": line}
    return {"physicalLocation": place}


def notifications(report: Report, written: int, t: Translator) -> Iterator[Json]:
    """What is not among the results: rejects, what could not be told, and what was left out."""
    document = report.document
    for one in report.rejects:
        text = f"{one['code']}: {one_line(reason(t, one, one['message']))}"
        yield {
            "level": "error",
            "message": {"text": text},
            "locations": [location(one["source"], one["line"])],
        }
    rows = document["rows"]
    if rows["rejected"] > len(report.rejects):
        said = t("{n} of {total} records were rejected; all are in rejects.jsonl.")
        yield note("error", said.format(n=number(rows["rejected"]), total=number(rows["read"])))
    for check in document["checks"]:
        if check["skipped"] is not None:
            yield note("note", f"{check['name']}: {t('skipped')}: {t(check['skipped'])}")
        elif check["could_not_tell"]:
            said = t("{check} could not tell of {n} records.")
            yield note(
                "warning", said.format(check=check["name"], n=number(check["could_not_tell"]))
            )
    if len(report.findings) > written:
        said = t("{n} more findings are in findings.parquet.")
        yield note("warning", said.format(n=number(len(report.findings) - written)))


def note(level: str, text: str) -> Json:
    """A notification without a place."""
    return {"level": level, "message": {"text": one_line(text)}}
