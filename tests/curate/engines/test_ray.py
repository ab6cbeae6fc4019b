"""Ray where it cannot be used: one line says what to do, and nothing is left running."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import NoReturn

import pytest

from curate.engines import open_engine, ray
from curate.errors import CurateError


class Unstarted(SimpleNamespace):
    """A ray whose cluster never comes up."""

    ended = False

    def is_initialized(self) -> bool:
        return False

    def init(self, **_: object) -> NoReturn:
        raise RuntimeError("The current node timed out during startup.\nTraceback of its own")

    def shutdown(self) -> None:
        self.ended = True


def test_a_cluster_that_does_not_start_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Unstarted()
    monkeypatch.setattr(ray, "loaded", lambda **_: broken)
    says = r"did not start \(The current node timed out during startup\.\).* or leave out --engine"
    with pytest.raises(CurateError, match=says) as raised, open_engine("ray", 2):
        pass
    assert "\n" not in str(raised.value)
    assert broken.ended


def test_a_package_that_cannot_be_loaded_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray, "find_spec", lambda _: True)
    monkeypatch.setitem(sys.modules, "ray", None)  # importing it raises ImportError
    says = r"cannot be loaded \(.*ray.*\); install it again: pip install --force-reinstall"
    with pytest.raises(CurateError, match=says), open_engine("ray", 2):
        pass
