"""Kept: every reply of a model on the disk, under a key of everything that it depends on.

A reply is written before anything is made of it, so a killed run asks for nothing twice but what
was on its way. Replies that were no use are kept too: they were paid for.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import orjson

from curate.assist.question import Question, Reply
from curate.errors import CurateError

WAIT_SECONDS = 60  # for another process that writes
TABLE = """
create table if not exists replies (
  key text not null, attempt integer not null, text text not null, cost integer not null,
  cut integer not null, model text not null, prompt_hash text not null, parameters text not null,
  asked_at real not null, messages text not null, primary key (key, attempt)
)
"""


class CannotKeep(CurateError):
    """The answers cannot be written or read."""


@dataclass(frozen=True, slots=True)
class KeptReply:
    """One reply as it lies on the disk."""

    attempt: int
    text: str
    cost: int  # tokens
    cut: bool
    asked_at: float


class Kept:
    """One file of replies, for any number of threads and processes."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._lock = threading.Lock()
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._on = sqlite3.connect(
                file, timeout=WAIT_SECONDS, check_same_thread=False, isolation_level=None
            )
            self._on.execute("pragma journal_mode=wal")
            self._on.execute("pragma synchronous=full")
            self._on.execute(TABLE)
        except (OSError, sqlite3.Error) as error:
            raise CannotKeep(
                f"{file}: {error}; answers are kept there so that none is paid for twice; "
                "name a folder you may write to with --workspace"
            ) from error

    def __enter__(self) -> Kept:
        return self

    def __exit__(self, *_: object) -> None:
        self._on.close()

    def of(self, key: str) -> list[KeptReply]:
        """All replies to a question, first attempt first."""
        asked = "select attempt, text, cost, cut, asked_at from replies where key = ? order by 1"
        with self._lock:
            rows = self._on.execute(asked, (key,)).fetchall()
        return [KeptReply(a, text, cost, bool(cut), at) for a, text, cost, cut, at in rows]

    def keep(
        self, key: str, attempt: int, model: str, question: Question, reply: Reply
    ) -> KeptReply:
        """Write a reply; it is on the disk when this returns."""
        at = round(time.time(), 3)
        row = (
            key, attempt, reply.text, reply.cost(question), int(reply.cut), model,
            question.prompt_hash, orjson.dumps(question.parameters).decode(), at,
            orjson.dumps(question.messages).decode(),
        )  # fmt: skip
        with self._lock:
            try:
                self._on.execute(
                    f"insert or ignore into replies values ({','.join('?' * 10)})", row
                )
            except sqlite3.Error as error:
                raise CannotKeep(f"{self.file}: {error}; nothing more was asked") from error
        return KeptReply(attempt, reply.text, reply.cost(question), reply.cut, at)
