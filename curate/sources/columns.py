"""Columns: what data sets call their columns, and templates over them.

Names are compared without case and without width (ＱＵＥＳＴＩＯＮ is question).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from string import Formatter
from typing import Any

from curate.errors import BadSetting
from curate.raw.cells import MISSING, Cells, constant
from curate.sources.fold import Faults, Folded, Texts, flat, texts
from curate.sources.source import Misread

Names = Sequence[str]

INSTRUCTION: Names = (
    "instruction", "prompt", "question", "query",
    "指示", "指示文", "命令", "質問", "質問文", "問題",
)  # fmt: skip
ANSWER: Names = (
    "output", "response", "answer", "completion", "target", "response1", "response_1", "response_a",
    "出力", "応答", "回答", "回答文", "答え", "返答", "解答",
)  # fmt: skip
SYSTEM: Names = ("system", "system_prompt", "システム")


def pick(row: Mapping[str, Any], names: Names) -> str | None:
    """The column of the record that bears the first of these names."""
    for name in names:
        if name in row:
            return name
    folded = {_plain(column): column for column in reversed(list(row))}
    return next((folded[name] for name in names if name in folded), None)


def pick_cell(row: Mapping[str, Any], names: Names) -> str | None:
    """The same, where the cell is one value rather than a list or an object."""
    found = pick(row, names)
    return None if found is None or isinstance(row[found], list | dict) else found


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def pair(row: Mapping[str, Any], pairs: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    """The first pair of columns that the record has both of."""
    for left, right in pairs:
        found = pick_cell(row, (left,)), pick_cell(row, (right,))
        if found[0] is not None and found[1] is not None:
            return found[0], found[1]
    return None


def with_system(row: Mapping[str, Any], columns: dict[str, str]) -> dict[str, str]:
    """Add the column of the system message, where there is one."""
    system = pick(row, SYSTEM)
    if system is not None and isinstance(row[system], str | None):
        columns["system"] = system
    return columns


def fold_flat(cells: Cells, columns: Mapping[str, str]) -> Folded:
    """Fold a shape whose targets are each one column of text, or a template over columns."""
    faults: Faults = {}

    def filled(target: str, *, needed: bool) -> Texts | None:
        if target not in columns:
            return None
        source = columns[target]
        if is_template(source) and source not in cells.names():
            return rendered(cells, source, faults)
        return texts(cells, source, faults, needed=needed)

    def always(target: str) -> Texts:
        texts = filled(target, needed=True)
        return constant("", cells.size) if texts is None else texts

    return flat(
        always("instruction"),
        always("answer"),
        faults=faults,
        context=filled("input", needed=False),
        system=filled("system", needed=False),
        rejected=filled("rejected", needed="rejected" in columns),
    )


def is_template(text: str) -> bool:
    """Whether a `--map` value is a template rather than a column."""
    return "{" in text


def columns_of(source: str) -> list[str]:
    """The columns that a `--map` value reads."""
    return template_columns(source) if is_template(source) else [source]


def template_columns(template: str) -> list[str]:
    """The columns that a template names; BadSetting where it is no template."""
    try:
        parsed = list(Formatter().parse(template))
    except ValueError as error:
        raise BadSetting(f"the template {template!r} cannot be read: {error}") from None
    for _, name, form, conversion in parsed:
        if name == "" or form or conversion:
            raise BadSetting(
                f"the template {template!r} may only hold {{column}}; write {{{{ for a brace"
            )
    return [name for _, name, _, _ in parsed if name is not None]


def rendered(cells: Cells, template: str, faults: Faults) -> list[str]:
    """The template filled for each record; a missing or empty cell is a fault naming its column."""
    names = template_columns(template)
    columns = {name: cells.column(name) for name in names}
    pieces = [(text, name) for text, name, _, _ in Formatter().parse(template)]
    out = []
    for at in range(cells.size):
        parts = []
        for text, name in pieces:
            parts.append(text)
            if name is not None:
                parts.append(_filling(at, columns[name][at], name, faults))
        out.append("".join(parts))
    return out


def _filling(at: int, value: Any, name: str, faults: Faults) -> str:
    if value is MISSING:
        says = "the template needs column {column!r}, which this record lacks"
        faults.setdefault(at, Misread("missing-column", says, column=name))
    elif value is None or (isinstance(value, str) and not value.strip()):
        says = "the template needs column {column!r}, which is empty here"
        faults.setdefault(at, Misread("empty-cell", says, column=name))
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value)
    else:
        says = "the template needs text in column {column!r}"
        faults.setdefault(at, Misread("wrong-type", says, column=name))
    return ""
