"""python -m bench.causebench: measure, tell the aims, and write the page."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bench.causebench import __doc__ as purpose
from bench.causebench.page import aims, page
from bench.causebench.setup import FITTING, MEASURED, SMOLLM2, TINY, Setup
from train.backbones import cache as models

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
PAGE = HERE.parent.parent / "docs" / "causebench.md"


def main(words: Sequence[str] | None = None) -> int:
    """0 even where an aim is missed: this tells, it is no gate."""
    form = argparse.RawDescriptionHelpFormatter
    asked = argparse.ArgumentParser("bench.causebench", description=purpose, formatter_class=form)
    asked.add_argument("--seeds", default=",".join(map(str, MEASURED)), metavar="N,…")
    asked.add_argument("--records", type=int, default=600, help="records to train: 600 or 5000")
    asked.add_argument("--share", type=float, default=0.10, help="of them bad: 0.05 or 0.10")
    asked.add_argument("--model", default=TINY, help=f"{TINY}, {SMOLLM2}, or a model's folder")
    asked.add_argument("--epochs", type=int, help="instead of those the model was found to need")
    asked.add_argument("--cache", type=Path, default=models().parent / "causebench")
    asked.add_argument("--fit", action="store_true", help="fit on the seeds for that, and write")
    asked.add_argument("--docs", action="store_true", help="only write the page")
    said = asked.parse_args(words)
    if said.docs:
        known = json.loads(RESULTS.read_bytes()) if RESULTS.is_file() else nothing()
        PAGE.write_text(page(known), encoding="utf-8")
        return 0
    setup = Setup(said.model, said.records, said.share, said.epochs)
    from train.quiet import quiet

    with quiet():
        if said.fit:
            from bench.causebench import fitted

            sys.stdout.write(fitted.write(setup, said.cache, FITTING, date.today().isoformat()))
            return 0
        seeds = [int(number) for number in said.seeds.split(",")]
        results = measured(setup, said.cache, seeds)
    sys.stdout.write("\n".join(aims(results["seeds"])))
    if setup == Setup() and seeds == list(MEASURED):
        RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        PAGE.write_text(page(results), encoding="utf-8")
    return 0


def fitted_on() -> dict[str, str]:
    """Where the coefficients of triage and the weights of `best` come from, as their files say."""
    triage, best = (
        json.loads((HERE.parent.parent / "curate" / file).read_bytes())
        for file in ("trace/triage.json", "review/best.json")
    )
    return {"triage": str(triage["fitted"]["on"]), "best": str(best["from"])}


def nothing() -> dict[str, Any]:
    """What is known before anything was measured."""
    return measured(Setup(), Path(), [])


def measured(setup: Setup, cache: Path, seeds: Sequence[int]) -> dict[str, Any]:
    """What results.json holds."""
    figures = []
    for seed in seeds:
        from bench.causebench.story import told  # heavy, which the page alone needs not

        sys.stderr.write(f"seed {seed}\n")
        figures.append(told(setup, cache, seed))
    return {
        "setup": setup.told(seeds),
        "recipe": dict(setup.tuned),
        "fitted": fitted_on(),
        "seeds": figures,
    }


if __name__ == "__main__":
    sys.exit(main())
