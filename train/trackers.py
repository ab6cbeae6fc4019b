"""Trackers: other places that are told how a run goes. None of them can end it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

from transformers import TrainerCallback
from transformers.integrations.integration_utils import get_reporting_integration_callbacks

from train.telling import Telling

EVENTS = tuple(name for name in dir(TrainerCallback) if name.startswith("on_"))


def trackers(named: Sequence[str], tell: Telling | None = None) -> list[Any]:
    """Callbacks for the trackers of these names; one that cannot start is told and left out."""
    say = tell or Telling(complain, str)
    made = []
    for name in named:
        if find_spec(name) is None:
            say("{name} is not told of this run: pip install {name}", name=name)
            continue
        try:
            [kind] = get_reporting_integration_callbacks([name])
            made.append(harmless(name, kind(), say))
        except Exception as error:
            say("{name} is not told of this run: {why}", name=name, why=error)
    return made


def harmless(name: str, tracker: Any, say: Telling) -> Any:
    """The tracker, silenced after its first failure."""
    failed = False

    def guarded(event: str) -> Callable[..., None]:
        def tell(_: Any, *given: Any, **named: Any) -> None:
            nonlocal failed
            if failed:
                return
            try:
                getattr(tracker, event)(*given, **named)
            except Exception as error:
                failed = True
                say("{name} is no longer told of this run: {why}", name=name, why=error)

        return tell

    return type(f"Harmless{name}", (TrainerCallback,), {each: guarded(each) for each in EVENTS})()


def complain(message: str) -> None:
    """On standard error, where it does not mix with results."""
    sys.stderr.write(f"train: {message}\n")
