"""How good near-duplicates are: against every pair compared exactly, and on public sets.

usage: python -m bench.near_duplicates [--shared DIR] [--kept DIR]

Prints a section of docs/quality.md. The truth is made here by other means than ours: shingles as
tuples of Python strings, and an inverted index of all of them.
"""

from __future__ import annotations

import argparse
import gzip
import re
import sys
import tempfile
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import orjson
import polars as pl

from bench.audit import made
from curate.audit import audit
from curate.dedup import Sketcher, near_duplicates

ROOT = Path(__file__).parent.parent
UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3001-\u9fff\uf900-\ufaff\uff01-\uffef"
TOKEN = re.compile(rf"[{UNSPACED}]|[^\x00-\x20\u3000{UNSPACED}]+")
TRUTH = (20_000, (0.7, 0.8))
SETTINGS = {"20 bands of 6": Sketcher(), "32 bands of 4": Sketcher(32, 4)}

Pairs = dict[tuple[int, int], float]


def main() -> None:
    """Print the section."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    words.add_argument("--kept", type=Path, help="folder for the made files, to use them again")
    said = words.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        kept = said.kept or Path(scratch)
        kept.mkdir(parents=True, exist_ok=True)
        for line in section(said.shared, kept):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


def section(shared: Path, kept: Path) -> Iterator[str]:
    """All of it, line by line."""
    yield "\n## Near-duplicates"
    yield ""
    yield from against_exact(shared, kept)
    yield from removable(shared / "data")
    yield from publisher(shared / "data")
    yield from judged(shared / "data")


def against_exact(shared: Path, kept: Path) -> Iterator[str]:
    """Precision and recall of pairs on made records, English and Japanese."""
    rows, thresholds = TRUTH
    yield f"Pairs of {rows:,} made records against every pair compared exactly:"
    yield ""
    yield "| language | similarity | pairs | settings | precision | recall |"
    yield "|---|---|---|---|---|---|"
    for language in ("en", "ja"):
        texts = texts_of(made(rows, shared, kept, language))
        truth = exact(texts, min(thresholds))
        for name, sketcher in SETTINGS.items():
            found, _ = near_duplicates(texts, sketcher=sketcher)
            ours = {
                (int(a), int(b)): s
                for (a, b), s in zip(found.pairs, found.similarity.tolist(), strict=True)
            }
            for threshold in thresholds:
                yield f"| {language} | {threshold} | {line(truth, ours, threshold, name)} |"
    yield ""


def line(truth: Pairs, ours: Pairs, threshold: float, name: str) -> str:
    """One row of the table."""
    wanted = {pair for pair, similarity in truth.items() if similarity >= threshold}
    got = {pair for pair, similarity in ours.items() if similarity >= threshold}
    right = len(wanted & got)
    precision, recall = right / max(len(got), 1), right / max(len(wanted), 1)
    return f"{len(wanted)} | {name} | {precision:.4f} | {recall:.4f}"


def texts_of(file: Path) -> list[str]:
    """The text of every record of a made file."""
    records = map(orjson.loads, file.read_bytes().splitlines())
    return [f"{r['instruction']}\n{r['input']}\n{r['output']}" for r in records]


def exact(texts: list[str], threshold: float) -> Pairs:
    """Every pair at the threshold or above."""
    sets = [shingles(text) for text in texts]
    holders: dict[tuple[str, ...], list[int]] = {}
    for number, found in enumerate(sets):
        for shingle in found:
            holders.setdefault(shingle, []).append(number)
    common: dict[tuple[int, int], int] = {}
    for numbers in holders.values():
        for pair in combinations(numbers, 2):
            common[pair] = common.get(pair, 0) + 1
    similar = {
        pair: count / (len(sets[pair[0]]) + len(sets[pair[1]]) - count)
        for pair, count in common.items()
    }
    return {pair: similarity for pair, similarity in similar.items() if similarity >= threshold}


def shingles(text: str) -> set[tuple[str, ...]]:
    """Runs of five tokens; the whole of a shorter text."""
    tokens = TOKEN.findall(text)
    if 0 < len(tokens) < 5:
        return {tuple(tokens)}
    return {tuple(tokens[at : at + 5]) for at in range(len(tokens) - 4)}


def removable(data: Path) -> Iterator[str]:
    """How many records of sets without copies, or with shared contexts, could go."""
    yield "Records that could go (`near-duplicate` as the audit asks it, exact copies not counted):"
    yield ""
    yield "| set | records | at 0.9 | at 0.8 | at 0.7 | what is known |"
    yield "|---|---|---|---|---|---|"
    known = {
        "instruct_alpaca_en": "4, 9, 21 by 3-word shingles of instruction and input; those at 0.9 "
        "are other tasks on one long passage",
        "instruct_jaquad_ja": "paragraphs shared by several questions are no duplicates",
        "instruct_superni_en": "211 instructions, each with about 150 inputs, are no duplicates",
        "instruct_sql_en": "templates with other names",
    }
    for name, truth in known.items():
        counts = [asked(data / f"{name}.jsonl.gz", at) for at in (0.9, 0.8, 0.7)]
        cells = " | ".join(f"{count:,}" for count, _ in counts)
        yield f"| {name} | {counts[0][1]:,} | {cells} | {truth} |"
    yield ""


def asked(file: Path, threshold: float) -> tuple[int, int]:
    """How many records of a file could go, of how many."""
    with tempfile.TemporaryDirectory() as where:
        report = audit(
            file,
            workspace=Path(where),
            only=["near-duplicate"],
            changes=[f"near-duplicate.threshold={threshold}"],
        )
        return len(report.findings), report.document["rows"]["kept"]


def publisher(data: Path) -> Iterator[str]:
    """GPTeacher as its publisher thinned it out, against ours."""
    rows = records(data / "dup_gpteacher_thresholds_en.jsonl.gz")
    texts = [f"{r['instruction']}\n{r['input']}\n{r['output']}" for r in rows]
    yield f"GPTeacher Toolformer ({len(rows):,} records): kept by its publisher at each threshold "
    yield "(another measure of similarity, boilerplate counted in), and by plain text here:"
    yield ""
    yield "| threshold | publisher keeps | we keep |"
    yield "|---|---|---|"
    for threshold in (0.9, 0.8, 0.7, 0.6):
        theirs = sum(bool(row[f"kept_{threshold}"]) for row in rows)
        _, gone = near_duplicates(texts, threshold)
        yield f"| {threshold} | {theirs:,} | {len(rows) - len(gone.records):,} |"
    yield ""


def judged(data: Path) -> Iterator[str]:
    """Pairs that people judged: surface likeness against sameness of meaning."""
    yield "Surface is not meaning: pairs that people call the same, by their similarity here:"
    yield ""
    yield "| set | pairs called the same | at 0.8 or above | others | at 0.8 or above |"
    yield "|---|---|---|---|---|"
    for name, same in (
        ("dup_mrpc_en", lambda row: bool(row["is_duplicate"])),
        ("dup_jsts_ja", lambda row: row["similarity"] >= 4),
    ):
        groups: dict[bool, list[float]] = {True: [], False: []}
        for row in records(data / f"{name}.jsonl.gz"):
            groups[same(row)].append(jaccard(row["text1"], row["text2"]))
        cells = (f"{len(g):,} | {sum(s >= 0.8 for s in g):,}" for g in groups.values())
        yield f"| {name} | {' | '.join(cells)} |"
    yield from sites(data)


def sites(data: Path) -> Iterator[str]:
    """Short addresses with hand-made clusters."""
    rows = records(data / "dup_chicago_sites_en.jsonl.gz")
    texts = [f"{row['name']}\n{row['address']}".lower() for row in rows]
    clusters = [row["cluster"] for row in rows]
    found, _ = near_duplicates(texts, 0.5, Sketcher(32, 4))
    right = sum(clusters[a] == clusters[b] for a, b in found.pairs.tolist())
    sizes = pl.Series(clusters).value_counts()["count"]
    total = int((sizes * (sizes - 1) // 2).sum())
    yield ""
    yield f"Chicago sites ({len(rows):,} names with addresses of few words, {total:,} true pairs): "
    yield f"at 0.5 {len(found.pairs):,} pairs are found, {right:,} of them true. Records of a few "
    yield "words with abbreviations are a matter for record linkage, not for this check."
    yield ""


def jaccard(one: str, other: str) -> float:
    """The similarity of two texts."""
    a, b = shingles(one), shingles(other)
    return len(a & b) / len(a | b) if a and b else 0.0


def records(file: Path) -> list[dict[str, str]]:
    """The records of a public set."""
    with gzip.open(file, "rb") as lines:
        return [orjson.loads(row) for row in lines]


if __name__ == "__main__":
    main()
