"""python -m bench.gpu: measure the parts, tell them, and write the page."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bench.gpu import __doc__ as purpose
from bench.gpu.page import page, table
from bench.gpu.result import FILE, measured, names, read, write
from bench.gpu.setting import Setting
from train.quiet import quiet

DOCS = Path(__file__).parent.parent.parent / "docs"


def main(said: list[str] | None = None) -> int:
    """1 where a part is not as it must be."""
    form = argparse.RawDescriptionHelpFormatter
    words = argparse.ArgumentParser("bench.gpu", description=purpose, formatter_class=form)
    words.add_argument("--only", default=",".join(names()), metavar="PART,…", help="parts to run")
    words.add_argument("--small", action="store_true", help="in miniature: does the code run?")
    words.add_argument("--weights", metavar="MODEL", help="a real small model, for the part real")
    words.add_argument("--out", type=Path, help=f"folder of {FILE}; docs, or with --small none")
    words.add_argument("--docs", action="store_true", help="only write docs/gpu.md")
    asked = words.parse_args(said)
    if asked.docs:
        (DOCS / "gpu.md").write_text(page(read(DOCS / FILE)), encoding="utf-8")
        return 0
    chosen = asked.only.split(",")
    if unknown := sorted(set(chosen) - set(names())):
        words.error(f"no part {', '.join(unknown)}; there are {', '.join(names())}")
    with tempfile.TemporaryDirectory() as scratch, quiet():
        setting = Setting(asked.small, Path(scratch), asked.weights)
        folder = asked.out or (None if asked.small else DOCS)
        return 0 if carried_out(chosen, setting, folder) else 1


def carried_out(chosen: list[str], setting: Setting, folder: Path | None) -> bool:
    """Measure one part after another, each written at once; whether all are sound."""
    results = read(folder / FILE) if folder else {}
    for name in chosen:
        results[name] = result = measured(name, setting)
        sys.stdout.write(f"\n## {name}, {result.seconds:.0f} s\n\n")
        sys.stdout.write(table(result.rows) if result.rows else "")
        sys.stdout.write(f"missing: {result.missing}\n\n" if result.missing else "\n")
        if folder:
            write(folder / FILE, results)
    return all(results[name].sound for name in chosen)


if __name__ == "__main__":
    sys.exit(main())
