"""One tool on one file of instruction records, from its bytes to its duplicates.

usage: python -m bench.dedup_tools TOOL FILE

All but ours and the floor are run as their documentation shows: 128 permutations, runs of five
words, 16 bands of 8 rows, similarity 0.7.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson

THRESHOLD, PERMUTATIONS, BANDS, ROWS, WORDS = 0.7, 128, 16, 8, 5


def text_of(record: dict[str, str]) -> str:
    """What is compared of a record."""
    return f"{record['instruction']}\n{record['input']}\n{record['output']}"


def texts(file: Path) -> Iterator[str]:
    """The texts of a file."""
    with file.open("rb") as lines:
        for line in lines:
            yield text_of(orjson.loads(line))


def runs_of_words(text: str) -> list[str]:
    """What the peers that want tokens are given."""
    words = text.split()
    return [" ".join(words[at : at + WORDS]) for at in range(max(1, len(words) - WORDS + 1))]


def curate(file: Path, threads: int | None = None, bands: int = 20, rows: int = 6) -> int:
    """Ours: how many records could go."""
    if threads:
        os.environ["POLARS_MAX_THREADS"] = str(threads)  # the lines are decoded by as many
    from bench.lines import Lines
    from curate.dedup import Sketcher, near_duplicates

    _, gone = near_duplicates(Lines(file), THRESHOLD, Sketcher(bands, rows), threads)
    return len(gone.records)


def floor(file: Path, *, own: bool = False) -> int:
    """Decode by polars, or by our own reader, and number every shingle once."""
    from bench.lines import Lines, by_polars
    from curate.dedup.shingles import count_of_shingles

    lines = Lines(file, None if own else by_polars)
    return sum(count_of_shingles(*lines.whole(n)) for n in range(lines.stretches))


def rensa(file: Path) -> int:
    """From tokens to a matrix to flags; not verified, and both of a pair are flagged."""
    import rensa as library

    digests = library.RMinHash.digest_matrix_from_token_sets(
        map(runs_of_words, texts(file)), PERMUTATIONS, 42
    )
    index = library.RMinHashLSH(THRESHOLD, PERMUTATIONS, BANDS)
    return sum(index.query_duplicate_flags_matrix_one_shot(digests))


def daft(file: Path) -> int:
    """minhash in daft, then the bands joined by numpy, and the pairs estimated."""
    import daft as library
    import numpy as np
    from daft import col
    from daft.functions import minhash

    text = col("instruction") + "\n" + col("input") + "\n" + col("output")
    hashed = minhash(text.regexp_replace(r"\s+", " "), num_hashes=PERMUTATIONS, ngram_size=WORDS)
    found = library.read_json(str(file)).select(hashed.alias("minhash")).collect().to_arrow()
    column = found["minhash"].combine_chunks()
    flat = column.values if hasattr(column, "values") else column.flatten()
    sketches = np.asarray(flat).reshape(len(column), PERMUTATIONS)
    pairs = np.unique(np.concatenate(list(bands_joined(sketches))), axis=0)
    same = (sketches[pairs[:, 0]] == sketches[pairs[:, 1]]).mean(axis=1)
    return int((same >= THRESHOLD).sum())


def bands_joined(sketches: Any) -> Iterator[Any]:
    """Neighbours under one key, band by band."""
    import numpy as np

    for band in range(BANDS):
        rows = np.ascontiguousarray(sketches[:, band * ROWS : (band + 1) * ROWS])
        keys = rows.view([("", rows.dtype)] * ROWS).ravel()
        order = np.argsort(keys, kind="stable")
        same = keys[order][1:] == keys[order][:-1]
        yield np.sort(np.stack([order[:-1][same], order[1:][same]], axis=1), axis=1)


def gaoya(file: Path) -> int:
    """Its index, filled and asked in bulk."""
    from gaoya.minhash import MinHashStringIndex

    every = list(texts(file))
    index = MinHashStringIndex(
        32, THRESHOLD, BANDS, ROWS, None, "word", False, (WORDS, WORDS), "smallvec"
    )
    index.par_bulk_insert_docs(list(range(len(every))), every)
    found = index.par_bulk_query(every, return_similarity=False)
    return sum(len(near) > 1 for near in found)


def datasketch(file: Path) -> int:
    """Its MinHash and its index, one text after the other."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(params=(BANDS, ROWS), num_perm=PERMUTATIONS)
    sketches = MinHash.bulk(
        ([run.encode() for run in set(runs_of_words(text))] for text in texts(file)),
        num_perm=PERMUTATIONS,
    )
    for number, sketch in enumerate(sketches):
        index.insert(number, sketch, check_duplication=False)
    return sum(len(index.query(sketch)) > 1 for sketch in sketches)


def data_juicer(file: Path) -> int:
    """Its operator on a data set of texts; how many it would take away."""
    import datasets
    from data_juicer.core.data import NestedDataset
    from data_juicer.ops.deduplicator.document_minhash_deduplicator import (
        DocumentMinhashDeduplicator,
    )

    datasets.disable_progress_bars()
    every = NestedDataset(datasets.Dataset.from_dict({"text": list(texts(file))}))
    chosen = {"num_bands": BANDS, "num_rows_per_band": ROWS, "jaccard_threshold": THRESHOLD}
    operator = DocumentMinhashDeduplicator(
        tokenization="space", window_size=WORDS, lowercase=False, num_permutations=PERMUTATIONS,
        **chosen,
    )  # fmt: skip
    return len(every) - len(operator.run(every))


TOOLS: dict[str, Callable[[Path], int]] = {
    "curate": curate,
    "curate 1 thread": lambda file: curate(file, threads=1),
    "curate thorough": lambda file: curate(file, bands=32, rows=4),
    "floor": floor,
    "floor, our reader": lambda file: floor(file, own=True),
    "rensa": rensa,
    "daft": daft,
    "gaoya": gaoya,
    "datasketch": datasketch,
    "data-juicer": data_juicer,
}


def main() -> None:
    """Run a tool and print what it found."""
    tool, file = sys.argv[1:]
    sys.stdout.write(f"{TOOLS[tool](Path(file))}\n")


if __name__ == "__main__":
    main()
