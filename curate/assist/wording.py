"""Wording: what models are told, in the language of the text that they are to work on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curate.assist.fence import RULE, fenced

Wording = Mapping[str, str]
"""Language -> text; English where a language has none of its own."""

INSTRUCT: Wording = {
    "en": "You are shown a text that was the answer to somebody's instruction. Write the one "
    "instruction, in English, that this text answers best: specific enough that no other text "
    "would answer it as well, in the words of a person who does not know the answer yet. "
    "Do not copy sentences of the text.",
    "ja": "ある指示に対する回答として書かれた文章を示します。この文章が最もよく答えている指示を、"
    "日本語で一つだけ書いてください。ほかの文章では同じようには答えられない具体的な指示にし、"
    "まだ答えを知らない人の言葉で書いてください。文章の文をそのまま写さないでください。",
}
REWRITE: Wording = {
    "en": "Rewrite the text so that it answers the instruction directly, in the same language. "
    "Use only what the text says; keep every name, number and date as it is.",
    "ja": "文章を、指示に直接答える形に書き直してください。日本語のまま、文章にある内容だけを"
    "使い、名前・数値・日付はそのまま残してください。",
}
REPHRASE: Wording = {
    "en": "Say the instruction in other words, in the same language. The meaning stays the same: "
    "every name, number, date and condition is kept, nothing is added.",
    "ja": "指示を別の言い方に書き換えてください。日本語のまま、意味は変えず、"
    "名前・数値・日付・条件をすべて残し、何も付け加えないでください。",
}
INVENT: Wording = {
    "en": "Here are instructions of the category {category} with their answers. Write one new "
    "instruction of this category, about something else, in English, and its answer.",
    "ja": "カテゴリ「{category}」の指示と回答の例を示します。同じカテゴリで、別の内容の"
    "新しい指示を一つ日本語で書き、その回答も書いてください。",
}
PERSONA: Wording = {
    "en": "Write as this person would: {persona}.",
    "ja": "次の人物が書くような言葉にしてください：{persona}。",
}
AS_JSON: Wording = {
    "en": "Answer with one JSON object and nothing else: {form}",
    "ja": "次の形の JSON オブジェクト一つだけを返してください：{form}",
}


@dataclass(frozen=True, slots=True)
class Shot:
    """An example of what is wanted: what is shown, and the JSON that answers it."""

    shown: str
    answer: str


def worded(wording: Wording, language: str | None) -> str:
    """The text in a language, in English where there is none."""
    return wording.get(language or "en", wording["en"])


def messages(
    task: Wording,
    language: str | None,
    form: str,
    shown: str,
    shots: Sequence[Shot] = (),
    persona: str | None = None,
    **named: str,
) -> tuple[tuple[str, str], ...]:
    """What is sent: the task and the rules, examples as earlier turns, and what to work on."""
    told = [worded(task, language).format(**named) if named else worded(task, language)]
    if persona:
        told.append(worded(PERSONA, language).format(persona=persona))
    told += [worded(RULE, language), worded(AS_JSON, language).format(form=form)]
    turns = [("system", "\n".join(told))]
    for shot in shots:
        turns += [("user", shot.shown), ("assistant", shot.answer)]
    return (*turns, ("user", shown))


def shown(**texts: str) -> str:
    """Texts of a record, each fenced under its name."""
    return "\n\n".join(fenced(text, name) for name, text in texts.items())
