"""A record longer than a training run reads.

Training cuts every record at a maximum length, and what it cuts off first is the end of the
answer with its end mark: the model then learns not to stop. Very long records also cost as much
memory and time as many short ones. Characters are counted, or tokens where a tokenizer is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import polars as pl

from curate.check import Check, Params, Row, Said, by_record
from curate.errors import BadSetting, MissingExtra
from curate.finding import Hit

if TYPE_CHECKING:
    from tokenizers import Tokenizer

FLOOR = 4_000  # characters
TEXTS = ("system", "history", "prompt", "answer")


def prepare(params: Params) -> Params:
    """Fail before the first record is read if the tokenizer cannot be used."""
    if params["tokenizer"]:
        tokenizer(str(params["tokenizer"]))
    return {}


def suspects(params: Params) -> pl.Expr:
    """No text has more characters or tokens than bytes (a tokenizer may add one in front)."""
    size = pl.sum_horizontal(pl.col(name).str.len_bytes().fill_null(0) for name in TEXTS)
    least = params["max_tokens"] - len(TEXTS) if params["tokenizer"] else floor(params)
    long: pl.Expr = size >= least
    return long


def floor(params: Params) -> int:
    """From how many characters on a length is kept."""
    return min(FLOOR, int(params["max_chars"]))


def judge(row: Row, params: Params) -> Iterator[Said]:
    texts = spoken(row)
    if params["tokenizer"]:
        count = tokenizer(str(params["tokenizer"])).encode
        tokens = sum(len(count(text, add_special_tokens=False).ids) for text in texts)
        if tokens > params["max_tokens"]:
            yield Hit(
                "the record is {tokens} tokens long; {most} are the limit",
                {"tokens": tokens, "most": params["max_tokens"]},
                evidence={"tokens": tokens},
            )
        return
    chars = sum(map(len, texts))
    if chars >= floor(params):
        yield Hit("the record is {chars} characters long", {"chars": chars}, score=float(chars))


def spoken(row: Row) -> list[str]:
    """Every text of the conversation."""
    earlier = [text for _, text in orjson.loads(row["history"])] if row["history"] else []
    return [row["system"] or "", *earlier, row["prompt"] or "", row["answer"] or ""]


@lru_cache(maxsize=4)
def tokenizer(where: str) -> Tokenizer:
    """The tokenizer in a `tokenizer.json`, or in a folder that holds one."""
    try:
        from tokenizers import Tokenizer
    except ImportError as error:
        raise MissingExtra("counting tokens", "tokens") from error
    path = Path(where).expanduser()
    path = path / "tokenizer.json" if path.is_dir() else path
    expected = "expected a tokenizer.json, or a folder that holds one"
    if not path.is_file():
        raise BadSetting(f"too-long.tokenizer: there is no file {str(path)!r}; {expected}")
    try:
        loaded: Tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the Rust side raises nothing narrower
        why = f"too-long.tokenizer: cannot read {str(path)!r} ({error}); {expected}"
        raise BadSetting(why) from error
    loaded.no_truncation()  # a file may hold a maximum length, and would never count beyond it
    loaded.no_padding()
    return loaded


CHECK = Check(
    name="too-long",
    says="the record is longer than a training run may read",
    group="form",
    severity="warn",
    why=__doc__,
    params={
        # About 8,000 tokens of English or 24,000 of Japanese: more than small teams train on.
        "max_chars": 32_000,
        "tokenizer": "",  # a tokenizer.json, or a folder that holds one
        "max_tokens": 4_096,  # a common maximum length on one graphics card
    },
    fields=TEXTS,
    threshold="max_chars",
    floor=float(FLOOR),
    prepare=prepare,
    suspects=suspects,
    look=by_record(judge),
)
