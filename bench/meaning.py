"""From which cosine on two texts mean the same to a model; prints tables and a threshold.

usage: python -m bench.meaning MODEL [--shared DIR]

MODEL is a folder of a model2vec or sentence-transformers model. Measured on pairs that people
judged: English news sentences (MRPC) and Japanese captions (JSTS, the same from 4 of 5 on).
"""

from __future__ import annotations

import argparse
import gzip
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import orjson

from curate.errors import CurateError
from curate.locale import translator
from curate.meaning.model import Model, model_in
from curate.meaning.threshold import FOUND, PRECISION, calibrated, recommended, similarities
from curate.show import calibration

ROOT = Path(__file__).parent.parent
SAME = 4.0  # of 5: JSTS' "mostly equivalent"


class Labelled(NamedTuple):
    """Pairs of texts of a public set, and whether people call each the same."""

    name: str
    pairs: list[tuple[str, str]]
    labels: list[bool]


def sets(shared: Path) -> Iterator[Labelled]:
    """The labelled sets."""
    mrpc = rows(shared / "dup_mrpc_en.jsonl.gz")
    yield Labelled("MRPC, English", texts(mrpc), [bool(row["is_duplicate"]) for row in mrpc])
    jsts = rows(shared / "dup_jsts_ja.jsonl.gz")
    yield Labelled(
        "JSTS, Japanese", texts(jsts), [float(row["similarity"]) >= SAME for row in jsts]
    )


def rows(file: Path) -> list[dict[str, str | float]]:
    """The rows of a set."""
    with gzip.open(file) as lines:
        return [orjson.loads(line) for line in lines]


def texts(pairs: list[dict[str, str | float]]) -> list[tuple[str, str]]:
    """Both texts of each row."""
    return [(str(row["text1"]), str(row["text2"])) for row in pairs]


def page(model: Model, labelled: list[Labelled]) -> Iterator[str]:
    """The tables, and what to set."""
    yield f"# {model.name} (digest {model.digest})\n"
    wanted = []
    for one in labelled:
        table = calibrated(similarities(one.pairs, model), one.labels)
        wanted.append(recommended(table))
        yield f"## {one.name}: {len(one.pairs)} pairs, {sum(one.labels)} the same\n"
        yield from calibration.table(table, wanted[-1], translator("en"))
    yield f"A threshold must find {FOUND} pairs, {PRECISION:.0%} of them right, in each language.\n"
    yield from advice(model, [each for each in wanted if each is not None], len(wanted))


def advice(model: Model, wanted: list[float], asked: int) -> Iterator[str]:
    """The threshold that holds for every set; none where a set has none."""
    if len(wanted) < asked:
        yield "No threshold reaches this on every set: this model does not tell the same from the"
        yield "similar. Where your data is in one language, take the threshold of that one."
        return
    yield "Pairs in real data are the same far less often than here, so expect a lower precision."
    yield "Recommended for both languages:\n"
    yield f"    --set semantic-duplicate.model={model.folder} \\"
    yield f"    --set semantic-duplicate.threshold={max(wanted):.2f}"


def main() -> None:
    """Print the page."""
    words = argparse.ArgumentParser(prog="python -m bench.meaning", description=__doc__)
    words.add_argument("model")
    words.add_argument("--shared", type=Path, default=ROOT.parent / "shared" / "data")
    said = words.parse_args()
    try:
        for line in page(model_in(said.model), list(sets(said.shared))):
            sys.stdout.write(line + "\n")
    except CurateError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
