"""Chat: talk to what a run made, in the template that it was trained in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from curate.errors import BadSetting, unknown
from curate.locale import Translator
from train import folder, tuned
from train.approved import Message, Record
from train.generate import GREEDY, generate
from train.tuned import Tuned

SETTINGS: dict[str, type] = {
    "max_new_tokens": int,
    **{name: type(value) for name, value in GREEDY.items()},
}
"""What may be set while talking, as `--num_beams 4`."""
SENT = "chat.jsonl"
WORDS = "exit · clear · model NAME · wrong [WHY] (send to review) · --num_beams 4 and the like"


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


def begin(runs: Sequence[Path], t: Translator = str) -> Chat:
    """Load the runs' adapters on their one base; OtherTemplate where one has changed."""
    opened = tuple(tuned.opened(run) for run in runs)
    return Chat(opened, tuned.together(opened, tuned.number_of(opened[0].base)), t=t)


def talk(chat: Chat, lines: Iterable[str], say: Callable[[str], None]) -> Chat:
    """Answer line by line, until `exit` or the end."""
    for line in lines:
        text = line.strip()
        if text == "exit":
            break
        if not text:
            continue
        try:
            chat, answer = heard(chat, text)
        except BadSetting as error:
            answer = str(error)
        say(answer)
    return chat


def heard(chat: Chat, text: str) -> tuple[Chat, str]:
    """What becomes of the conversation by one line, and what is said to it."""
    word, _, rest = text.partition(" ")
    if text == "clear":
        return replace(chat, turns=()), chat.t("a new conversation")
    if word == "wrong" and chat.turns:
        return chat, send(chat, rest)
    if word == "model" and rest:
        return switched(chat, rest)
    if word.startswith("--"):
        made = settings(chat, text)
        return made, ", ".join(f"{name}={value}" for name, value in made.settings)
    answer = answered(chat, text)
    return replace(chat, turns=(*chat.turns, ("user", text), ("assistant", answer))), answer


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
    return chat.t("kept in {file} for review").format(file=chat.run.run / SENT)
