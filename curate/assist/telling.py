"""Telling: candidates into a file and through the audit, and what came of them in a few lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import orjson
import typer

from curate.assist.candidate import Candidate, write
from curate.assist.documents import LeftOut
from curate.assist.doubts import CHECKS, doubts_of
from curate.assist.gate import Limits, audited
from curate.assist.job import Job
from curate.errors import NothingToAudit
from curate.publish import write_whole
from curate.show.numbers import number
from curate.workspace import Workspace

SHOWN = 5  # reasons


class Done(Protocol):
    """What became of everything that was read."""

    @property
    def candidates(self) -> Sequence[Candidate]: ...
    @property
    def left_out(self) -> Sequence[LeftOut]: ...
    @property
    def read(self) -> int: ...


def told(
    done: Done, into: Path, out: Path, where: Workspace, limits: Limits, locale: str, job: Job
) -> None:
    """Write the candidates and what was left out, audit them, and say what came of them."""
    t = job.t
    write(done.candidates, into)
    beside = into.with_suffix(".left-out.jsonl")
    write_whole(beside, b"".join(map(as_line, done.left_out)))
    passed = sum(not doubts_of(one, limits) for one in done.candidates)
    typer.echo(
        t("read {read} = {made} candidates + {left} left out; no number speaks against {passed}")
        .format(read=number(done.read), made=number(len(done.candidates)),
                left=number(len(done.left_out)), passed=number(passed))
    )  # fmt: skip
    for why, n in Counter(one.why for one in done.left_out).most_common(SHOWN):
        typer.echo(t("left out: {n}: {why}").format(n=number(n), why=why))
    typer.echo(t("tokens spent: {n}").format(n=number(job.budget.spent)))
    if not done.candidates:
        raise NothingToAudit(f"there is no candidate; why is in {beside}")
    report = audited([str(into)], CHECKS, where, limits)
    report.save(out, locale)
    typer.echo(t("candidates: {into}; left out: {beside}").format(into=into, beside=beside))
    typer.echo(t("findings: {page}; decide with: curate review").format(page=out / "report.html"))


def as_line(one: LeftOut) -> bytes:
    """One text that is no candidate, and why."""
    told = {"source": one.source, "line": one.line, "why": one.why}
    return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)
