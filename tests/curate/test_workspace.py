"""Workspace: the nearest one, made on first use; what dead processes left is swept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from curate.errors import BadSetting
from curate.workspace import find


def test_the_nearest_one_above(tmp_path: Path) -> None:
    (tmp_path / ".curate").mkdir()
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    assert find(start=deep).path == tmp_path.resolve() / ".curate"


def test_a_new_one_here_is_made_on_first_use_only(tmp_path: Path) -> None:
    where = find(start=tmp_path)
    assert not where.path.exists()
    with where.scratch() as folder:
        assert folder.parent == where.path
    assert not folder.exists()


def test_a_named_one_wins(tmp_path: Path) -> None:
    (tmp_path / ".curate").mkdir()
    assert find(tmp_path / "mine", tmp_path).path == tmp_path / "mine"


def test_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("")
    with pytest.raises(BadSetting, match="is a file; name a folder"):
        find(tmp_path / "mine")


def test_only_what_dead_processes_left_is_swept(tmp_path: Path) -> None:
    where = find(tmp_path / ".curate")
    dead, own = where.path / "making-4194305-x", where.path / f"making-{os.getpid()}-x"
    beside = where.approved / ".abc-curate-4194305-x"
    for folder in (dead, own, beside):
        folder.mkdir(parents=True)
    with where.scratch():
        assert not dead.exists()
        assert not beside.exists()
        assert own.exists()


def test_latest_audit(tmp_path: Path) -> None:
    where = find(tmp_path / ".curate")
    assert where.latest_audit() is None
    (where.audits / "abc").mkdir(parents=True)
    (where.audits / "latest").write_text("abc")
    assert where.latest_audit() == where.audits / "abc"
    (where.audits / "latest").write_text("gone")
    assert where.latest_audit() is None
