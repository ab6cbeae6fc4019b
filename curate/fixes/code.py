"""Fenced code: one name for each language tag, and no blanks at line ends.

Code whose meaning may hang on such blanks is left: strings over several lines, patches, line
continuations, Markdown.
"""

from __future__ import annotations

import re

import polars as pl

from curate.content.code_blocks import Block, blocks
from curate.fix import Fix, Params, Rewritten, Row

TAGS = {
    "python3": "python", "py": "python", "py3": "python",
    "js": "javascript", "node": "javascript", "ts": "typescript",
    "golang": "go", "c++": "cpp", "c#": "csharp", "cs": "csharp", "rb": "ruby", "rs": "rust",
    "yml": "yaml", "kt": "kotlin", "ps1": "powershell", "postgres": "postgresql",
}  # fmt: skip
"""Other name or spelling of a language -> the one that highlighters share."""

SPELT = frozenset(TAGS.values()) | {
    "bash", "sh", "shell", "c", "css", "html", "xml", "java", "json", "php", "perl", "lua", "r",
    "scala", "sql", "mysql", "sqlite", "swift", "text", "markdown", "diff", "toml", "ini",
}  # fmt: skip

SPACE_MATTERS = frozenset(
    {"diff", "patch", "markdown", "md", "text", "txt", "whitespace", "csv", "tsv"}
)
SPANS_LINES = re.compile(r"\"\"\"|'''|`|<<|\\[ \t]+$|R\"", re.MULTILINE)
LINE_END = re.compile(r"[ \t]+$", re.MULTILINE)


def suspects(text: pl.Expr, _: Params) -> pl.Expr:
    return text.str.contains("```", literal=True) | text.str.contains("~~~", literal=True)


def rewrite(text: str, row: Row, params: Params) -> Rewritten:
    out, rules, at = [], set[str](), 0
    for block in blocks(text):
        tag = tagged(text, block)
        body = text[block.body : block.body_end]
        bare = trimmed(body, block)
        rules |= {"tag"} if tag != text[block.info.start : block.info.end] else set()
        rules |= {"line-ends"} if bare != body else set()
        out += [text[at : block.info.start], tag, text[block.info.end : block.body], bare]
        at = block.body_end
    return Rewritten("".join([*out, text[at:]]), tuple(sorted(rules)))


def tagged(text: str, block: Block) -> str:
    """The language tag as highlighters know it, where the opening fence holds nothing else."""
    info = text[block.info.start : block.info.end]
    word = info.strip().lower()
    new = TAGS.get(word, word if word in SPELT else None)
    return info if new is None else new


def trimmed(body: str, block: Block) -> str:
    """The code without blanks at line ends, where they can mean nothing."""
    if not block.closed or block.language in SPACE_MATTERS or SPANS_LINES.search(body):
        return body
    return LINE_END.sub("", body)


FIX = Fix(
    name="code",
    says="language tags of fenced code, and blanks at its line ends",
    rank=60,
    rewrite=rewrite,
    suspects=suspects,
    spares=r"white\s?space|trailing|code fence|コードブロック|空白",
)
