"""Page: docs/gpu.md, which holds figures that were measured and no others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module

from bench.gpu import parts
from bench.gpu.result import Result, names
from bench.gpu.setting import Row

HEAD = """# On a GPU

What `train` costs on a card, how it compares with TRL's defaults, and whether it stays right there.
This page is made from `docs/gpu.json` by `python -m bench.gpu --docs`.
"""
NONE = """**Nothing on this page has been measured: no GPU could be had.** Every part runs in small
on a CPU as a test, which shows that the code runs and says nothing about speed or memory. On a
machine with a CUDA card, which needs no network:

    python -m bench.gpu                      # every part, each under 8 minutes
    python -m bench.gpu --only four,memory   # some of them
    python -m bench.gpu --only real --weights FOLDER
    python -m bench.gpu --docs               # writes this page from what was measured

It needs torch, transformers, peft, trl, bitsandbytes, accelerate, datasets, pydantic, ruamel.yaml,
numpy and pyarrow, and uses liger-kernel where that is installed.
"""


def page(results: Mapping[str, Result]) -> str:
    """The page; a part that ran in small, or without a card, has no place on it."""
    real = {name: result for name, result in results.items() if counts(result)}
    return "\n".join([HEAD, *([] if real else [NONE]), *sections(real)])


def counts(result: Result) -> bool:
    """Whether a result was measured in full and on a card."""
    return not result.small and result.hardware["device"] == "cuda"


def sections(real: Mapping[str, Result]) -> Iterator[str]:
    """One for each part, measured or not."""
    for name in names():
        yield f"## {name}\n\n{purpose(name)}\n"
        if name not in real:
            yield f"Not measured: `python -m bench.gpu --only {name}`.\n"
            continue
        result = real[name]
        if result.rows:
            yield table(result.rows)
        if result.missing:
            yield f"Rows are missing: {result.missing}.\n"
        yield f"{origin(result)}\n"


def purpose(name: str) -> str:
    """What a part measures, and why."""
    return (import_module(f"{parts.__name__}.{name}").__doc__ or "").strip()


def table(rows: Sequence[Row]) -> str:
    """Rows of a part in Markdown."""
    columns = list(rows[0])
    lines = [columns, ["---"] * len(columns), *[told(row, columns) for row in rows]]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def told(row: Row, columns: Sequence[str]) -> list[str]:
    """The cells of a row; what does not hold stands out."""
    return ["**no**" if c == "holds" and row[c] is False else cell(row[c]) for c in columns]


def cell(value: str | int | float | bool | None) -> str:
    """One value; what was not measured is a dash."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else value


def origin(result: Result) -> str:
    """Where and with what a part was measured."""
    card = result.hardware
    used = ("torch", "transformers", "trl", "peft", "bitsandbytes", "liger-kernel")
    said = ", ".join(f"{name} {result.versions[name]}" for name in used if name in result.versions)
    memory = f"{card['memory'] / 1e9:.0f} GB"
    return f"{card['name']}, {memory}, {said}; {result.measured}, {result.seconds:.0f} s."
