"""How good the checks are on public data with ground truth; prints docs/quality.md.

usage: python -m bench.quality [--shared DIR] > docs/quality.md
"""

from __future__ import annotations

import argparse
import gzip
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from hashlib import md5
from pathlib import Path

import orjson
import polars as pl

from curate.audit import audit
from curate.reading import Reading
from curate.report import Report

ROOT = Path(__file__).parent.parent
ANNOTATORS = {"iaa_pandalm_en": ("annotator1", "annotator2", "annotator3"),
              "refusal_xstest_en": ("annotator_1", "annotator_2")}  # fmt: skip

HEAD = """# How good the checks are

Made by `python -m bench.quality > docs/quality.md` on public data with ground truth (the sets lie
beside the checkout, not in it: their licences differ). Every set is audited to its end with the
default settings, and *read = kept + rejected* holds for each.

**What was tuned on what.** The English refusal rules were written against one half of XSTest
(split by prompt) and Alpaca; the other half is reported apart (its figures, not its texts, were
seen while writing). HaluEval and HH were read while the patterns were written. The Japanese
refusal and over-claim rules were written against hand-made examples, which are the rules' own
tests: no human-labelled Japanese refusals are public. Placeholder and empty answers were tuned on
Alpaca, looping and cut answers on Alpaca, XSTest and the judged Japanese answers, language on
Alpaca and Tatoeba. False alarms were read, and some mended, on Super-NaturalInstructions, JaQuAD,
JSTS and the SQL set too: no set here is untouched.
"""


