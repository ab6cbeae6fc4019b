"""Telling: candidates made, written and audited, and in a few lines what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Protocol

import orjson
import typer

from curate.assist.beside import NUMBERS
from curate.assist.budget import Limits as Spend
from curate.assist.candidate import Candidate, write
from curate.assist.doubts import Limits, doubts_of, limits_of
from curate.assist.flags import Flags
from curate.assist.into import left_out_of, refuse_sources
from curate.assist.job import Job, open_job
from curate.assist.passages import LeftOut
from curate.assist.weights import Weights
from curate.audit import audit
from curate.errors import NothingToAudit
from curate.locale import Translator, translator
from curate.publish import write_whole
from curate.show.numbers import number
from curate.workspace import Workspace, find

SHOWN = 5  # reasons


class Done(Protocol):
    """What became of everything that was read."""

    @property
    def candidates(self) -> Sequence[Candidate]: ...
    @property
    def left_out(self) -> Sequence[LeftOut]: ...
    @property
    def read(self) -> int: ...


Make = Callable[[Weights | None, Job], Done]
"""What a command does with the weights that score, if any, and the model that writes."""


def candidates(make: Make, flags: Flags) -> None:
    """Have candidates made by the model that the flags name, and tell what came of them."""
    refuse_sources(flags.into, flags.sources)
    limits, where = limits_of(flags.changes), find(flags.workspace)
    may = Spend(tokens=flags.max_tokens, calls_a_minute=flags.per_minute, at_once=flags.at_once)
    scorer = Weights(flags.weights) if flags.weights else None
    with open_job(
        where, translator(flags.locale), may, flags.server, flags.model, flags.timeout,
        flags.dry_run,
    ) as job:  # fmt: skip
        told(make(scorer, job), flags, where, limits, job)


def told(done: Done, flags: Flags, where: Workspace, limits: Limits, job: Job) -> None:
    """Write the candidates and what was left out, audit them, and say what came of them."""
    t, into, page = job.t, flags.into, flags.out / "report.html"
    beside = left_out_of(into)
    write_whole(beside, b"".join(map(as_line, done.left_out)))
    passed = doubts_of(done.candidates, limits).count([])
    typer.echo(
        t(
            "read {read} = {made} candidates + {left} left out; "
            "no number speaks against {passed} of them"
        )
        .format(read=number(done.read), made=number(len(done.candidates)),
                left=number(len(done.left_out)), passed=number(passed))
    )  # fmt: skip
    for why, n in Counter(reason(t, one) for one in done.left_out).most_common(SHOWN):
        typer.echo(t("left out: {n}: {why}").format(n=number(n), why=why))
    missing = Counter(each for one in done.candidates for each in one.unmeasured.items())
    for (name, why), n in missing.most_common(SHOWN):
        says = t("not measured for {n}: {number} ({why})")
        typer.echo(says.format(n=number(n), number=t(NUMBERS[name]), why=t(why)))
    typer.echo(t("tokens spent: {n}").format(n=number(job.budget.spent)))
    if not done.candidates:
        stays = f"; {into} is as it was" if into.exists() else ""
        raise NothingToAudit(f"there is no candidate; why is in {beside}{stays}")
    write(done.candidates, into)
    report = audit(into, workspace=where.path, given=limits)
    report.save(flags.out, flags.locale)
    typer.echo(t("candidates: {into}; left out: {beside}").format(into=into, beside=beside))
    typer.echo(t("findings: {page}; decide with: curate review").format(page=page))


def reason(t: Translator, one: LeftOut) -> str:
    """Why a text was left out, in the user's language as far as the words are ours."""
    return t(one.says).format(**one.args) if one.args else t(one.says)


def as_line(one: LeftOut) -> bytes:
    """One text that is no candidate, and why."""
    told = {"source": one.source, "line": one.line, "why": one.why}
    return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)
