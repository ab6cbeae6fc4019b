"""Template: how a record becomes tokens, which of them are trained, and what ends an answer.

Training and inference render through the same object. The prompt's tokens are those that inference
sees: a piece of text is never joined with the next one inside a token.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any, Literal

from train import sections
from train.approved import Message, Record, filled
from train.recipe import Recipe
from train.styles import Piece, Style, style_of

Cut = Literal["prompt", "end", "all"] | None
"""What the length limit takes: the prompt's start, the answer's end, or all of the answer."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """The tokens of a record, and which of them are trained."""

    record_id: str
    ids: list[int]
    trained: list[bool]
    cut: Cut = None


@dataclass(frozen=True)
class Template:
    """A style, a tokenizer and the recipe's choices."""

    style: Style
    settings: sections.Template
    lengths: sections.Tokenizer
    prompt_format: str | None
    tokenizer: Any

    def prompt(self, record: Record, shots: Sequence[Record] = ()) -> str:
        """The text that the model continues; `shots` are answered before it."""
        return "".join(self.asked(record, shots))

    def prompt_ids(self, record: Record, shots: Sequence[Record] = ()) -> list[int]:
        """The tokens of the prompt, as in training."""
        pieces = self.asked(record, shots)
        return [i for n, text in enumerate(pieces) for i in self.tokens(text, first=n == 0)]

    def asked(self, record: Record, shots: Sequence[Record] = ()) -> list[str]:
        """The pieces before the answer."""
        given = None if self.prompt_format else record.input
        pieces = self.style.pieces(self.conversation(record, shots), given)
        return [text for text, _ in pieces[:-1]]

    def conversation(self, record: Record, shots: Sequence[Record] = ()) -> list[Message]:
        """The messages with system text by tone tag, prompt format and worked examples."""
        system, turns = self.parts(record)
        before = [message for shot in shots for message in self.parts(shot)[1][-2:]]
        return [*([("system", system)] if system else []), *before, *turns]

    def parts(self, record: Record) -> tuple[str | None, list[Message]]:
        """System text and turns of a record."""
        system = record.system or self.settings.tone_tags.get(record.category or "")
        turns = [(role, text) for role, text in record.messages if role != "system"]
        if self.prompt_format and turns:
            turns[-2] = ("user", filled(self.prompt_format, record))
        return system, turns

    def pieces(self, record: Record) -> list[Piece]:
        """The whole text of a record in pieces, each trained or not."""
        given = None if self.prompt_format else record.input
        pieces = self.style.pieces(self.conversation(record), given)
        last = max((n for n, (_, trained) in enumerate(pieces) if trained), default=-1)
        if self.settings.train_on_last_turn_only:
            pieces = [(text, trained and n == last) for n, (text, trained) in enumerate(pieces)]
        if not self.settings.mask_prompt_labels:
            pieces = [(text, True) for text, _ in pieces]
        eos = self.tokenizer.eos_token or ""
        ended = self.style.kind == "chat" and self.style.end
        if self.settings.add_eos_token_to_answer and last >= 0 and not ended:
            text, trained = pieces[last]
            pieces[last] = (text.removesuffix(eos) + eos, trained)
        return pieces

    def encode(self, record: Record) -> Encoded:
        """The tokens of a record within the recipe's limits."""
        ids: list[int] = []
        trained: list[bool] = []
        for number, (text, learn) in enumerate(self.pieces(record)):
            part = self.tokens(text, first=number == 0)
            ids += part
            trained += [learn] * len(part)
        return self.limited(record.record_id, ids, trained)

    def limited(self, record_id: str, ids: list[int], trained: list[bool]) -> Encoded:
        """Cut to the longest length, and say what was cut."""
        over = self.over(ids, trained)
        if over <= 0:
            return Encoded(record_id, ids, trained)
        prompt = next((n for n, learn in enumerate(trained) if learn), len(ids))
        if self.lengths.on_too_long == "cut_prompt_left" and over < prompt:
            keep = self.leading(ids)
            return Encoded(
                record_id, ids[:keep] + ids[keep + over :], trained[:keep] + trained[keep + over :],
                "prompt",
            )  # fmt: skip
        kept = trained[:-over]
        return Encoded(record_id, ids[:-over], kept, "end" if any(kept) else "all")

    def over(self, ids: list[int], trained: list[bool]) -> int:
        """How many tokens are too many."""
        answer = sum(trained)
        prompt = len(ids) - answer
        return max(
            len(ids) - self.lengths.max_length,
            prompt - (self.lengths.max_length_prompt or prompt),
            answer - (self.lengths.max_length_answer or answer),
        )

    def leading(self, ids: list[int]) -> int:
        """1 where a token that begins every text must stay in front."""
        return int(bool(ids) and ids[0] == self.tokenizer.bos_token_id)

    def tokens(self, text: str, first: bool = False) -> list[int]:
        """The ids of a text; one that begins a record gets the tokenizer's first token once."""
        ids = self.plain_ids(text) if first or not self.spaced else self.inner_ids(text)
        begins = first and self.begins
        if begins and ids[:1] != [self.tokenizer.bos_token_id]:
            return [self.tokenizer.bos_token_id, *ids]
        return ids

    def plain_ids(self, text: str) -> list[int]:
        """The ids of a text alone."""
        return list(self.tokenizer(text, add_special_tokens=False)["input_ids"])

    def inner_ids(self, text: str) -> list[int]:
        """The ids of a text that stands behind another, without the space a tokenizer adds."""
        newline = self.plain_ids("\n")
        ids = self.plain_ids("\n" + text)
        return ids[len(newline) :] if ids[: len(newline)] == newline else self.plain_ids(text)

    @cached_property
    def spaced(self) -> bool:
        """Whether the tokenizer puts a space before every text, as SentencePiece does."""
        [first, *_] = self.tokenizer.convert_ids_to_tokens(self.plain_ids("a"))
        return str(first).startswith("\u2581")

    @cached_property
    def begins(self) -> bool:
        """Whether the tokenizer puts a token of its own before every text."""
        ids = self.tokenizer("a")["input_ids"]
        return bool(ids) and ids[0] == self.tokenizer.bos_token_id

    @cached_property
    def stops(self) -> tuple[str, ...]:
        """What ends an answer, longest first."""
        said = {self.style.end.strip(), self.tokenizer.eos_token or ""}
        return tuple(sorted((text for text in said if text), key=lambda text: (-len(text), text)))

    @cached_property
    def fingerprint(self) -> str:
        """The same where the same record gives the same tokens and stops."""
        said = [
            self.style.kind, self.style.source(), self.settings.model_dump(mode="json"),
            self.prompt_format, list(self.stops), self.begins, self.tokens(PROBE, first=True),
        ]  # fmt: skip
        return blake2b(json.dumps(said, sort_keys=True).encode(), digest_size=16).hexdigest()


PROBE = "What is 2+2? 二足す二は？\n\t{}<|im_end|></s>### End"
"""A text on which tokenizers differ."""


def template_of(recipe: Recipe, tokenizer: Any) -> Template:
    """The template that a recipe names; BadRecipe where this tokenizer has none of that name."""
    return Template(
        style_of(recipe.template, tokenizer),
        recipe.template,
        recipe.tokenizer,
        recipe.dataset.prompt_format,
        tokenizer,
    )
