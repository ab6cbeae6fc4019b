"""Charts: what the checks measured, made ready to draw; the drawing itself is in the templates.

Every function takes the measures of one check and gives charts: plain values, with lengths in
percent of the width, so that a chart fits a wide screen and a phone. No measure, no chart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import inf
from typing import TYPE_CHECKING, Any

import polars as pl

from curate.checks.refusal_share import CHECK
from curate.locale import Translator
from curate.show.numbers import number

if TYPE_CHECKING:
    from curate.report import Report

Chart = dict[str, Any]
Measures = Mapping[str, Any]
Bin = tuple[float, float, int]
"""From, to, count."""

ROWS = 12  # bars in one chart; the rest is counted in a last one
FEWEST = 5  # columns drawn, so that one alone is not a wall
SHORT = 5  # classes named as short of records
FEW = 20  # records; the interval of a smaller category is as wide as the picture and tells nothing
SIZES = ((2, 2), (3, 3), (4, 4), (5, 5), (6, 10), (11, 20), (21, 50), (51, 100), (101, None))
LANGUAGES = {
    "ar": "العربية", "bn": "বাংলা", "cs": "Čeština", "da": "Dansk", "de": "Deutsch",
    "el": "Ελληνικά", "en": "English", "es": "Español", "fa": "فارسی", "fi": "Suomi",
    "fr": "Français", "he": "עברית", "hi": "हिन्दी", "hu": "Magyar", "id": "Indonesia",
    "it": "Italiano", "ja": "日本語", "ko": "한국어", "nl": "Nederlands", "no": "Norsk",
    "pl": "Polski", "pt": "Português", "ro": "Română", "ru": "Русский", "sv": "Svenska",
    "th": "ไทย", "tr": "Türkçe", "uk": "Українська", "vi": "Tiếng Việt", "zh": "中文",
}  # fmt: skip


def charts(report: Report, t: Translator) -> list[Chart]:
    """All charts that the report's measures allow, in the order shown."""
    measures, settings = report.document["measures"], report.document["settings"]
    return [
        *lengths(measures.get("length-outliers", {}), t),
        *languages(measures.get("unexpected-language", {}), t),
        *classes(measures.get("class-imbalance", {}), t),
        *mix(measures.get("source-mix", {}), t),
        *refusals(measures.get("refusal-share", {}), settings.get("refusal-share", {}), t),
        *clusters(report.findings, measures, t),
    ]


def lengths(measured: Measures, t: Translator) -> Iterator[Chart]:
    """How long prompts and answers are: two histograms."""
    titles = {"prompt": t("Length of prompts"), "answer": t("Length of answers")}
    for field, title in titles.items():
        spread = measured.get(field) or {}
        bins = trimmed(spread.get("edges", []), spread.get("counts", []))
        if not bins:
            continue
        most = max(count for _, _, count in bins)
        marks = [(t("median"), spread.get("median")), (t("95% are below"), spread.get("p95"))]
        yield {
            "kind": "histogram",
            "title": title,
            "unit": t("characters"),
            "note": t("characters, on a logarithmic scale"),
            "bins": [(*one, 100 * one[2] / most) for one in bins],
            "ticks": ticks([low for low, _, _ in bins]),
            "marks": [(n, value, along(bins, value)) for n, value in marks if value is not None],
            "maximum": spread.get("max"),
        }


def trimmed(edges: Sequence[float], counts: Sequence[int]) -> list[Bin]:
    """Bins (from, to, count) without the empty ones at both ends; the last may be open."""
    highs = [*edges[1:], inf][: len(counts)]
    bins = list(zip(edges, highs, counts, strict=False))
    full = [at for at, (_, _, count) in enumerate(bins) if count]
    return bins[full[0] : full[-1] + 1] if full else []


def ticks(lows: Sequence[float], wanted: int = 6) -> list[tuple[float, float]]:
    """Where a few bins begin: (value, percent of the width)."""
    step = max(1, round(len(lows) / wanted))
    return [(lows[at], 100 * at / len(lows)) for at in range(0, len(lows), step)]


def along(bins: Sequence[Bin], value: float) -> float:
    """Where a value lies among bins that are all drawn equally wide, in percent."""
    for place, (low, high, _) in enumerate(bins):
        if value <= high:
            inside = (value - low) / (high - low)
            return 100 * (place + max(inside, 0)) / len(bins)
    return 100


def languages(measured: Measures, t: Translator) -> Iterator[Chart]:
    """Which languages answers and prompts are in."""
    titles = {"answers": t("Language of answers"), "prompts": t("Language of prompts")}
    for part, title in titles.items():
        counts = measured.get(part)
        if isinstance(counts, Mapping) and counts:
            named = [(language(code), count) for code, count in counts.items()]
            yield bars(title, named)


def language(code: str) -> str:
    """A language by its own name, with its code."""
    return f"{LANGUAGES[code]} ({code})" if code in LANGUAGES else code


