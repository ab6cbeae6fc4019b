"""The groups of records that ask the same and answer differently.

Built for hundreds of thousands of records at once: most answers to one prompt already differ in
their first characters, so only the few groups that do not are compared in full.
"""

from __future__ import annotations

import polars as pl

from curate.content.sameness import folded, folded_column, wordings

BEFORE = ("system", "history")  # besides the prompt, what must be equal letter for letter
OPENING = 16  # folded characters


def asked() -> pl.Expr:
    """Equal UInt64 for records that ask the same; null where prompt or answer is empty."""
    prompt = pl.col("prompt")
    number = prompt.map_batches(wordings, return_dtype=pl.UInt64, is_elementwise=True)
    for seed, column in enumerate(BEFORE, start=1):
        number = number ^ pl.col(column).hash(seed=seed)
    blank = (pl.col("prompt").fill_null("") == "") | (pl.col("answer").fill_null("") == "")
    return pl.when(~blank).then(number)


def rival_answers(met: pl.DataFrame) -> pl.DataFrame:
    """One row for each different record of a group that holds two different answers.

    `met` is sorted by `key` (of `asked`) and record_id. The columns are `at`, the row in `met`;
    `group`; `answer`; and `opening`, the folded beginning of the answer.
    """
    alike = _asked_alike(met)
    answers = met["answer"].gather(alike["at"])
    openings = folded(answers.str.slice(0, 2 * OPENING))
    rows = alike.with_columns(answer=answers, opening=openings)
    # An opening that white space or punctuation has eaten does not tell.
    eaten = (pl.col("opening").str.len_chars() < OPENING) & (
        pl.col("answer").str.len_chars() > 2 * OPENING
    )
    begins = pl.col("opening").str.slice(0, OPENING)
    groups = (
        rows.select("group", eaten=eaten, varies=_changes(begins))
        .group_by("group")
        .agg(pl.col("varies").any() & ~pl.col("eaten").any(), several=pl.len() > 1)
    )
    told = groups.filter("varies")["group"]
    doubtful = groups.filter(~pl.col("varies") & pl.col("several"))["group"]
    found = pl.concat([told, _vary_in_full(rows, doubtful)])
    return rows.filter(pl.col("group").is_in(found.implode()))


def _vary_in_full(rows: pl.DataFrame, groups: pl.Series) -> pl.Series:
    """Those of `groups` whose whole answers differ."""
    some = rows.filter(pl.col("group").is_in(groups.implode()))
    whole = some.select("group", answer=folded(some["answer"]))
    return whole.filter(_changes(pl.col("answer")))["group"].unique()


def _asked_alike(met: pl.DataFrame) -> pl.DataFrame:
    """`at` and `group` of each different record, equal groups for the same question.

    Equal keys nearly always mean equal prompts; where the texts under one key are not the same
    letter for letter, they are compared in full.
    """
    rows = met.select("key", "record_id").with_row_index("at")
    same = _repeats("key")
    texts = pl.any_horizontal(~_repeats(column) for column in ("prompt", *BEFORE))
    mixed = met.filter(same & texts)["key"].unique()
    if len(mixed):
        rows = rows.with_columns(spelling=_spelled(met, mixed))
        rows = rows.sort("key", "spelling", maintain_order=True)
        same = same & _repeats("spelling")
    rows = rows.with_columns(group=(~same).cum_sum())
    return rows.filter(~(same & _repeats("record_id"))).select("at", "group")


def _spelled(met: pl.DataFrame, keys: pl.Series) -> pl.Series:
    """The folded prompt and what goes before it, for records of these keys; null for others."""
    parts = [folded_column("prompt"), *(pl.col(column).fill_null("") for column in BEFORE)]
    rows = met["key"].is_in(keys.implode()).arg_true()
    texts = met[rows].select(pl.concat_str(parts, separator="\x1f"))
    return pl.repeat(None, len(met), dtype=pl.String, eager=True).scatter(rows, texts.to_series())


def _repeats(column: str) -> pl.Expr:
    """Whether a value is the one of the row before."""
    first = pl.int_range(pl.len()) == 0
    return pl.col(column).eq_missing(pl.col(column).shift()) & ~first


def _changes(value: pl.Expr) -> pl.Expr:
    """Whether a value is another than in the row before, inside one group."""
    return ((value != value.shift()) & (pl.col("group") == pl.col("group").shift())).fill_null(
        value=False
    )