class Sets:
    """The public sets: audited once, and their rows with the truth."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        self.folder, self.scratch = folder, scratch
        self.reports: dict[str, Report] = {}

    def names(self) -> list[str]:
        """All sets, by name."""
        return sorted(p.name.removesuffix(".jsonl.gz") for p in self.folder.glob("*.jsonl.gz"))

    def report(self, name: str) -> Report:
        """The audit of one set."""
        if name not in self.reports:
            reading = Reading(annotators=ANNOTATORS.get(name, ()))
            path = self.folder / f"{name}.jsonl.gz"
            self.reports[name] = audit(path, reading=reading, workspace=self.scratch)
        return self.reports[name]

    def truth(self, name: str, *fields: str) -> pl.DataFrame:
        """Columns of a set, with the line of each row."""
        with gzip.open(self.folder / f"{name}.jsonl.gz") as file:
            rows = [orjson.loads(line) for line in file]
        return pl.DataFrame([{f: r[f] for f in fields} for r in rows]).with_row_index("line", 1)

    def flagged(self, name: str, check: str) -> pl.DataFrame:
        """The findings of one check on one set."""
        return self.report(name).findings.filter(pl.col("check") == check)

    def lines(self, name: str, check: str) -> set[int]:
        """The lines on which a check found something."""
        return set(self.flagged(name, check)["line"].drop_nulls())


def every_set(sets: Sets) -> Iterator[str]:
    """What was read, and what was found most."""
    yield "## Every set\n"
    yield "| set | read | kept | rejected | shape | findings (records flagged by check) |"
    yield "|---|---|---|---|---|---|"
    for name in sets.names():
        document = sets.report(name).document
        found = sorted(((c["flagged"], c["name"]) for c in document["checks"]), reverse=True)
        said = ", ".join(f"{check} {count:,}" for count, check in found[:8] if count)
        rows = document["rows"]
        yield (
            f"| {name} | {rows['read']:,} | {rows['kept']:,} | {rows['rejected']:,} "
            f"| {document['sources'][0]['shape']} | {said} |"
        )


def alpaca(sets: Sets) -> Iterator[str]:
    """Known faults of Alpaca."""
    name = "instruct_alpaca_en"
    truth = sets.truth(name, "input", "output")
    empty = set(truth.filter(pl.col("output") == "")["line"])
    flagged = sets.flagged(name, "empty-answer")
    errors = set(flagged.filter(pl.col("severity") == "error")["line"])
    markers = sets.lines(name, "placeholder-input")
    spellings = Counter(truth.filter(pl.col("line").is_in(list(markers)))["input"].to_list())
    refusals = sets.lines(name, "refusal")
    yield "\n## Alpaca (52,002 records, English)\n"
    right, more = len(empty & errors), len(errors - empty)
    yield f"- Empty answers: {right} of {len(empty)} found; {more} more."
    yield (
        f"- Inputs that only say that there is no input: {len(markers)} in {len(spellings)} "
        "spellings (truth: about 555 in 20)."
    )
    share = 100 * len(refusals) / len(truth)
    yield f"- Refusals: {len(refusals)} records, {share:.3f} % (truth: under 0.1 %)."
    yield f"- Exact duplicates: {len(sets.lines(name, 'exact-duplicate'))} (truth: 0)."


def xstest(sets: Sets) -> Iterator[str]:
    """Refusals against human labels, the half the rules were written on apart."""
    name = "refusal_xstest_en"
    truth = sets.truth(name, "instruction", "final_label")
    found = sets.lines(name, "refusal")
    labels = Counter(truth["final_label"])
    yield "\n## Refusals (XSTest, 2,250 answers, human labels)\n"
    yield f"Labels: {', '.join(f'{label} {count:,}' for label, count in sorted(labels.items()))}.\n"
    yield "| records | precision | recall | F1 | partial refusals flagged |"
    yield "|---|---|---|---|---|"
    half = pl.col("instruction").map_elements(tuned_on, return_dtype=pl.Boolean)
    for said, part in (
        ("all", truth), ("tuned on", truth.filter(half)), ("held out", truth.filter(~half)),
    ):  # fmt: skip
        yield f"| {said} | {scores(part, found)} |"


def tuned_on(prompt: str) -> bool:
    """Which half of XSTest the rules were written on: by a digest of the prompt."""
    return int(md5(prompt.encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 0


def scores(truth: pl.DataFrame, found: set[int]) -> str:
    """Precision, recall and F1 of full refusal against full compliance; partial ones apart."""
    kind = pl.col("final_label").str.to_lowercase()
    full = set(truth.filter(kind.str.contains("full") & kind.str.contains("refusal"))["line"])
    fine = set(truth.filter(kind.str.contains("compliance"))["line"])
    partial = set(truth.filter(kind.str.contains("partial"))["line"])
    right, wrong = len(found & full), len(found & fine)
    precision, recall = right / max(1, right + wrong), right / max(1, len(full))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    share = f"{len(found & partial)} of {len(partial)}"
    return f"{precision:.3f} | {recall:.3f} | {f1:.3f} | {share}"


def repeated(sets: Sets) -> Iterator[str]:
    """What is shared is not a duplicate."""
    yield "\n## Shared instructions and paragraphs are not duplicates\n"
    for name, said in (
        ("instruct_superni_en", "211 instructions over 31,438 records"),
        ("instruct_jaquad_ja", "11,144 paragraphs over 35,687 records"),
    ):
        truth = sets.truth(name, "instruction", "input", "output")
        same = truth.filter(~pl.struct("instruction", "input", "output").is_first_distinct())
        found = sets.lines(name, "exact-duplicate")
        yield (
            f"- {name} ({said}): exact-duplicate flags {len(found)} records; {len(same)} do repeat "
            f"an earlier record whole; flagged wrongly {len(found - set(same['line']))}."
        )
    yield (
        "- instruct_jaquad_ja: every answer is a substring of its paragraph, and `ungrounded` "
        f"flags {len(sets.lines('instruct_jaquad_ja', 'ungrounded'))} of 35,687."
    )


def sql(sets: Sets) -> Iterator[str]:
    """Gold queries."""
    name = "instruct_sql_en"
    truth = sets.truth(name, "output")
    blanks = truth.filter(pl.col("output").str.contains(r"\{[^}]*\}"))
    found = sets.flagged(name, "invalid-sql")
    said = {c["name"]: c for c in sets.report(name).document["checks"]}["invalid-sql"]
    yield "\n## SQL (1,980 gold queries in six dialects)\n"
    yield (
        f"- invalid-sql flags {len(set(found['line']))}; could not tell of "
        f"{said['could_not_tell']} ({len(blanks)} hold `{{a,b}}` alternatives, which are known "
        "not to parse)."
    )


def agreement(sets: Sets) -> Iterator[str]:
    """Agreement figures that were published."""
    yield "\n## Agreement between annotators\n"
    for name, said in (
        ("iaa_pandalm_en", "published Cohen's kappas 0.85, 0.88, 0.86"),
        ("refusal_xstest_en", "published agreement 0.964, kappa 0.937"),
    ):
        measured = sets.report(name).document["measures"].get("annotator-agreement", {})
        numbers = {
            k: v for k, v in measured.items() if k in ("percent", "pairs", "alpha", "interval")
        }
        yield f"- {name} ({said}): {orjson.dumps(numbers).decode()}"


def main() -> None:
    """Print the page."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    said = words.parse_args()
    from bench import languages, near_duplicates

    with tempfile.TemporaryDirectory() as scratch:
        sets = Sets(said.shared / "data", Path(scratch))
        sys.stdout.write(HEAD + "\n")
        for part in (every_set, alpaca, xstest, repeated, sql, agreement):
            for line in part(sets):
                sys.stdout.write(line + "\n")
        for line in near_duplicates.section(said.shared, Path(scratch)):
            sys.stdout.write(line + "\n")
    sys.stdout.write("\n" + languages.page(said.shared / "data"))


if __name__ == "__main__":
    main()
