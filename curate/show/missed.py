"""Missed: what share of the near-duplicates an audit finds, told where it is no large one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text

from curate.checks.near_duplicate import CHECK, THOROUGH
from curate.dedup.sketch import Sketcher
from curate.locale import Translator
from curate.show.numbers import percent

SURE = 0.9  # share of the pairs at a threshold that are found; below, it is said


def missed_in(document: Mapping[str, Any], t: Translator) -> Iterator[Text]:
    """What is to be said of the near-duplicates in a report, at the threshold of its audit."""
    if CHECK.name in document["measures"]:
        settings = {**CHECK.params, **document["settings"].get(CHECK.name, {})}
        sketcher = Sketcher(settings["bands"], settings["rows"])
        yield from missed(sketcher, settings["threshold"], t)


def missed(sketcher: Sketcher, threshold: float, t: Translator) -> Iterator[Text]:
    """What share is found of the pairs at a threshold, and how more are; nothing of a large one."""
    found = sketcher.recall(threshold)
    if found >= SURE:
        return
    said = t(
        "Of the pairs that are just {threshold} alike this audit has found about {share} "
        "({bands} bands of {rows} rows)."
    )
    looked = {"bands": sketcher.bands, "rows": sketcher.rows}
    yield Text(said.format(threshold=f"{threshold:g}", share=percent(found), **looked), "yellow")
    if Sketcher(THOROUGH["bands"], THOROUGH["rows"]).recall(threshold) > found:
        yield Text(t("curate audit --thorough finds more."), "yellow")
