"""The class of a record: its label, its category, or one inferred from what the prompt asks.

An inferred class is the kind of task that the opening verb of an English instruction names, or the
closing verb of a Japanese one. It is a rough guess and always marked as inferred.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass

import polars as pl

from curate.content.screen import is_wide

OTHER = "other"
DECLARED = ("label", "category")  # columns, the first that holds classes wins
MOST_CLASSES = 500  # a column with more values than this does not hold classes

_VERBS = {
    "write": "write compose create generate draft craft construct design develop come invent make"
    " brainstorm produce formulate imagine build outline think",
    "question": "what who whom whose when where why how which is are was were can could do does did"
    " should would will has have",
    "explain": "explain describe define discuss elaborate state tell illustrate",
    "classify": "classify categorize categorise identify determine detect label assign decide"
    " predict select choose pick judge check",
    "summarize": "summarize summarise condense shorten",
    "translate": "translate",
    "rewrite": "rewrite edit rephrase reword paraphrase correct convert change replace transform"
    " modify revise improve fix rearrange reorder add remove insert delete complete",
    "suggest": "list name suggest give provide recommend propose find",
    "calculate": "calculate compute solve count multiply divide estimate",
    "compare": "compare contrast rank analyze analyse assess evaluate",
}
_CUES = {
    "write": "書いて 作成 作って 作り 考えて 生成 書き出し",
    "question": "ですか ますか でしたか ましたか のか 何 誰 どこ いつ なぜ どう どの いくつ",
    "explain": "説明 解説 述べ 教えて 定義",
    "classify": "分類 判定 判断 判別 識別 選んで 選択 特定",
    "summarize": "要約 まとめて 短く",
    "translate": "翻訳 訳して 英訳 和訳",
    "rewrite": "書き換え 言い換え 書き直 修正 校正 直して 変換 添削 並べ替え",
    "suggest": "挙げて 列挙 リスト 提案 おすすめ 候補",
    "calculate": "計算 求めて 求めよ 解いて",
    "compare": "比較 違い 評価 分析",
}
_KINDS = {
    form: kind
    for kind, words in _VERBS.items()
    for word in words.split()
    for form in (word, word.capitalize())
}
_JA_KINDS = {cue: kind for kind, cues in _CUES.items() for cue in cues.split()}
_POLITE = "Please "
_OPENING, _CLOSING = 12, 16  # characters in which the verb is looked for

_last: dict[str, tuple[weakref.ref[pl.DataFrame], pl.DataFrame]] = {}


@dataclass(frozen=True)
class Classes:
    """Which column holds the classes, and the facts of the records that have one, as `class`."""

    column: str
    inferred: bool
    facts: pl.DataFrame
    without: int  # records that have none


def class_columns(records: pl.DataFrame) -> pl.DataFrame:
    """`label`, `category` and `inferred` of each record; inferred only where it may be needed.

    Two checks ask for those of the same chunk, one after the other: the last are kept with it.
    """
    of, columns = _last.get("asked", (None, pl.DataFrame()))
    if of is None or of() is not records:
        columns = _class_columns(records)
        _last["asked"] = weakref.ref(records), columns
    return columns


def _class_columns(records: pl.DataFrame) -> pl.DataFrame:
    declared = records.select(pl.col(column).replace("", None) for column in DECLARED)
    if any(declared[column].null_count() == 0 for column in DECLARED):
        return declared.with_columns(inferred=pl.lit(None, dtype=pl.String))
    return declared.with_columns(inferred(records["instruction"]))


def inferred(instructions: pl.Series) -> pl.Series:
    """The kind of task of each instruction."""
    begins = instructions.str.strip_prefix(_POLITE).str.slice(0, _OPENING)
    words = begins.str.splitn(" ", 2).struct.field("field_0")
    kinds = words.replace_strict(_KINDS, default=None, return_dtype=pl.String)
    foreign = is_wide(instructions).arg_true()
    if len(foreign):
        japanese = _japanese(instructions.gather(foreign))
        english = kinds.gather(foreign)
        kinds = kinds.scatter(foreign, japanese.zip_with(japanese.is_not_null(), english))
    asks = instructions.str.ends_with("?") | instructions.str.ends_with("？")
    unnamed = pl.when(asks).then(pl.lit("question")).otherwise(pl.lit(OTHER))
    return pl.select(pl.coalesce(kinds, unnamed).alias("inferred")).to_series()


def _japanese(instructions: pl.Series) -> pl.Series:
    """The kind that the last cue names; the verb stands at the end."""
    cues = instructions.str.tail(_CLOSING).str.extract_many(list(_JA_KINDS), leftmost=True)
    return cues.list.last().replace_strict(_JA_KINDS, default=None, return_dtype=pl.String)


def chosen(facts: pl.DataFrame) -> Classes:
    """The declared column that holds classes, or else the inferred ones; `n` counts records."""
    for column in DECLARED:
        known = facts.filter(pl.col(column).is_not_null())
        many, records = known[column].n_unique(), known["n"].sum()
        if 2 <= many <= min(MOST_CLASSES, records / 2):
            return _classes(facts, column, guessed=False)
    return _classes(facts, "inferred", guessed=True)


def _classes(facts: pl.DataFrame, column: str, *, guessed: bool) -> Classes:
    known = facts.filter(pl.col(column).is_not_null()).with_columns(pl.col(column).alias("class"))
    without = int(facts.filter(pl.col(column).is_null())["n"].sum())
    return Classes(column, guessed, known, without)
