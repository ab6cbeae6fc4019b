"""JUnit XML, for build servers: a test case for each check.

A check fails where it found an error or a warning; notes are told and do not fail. A check that
was not asked is skipped, and says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import polars as pl

from curate.finding import SEVERITIES
from curate.show.numbers import number
from curate.show.showing import Finding, Showing, where
from curate.show.shown import one_line, visible
from curate.show.worst import worst

if TYPE_CHECKING:
    from curate.report import Report

FILE = "report.junit.xml"
LISTED = 20  # findings of each check
FAILING = ("error", "warn")


def render(report: Report, locale: str = "en") -> str:
    """The whole document, as text."""
    listed = {
        check["name"]: worst(report.findings.filter(pl.col("check") == check["name"]), LISTED)
        for check in report.document["checks"]
        if check["flagged"]
    }
    ids = [record_id for rows in listed.values() for record_id in rows["record_id"]]
    showing = Showing(report, locale, ids)
    suite = ET.Element("testsuite", name="curate")
    for check in report.document["checks"]:
        suite.append(case(check, listed.get(check["name"]), showing))
    counts = {
        "tests": len(suite),
        "failures": len(suite.findall("testcase/failure")),
        "skipped": len(suite.findall("testcase/skipped")),
        "errors": 0,
    }
    for key, value in counts.items():
        suite.set(key, str(value))
    whole = ET.Element("testsuites", {"name": "curate", **suite.attrib})
    whole.set("name", "curate")
    whole.append(suite)
    ET.indent(whole)
    return ET.tostring(whole, encoding="unicode", xml_declaration=True) + "\n"


def case(check: Mapping[str, Any], rows: pl.DataFrame | None, showing: Showing) -> ET.Element:
    """One check."""
    t = showing.t
    made = ET.Element("testcase", classname=f"curate.{check['group']}", name=check["name"])
    if check["skipped"] is not None:
        ET.SubElement(made, "skipped", message=one_line(t(check["skipped"])))
        return made
    if rows is not None:
        tell(made, check, rows, showing)
    if check["could_not_tell"]:
        said = t("{check} could not tell of {n} records.")
        out = ET.SubElement(made, "system-err")
        out.text = said.format(check=check["name"], n=number(check["could_not_tell"]))
    return made


def tell(made: ET.Element, check: Mapping[str, Any], rows: pl.DataFrame, showing: Showing) -> None:
    """What a check found: a failure, or a note for what never fails a build."""
    t, found = showing.t, list(rows.iter_rows(named=True))
    worst_of = max((f["severity"] for f in found), key=SEVERITIES.index)
    total = sum((check.get("severities") or {}).values()) or len(found)
    lines = [line(finding, showing) for finding in found]
    if total > len(found):
        said = t("{n} more findings are in findings.parquet.")
        lines.append(said.format(n=number(total - len(found))))
    said = t("{flagged} of {checked} flagged: {says}")
    flagged, checked = number(check["flagged"]), number(check["checked"])
    message = said.format(flagged=flagged, checked=checked, says=t(check["says"]))
    if worst_of in FAILING:
        failure = ET.SubElement(made, "failure", message=one_line(message), type=worst_of)
        failure.text = visible("\n".join(lines))
    else:
        ET.SubElement(made, "system-out").text = visible("\n".join([message, *lines]))


def line(finding: Finding, showing: Showing) -> str:
    """`data.jsonl:12 warn: the code fence ...`."""
    place = where(finding["source"], finding["line"]) if finding["source"] else ""
    return f"{place} {showing.t(finding['severity'])}: {showing.message(finding)}".strip()
