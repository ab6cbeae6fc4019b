"""A record that leaves the house style which nearly all others keep.

Dates in four forms, SQL in capitals here and small letters there, JSON with two indents: each is
right, and the mixture teaches the model to choose at random, so that its output cannot be
compared or parsed by simple means. The style of the data itself is the yardstick: nothing is
flagged unless a clear majority writes one form.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from curate.check import Check, Params, Weighed
from curate.content.house_style import ASPECTS, form_counts, majority, measured
from curate.finding import Hit

PICK = "pick"
WORDS = ["form", "majority"]  # of the message, to be said in the reader's language


def measure(records: pl.DataFrame, _: Params) -> pl.DataFrame:
    """One UInt8 column an aspect, and a number made of the record's id, to choose by."""
    facts = measured(records)
    shown = facts.select(pl.any_horizontal(pl.all() > 0).alias("shown"))["shown"].arg_true()
    ids = records["record_id"].gather(shown).str.slice(0, 8)
    numbers = ids.str.to_integer(base=16, dtype=pl.UInt32)
    pick = pl.zeros(len(facts), pl.UInt32, eager=True).scatter(shown, numbers)
    return facts.with_columns(pick.alias(PICK))


def weigh(facts: pl.DataFrame, params: Params) -> Weighed:
    """Count the forms; list at most `most` records an aspect, the same whatever their order."""
    measures: dict[str, Any] = {}
    listed: list[tuple[int, Hit]] = []
    for name, forms in form_counts(facts).items():
        total = sum(forms.values())
        usual = majority(forms)
        clear = usual is not None and forms[usual] >= params["share"] * total
        drift = total - forms[usual] if clear and usual and total >= params["min_records"] else 0
        measures[name] = {"forms": forms, "majority": usual, "records": total, "drifting": drift}
        if drift and usual:
            listed += strays(facts, name, forms, usual, params["most"])
    return Weighed(measures=measures, on_records=tuple(sorted(listed, key=lambda pair: pair[0])))


def strays(
    facts: pl.DataFrame, name: str, forms: dict[str, int], usual: str, most: int
) -> list[tuple[int, Hit]]:
    """The records that use another form than the majority, at most `most`, chosen by their ids."""
    aspect, total = ASPECTS[name], sum(forms.values())
    code = aspect.forms.index(usual) + 1
    numbered = facts.select(name, PICK).with_row_index("at")
    minority = numbered.filter((pl.col(name) != 0) & (pl.col(name) != code)).sort(PICK, "at")
    share = forms[usual] / total
    found = []
    for at, form, _ in minority.head(most).iter_rows():
        args = {
            "form": aspect.told(aspect.forms[form - 1]),
            "majority": aspect.told(usual),
            "share": f"{share:.0%}" if share < 0.995 else f"{share:.1%}",
            "records": total,
        }
        hit = Hit(
            aspect.says,
            args,
            field="answer",
            score=share,
            evidence={"aspect": name, "words": WORDS},
        )
        found.append((at, hit))
    return found


CHECK = Check(
    name="style-drift",
    says="the answer leaves the style that nearly all others keep",
    group="structure",
    severity="info",
    why=__doc__,
    params={"share": 0.80, "min_records": 20, "most": 200},
    fields=("answer",),
    measure=measure,
    weigh=weigh,
)
