"""Walk: from a failure to the training records behind it, one after another, and back to it.

What a session remembers: `walk`, until something else is on the screen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from curate.review import Review
from curate.review.failing import Case, Suspect
from curate.store import decisions
from curate.store import failures as kept
from curate.store.decision import CHANGING
from curate.store.standing import standings


@dataclass(frozen=True, slots=True)
class Walk:
    """Which failure, and how far its records were looked at."""

    case: Case
    at: int = -1  # the record on the screen, from 0; -1: none yet

    @property
    def failure(self) -> str:
        """The id under which the failure is decided."""
        return self.case.failure.key

    @property
    def stops(self) -> list[str]:
        """What is to be looked at, by the ids under which it is decided: at last the failure."""
        return [*(key_of(self.case, one) for one in self.case.traced), self.failure]

    @property
    def suspect(self) -> Suspect:
        """The record on the screen, as it was traced."""
        return self.case.traced[self.at]


def key_of(case: Case, suspect: Suspect) -> str:
    """The id under which a traced record is decided."""
    return kept.key_of(kept.OPENED, suspect.record.record_id, case.failure.again)


def begin(case: Case) -> None:
    """Set out from a failure."""
    st.session_state["walk"] = Walk(case)


def end() -> None:
    """Look at something else."""
    st.session_state.pop("walk", None)


def walking() -> Walk | None:
    """The walk that this person is on."""
    found: Walk | None = st.session_state.get("walk")
    return found


def here(record_id: str) -> Walk | None:
    """The walk, where this is the record that it has come to."""
    walk = walking()
    return walk if walk and walk.at >= 0 and walk.stops[walk.at] == record_id else None


def came_to(record_id: str) -> None:
    """Something is on the screen: a stop of the walk, or its end."""
    walk = walking()
    if walk is None:
        return
    if record_id in walk.stops[:-1]:
        st.session_state["walk"] = replace(walk, at=walk.stops.index(record_id))
    else:
        end()


def passed_by() -> str | None:
    """The next stop, which counts as visited, whoever has it; None where nobody walks."""
    walk = walking()
    if walk is None:
        return None
    stop = walk.stops[walk.at + 1]
    st.session_state["walk"] = replace(walk, at=walk.at + 1)
    if stop == walk.failure:
        end()
    return stop


def changed(review: Review, case: Case) -> list[str]:
    """The records behind a failure that people have dropped or changed because of one."""
    keys = {key_of(case, one): one.record.record_id for one in case.traced}
    known = review.store.read(lambda on: standings(decisions.current_of(on, sorted(keys))))
    kinds = {key: known[key].verdict for key in keys if key in known}
    return [keys[key] for key, one in kinds.items() if one and one.kind in ("drop", *CHANGING)]
