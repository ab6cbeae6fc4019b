"""Text pair: a question and its answer in two columns, under one of many names."""

from __future__ import annotations

from curate.shapes import Columns, Row, Shape
from curate.sources.columns import fold_flat, pair, with_system

PAIRS = (
    ("question", "answer"), ("query", "response"), ("query", "answer"), ("question", "response"),
    ("question", "output"), ("input", "output"), ("input", "response"), ("input", "target"),
    ("q", "a"), ("user", "assistant"), ("human", "assistant"), ("human", "bot"), ("ask", "reply"),
    ("source", "target"), ("src", "tgt"), ("context", "response"), ("problem", "solution"),
    ("title", "answer"), ("text", "target"), ("article", "summary"), ("document", "summary"),
    ("sentence1", "sentence2"), ("text1", "text2"), ("question1", "question2"),
    ("質問", "回答"), ("質問", "答え"), ("質問", "解答"), ("問題", "解答"), ("問題", "答え"),
    ("問題", "正解"), ("問", "答"), ("質問文", "回答文"), ("入力", "出力"), ("入力文", "出力文"),
    ("発話", "応答"), ("原文", "訳文"), ("本文", "要約"), ("ユーザー", "アシスタント"),
)  # fmt: skip


def find(row: Row) -> Columns | None:
    found = pair(row, PAIRS)
    if found is None:
        return None
    return with_system(row, {"instruction": found[0], "answer": found[1]})


SHAPE = Shape(name="text-pair", rank=60, find=find, fold=fold_flat)
