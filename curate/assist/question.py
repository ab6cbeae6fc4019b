"""Question and Answer: what a language model is asked, and what is kept of what it said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import Any, Protocol

import orjson
from pydantic import BaseModel, ValidationError

from curate.errors import CurateError

KEY_VERSION = 1
KEY_BYTES = 16
MARGIN_TOKENS = 64  # what a chat template puts around the messages, at most
MESSAGE_TOKENS = 16  # and around each of them


class NoModel(CurateError):
    """A language model cannot be asked at all: wrong address, wrong name, no right to it."""


class Busy(Exception):
    """This time there was no answer; asking again may help, at the earliest after `seconds`."""

    def __init__(self, why: str, seconds: float = 0.0) -> None:
        super().__init__(why)
        self.why = why
        self.seconds = seconds


class TurnedDown(Exception):
    """The model's server refuses this one question; asking again would not help."""


@dataclass(frozen=True)
class Question:
    """One call. `shape` is the JSON object that the answer must be; None: plain text."""

    messages: tuple[tuple[str, str], ...]  # (role, text)
    shape: type[BaseModel] | None = None
    most_tokens: int = 256  # of the answer
    temperature: float = 0.0
    seed: int = 0

    @property
    def parameters(self) -> dict[str, Any]:
        """All that an answer depends on, beside model and messages."""
        schema = self.shape.model_json_schema() if self.shape else None
        return {
            "max_tokens": self.most_tokens,
            "temperature": self.temperature,
            "seed": self.seed,
            "schema": schema,
        }

    @cached_property
    def prompt_hash(self) -> str:
        """Of the messages alone."""
        return blake2b(orjson.dumps(self.messages), digest_size=KEY_BYTES).hexdigest()

    def key(self, model: str) -> str:
        """Equal for questions that may share an answer."""
        told = [KEY_VERSION, model, self.messages, self.parameters]
        said = orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
        return blake2b(said, digest_size=KEY_BYTES).hexdigest()

    @cached_property
    def bound(self) -> int:
        """Tokens that one call can cost at most: no tokenizer makes more tokens than bytes."""
        asked = sum(len(text.encode()) + MESSAGE_TOKENS for _, text in self.messages)
        return asked + MARGIN_TOKENS + self.most_tokens


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back from one call; tokens are None where the server does not count."""

    text: str
    prompt_tokens: int | None = None
    answer_tokens: int | None = None
    cut: bool = False  # it reached `most_tokens` before its end

    def cost(self, question: Question) -> int:
        """Tokens charged; the bound where nobody counted."""
        if self.prompt_tokens is None or self.answer_tokens is None:
            return question.bound
        return self.prompt_tokens + self.answer_tokens


class Model(Protocol):
    """Anything that answers: a server, or weights on this machine."""

    name: str

    def reply(self, question: Question, attempt: int) -> Reply:
        """One call; Busy, TurnedDown or NoModel where there is no reply."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said to a question, in the shape asked for, and how it came about."""

    value: Any  # a text, or an instance of the question's shape
    model: str
    prompt_hash: str
    parameters: Mapping[str, Any]
    asked_at: float  # seconds since 1970
    tokens: int  # of all attempts

    @property
    def author(self) -> dict[str, Any]:
        """As it is written beside what the model made."""
        told = asdict(self)
        del told["value"]
        told["parameters"] = {k: v for k, v in self.parameters.items() if k != "schema"}
        return told


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that has no answer; it is counted and named, never lost.

    `says` is the reason, a template of `args` where it has any.
    """

    says: str
    args: Mapping[str, Any] = field(default_factory=dict)

    @property
    def why(self) -> str:
        """The reason in English."""
        return self.says.format(**self.args) if self.args else self.says


def understood(question: Question, text: str) -> Any:
    """The text in the question's shape; ValueError says what is wrong with it."""
    if question.shape is None:
        if not text.strip():
            raise ValueError("the answer is empty")
        return text.strip()
    try:
        return question.shape.model_validate_json(unwrapped(text))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        raise ValueError(f"not the JSON asked for: {where}: {first['msg']}") from error


def unwrapped(text: str) -> str:
    """The JSON object in a text that may stand in a code fence."""
    start, end = text.find("{"), text.rfind("}")
    return text[start : end + 1] if 0 <= start < end else text.strip()
