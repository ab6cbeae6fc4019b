"""Styles: the ways of writing a conversation down, and what ends an answer in each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from train import sections
from train.approved import SEPARATOR, Message
from train.errors import BadRecipe

PREAMBLE = (
    "Below is an instruction that describes a task. "
    "Write a response that appropriately completes the request."
)
PREAMBLE_INPUT = (
    "Below is an instruction that describes a task, paired with an input that provides further "
    "context. Write a response that appropriately completes the request."
)
END = "\n### End"

Piece = tuple[str, bool]
"""(text, whether it is trained)"""


class Style(Protocol):
    """One way of writing a conversation; `given` is the input that the last question ends with."""

    @property
    def kind(self) -> str:
        """Its name."""

    @property
    def end(self) -> str:
        """What it writes behind an answer."""

    def pieces(self, messages: Sequence[Message], given: str | None) -> list[Piece]:
        """The conversation; the assistant's turns, with what ends them, are trained."""

    def source(self) -> str:
        """What makes the style, as text, for the fingerprint."""


@dataclass(frozen=True)
class Alpaca:
    """The instruction format of Stanford Alpaca; a later turn repeats its headings."""

    end: str
    kind: str = "alpaca"

    def pieces(self, messages: Sequence[Message], given: str | None) -> list[Piece]:
        pieces: list[Piece] = []
        system, turns = split_system(messages)
        for number, (role, text) in enumerate(turns):
            if role == "assistant":
                pieces.append((text + self.end, True))
                continue
            last = number >= len(turns) - 2
            begin = self.opening(system, given) if not pieces else "\n\n"
            pieces.append((begin + question(text, given if last else None), False))
        return pieces

    def opening(self, system: str | None, given: str | None) -> str:
        preamble = PREAMBLE_INPUT if given else PREAMBLE
        return f"{system}\n\n{preamble}\n\n" if system else f"{preamble}\n\n"

    def source(self) -> str:
        return PREAMBLE + PREAMBLE_INPUT + question("q", "i") + self.end


def question(text: str, given: str | None) -> str:
    """Instruction and input under Alpaca's headings."""
    if not given:
        return f"### Instruction:\n{text}\n\n### Response:\n"
    instruction = text.removesuffix(SEPARATOR + given)
    return f"### Instruction:\n{instruction}\n\n### Input:\n{given}\n\n### Response:\n"


def split_system(messages: Sequence[Message]) -> tuple[str | None, list[Message]]:
    """System text, if it comes first, and the turns."""
    if messages and messages[0][0] == "system":
        return messages[0][1], list(messages[1:])
    return None, list(messages)


@dataclass(frozen=True)
class Plain:
    """Prompt and answer with the recipe's own strings between them."""

    start: str
    separator: str
    after_prompt: str
    end: str
    kind: str = "plain"

    def pieces(self, messages: Sequence[Message], given: str | None) -> list[Piece]:
        system, turns = split_system(messages)
        pieces: list[Piece] = []
        for role, text in turns:
            if role == "assistant":
                pieces.append((text + self.end, True))
            else:
                before = f"{system}\n" if system and not pieces else ""
                pieces.append(
                    (before + self.start + text + self.after_prompt + self.separator, False)
                )
        return pieces

    def source(self) -> str:
        return json.dumps([self.start, self.separator, self.after_prompt, self.end])


@dataclass(frozen=True)
class Chat:
    """The tokenizer's chat template, or one from a file."""

    tokenizer: Any
    jinja: str
    kind: str = "chat"

    def pieces(self, messages: Sequence[Message], given: str | None) -> list[Piece]:
        pieces: list[Piece] = []
        done = ""
        for number, (role, _) in enumerate(messages):
            if role != "assistant":
                continue
            asked = self.render(messages[:number], go_on=True)
            whole = self.render(messages[: number + 1], go_on=False)
            if not asked.startswith(done) or not whole.startswith(asked):
                raise BadRecipe(
                    "template.name: this chat template writes a turn differently once a later one "
                    "is there, so training would not see what inference sees; give another "
                    "template as a .jinja file"
                )
            answered = self.trimmed(whole)
            pieces += [(asked[len(done) :], False), (answered[len(asked) :], True)]
            done = answered
        return pieces

    def trimmed(self, whole: str) -> str:
        """The text up to the mark that ends the turn: what follows is never generated."""
        bare = whole.rstrip()
        return bare if self.end and bare.endswith(self.end) else whole

    def render(self, messages: Sequence[Message], go_on: bool) -> str:
        from jinja2 import TemplateError

        turns = [{"role": role, "content": text} for role, text in messages]
        try:
            said = self.tokenizer.apply_chat_template(
                turns, chat_template=self.jinja, tokenize=False, add_generation_prompt=go_on
            )
        except TemplateError as error:
            roles = ", ".join(role for role, _ in messages)
            raise BadRecipe(f"template.name: it cannot write {roles}: {error}") from None
        return str(said)

    @cached_property
    def end(self) -> str:
        """What the template writes behind an answer."""
        mark = "\ue000answer\ue000"
        whole = self.render([("user", "question"), ("assistant", mark)], go_on=False)
        return whole.rpartition(mark)[2].strip()

    def source(self) -> str:
        return self.jinja


def style_of(settings: sections.Template, tokenizer: Any) -> Style:
    """The style of a name."""
    name = settings.name
    own = getattr(tokenizer, "chat_template", None)
    if name == "auto":
        name = "chat" if own else "alpaca"
    if name == "alpaca":
        return Alpaca(END if settings.end_marker is None else settings.end_marker)
    if name == "plain":
        after = (tokenizer.eos_token or "") if settings.add_eos_token_to_prompt else ""
        return Plain(
            settings.text_prompt_start, settings.text_answer_separator, after,
            settings.end_marker or "",
        )  # fmt: skip
    if name == "chat":
        if not own:
            raise BadRecipe(
                "template.name is chat, and this tokenizer has no chat template: it is a base "
                "model's; use alpaca, or name a .jinja file"
            )
        return Chat(tokenizer, own)
    if name.endswith(".jinja") and Path(name).is_file():
        return Chat(tokenizer, Path(name).read_text(encoding="utf-8"))
    raise BadRecipe(f"template.name is {name!r}; allowed: auto, chat, alpaca, plain, a .jinja file")
