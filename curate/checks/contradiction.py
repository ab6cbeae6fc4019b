"""One prompt, answers that contradict each other.

The model is taught two truths for one question and learns to waver, or to guess. Most often two
annotators disagreed, a fact changed between two versions of the data, or the prompt lacks what
tells the cases apart, such as a dialect or a date. One finding stands for all answers to a prompt,
because a person decides on them together. Free answers that merely differ in wording are `info`,
and not told at all where the prompt asks to write, choose or rephrase: those have many good ones.
Of preferences, an answer that another record rejects is an error.
With `near` set, as to 0.8, nearly equal prompts are compared as well; it is off, because prompts
that differ in one name or year mostly ask two things.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import polars as pl

from curate.check import Check, Params, Said, Surveyed
from curate.checks.near_duplicate import LEAST
from curate.content.claims import SHORT, TERSE, Kind, disagreement
from curate.content.rival_answers import BEFORE, asked, rival_answers
from curate.content.sameness import folded, widths
from curate.engines import Engine
from curate.errors import BadSetting
from curate.finding import Hit, Severity
from curate.show.numbers import percent
from curate.snapshot import Snapshot

if TYPE_CHECKING:
    from curate.dedup.near_prompts import Rivals

ENDS = 8  # characters
LISTED = 50  # answers in the evidence; the total is said besides
EXCERPT, EXCERPT_OF_WORDING = 200, 80  # characters of each, fewer where only the wording differs

SAYS: dict[Kind | None, str] = {
    "exchanged": "{n} answers to this prompt, and what one record rejects another one answers",
    "label": "{n} answers to this prompt give different labels",
    "number": "{n} answers to this prompt state different numbers",
    "date": "{n} answers to this prompt state different dates",
    "negation": "{n} answers to this prompt, and one denies what another affirms",
    "text": "{n} short answers to this prompt differ",
    None: "{n} answers to this prompt differ in wording",
}
NEAR: dict[Kind, str] = {
    "label": "the prompt in line {line} of {source} is {similarity} like this one, and the "
    "answers give different labels",
    "number": "the prompt in line {line} of {source} is {similarity} like this one, and the "
    "answers state different numbers",
    "date": "the prompt in line {line} of {source} is {similarity} like this one, and the "
    "answers state different dates",
    "negation": "the prompt in line {line} of {source} is {similarity} like this one, and one "
    "answer denies what the other affirms",
}
PLACE = ("record_id", "source", "line")
SEVERITY: dict[Kind | None, Severity] = {"label": "error", "exchanged": "error", None: "info"}

# Prompts that ask for something to be made up, chosen or put differently: many answers are right.
OPEN = (
    r"(?i)\b(?:write|compose|create|generate|suggest|propose|name|give|list|invent|imagine"
    r"|brainstorm|come up|think of|describe|rewrite|rephrase|paraphrase|translate|summari[sz]e"
    r"|continue|complete|edit|design|recommend|random|example|choose|pick|role-?play|pretend"
    r"|favou?rite)\b|書いて|作成|作って|作り|考えて|提案|例を|例文|挙げて|要約|翻訳|訳して|言い換え"
    r"|続き|続けて|創作|自由に|ランダム|おすすめ|選んで|想像|演じ|感想"
)

# What two contradicting answers may differ in, roughly: taken out, they are equal.
_WORDS = """
 do not| does not| did not| don't| doesn't| didn't| never| not|n't| zero| one| two| three| four
