"""Two records stuck together in one.

A model that wrote many records in one go did not stop after the first, and the file was split in
the wrong place: an answer goes on with the next "Instruction: ... Output: ...", or a prompt holds
two instructions and only one is answered. The model learns to go on with tasks that nobody set.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from curate.check import Check, Params, Row, Said, by_record
from curate.content.signs import Signs, sign
from curate.finding import Hit

OUTPUT = r"(?:[Oo]utput|OUTPUT|[Rr]esponse|RESPONSE|[Aa]nswer|A|出力|応答|回答|解答|答え|答)"
INSTRUCTION = r"(?:[Ii]nstruction|INSTRUCTION|指示|命令)"

# A label opens its line; before it may stand a number or marks such as ### and **.
HAS_OUTPUT = rf"\n[^\p{{L}}\n]{{0,12}}{OUTPUT}[^\p{{L}}\n]{{0,6}}[:：]"
HAS_INSTRUCTION = rf"{INSTRUCTION}[^\p{{L}}\n]{{0,6}}[:：]"

BEFORE = r"^[ \t]*(?:[#*\-]{1,4}[ \t]*)?(?:(\d+)[ \t]*[.)．、][ \t]*)?\**"
AFTER = r"[ \t]*(?:(\d+)[ \t]*)?\**[:：]"
NEXT_TASK = re.compile(
    rf"(?im){BEFORE}(instruction|指示|命令|task|example|prompt|課題|タスク|例題|例|問題){AFTER}"
)
NEXT_OUTPUT = re.compile(rf"(?im){BEFORE}(output|response|answer|出力|応答|回答|解答|答え){AFTER}")
# Another question and its answer, in a paragraph of their own.
NEXT_QUESTION = re.compile(
    r"\n[ \t]*\n(?P<label>(?:\*\*)?(?:Q|Question|質問|問い|問)(?:\*\*)?[:：][^\n]{3,400})"
    r"\n(?:\*\*)?(?:A|Answer|回答|解答|答え|答)(?:\*\*)?[:：]"
)
ASKS_FOR_QUESTIONS = re.compile(
    r"\bFAQ|\bQ\s?(?:&|and|/)\s?A\b|\bquestion|\binterview|\btrivia|\briddle|\bjoke|\bdialog|\bquiz"
    r"|\bconversation|\btests?\b|\bworksheet|\bflash ?card|質問|問題|クイズ|一問一答|Q&A|面接"
    r"|インタビュー|なぞなぞ|会話|対話|ドリル|問答",
    re.IGNORECASE,
)
INSIDE = re.compile(r"[.!?。！？]\s*(?P<label>([1-9]\d?)[.)．]\s*(?:Instruction|指示)\s*[:：])")
ALWAYS = ("instruction", "指示", "命令")  # the others also head the parts of one answer

ABOUT_TASKS = re.compile(
    r"\b(?:instructions?|tasks?|prompts?|inputs?|outputs?|examples?|dataset|exercise|quiz|problems?"
    r"|questions?|GPT)\b|指示|命令|タスク|課題|例|入力|出力|問題|データ|プロンプト|クイズ|質問",
    re.IGNORECASE,
)


def signs(_: Params) -> Signs:
    answer = sign("utput", "UTPUT", "esponse", "ESPONSE", "出力", "応答", "回答", "解答", "答え")
    answer |= sign("\nA:", "\nA：", "\nA*", "\n**A", "nswer", "答:", "答：", "答*")
    return {"answer": answer, "prompt": sign("nstruction", "NSTRUCTION", "指示", "命令")}


def suspects(_: Params) -> pl.Expr:
    answer, prompt = pl.col("answer"), pl.col("prompt")
    return (answer.str.contains(HAS_OUTPUT) | prompt.str.contains(HAS_INSTRUCTION)).fill_null(
        value=False
    )


def judge(row: Row, _: Params) -> Iterator[Said]:
    answer = row["answer"] or ""
    instruction = row["instruction"] or ""
    start = next_task(answer, instruction)
    if start is None:
        start = next_question(answer, instruction)
    if start is not None:
        kept = answer[:start].rstrip()
        yield Hit(
            "the answer goes on with another task: '{label}'",
            {"label": answer[start : start + 40].split("\n")[0].strip()},
            field="answer",
            start=start,
            end=len(answer),
            fix={"field": "answer", "text": kept},
        )
    labels = instructions(row["prompt"] or "")
    if len(labels) > 1:
        yield Hit(
            "the prompt holds {count} instructions but only one answer",
            {"count": len(labels)},
            field="prompt",
            start=labels[1],
            end=len(row["prompt"]),
        )


def next_task(answer: str, instruction: str) -> int | None:
    """Where the next record begins in an answer that has said something before it."""
    asked = ABOUT_TASKS.search(instruction) is not None
    first: dict[str, int] = {}  # where each word stands first, as "Example 1" before "Example 2"
    for label in NEXT_TASK.finditer(answer):
        kind, number = label[2].lower(), int((label[1] or label[3] or "0")[:9])
        if not first and not answer[: label.start()].strip():
            return None  # the answer itself is a list of tasks
        if kind not in first:
            first[kind] = answer.lower().find(kind)
        alone = first[kind] >= label.start()
        if alone and (number > 1 or (kind in ALWAYS and not asked)):
            return label.start() if NEXT_OUTPUT.search(answer, label.end()) else None
    return None


def next_question(answer: str, instruction: str) -> int | None:
    """Where a question that nobody asked follows an answer that has said something."""
    found = NEXT_QUESTION.search(answer)
    if found is None or ASKS_FOR_QUESTIONS.search(instruction):
        return None
    before = answer[: found.start()].strip()
    return found.start("label") if before and not before.endswith((":", "：")) else None


def instructions(prompt: str) -> list[int]:
    """Where each instruction begins, unless answers between them make the prompt a few-shot one."""
    if NEXT_OUTPUT.search(prompt):
        return []
    inside = INSIDE.search(prompt)
    if inside is not None:
        return [0, inside.start("label")]
    return [label.start() for label in NEXT_TASK.finditer(prompt) if label[2].lower() in ALWAYS]


CHECK = Check(
    name="merged-instructions",
    says="two tasks are stuck together in one record",
    group="form",
    severity="error",
    why=__doc__,
    each_answer=True,
    fields=("instruction", "prompt", "answer"),
    signs=signs,
    suspects=suspects,
    look=by_record(judge),
)
