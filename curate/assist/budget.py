"""Budget: what may be spent, in tokens and in calls a minute; never more, whoever asks at once."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What a job may do."""

    tokens: int | None = None  # in all, asked and answered; None: no limit
    calls_a_minute: float | None = None
    at_once: int = 4
    attempts: int = 5
    first_wait: float = 1.0  # seconds before the second attempt; doubled for each further one
    longest_wait: float = 60.0


class Budget:
    """Tokens are reserved at their bound before a call and settled at their cost after it."""

    def __init__(self, limit: int | None) -> None:
        self.limit = limit
        self.spent = 0
        self._reserved = 0
        self._changed = threading.Condition()

    def spend(self, tokens: int) -> None:
        """Count what an answer cost when it was asked for."""
        with self._changed:
            self.spent += tokens

    def reserve(self, tokens: int) -> bool:
        """Hold tokens for a call; false when they are not left, also once every call is settled."""
        with self._changed:
            while self.limit is not None and self.spent + self._reserved + tokens > self.limit:
                if self._reserved == 0 or self.spent + tokens > self.limit:
                    return False
                self._changed.wait()
            self._reserved += tokens
            return True

    def settle(self, reserved: int, spent: int) -> None:
        """Give back what was held, and count what was spent."""
        with self._changed:
            self._reserved -= reserved
            self.spent += spent
            self._changed.notify_all()


class Pace:
    """Calls are let through one by one, no more of them a minute than allowed."""

    def __init__(self, calls_a_minute: float | None) -> None:
        self._gap = MINUTE / calls_a_minute if calls_a_minute else 0.0
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when the next call may be made."""
        with self._lock:
            now = time.monotonic()
            at = max(now, self._next)
            self._next = at + self._gap
        time.sleep(at - now)

    def hold(self, seconds: float) -> None:
        """Let no call through for some time: the server asked for it."""
        with self._lock:
            self._next = max(self._next, time.monotonic() + seconds)