| five| six| seven| eight| nine| ten| eleven| twelve| thousand| million| billion| trillion| january
| february| march| april| may| june| july| august| september| october| november| december| jan| feb
| mar| apr| jun| jul| aug| sep| oct| nov| dec|令和|平成|昭和|大正|明治
"""
CLAIM_WORDS = dict.fromkeys(_WORDS.replace("\n", "").split("|"), "") | {
    " can't": " can", " cannot": " can", " won't": " will"
}  # fmt: skip
CLAIM_SIGNS = r"\d[\d,.:/-]*(?:st|nd|rd|th)?|[ぁ-ん一二三四五六七八九十百千万億兆年月日元]+"


def settle(met: pl.DataFrame, _: Params) -> Iterator[tuple[int, Said]]:
    """One Hit for each prompt whose answers differ, on the record with the smallest id."""
    rivals = rival_answers(met)
    kinds = _kinds(rivals)
    disputed = _labelled(rivals, met) & {group for group, kind in kinds.items() if kind == "label"}
    rivals = rivals.filter(~pl.col("group").is_in(list(disputed)))
    kinds |= dict.fromkeys(_exchanged(rivals, met), "exchanged")
    stated = [group for group, kind in kinds.items() if kind != "text"]
    firsts = rivals.group_by("group", maintain_order=True).agg(pl.col("at").first(), n=pl.len())
    groups = firsts.with_columns(
        open=met["prompt"].gather(firsts["at"]).str.contains(OPEN),
        factual=pl.col("group").is_in(list(kinds)),
    ).filter(~pl.col("open") | pl.col("group").is_in(stated))
    shown = rivals.join(groups.drop("at"), on="group", maintain_order="left")
    told = _listed(shown, met)
    for group, answers in groupby(told.iter_rows(), key=itemgetter(0)):
        first, *others = answers
        yield first[1], _hit(kinds.get(group), [first, *others])


def _labelled(rivals: pl.DataFrame, met: pl.DataFrame) -> set[int]:
    """The groups whose every record says who labelled it how: their agreement is told elsewhere."""
    labels = met["annotations"].gather(rivals["at"])
    named = rivals.select("group", named=~labels.str.ends_with(":null}").fill_null(value=True))
    groups = named.group_by("group").agg(pl.col("named").all()).filter("named")
    return set(groups["group"])


def _exchanged(rivals: pl.DataFrame, met: pl.DataFrame) -> Iterator[int]:
    """The groups where the answer of one record is what another one rejects."""
    both = rivals.select("group", "answer", rejected=met["rejected"].gather(rivals["at"]))
    pairs = both.filter(pl.col("group").is_in(both.drop_nulls("rejected")["group"].implode()))
    folds = pairs.select("group", *(folded(pairs[name]) for name in ("answer", "rejected")))
    yield from folds.join(
        folds.filter(pl.col("rejected") != ""), left_on=["group", "answer"],
        right_on=["group", "rejected"], how="semi",
    )["group"].unique()  # fmt: skip


def _listed(shown: pl.DataFrame, met: pl.DataFrame) -> pl.DataFrame:
    """The answers that go into the evidence, cut to an excerpt, with their places."""
    width = pl.when("factual").then(EXCERPT).otherwise(EXCERPT_OF_WORDING)
    nth = pl.int_range(pl.len()).over("group")
    rows = shown.filter(nth < LISTED).select(
        "group", "at", "n", "open", pl.col("answer").str.slice(0, width)
    )
    places = met.select("record_id", "source", "line")[rows["at"]]
    return pl.concat([rows, places], how="horizontal")


def _hit(kind: Kind | None, told: Sequence[tuple[Any, ...]]) -> Hit:
    total, invites_many = told[0][2:4]
    answers = [
        {"answer": answer, "record_id": record_id, "source": source, "line": line}
        for *_, answer, record_id, source, line in told
    ]
    severity = SEVERITY.get(kind)
    return Hit(
        SAYS[kind],
        {"n": total},
        field="answer",
        severity="info" if invites_many and severity != "error" else severity,
        evidence={"kind": kind or "wording", "total": total, "answers": answers},
    )


def _kinds(rivals: pl.DataFrame) -> dict[int, Kind]:
    """In what the answers of a group contradict each other, for the groups where they do."""
    short = rivals.filter(widths(pl.col("answer")) <= SHORT)
    terse = short.filter(widths(pl.col("answer")) <= TERSE)
    terse = terse.filter(pl.col("group").is_duplicated())
    some = pl.concat([terse, _alike_but_for_claims(short)])
    answers = some.select("group", answer=folded(some["answer"]))
    groups = answers.group_by("group", maintain_order=True).agg("answer")
    found = ((group, disagreement(texts)) for group, texts in groups.iter_rows())
    return {group: kind for group, kind in found if kind}


def _alike_but_for_claims(short: pl.DataFrame) -> pl.DataFrame:
    """The answers that equal another of their group once their claims are taken out.

    Two such answers begin alike or end alike, which is seen fast.
    """
    begins = pl.col("opening").str.slice(0, ENDS)
    ends = pl.col("answer").str.tail(ENDS)
    near = short.filter(_shared("group", begins) | _shared("group", ends))
    words = folded(near["answer"]).str.replace_many(CLAIM_WORDS)
    verbs = words.str.replace_all("s ", " ", literal=True).str.strip_chars_end("s")
    rest = verbs.str.replace_all(CLAIM_SIGNS, "")
    return near.filter(near.select(_shared("group", rest)).to_series())


def _shared(group: str, value: pl.Expr | pl.Series) -> pl.Expr:
    named = value.alias("value")
    return pl.struct(group, named).is_duplicated()


def survey(snapshot: Snapshot, engine: Engine, params: Params) -> Surveyed:
    """Nearly equal prompts with answers that contradict each other; told of the smaller id."""
    if not params["near"]:
        return Surveyed(0, {"near": 0})
    from curate.dedup.near_prompts import rivals  # loads the compiler, so only where asked

    pairs = list(rivals(snapshot, engine, params["near"]))
    return Surveyed(0, {"near": len(pairs)}, tuple((pair.first, _near(pair)) for pair in pairs))


def _near(pair: Rivals) -> Hit:
    place = {name: pair.other[name] for name in ("line", "source")}
    answers = [
        {**{name: record[name] for name in PLACE}, "answer": str(record["answer"])[:EXCERPT]}
        for record in (pair.one, pair.other)
    ]
    return Hit(
        NEAR[pair.kind],
        {"similarity": percent(pair.similarity), **place},
        field="answer",
        evidence={"kind": pair.kind, "near": pair.similarity, "total": 2, "answers": answers},
    )


def prepare(params: Params) -> Params:
    """BadSetting where prompts would count as nearly equal that have little in common."""
    near = params["near"]
    if near and not LEAST <= near <= 1:
        raise BadSetting(f"contradiction.near = {near}; allowed: 0 (off), or {LEAST} to 1")
    return {}


def key(_: Params) -> pl.Expr:
    return asked()


CHECK = Check(
    name="contradiction",
    says="the same prompt has answers that contradict each other",
    group="pairs",
    severity="warn",
    why=__doc__,
    params={"near": 0.0},  # Jaccard similarity of prompts that count as nearly equal; 0: none
    fields=("prompt", "answer", "rejected", "annotations", *BEFORE),
    prepare=prepare,
    key=key,
    settle=settle,
    survey=survey,
)
