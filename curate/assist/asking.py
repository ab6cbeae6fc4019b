"""Asking: many questions to one model; every one comes back as an Answer or as Unanswered.

Questions are let through in their order, so that where a budget ends does not depend on how many
are asked at once, and a run that was killed and taken up again gives what it would have given.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

from curate.assist.budget import Budget, Limits, Pace
from curate.assist.kept import Kept, KeptReply
from curate.assist.question import (
    Answer,
    Busy,
    Model,
    NoModel,
    Question,
    TurnedDown,
    Unanswered,
    understood,
)

OVER_BUDGET = Unanswered(says="the token budget is spent")
ATTEMPTS = "{attempts} attempts, the last: {why}"
SILENT = 5  # questions in a row that nothing came back of: whoever was to answer is gone
STIRRED = 0.5  # least temperature of a further attempt: what came of none would come again

Outcome = Answer | Unanswered


@dataclass(frozen=True, slots=True)
class Outlook:
    """What asking will take, known before the first call."""

    questions: int
    known: int  # answered before; they are not asked again
    most_tokens: int  # that the others can cost at most, one attempt each
    likely_tokens: int
    least_tokens: int  # that must be left for the cheapest of them


def outlook(model: Model, questions: Sequence[Question], kept: Kept) -> Outlook:
    """Count what is known and what the rest may cost."""
    open_ones = [q for q in questions if settled(model, q, kept.of(q.key(model.name))) is None]
    return Outlook(
        len(questions),
        len(questions) - len(open_ones),
        sum(q.bound for q in open_ones),
        sum(likely(q) for q in open_ones),
        min((q.bound for q in open_ones), default=0),
    )


def likely(question: Question) -> int:
    """Tokens that a call likely costs: four ASCII characters or one other make a token."""
    text = "".join(said for _, said in question.messages)
    plain = sum(char.isascii() for char in text)
    return plain // 4 + len(text) - plain + question.most_tokens // 2


def settled(model: Model, question: Question, replies: Sequence[KeptReply]) -> Answer | None:
    """The answer among the replies that are there; None where none is of use."""
    for reply in replies:
        try:
            value = understood(question, reply.text)
        except ValueError:
            continue
        spent = sum(each.cost for each in replies if each.attempt <= reply.attempt)
        return Answer(
            value, model.name, question.prompt_hash, question.parameters, reply.asked_at, spent
        )
    return None


def ask(
    model: Model,
    questions: Sequence[Question],
    kept: Kept,
    limits: Limits | None = None,
    advance: Callable[[], None] | None = None,
    budget: Budget | None = None,
) -> list[Outcome]:
    """Ask every question, many at once; one outcome for each, in their order.

    NoModel ends it where the model cannot be asked at all; what was answered until then is kept.
    """
    limits = limits or Limits()
    asker = Asker(model, kept, limits, budget or Budget(limits.tokens))
    told = advance or (lambda: None)
    waiting: list[Future[Outcome] | Outcome] = []
    first: dict[str, Future[Outcome] | Outcome] = {}
    with ThreadPoolExecutor(limits.at_once) as pool:
        for question in questions:
            key = question.key(model.name)
            if key not in first:
                first[key] = asker.let_in(question, key, pool)
                noticed(first[key], told)
            else:
                told()
            waiting.append(first[key])
    outcomes = [each.result() if isinstance(each, Future) else each for each in waiting]
    if asker.stopped is not None:
        raise asker.stopped
    return outcomes


def noticed(outcome: Future[Outcome] | Outcome, told: Callable[[], None]) -> None:
    """Tell of an outcome, now or once it is there."""
    if isinstance(outcome, Future):
        outcome.add_done_callback(lambda _: told())
    else:
        told()


class Asker:
    """One run of questions: what it may spend, and whether it had to stop."""

    def __init__(self, model: Model, kept: Kept, limits: Limits, budget: Budget) -> None:
        self.model, self.kept, self.limits, self.budget = model, kept, limits, budget
        self.stopped: Exception | None = None
        self._pace = Pace(limits.calls_a_minute)
        self._slots = threading.Semaphore(limits.at_once)
        self._over = self._answered = False
        self._silent = 0  # questions without any reply, since the last reply

    def let_in(
        self, question: Question, key: str, pool: ThreadPoolExecutor
    ) -> Future[Outcome] | Outcome:
        """Take the answer that is known, or start asking; the budget is looked at in order."""
        replies = self.kept.of(key)
        paid = sum(reply.cost for reply in replies)
        known = self._ended(question, replies)
        if known is None:
            self._slots.acquire()  # before the tokens are held: who waits for a slot holds none
        needed = paid if known is not None else paid + question.bound
        if self._over or self.stopped is not None or not self.budget.reserve(needed):
            self._over = True
            if known is None:
                self._slots.release()
            return OVER_BUDGET
        self.budget.settle(paid, paid)
        return known or pool.submit(self._asked, question, key, replies)

    def _ended(self, question: Question, replies: Sequence[KeptReply]) -> Outcome | None:
        """What an earlier run made of the question, if it came to an end with it."""
        known = settled(self.model, question, replies)
        if known is None and len(replies) >= self.limits.attempts:
            return useless(question, replies)
        return known

    def _asked(self, question: Question, key: str, replies: list[KeptReply]) -> Outcome:
        try:
            return self._tried(question, key, replies)
        except Exception as error:  # NoModel, a full disk: nobody asks any further
            self.stopped = self.stopped or error
            return Unanswered(str(error))
        finally:
            self._slots.release()

    def _tried(self, question: Question, key: str, replies: list[KeptReply]) -> Outcome:
        why = "it was not asked"
        begun = len(replies)  # `replies` grows
        for attempt in range(begun, self.limits.attempts):
            if attempt > begun and not self.budget.reserve(question.bound):
                says = "the token budget is spent, after: {why}"
                return Unanswered(says, {"why": why})
            if self.stopped is not None:
                self.budget.settle(question.bound, 0)
                return Unanswered(says="the run was stopped")
            why, answer = self._attempt(question, key, attempt, replies)
            if answer is not None:
                return answer
        return Unanswered(ATTEMPTS, {"attempts": self.limits.attempts, "why": why})

    def _attempt(
        self, question: Question, key: str, attempt: int, replies: list[KeptReply]
    ) -> tuple[str, Outcome | None]:
        """One call: why it came to nothing, or an outcome."""
        self._pace.wait()
        cost = 0
        try:
            reply = self.model.reply(stirred(question, replies), len(replies))
            cost = reply.cost(question)
            replies.append(self.kept.keep(key, len(replies), self.model.name, question, reply))
            self._answered, self._silent = True, 0
        except Busy as busy:
            self._wait(attempt, busy)
            return busy.why, None
        except TurnedDown as refused:
            return str(refused), Unanswered(str(refused))
        finally:
            self.budget.settle(question.bound, cost)
        try:
            understood(question, reply.text)
        except ValueError as error:
            return f"{error}; it was cut off" if reply.cut else str(error), None
        return "", settled(self.model, question, replies)

    def _wait(self, attempt: int, busy: Busy) -> None:
        """Sleep before the next attempt; after the last, NoModel where nothing comes back at all.

        From the start one question is enough to tell, later it takes a few in a row.
        """
        if attempt + 1 < self.limits.attempts:
            grown = min(self.limits.first_wait * 2**attempt, self.limits.longest_wait)
            if busy.seconds:
                self._pace.hold(busy.seconds)
            time.sleep(max(grown, busy.seconds))
            return
        self._silent += 1
        if not self._answered or self._silent >= SILENT:
            raise NoModel(
                f"{self.model.name} does not answer: {busy.why}. What was answered is kept; "
                "the same command goes on from there"
            )


def stirred(question: Question, replies: Sequence[KeptReply]) -> Question:
    """The same question, a little less certain once an answer was of no use."""
    if not replies:
        return question
    return replace(question, temperature=max(question.temperature, STIRRED))


def useless(question: Question, replies: Sequence[KeptReply]) -> Unanswered:
    """What is said of a question whose attempts are all used up."""
    try:
        understood(question, replies[-1].text)
    except ValueError as error:
        return Unanswered(ATTEMPTS, {"attempts": len(replies), "why": str(error)})
    return Unanswered(says="asked before, without an answer")
