"""Chat: talk to what a run made, in the template that it was trained in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from curate.errors import BadSetting, unknown
from curate.locale import Translator
from train import folder, tuned
from train.approved import Message, Record
from train.generate import GREEDY, generate
from train.sending import send_said
from train.telling import Telling
from train.tuned import Tuned

SETTINGS: dict[str, type] = {
    "max_new_tokens": int,
    **{name: type(value) for name, value in GREEDY.items()},
}
"""What may be set while talking, as `--num_beams 4`."""
SENT = "chat.jsonl"
WORDS = "exit · help · clear · undo · model NAME · wrong [WHY] (send to review) · --num_beams 4"
WAYS_OUT = ("exit", "quit")
HELP = {
    "exit": "end; `quit` does the same",
    "help": "show this",
    "clear": "begin a new conversation",
    "undo": "take back the last question and its answer",
    "model": "let another of the runs answer: model NAME",
    "wrong": "send the last answer to review, and say why: wrong it is Lima",
    "set": "change a setting: --num_beams 4 or set num_beams=4",
}
"""What may be typed instead of a question, also with a slash in front."""
ALONE = ("help", "clear", "undo", *WAYS_OUT)
"""Words that are a question as soon as more follows."""
SLASHED = re.compile(r"/(\w+)(?:\s+(.*))?")
"""A command with a slash in front; `/etc/hosts` is none."""


@dataclass(frozen=True)
class Chat:
    """A conversation so far, with the models at hand and the settings in force."""

    runs: tuple[Tuned, ...]
    model: Any
    at: int = 0
    turns: tuple[Message, ...] = ()
    settings: tuple[tuple[str, Any], ...] = (("max_new_tokens", 256),)
    t: Translator = str

    @property
    def run(self) -> Tuned:
        """The one that answers."""
        return self.runs[self.at]


@dataclass(frozen=True)
class Said:
    """What came back to one line: an answer of a run's model, or, to a command, words of ours."""

    asked: str
    run: str | None  # None: no model answered
    said: str


def begin(runs: Sequence[Path], t: Translator = str) -> Chat:
    """Load the runs' adapters on their one base; OtherTemplate where one has changed."""
    opened = tuple(tuned.opened(run) for run in runs)
    return Chat(opened, tuned.together(opened, tuned.number_of(opened[0].base)), t=t)


def talk(chat: Chat, lines: Iterable[str], say: Callable[[Said], None]) -> Chat:
    """Answer line by line, until `exit` or the end."""
    for line in lines:
        text = line.strip()
        if not text:
            continue
        answering: str | None = None
        try:
            word, rest = command(text, chat.t)
            if word in WAYS_OUT:
                break
            answering = None if word else chat.run.run.name
            chat, answer = obeyed(chat, word, rest) if word else asked(chat, text)
        except BadSetting as error:
            answer = str(error)
        say(Said(text, answering, answer))
    return chat


def command(text: str, t: Callable[[str], str] = str) -> tuple[str, str]:
    """The command that a line is, and what follows it; an empty one where it is a question."""
    if slashed := SLASHED.fullmatch(text):
        word, rest = slashed[1], slashed[2] or ""
        if word not in (*HELP, *WAYS_OUT):
            raise BadSetting(unknown("command", word, (*HELP, *WAYS_OUT), t))
        return word, rest
    if text.startswith("--"):
        return "set", text
    word, _, rest = text.partition(" ")
    begins = {"wrong": True, "model": bool(rest), "set": "=" in rest}
    return (word, rest) if text in ALONE or begins.get(word) else ("", "")


def obeyed(chat: Chat, word: str, rest: str) -> tuple[Chat, str]:
    """What becomes of the conversation by a command, and what is said to it."""
    t = chat.t
    if word == "help":
        return chat, "\n".join(f"{name:<6} {t(says)}" for name, says in HELP.items())
    if word == "clear":
        return replace(chat, turns=()), t("a new conversation")
    if word == "model":
        return switched(chat, rest)
    if word == "set":
        made = settings(chat, rest)
        return made, ", ".join(f"{name}={value}" for name, value in made.settings)
    if not chat.turns:
        return chat, t("nothing was answered yet")
    if word == "undo":
        return replace(chat, turns=chat.turns[:-2]), t("taken back; ask again")
    return chat, send(chat, rest)


def asked(chat: Chat, question: str) -> tuple[Chat, str]:
    """The conversation with one more question and its answer."""
    answer = answered(chat, question)
    return replace(chat, turns=(*chat.turns, ("user", question), ("assistant", answer))), answer


def answered(chat: Chat, question: str) -> str:
    """The answer to a question after the conversation so far."""
    asked = (*chat.turns, ("user", question), ("assistant", ""))
    record = Record("", "", "", None, "chat", 0, None, asked, "")
    if len(chat.runs) > 1:
        chat.model.set_adapter(chat.run.run.name)
    chosen = dict(chat.settings)
    [said] = generate(
        chat.model,
        chat.run.tokenizer,
        [chat.run.template.prompt_ids(record)],
        stops=chat.run.template.stops,
        max_new_tokens=chosen.pop("max_new_tokens"),
        batch_size=1,
        options=chosen,
    )
    return inert(said.text)


def inert(text: str) -> str:
    """The text without what a terminal would obey."""
    harmless = (c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)
    return "".join(harmless)


def settings(chat: Chat, text: str) -> Chat:
    """`--num_beams 4 --temperature 0.7`, laid over those in force; BadSetting where one is none."""
    words = text.replace("=", " ").split()
    chosen = dict(chat.settings)
    for flag, value in zip(words[::2], [*words[1::2], ""], strict=False):
        name = flag.removeprefix("--").replace("-", "_")
        if name not in SETTINGS:
            raise BadSetting(unknown("setting", name, SETTINGS, chat.t))
        kind = SETTINGS[name]
        try:
            chosen[name] = value.lower() in ("true", "1", "yes") if kind is bool else kind(value)
        except ValueError:
            says = chat.t("--{name} {value} is no {kind}")
            said = says.format(name=name, value=repr(value), kind=chat.t(kind.__name__))
            raise BadSetting(said) from None
    return replace(chat, settings=tuple(chosen.items()))


def switched(chat: Chat, name: str) -> tuple[Chat, str]:
    """Let another run answer, in a new conversation; BadSetting where none has that name."""
    names = [each.run.name for each in chat.runs]
    if name not in names:
        raise BadSetting(unknown("run", name, names, chat.t))
    return replace(chat, at=names.index(name), turns=()), chat.t("{run} answers").format(run=name)


def send(chat: Chat, why: str) -> str:
    """Keep the last answer for review, which alone decides what is learnt from it."""
    *earlier, (_, prompt), (_, answer) = chat.turns
    told = {
        "run": folder.told(chat.run.run).get("id"),
        "when": folder.now(),
        "history": earlier,
        "prompt": prompt,
        "answer": answer,
        "why": why,
        "settings": dict(chat.settings),
    }
    with (chat.run.run / SENT).open("a", encoding="utf-8") as file:
        file.write(json.dumps(told, ensure_ascii=False) + "\n")
    said = [chat.t("kept in {file} for review").format(file=chat.run.run / SENT)]
    send_said(chat.run.run, Telling(said.append, chat.t))
    return "\n".join(said)
