"""Turns: a list of message objects, in any dialect, as (role, text) pairs.

Tool calls become part of the text (as JSON with sorted keys), because two conversations that call
different tools are different. What a message carries besides role and text goes into `meta`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, chain, pairwise
from typing import Any

from curate.raw.cells import MISSING, Cells, sorted_json
from curate.raw.strict_json import kind
from curate.record import Message
from curate.sources.columns import pick, with_system
from curate.sources.fold import Conversation
from curate.sources.source import Misread

ROLES = {
    **dict.fromkeys(("system", "developer"), "system"),
    **dict.fromkeys(("user", "human", "prompter", "ユーザー", "ユーザ"), "user"),
    **dict.fromkeys(
        ("assistant", "gpt", "chatgpt", "bot", "ai", "model", "agent", "bing", "bard", "claude",
         "function_call", "tool_call", "アシスタント"),
        "assistant",
    ),
    **dict.fromkeys(
        ("tool", "function", "observation", "function_response", "tool_response", "ipython"),
        "tool",
    ),
}  # fmt: skip

LIST_NAMES = (
    "messages", "conversations", "conversation", "dialog", "dialogue", "chat", "turns",
    "会話", "対話",
)  # fmt: skip

CALLS = ("tool_calls", "function_call")

EXTRA = "message_fields"
"""Key in `meta` under which other fields of messages are kept, by the message's number."""


Keys = Callable[[Mapping[str, Any]], dict[str, str] | None]
"""What the keys of a first message mean; None where it is no message."""


def list_column(row: Mapping[str, Any], keys: Keys) -> dict[str, str] | None:
    """The column that holds message objects, what their keys mean, and the system column."""
    known = pick(row, LIST_NAMES)
    for column in row if known is None else [known, *row]:
        value = row[column]
        if isinstance(value, list) and value and isinstance(value[0], dict):
            meant = keys(value[0])
            if meant is not None:
                return with_system(row, {"messages": column, **meant})
    return None


def role_and_text(roles: Sequence[str], texts: Sequence[str]) -> Keys:
    """Messages that have one of these keys for the role and one for the text."""

    def keys(message: Mapping[str, Any]) -> dict[str, str] | None:
        role = next((key for key in roles if _is_role(key, message.get(key))), None)
        text = next((key for key in texts if key in message), None)
        return None if role is None or text is None else {"role": role, "text": text}

    return keys


def _is_role(key: str, value: Any) -> bool:
    """Any text under a key that is only used for roles; a known role under another key."""
    return isinstance(value, str) and (key in ("role", "from") or value.casefold() in ROLES)


ANY_KEYS = role_and_text(
    roles=("role", "from", "name", "speaker", "author"), texts=("content", "value", "text")
)

ListReader = Callable[[list[Any]], tuple[list[Message], dict[str, Any]]]
"""Reads the messages of one record, and other fields by message number; Misread says why not."""


def turns(
    cells: Cells, columns: Mapping[str, str], read: ListReader
) -> list[Conversation | Misread]:
    """The conversation of each record, or why there is none."""
    lists = cells.column(columns["messages"])
    if "system" not in columns and "role" in columns:
        plain = _plain(lists, columns["role"], columns["text"])
        if plain is not None:
            return list(map(Conversation, plain))
    systems = cells.column(columns["system"]) if "system" in columns else [None] * cells.size
    return [
        _conversation(value, system, columns, read)
        for value, system in zip(lists, systems, strict=True)
    ]


def _plain(lists: Sequence[Any], role: str, text: str) -> list[list[Message]] | None:
    """The messages of all records at once, where each is a role and a text and nothing else."""
    if set(map(type, lists)) != {list}:
        return None
    inner = list(chain.from_iterable(lists))
    if set(map(type, inner)) != {dict} or set(map(len, inner)) != {2}:
        return None
    try:
        roles = [ROLES[message[role]] for message in inner]
        texts = [message[text] for message in inner]
    except (KeyError, TypeError):
        return None
    if set(map(type, texts)) != {str}:
        return None
    pairs = list(zip(roles, texts, strict=True))
    stops = list(accumulate(map(len, lists), initial=0))
    return [pairs[start:stop] for start, stop in pairwise(stops)]


