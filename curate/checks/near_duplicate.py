"""A record that says nearly the same as another one.

Copies with a word changed count several times in training and cost a reviewer a decision each; one
of them in the test set makes the test easier than life. Compared are prompt and answer together,
and of a preference pair the rejected answer too, by runs of five words (of five characters in
Japanese, Chinese or Thai), exactly. A word is what stands between white space; a text of fewer than
five is one run. Letter case, full and half width, the composition of characters and characters that
nobody sees do not count, punctuation does. What many prompts share, such as a system prompt or an
instruction with a hundred inputs, is left out, and two records that are alike only by a passage of
their prompts are not called duplicates; nor are those whose whole texts are not, prompt with prompt
and answer with answer: two tasks on one input, or a translation and its reverse. A short answer
weighs little beside a long prompt: where the answers differ, the finding says so. Every finding
stands on the record that could go, and on each of its exact copies, and names the kept one that it
is like itself: nothing goes by way of a chain. Exact copies of what stays are told by
exact-duplicate.

Which one stays is a list of reasons, and the first that tells two records apart decides: `reviewed`
(a person has decided that it stays), `majority` (its answer is the one that most of the cluster
give, exact copies counted), `longest` (runs of white space count once), `newest:COLUMN` (the
greater number where all are numbers, else the greater text: 2026-11-21 is, beside 2026-02-28, and
v9 beside v10), `score:COLUMN` (the greater number) and `id` (the smaller one). In the end the
record in ordinary characters is preferred (no odd blanks, none that nobody sees, NFKC), then the
one with the most exact copies, and then the smaller id. COLUMN is one of the data's own:
`--set near-duplicate.survivor=reviewed,newest:date`.

The threshold is a Jaccard similarity from 0.5 to 1. Of pairs that are just 0.8 alike 20 bands of 6
rows find 99.8%, of 0.7 92%, of 0.6 62% and of 0.5 27%; `--thorough` (32 of 4) finds all, 99.98%,
98.8% and 87%. The reasons for all this: docs/decisions/0008-what-a-near-duplicate-is.md.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from curate.check import Check, Params, Surveyed
from curate.engines import Engine
from curate.errors import BadSetting
from curate.finding import Hit
from curate.show.numbers import similar
from curate.snapshot import Snapshot

ENGINES = ("kernel", "datasketch")
PLACE = ("record_id", "source", "line")
SAYS = "{similarity} like the record in line {line} of {source}, which would stay"
OTHER_ANSWER = (
    "{similarity} like the record in line {line} of {source}, which would stay; the answers differ"
)
THOROUGH = {"bands": 32, "rows": 4}  # what `--thorough` means
LEAST = 0.5  # threshold; pairs that are less alike are not kept
PAIRS = {"first": pl.Int64, "second": pl.Int64, "similarity": pl.Float64}
"""The table of a survey: numbers of records in the snapshot, and how alike they are."""


def prepare(params: Params) -> Params:
    """BadSetting where a setting could not find anything."""
    from curate.dedup.survivors import known

    bands, rows, hashes = params["bands"], params["rows"], params["permutations"]
    if params["engine"] not in ENGINES:
        raise BadSetting(
            f"near-duplicate.engine = {params['engine']!r}; allowed: {', '.join(ENGINES)}"
        )
    if bands < 1 or rows < 1 or bands * rows > hashes:
        raise BadSetting(
            f"near-duplicate: {bands} bands of {rows} rows do not fit into {hashes} permutations"
        )
    if not LEAST <= params["threshold"] <= 1:
        raise BadSetting(f"near-duplicate.threshold = {params['threshold']}; allowed: {LEAST} to 1")
    known(params["survivor"], "near-duplicate")
    return {}


def survey(snapshot: Snapshot, engine: Engine, params: Params) -> Surveyed:
    """Every pair is kept in the table, so that the threshold can move; some are findings."""
    from curate.dedup.sketch import Sketcher
    from curate.dedup.survivors import columns_there
    from curate.dedup.whole import alike

    columns_there(snapshot, params["survivor"], "near-duplicate")
    sketcher = Sketcher(params["bands"], params["rows"], params["permutations"], params["engine"])
    pairs, similarity = alike(snapshot, engine, sketcher)
    columns = {"first": pairs[:, 0], "second": pairs[:, 1], "similarity": similarity}
    table = pl.DataFrame(columns, schema=PAIRS).sort("first", "second")
    gone = resolved(snapshot, table, params["threshold"], params["survivor"])
    return Surveyed(
        checked=len(snapshot),
        measures={
            "pairs": len(table),
            "removable": len(gone),
            "exact_copies": uncounted(snapshot, gone),
            "sizes": {str(size): count for size, count in sizes(gone).items()},
        },
        on_records=tuple(zip(gone["record"], hits(gone), strict=True)),
        table=table,
    )


def resolved(
    snapshot: Snapshot, table: pl.DataFrame, threshold: float, survivor: tuple[str, ...]
) -> pl.DataFrame:
    """What could go at a threshold, with all its copies: `record` and `kept` (numbers in the
    snapshot), `going` (the record's id), `similarity`, whether the `answers_differ`, and the kept
    record's `record_id`, `source` and `line`, the first where it has copies."""
    from curate.dedup.answers import answers_differ
    from curate.dedup.clusters import ranked
    from curate.dedup.copies import places_of
    from curate.dedup.survivors import COLUMNS, rank_of

    stays = reviewed(snapshot) if "reviewed" in survivor else ()
    close = table.filter(pl.col("similarity") >= threshold)
    numbers = pl.concat([close["first"], close["second"]]).unique().sort()
    records = snapshot.take(snapshot.places(numbers), COLUMNS)
    places = places_of(snapshot, records["record_id"])
    copies = places.group_by("record_id").len("copies")
    records = records.join(copies, on="record_id", how="left", maintain_order="left")
    pairs = close.select(
        numbers.search_sorted(close[name]).cast(pl.Int64).alias(name)
        for name in ("first", "second")
    ).to_numpy()
    gone, kept, similarity = ranked(
        pairs,
        close["similarity"].to_numpy(),
        rank_of(records, pairs, survivor, stays),
        threshold,
    )
    ids = records["record_id"]
    found = pl.DataFrame(
        {
            "going": ids[gone],
            "record_id": ids[kept],
            "similarity": similarity,
            "answers_differ": answers_differ(records[gone], records[kept]),
        }
    )
    every = places.select(going="record_id", record="number")
    first = places.unique("record_id", keep="first", maintain_order=True).rename({"number": "kept"})
    return found.join(every, on="going").join(first, on="record_id").sort("record")


def uncounted(snapshot: Snapshot, gone: pl.DataFrame) -> int:
    """How many records are exact copies of one that stays: the business of exact-duplicate."""
    from curate.dedup.copies import count_of_copies

    return count_of_copies(snapshot) - (len(gone) - gone["going"].n_unique())


def reviewed(snapshot: Snapshot) -> set[str]:
    """The records that people keep, by the store of the workspace that the snapshot lies in."""
    from curate.store import decisions
    from curate.store.database import open_store
    from curate.store.standing import standings
    from curate.workspace import Workspace

    store = open_store(Workspace(snapshot.path.parent.parent), reading=True)
    known = store.read(lambda on: standings(decisions.current_of(on)))
    store.engine.dispose()
    return {
        record_id
        for record_id, one in known.items()
        if one.verdict is not None and not one.drops({"record_id": record_id})
    }


def sizes(gone: pl.DataFrame) -> dict[int, int]:
    """How many clusters there are of each size, the record that stays among them."""
    members = gone.group_by("kept").len().select(pl.col("len") + 1)["len"]
    return dict(members.value_counts().sort("len").iter_rows())


def hits(gone: pl.DataFrame) -> Iterator[Hit]:
    """One for every record that could go."""
    columns = gone.select("similarity", "answers_differ", *PLACE)
    for similarity, differ, *place in columns.iter_rows():
        kept = dict(zip(PLACE, place, strict=True))
        yield Hit(
            OTHER_ANSWER if differ else SAYS,
            {"similarity": similar(similarity), "line": kept["line"], "source": kept["source"]},
            score=round(similarity, 4),
            evidence={"kept": kept, "similarity": similarity, "answers_differ": differ},
        )


CHECK = Check(
    name="near-duplicate",
    says="it says nearly the same as another record",
    group="pairs",
    severity="warn",
    why=__doc__,
    params={
        "threshold": 0.8,  # Jaccard similarity, 0.5 to 1
        "bands": 20,
        "rows": 6,  # hashes of a band
        "permutations": 128,
        "engine": "kernel",  # or datasketch
        "survivor": ("majority", "longest"),  # `curate.dedup.survivors` says what there is
    },
    prepare=prepare,
    survey=survey,
)
