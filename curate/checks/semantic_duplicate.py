"""A record that says in other words what another one says.

Paraphrases count several times in training as copies do, and no comparison of letters finds them.
Asked only where an embedding model is given, and from a threshold that was measured for this model,
because a cosine of 0.8 is much for one model and nothing for another. Two records must be alike
by their prompts alone, because two questions with one answer teach two things, and by prompt and
answer together, because so do two answers to one question; a short answer hardly moves a long text,
so it is compared by itself as well. What many prompts share is left out, and where two prompts
share most of their text, what is their own must be alike too. What near-duplicate or
exact-duplicate finds is not told here. A model does not see every difference: a number or a "not"
changes little for it, so read before you decide. `pip install 'curate[meaning]'`; the model is a
folder of model2vec (or, with `curate[sentence-transformers]`, of that library), and
`curate calibrate MODEL PAIRS` measures the threshold on pairs that you call the same or not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from curate.check import Check, Params, Surveyed
from curate.checks import near_duplicate
from curate.checks.near_duplicate import PAIRS, PLACE, resolved, sizes
from curate.engines import Engine
from curate.errors import BadSetting
from curate.finding import Hit
from curate.snapshot import Snapshot

if TYPE_CHECKING:
    from curate.meaning.model import Model

SURFACE = near_duplicate.CHECK.params["threshold"]
"""Jaccard similarity from which a pair is the business of near-duplicate."""


def skip(params: Params) -> str | None:
    if not params["model"]:
        return "no model given; --set semantic-duplicate.model=PATH"
    if not params["threshold"]:
        opened(params["model"])  # a wrong path is told before a threshold is measured for it
        return "no threshold given; curate calibrate MODEL PAIRS measures one for your model"
    return None


def prepare(params: Params) -> Params:
    """The model, read once before the first record; BadSetting where there is none."""
    from curate.dedup.survivors import known
    from curate.meaning.nearest import graph

    if not 0 < params["threshold"] <= 1:
        raise BadSetting(f"semantic-duplicate.threshold = {params['threshold']}; allowed: 0 to 1")
    known(params["survivor"], "semantic-duplicate")
    graph()
    return {"opened": opened(params["model"])}


def opened(path: str) -> Model:
    """The model in a folder; BadSetting where there is none."""
    from curate.meaning.model import model_in

    try:
        return model_in(path)
    except BadSetting as error:
        raise BadSetting(f"semantic-duplicate.model: {error}") from error


def survey(snapshot: Snapshot, engine: Engine, params: Params) -> Surveyed:
    """Every pair at the threshold, and the records that could go."""
    from curate.dedup.survivors import columns_there
    from curate.meaning.alike import meant_alike

    columns_there(snapshot, params["survivor"], "semantic-duplicate")
    model, threshold = params["opened"], params["threshold"]
    found = meant_alike(snapshot, engine, model, threshold, SURFACE)
    columns = {"first": found.pairs[:, 0], "second": found.pairs[:, 1]}
    table = pl.DataFrame({**columns, "similarity": found.similarity}, schema=PAIRS)
    table = table.sort("first", "second")
    gone = resolved(snapshot, table, threshold, params["survivor"])
    named = {"name": model.name, "digest": model.digest}
    return Surveyed(
        checked=len(snapshot) - found.without,
        measures={
            "model": named,
            "pairs": len(table),
            "removable": len(gone),
            "sizes": {str(size): count for size, count in sizes(gone).items()},
            "without_known_words": found.without,
        },
        on_records=tuple(zip(gone["record"], hits(gone, named), strict=True)),
        table=table,
    )


def hits(gone: pl.DataFrame, model: dict[str, str]) -> Iterator[Hit]:
    """One for every record that could go."""
    for similarity, *place in gone.select("similarity", *PLACE).iter_rows():
        kept = dict(zip(PLACE, place, strict=True))
        yield Hit(
            "means the same as the record in line {line} of {source}, which would stay "
            "(cosine {cosine})",
            {"cosine": f"{similarity:.3f}", "line": kept["line"], "source": kept["source"]},
            score=round(similarity, 4),
            evidence={"kept": kept, "similarity": round(similarity, 4), "model": model},
        )


CHECK = Check(
    name="semantic-duplicate",
    says="it says in other words what another record says",
    group="pairs",
    severity="info",
    why=__doc__,
    params={
        "model": "",  # a folder of a model2vec or sentence-transformers model
        "threshold": 0.0,  # cosine, of each model its own; 0 is none
        "survivor": near_duplicate.CHECK.params["survivor"],
    },
    skip=skip,
    prepare=prepare,
    survey=survey,
)
