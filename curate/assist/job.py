"""Job: one model, one file of kept replies, one budget; it says what it will spend, then asks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import typer

from curate.assist.asking import Outcome, Outlook, ask, outlook
from curate.assist.budget import Budget, Limits
from curate.assist.kept import Kept
from curate.assist.question import Model, Question
from curate.assist.server import Server
from curate.assist.weights import Weights
from curate.errors import BadSetting
from curate.locale import Translator
from curate.show.numbers import number
from curate.workspace import Workspace

FOLDER, FILE = "assist", "replies.sqlite"


@dataclass(frozen=True)
class Job:
    """What is needed to ask; made by `open_job`."""

    model: Model
    kept: Kept
    limits: Limits
    budget: Budget
    t: Translator
    dry_run: bool = False

    def ask(self, questions: Sequence[Question], says: str) -> list[Outcome]:
        """Say what this will take, then ask; a dry run ends here."""
        ahead = outlook(self.model, questions, self.kept)
        left = self.budget.limit - self.budget.spent if self.budget.limit is not None else None
        rate = self.limits.calls_a_minute
        typer.echo(
            f"{says}: "
            + self.t(
                "questions {n}, answered before {known}; the others cost about {likely} tokens, "
                "at most {most} if each is asked once"
            ).format(
                n=number(ahead.questions), known=number(ahead.known),
                likely=number(ahead.likely_tokens), most=number(ahead.most_tokens),
            )
        )  # fmt: skip
        typer.echo(
            self.t("budget in tokens: {tokens}; calls a minute: {rate}; at once: {at_once}").format(
                tokens=number(left) if left is not None else self.t("no limit"),
                rate=number(rate) if rate is not None else self.t("no limit"),
                at_once=self.limits.at_once,
            )
        )
        if left is not None and ahead.known < ahead.questions:
            self._enough(left, ahead)
        if self.dry_run:
            raise typer.Exit
        with progress(says, len(questions)) as advance:
            one = None if advance is None else partial(advance, 1)
            return ask(self.model, questions, self.kept, self.limits, one, self.budget)

    def _enough(self, left: int, ahead: Outlook) -> None:
        """BadSetting where nothing can be asked at all; a word where the budget will likely end."""
        if left < ahead.least_tokens and not (self.budget.spent or ahead.known):
            raise BadSetting(
                f"--max-tokens {left}: one question may cost {number(ahead.least_tokens)}; "
                "name at least that"
            )
        if left < ahead.likely_tokens:
            typer.echo(self.t("the budget will likely end before the questions do"))


@contextmanager
def open_job(
    where: Workspace,
    t: Translator,
    limits: Limits,
    server: str | None,
    model: str | None,
    timeout: float,
    dry_run: bool,
) -> Iterator[Job]:
    """The job of these flags; BadSetting where they name no model."""
    named = named_model(server, model, timeout)
    with Kept(where.path / FOLDER / FILE) as kept:
        yield Job(named, kept, limits, Budget(limits.tokens), t, dry_run)


def named_model(server: str | None, model: str | None, timeout: float) -> Model:
    """A server's model, or the weights in a folder."""
    if model is None:
        raise BadSetting(
            "--model is needed: with --server the name of a model there, as --server "
            "http://127.0.0.1:11434/v1 --model NAME; without it a folder of weights on this machine"
        )
    return Server(server, model, timeout) if server else Weights(Path(model))


@contextmanager
def progress(says: str, total: int) -> Iterator[Callable[[int], None] | None]:
    """A line with the share done and the time left; silent where nobody would see it."""
    from curate.show.progress import bar

    if not sys.stderr.isatty():
        yield None
        return
    with bar() as line:
        task = line.add_task(says, total=total, rate="")
        yield lambda steps: line.advance(task, steps)