def _conversation(
    value: Any, system: Any, columns: Mapping[str, str], read: ListReader
) -> Conversation | Misread:
    """One list of message objects; `system` is a column beside it."""
    column = columns["messages"]
    if value is MISSING:
        return Misread("missing-column", "no column {column!r}", column=column)
    if not isinstance(value, list):
        says = "column {column!r} is of type {kind}, where a list of messages is needed"
        return Misread("wrong-type", says, column=column, kind=kind(value))
    try:
        messages, extra = read(value)
    except Misread as misread:
        return misread
    if isinstance(system, str) and system and messages[:1] != [("system", system)]:
        if messages and messages[0][0] == "system":
            says = "a system message both in column {column!r} and in the conversation"
            return Misread("two-systems", says, column=columns["system"])
        messages.insert(0, ("system", system))
    return Conversation(messages, extra={EXTRA: extra} if extra else None)


def texts_or_messages(said: Any, role: str, column: str) -> list[Message]:
    """A text as one message of that role, or a list of messages; Misread says why neither."""
    if said is MISSING:
        raise Misread("missing-column", "no column {column!r}", column=column)
    if isinstance(said, str) or said is None:
        return [(role, said or "")]
    first = said[0] if isinstance(said, list) and said else None
    keys = ANY_KEYS(first) if isinstance(first, dict) else None
    if keys is None:
        says = "column {column!r} is of type {kind}, where text or messages are needed"
        raise Misread("wrong-type", says, column=column, kind=kind(said))
    return messages_of(said, keys["role"], keys["text"])[0]


def messages_of(
    value: Sequence[Any], role_key: str, text_key: str
) -> tuple[list[Message], dict[str, Any]]:
    """(role, text) pairs, and other fields by message number; Misread names the message."""
    messages, extra = [], {}
    for number, item in enumerate(value, start=1):
        if not isinstance(item, dict):
            says = "message {number} is of type {kind}, not an object"
            raise Misread("wrong-type", says, number=number, kind=kind(item))
        role = _role(item.get(role_key, MISSING), role_key, number)
        messages.append((role, _text(item, text_key, number)))
        if len(item) > 2:
            left = {
                k: v for k, v in item.items()
                if v is not None and k not in (role_key, text_key, *CALLS)
            }  # fmt: skip
            if left:
                extra[str(number)] = left
    return messages, extra


def _role(said: Any, key: str, number: int) -> str:
    role = ROLES.get(said) if isinstance(said, str) else None
    if role is None and isinstance(said, str):
        role = ROLES.get(said.strip().casefold())
    if role is not None:
        return role
    if said is MISSING:
        says = "message {number} has no {key!r}"
        raise Misread("missing-role", says, number=number, key=key)
    says = "message {number} has the unknown role {role}"
    raise Misread("unknown-role", says, number=number, role=repr(said)[:60])


def _text(item: Mapping[str, Any], key: str, number: int) -> str:
    text = item.get(key, MISSING)
    calls = {name: item[name] for name in CALLS if item.get(name)}
    if type(text) is str and not calls:
        return text
    if text is MISSING and not calls:
        raise Misread("missing-text", "message {number} has no {key!r}", number=number, key=key)
    said = _parts(text, key, number)
    if not calls:
        return said
    return "\n".join(filter(None, (said, sorted_json(calls))))


def _parts(text: Any, key: str, number: int) -> str:
    """Text, or the texts of content parts; null is empty."""
    if text is None or text is MISSING:
        return ""
    if isinstance(text, str):
        return text
    if not isinstance(text, list):
        says = "message {number}: {key!r} is of type {kind}, where text is needed"
        raise Misread("wrong-type", says, number=number, key=key, kind=kind(text))
    texts = []
    for part in text:
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, dict) and isinstance(part.get("text"), str):
            texts.append(part["text"])
        else:
            what = part.get("type") if isinstance(part, dict) else kind(part)
            says = "message {number} holds a part that is no text ({part})"
            raise Misread("content-not-text", says, number=number, part=what)
    return "\n".join(texts)
