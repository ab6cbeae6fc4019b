"""What `pip install` does beyond copying: it compiles the kernels (curate/kernel/building.py)."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent


class Kernels(BuildHookInterface):
    """The library lies beside its sources, for an editable install and for a wheel alike."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and say that the wheel is for this platform."""
        building = runpy.run_path(str(ROOT / "curate" / "kernel" / "building.py"))
        try:
            library = building["build"]()
        except building["CannotBuild"] as trouble:
            self.app.abort(str(trouble))
        build_data["artifacts"].append(library.relative_to(ROOT).as_posix())
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