def classes(measured: Measures, t: Translator) -> Iterator[Chart]:
    """How many records each class has, and what is short."""
    if not measured.get("classes"):
        return
    inferred = bool(measured.get("inferred"))
    counts = [(t(name) if inferred else name, count) for name, count in measured["classes"]]
    legend = []
    if "ratio" in measured:
        said = t("largest to smallest {ratio} to 1; as mixed as {n} equal classes")
        classes = number(measured["effective_classes"])
        legend.append(said.format(ratio=number(measured["ratio"]), n=classes))
    if measured.get("without"):
        legend.append(t("in no class: {n} records").format(n=number(measured["without"])))
    if measured.get("collect_next") and not inferred:
        short = [f"{name} +{number(count)}" for name, count in measured["collect_next"][:SHORT]]
        legend.append(t("to collect next: {classes}").format(classes=t(", ").join(short)))
    title = t("Kinds of task, inferred from the prompts") if inferred else t("Classes")
    note = None if inferred else measured.get("column")
    yield {**bars(title, counts), "note": note, "legend": legend}


def mix(measured: Measures, t: Translator) -> Iterator[Chart]:
    """How many records each source or origin brings; where all are from one, no picture."""
    titles = {"source": t("Records by source"), "origin": t("Records by origin")}
    for part, title in titles.items():
        sources = (measured.get(part) or {}).get("sources", ())
        if len(sources) > 1:
            yield bars(title, [(name, count) for name, count, *_ in sources])


def bars(title: str, counts: Iterable[Sequence[Any]]) -> Chart:
    """Horizontal bars, longest first; what does not fit is counted together."""
    ranked = sorted(
        ((str(name), int(count)) for name, count in counts), key=lambda c: (-c[1], c[0])
    )
    total = sum(count for _, count in ranked) or 1
    shown, rest = ranked[:ROWS], ranked[ROWS:]
    longest = shown[0][1] if shown and shown[0][1] else 1
    made = [
        {"name": name, "count": count, "share": count / total, "width": 100 * count / longest}
        for name, count in shown
    ]
    others = sum(count for _, count in rest)
    return {
        "kind": "bars",
        "title": title,
        "bars": made,
        "others": {"classes": len(rest), "count": others, "share": others / total}
        if rest
        else None,
    }


def refusals(measured: Measures, changed: Measures, t: Translator) -> Iterator[Chart]:
    """The share of refusals in total and by category, against the expected band."""
    if not measured.get("total"):
        return
    inferred = bool(measured.get("inferred"))
    whole = (t("All records"), measured["total"], measured["refusals"], measured["share"])
    rows = [(*whole, *measured["interval"])]
    for name, *counts in measured.get("categories", ()):
        rows.append((t(name) if inferred else str(name), *counts))
    params = {**CHECK.params, **changed}
    low, high = params["floor"], params["expected"]
    top = min(1.0, 1.15 * max(high, 0.04, *(row[3] for row in rows)))
    yield {
        "kind": "shares",
        "title": t("Share of refusals"),
        "note": t("by the kind of task, inferred from the prompts") if inferred else None,
        "rows": [share(row, top) for row in rows[: ROWS + 1]],
        "left_out": max(0, len(rows) - ROWS - 1),
        "few": FEW if any(row[1] < FEW for row in rows) else None,
        "top": top,
        "band": (100 * low / top, 100 * (high - low) / top, low, high),
    }


def share(row: tuple[Any, ...], top: float) -> dict[str, Any]:
    """One line of a share chart: the share and its interval in percent of the width."""
    name, total, refusals, part, low, high = row
    places = {
        key: 100 * min(at / top, 1) for key, at in (("at", part), ("low", low), ("high", high))
    }
    counts = {"records": total, "refusals": refusals, "few": total < FEW}
    return {"name": name, "share": part, **counts, **places}


def clusters(findings: pl.DataFrame, measures: Measures, t: Translator) -> Iterator[Chart]:
    """How many records the groups of duplicates hold."""
    titles = {
        "exact-duplicate": t("Groups of exact duplicates, by size"),
        "near-duplicate": t("Groups of near-duplicates, by size"),
    }
    for check, title in titles.items():
        counted = measures.get(check, {}).get("sizes") or {}
        sizes = {int(size): int(groups) for size, groups in counted.items()}
        sizes = sizes or group_sizes(findings.filter(pl.col("check") == check))
        if not sizes:
            continue
        columns = [(label(low, high), between(sizes, low, high)) for low, high in SIZES]
        while len(columns) > FEWEST and not columns[-1][1]:
            columns.pop()
        most = max(count for _, count in columns)
        yield {
            "kind": "columns",
            "title": title,
            "unit": t("records in a group"),
            "columns": [(name, count, 100 * count / most) for name, count in columns],
            "groups": sum(sizes.values()),
            "largest": max(sizes),
        }


def group_sizes(found: pl.DataFrame) -> dict[int, int]:
    """Size: groups of that size; each of its records but the first has a finding that says it."""
    said = found["evidence"].str.extract(r'"size":(\d+)').cast(pl.Int64).drop_nulls()
    return {
        size: max(1, round(n / (size - 1)))
        for size, n in said.value_counts().iter_rows()
        if size > 1
    }


def between(sizes: Mapping[int, int], low: int, high: int | None) -> int:
    """How many groups are of these sizes."""
    return sum(n for size, n in sizes.items() if low <= size and (high is None or size <= high))


def label(low: int, high: int | None) -> str:
    """`4`, `6–10`, `101+`."""
    if high is None:
        return f"{low}+"
    return str(low) if low == high else f"{low}–{high}"
