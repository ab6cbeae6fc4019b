"""A calibration as a table: what each threshold finds of the pairs that people called the same."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from curate.locale import Translator

SHOWN = 5  # every fifth threshold


def table(calibrated: pl.DataFrame, wanted: float | None, t: Translator) -> Iterator[str]:
    """In Markdown, the recommended threshold marked."""
    names = (t("threshold"), t("found"), t("right"), t("precision"), t("recall"))
    yield f"| {' | '.join(names)} |\n|---|---|---|---|---|"
    for place, (at, found, right, precision, recall) in enumerate(calibrated.iter_rows()):
        if place % SHOWN == 0 or at == wanted:
            name = f"**{at:.2f}**" if at == wanted else f"{at:.2f}"
            shares = ("-" if share is None else f"{share:.3f}" for share in (precision, recall))
            yield f"| {name} | {found} | {right} | {' | '.join(shares)} |"
    yield ""
