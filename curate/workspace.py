"""Workspace: the folder `.curate/`, where snapshots and audits are kept."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from curate.errors import BadSetting, NothingToAudit
from curate.processes import sweep

NAME = ".curate"
ABANDONED = "making-"  # prefix of a folder that was still being written


@dataclass(frozen=True, slots=True)
class Workspace:
    """One folder; made on first use."""

    path: Path

    @property
    def snapshots(self) -> Path:
        """Immutable sets of records, one folder each."""
        return self.path / "snapshots"

    @property
    def audits(self) -> Path:
        """What each audit found, one folder each."""
        return self.path / "audits"

    @property
    def approved(self) -> Path:
        """What review let through, one folder for each approved snapshot."""
        return self.path / "approved"

    def latest_approved(self) -> Path | None:
        """The folder of the newest approved snapshot."""
        return pointed_at(self.approved)

    def latest_audit(self) -> Path | None:
        """The folder of the newest finished audit."""
        return pointed_at(self.audits)

    def audited(self) -> Path:
        """The same; NothingToAudit where nothing was audited yet."""
        folder = self.latest_audit()
        if folder is None:
            raise NothingToAudit(f"{self.path} holds no audit yet; run: curate audit SOURCE")
        return folder

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder on the workspace's own disk, gone afterwards; sweeps those of dead processes."""
        self.path.mkdir(parents=True, exist_ok=True)
        sweep([*self.path.glob(f"{ABANDONED}*-*"), *self.path.glob("*/.*-*-*")])
        folder = Path(tempfile.mkdtemp(prefix=f"{ABANDONED}{os.getpid()}-", dir=self.path))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def pointed_at(folder: Path) -> Path | None:
    """The folder that the file `latest` names."""
    pointer = folder / "latest"
    if not pointer.exists():
        return None
    named = folder / pointer.read_text(encoding="utf-8").strip()
    return named if named.exists() else None


def find(named: Path | None = None, start: Path | None = None) -> Workspace:
    """The named workspace, else the nearest one at or above `start`, else a new one in `start`."""
    if named is not None:
        if named.exists() and not named.is_dir():
            raise BadSetting(f"--workspace {named} is a file; name a folder")
        return Workspace(named)
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / NAME).is_dir():
            return Workspace(folder / NAME)
    return Workspace(here / NAME)
