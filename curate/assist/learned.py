"""Learned: what weights of one's own say of records, as checks of an audit.

Three numbers of `curate.assist.measure`: the loss, what the prompt adds to the answer's likelihood
(IFD), and the prompt's rank among near ones. Numbers are held against those of the same language:
what a model knows of one language says nothing of another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from statistics import median

import polars as pl

from curate.assist.candidate import Candidate
from curate.assist.remarks import check
from curate.check import Check, Params, Row, Said
from curate.content.language import languages
from curate.finding import Hit, Unsure

LEAST_ANSWERS = 30  # of a language, to say what is usual in it
MOST_UNLIKE = 3.5  # modified z-score; Iglewicz and Hoaglin (1993) call what is beyond an outlier
LEAST_FIRST = 0.5  # of the prompts, or the weights tell hardly any prompt from its neighbours

TOO_FEW = Unsure("too few answers in its language to hold it against")

WHY_UNHELPED = """
A model that knows the language finds the answer no likelier once it has seen the prompt. Mostly the
answer belongs to another prompt, or to none.
"""
WHY_MISMATCHED = """
Of prompts that read alike, another one makes the answer likelier than its own does. Often answers
were shifted by a row, or pasted under the neighbouring question. Weights that do not put most
prompts of a language first are not believed.
"""
WHY_UNLIKELY = """
A model that knows the language expected this answer far less than the others in it: words in
disorder, typing errors throughout, another language, or something rare and right.
"""

Named = Mapping[str, Candidate]
"""Record id -> its pair with its numbers."""


def learned(measured: Named) -> list[Check]:
    """The checks that say what weights said."""
    spoken = languages_of(measured)
    first, usual = first_shares(measured, spoken), usual_losses(measured, spoken)
    return [
        check("unhelped-answer", "the prompt does not make the answer likelier", "warn",
              WHY_UNHELPED, partial(unhelped, measured)),
        check("mismatched-answer", "another prompt makes the answer likelier", "warn",
              WHY_MISMATCHED, partial(mismatched, measured, spoken, first)),
        check("unlikely-answer", "a model finds the answer far less likely than others", "info",
              WHY_UNLIKELY, partial(unlikely, measured, spoken, usual)),
    ]  # fmt: skip


def languages_of(measured: Named) -> dict[str, str]:
    """The language of each answer, or of its prompt where the answer is too short to tell."""
    pairs = measured.values()
    said = zip(
        measured,
        languages(pl.Series([one.answer for one in pairs], dtype=pl.String)),
        languages(pl.Series([one.prompt for one in pairs], dtype=pl.String)),
        strict=True,
    )
    return {name: answered or asked for name, answered, asked in said if answered or asked}


def first_shares(measured: Named, spoken: Mapping[str, str]) -> dict[str, float]:
    """By language, the share of prompts that rank first for their answers; not of a few."""
    ranks = numbers_by_language(measured, spoken, "rank")
    return {
        language: sum(rank == 1 for rank in every) / len(every) for language, every in ranks.items()
    }


def usual_losses(measured: Named, spoken: Mapping[str, str]) -> dict[str, tuple[float, float]]:
    """By language, the median loss, and the median distance from it; not of a few."""
    usual = {}
    for language, every in numbers_by_language(measured, spoken, "loss").items():
        middle = median(every)
        spread = median(abs(loss - middle) for loss in every)
        if spread > 0:
            usual[language] = (middle, spread)
    return usual


def numbers_by_language(
    measured: Named, spoken: Mapping[str, str], name: str
) -> dict[str, Sequence[float]]:
    """One number of all answers, by language, where there are enough."""
    found: dict[str, list[float]] = {}
    for record_id, language in spoken.items():
        value = measured[record_id].numbers.get(name)
        if value is not None:
            found.setdefault(language, []).append(float(value))
    return {language: every for language, every in found.items() if len(every) >= LEAST_ANSWERS}


def unhelped(measured: Named, row: Row, _: Params) -> Iterator[Said]:
    """The prompt makes the answer no likelier."""
    delta = number_of(measured, row, "ifd_delta")
    if isinstance(delta, Unsure):
        yield delta
    elif delta <= 0:
        says = "the prompt changes the answer's log-likelihood by {value} a token"
        yield hit(measured, row, says, {"value": delta}, -delta)


def mismatched(
    measured: Named, spoken: Mapping[str, str], first: Mapping[str, float], row: Row, _: Params
) -> Iterator[Said]:
    """A near prompt makes the answer likelier than its own."""
    rank = number_of(measured, row, "rank")
    share = first.get(spoken.get(row["record_id"], ""))
    if isinstance(rank, Unsure):
        yield rank
    elif share is None:
        yield TOO_FEW
    elif share < LEAST_FIRST:
        yield Unsure("in its language these weights rank too few prompts first to be believed")
    elif rank > 1:
        says = "for this answer its prompt ranks {rank} of {of} near ones"
        told = measured[row["record_id"]].numbers
        yield hit(measured, row, says, {"rank": told["rank"], "of": told["of"]}, rank)


def unlikely(
    measured: Named,
    spoken: Mapping[str, str],
    usual: Mapping[str, tuple[float, float]],
    row: Row,
    _: Params,
) -> Iterator[Said]:
    """The loss stands out from those of its language (modified z-score)."""
    loss = number_of(measured, row, "loss")
    language = spoken.get(row["record_id"], "")
    if isinstance(loss, Unsure):
        yield loss
    elif language not in usual:
        yield TOO_FEW
    else:
        middle, spread = usual[language]
        unlike = 0.6745 * (loss - middle) / spread
        if unlike > MOST_UNLIKE:
            says = (
                "its loss is {loss} a token; half of the answers in its language are under {usual}"
            )
            yield hit(measured, row, says, {"loss": loss, "usual": round(middle, 4)}, unlike)


def number_of(measured: Named, row: Row, name: str) -> float | Unsure:
    """A number of a record, or why there is none."""
    one = measured.get(row["record_id"])
    if one is None:
        return Unsure("no weights scored it")
    value = one.numbers.get(name)
    return Unsure(one.unmeasured[name]) if value is None else float(value)


def hit(measured: Named, row: Row, says: str, args: Mapping[str, object], score: float) -> Hit:
    """What stands in the report, with all numbers of the pair."""
    evidence = {"numbers": dict(measured[row["record_id"]].numbers)}
    return Hit(says, args, field="answer", score=round(score, 4), evidence=evidence)
