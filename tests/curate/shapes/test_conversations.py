"""Shapes that hold a list of messages: messages, both ShareGPT dialects, lists as prompts."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from curate import reading, shapes
from curate.record import Message


def user(content: Any, **more: Any) -> dict[str, Any]:
    return {"role": "user", "content": content, **more}


def bot(content: Any, **more: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": content, **more}


def read(row: dict[str, Any]) -> dict[str, Any]:
    records, rejects = reading.read([row])
    assert not rejects
    return records.row(0, named=True)


def undone(record: dict[str, Any]) -> list[Message]:
    """The messages of a record, put together again from its fields as `curate.sources.fold` says."""
    names = {"s": "system", "u": "user", "a": "assistant", "t": "tool"}
    rest = [tuple(pair) for pair in orjson.loads(record["history"] or "[]")]
    roles = record["roles"]
    last_user = roles.rfind("u")
    messages = []
    for at, letter in enumerate(roles):
        if at == 0 and letter == "s":
            messages.append(("system", record["system"]))
        elif at == last_user:
            messages.append(("user", record["instruction"]))
        elif at == len(roles) - 1 and letter == "a":
            messages.append(("assistant", record["answer"]))
        else:
            assert rest[0][0] == names[letter]
            messages.append(rest.pop(0))
    assert not rest
    return messages


ORDERS = ["ua", "sua", "uaua", "suauaua", "u", "uau", "a", "sa", "uata", "uatata", "usua", "uasua", "aua", "uu", "aa", "uat", "s", "su"]  # fmt: skip


@pytest.mark.parametrize("order", ORDERS)
def test_no_message_is_lost_in_any_order(order: str) -> None:
    names = {"s": "system", "u": "user", "a": "assistant", "t": "tool"}
    messages = [(names[letter], f"{letter}{n}本") for n, letter in enumerate(order)]
    record = read({"messages": [{"role": role, "content": text} for role, text in messages]})
    assert record["roles"] == order
    assert undone(record) == messages


def test_roles_of_all_dialects() -> None:
    said = ["system", "developer", "user", "human", "prompter", "assistant", "gpt", "model", "function_call", "tool", "function", "observation", "User", " ASSISTANT "]  # fmt: skip
    row = {"conversations": [{"from": role, "value": "x"} for role in said]}
    assert read(row)["roles"] == "ssuuuaaaatttua"


def test_tool_calls_are_part_of_the_conversation() -> None:
    call = {"id": "1", "function": {"name": "天気", "arguments": "{}"}}
    one = read({"messages": [user("a"), bot(None, tool_calls=[call]), {"role": "tool", "content": "晴れ", "tool_call_id": "1"}, bot("b")]})  # fmt: skip
    assert one["roles"] == "uata"
    assert one["history"] == orjson.dumps([
        ["assistant", '{"tool_calls":[{"function":{"arguments":"{}","name":"天気"},"id":"1"}]}'],
        ["tool", "晴れ"],
    ]).decode()  # fmt: skip
    assert one["meta"] == '{"message_fields":{"3":{"tool_call_id":"1"}}}'
    other = {**call, "function": {"name": "時刻", "arguments": "{}"}}
    two = read({"messages": [user("a"), bot(None, tool_calls=[other]), {"role": "tool", "content": "晴れ"}, bot("b")]})  # fmt: skip
    assert one["record_id"] != two["record_id"]
    both = read({"messages": [user("a"), bot("はい", tool_calls=[call])]})
    assert both["answer"].startswith('はい\n{"tool_calls":')


def test_content_parts_are_joined() -> None:
    parts = [{"type": "text", "text": "一"}, {"type": "text", "text": "二"}]
    assert read({"messages": [user(parts), bot("x")]})["instruction"] == "一\n二"


def test_other_fields_of_messages_are_kept() -> None:
    record = read({"messages": [user("a", name="花子"), bot("b", weight=0, x=None)], "k": 1})
    assert record["meta"] == '{"k":1,"message_fields":{"1":{"name":"花子"},"2":{"weight":0}}}'


def test_a_column_of_that_name_is_not_overwritten() -> None:
    record = read({"messages": [user("a", name="x")], "message_fields": 1})
    assert record["meta"] == '{"message_fields":1,"message_fields_":{"1":{"name":"x"}}}'


def test_the_same_system_text_said_twice_is_one() -> None:
    message = {"role": "system", "content": "簡潔に。"}
    twice = read({"messages": [message, user("a"), bot("b")], "system": "簡潔に。"})
    assert twice["roles"] == "sua"
    assert twice["record_id"] == read({"messages": [message, user("a"), bot("b")]})["record_id"]


REJECTED: list[tuple[dict[str, Any], str, str]] = [
    ({"messages": []}, "empty-conversation", "no message"),
    ({"messages": "a"}, "wrong-type", "column 'messages' is of type string, where a list"),
    ({"messages": None}, "wrong-type", "of type null"),
    ({"messages": ["a"]}, "wrong-type", "message 1 is of type string, not an object"),
    ({"messages": [user("a"), {"content": "b"}]}, "missing-role", "message 2 has no 'role'"),
    ({"messages": [{"role": "boss", "content": "b"}]}, "unknown-role", "unknown role 'boss'"),
    ({"messages": [{"role": 1, "content": "b"}]}, "unknown-role", "unknown role 1"),
    ({"messages": [{"role": "user"}]}, "missing-text", "message 1 has no 'content'"),
    ({"messages": [user(5)]}, "wrong-type", "message 1: 'content' is of type number"),
    ({"messages": [user([{"type": "image_url"}])]}, "content-not-text", "(image_url)"),
    ({"messages": [{"role": "system", "content": "a"}], "system": "b"}, "two-systems", "'system'"),
    ({"x": 1}, "missing-column", "no column 'messages'"),
]


@pytest.mark.parametrize(("row", "code", "said"), REJECTED)
def test_what_is_no_conversation_is_rejected(row: dict[str, Any], code: str, said: str) -> None:
    good = {"messages": [user("a"), bot("b")], "system": None}
    records, (reject,) = reading.read([good, good, row])
    assert len(records) == 2
    assert (reject.line, reject.code) == (3, code)
    assert said in reject.message


SHAREGPT: list[tuple[dict[str, Any], str]] = [
    ({"conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]}, "ua"),
    ({"conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}], "system": "s"}, "sua"),
    ({"会話": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]}, "ua"),
    ({"conversation": [{"human": "a", "assistant": "b"}, {"human": "c", "assistant": "d"}]}, "uaua"),
    ({"conversation": [{"human": "a", "assistant": "b"}], "system": "s"}, "sua"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "roles"), SHAREGPT)
def test_both_dialects_of_sharegpt(row: dict[str, Any], roles: str) -> None:
    record = read(row)
    assert (record["shape"], record["roles"], record["meta"]) == ("sharegpt", roles, None)


def test_a_round_that_lacks_its_answer_is_named() -> None:
    good = {"conversation": [{"human": "a", "assistant": "b"}]}
    bad = {"conversation": [{"human": "a", "assistant": "b"}, {"human": "c"}]}
    _, (reject,) = reading.read([good, bad])
    assert reject.message == "round 2: 'assistant' is of type null, where text is needed"


OTHER_LISTS: list[tuple[dict[str, Any], str | None]] = [
    ({"fixed": [{"name": "user", "text": "a"}, {"name": "agent", "text": "b"}]}, "messages"),
    (
        {"tools": [{"name": "search", "text": "a tool"}], "question": "a", "answer": "b"},
        "text-pair",
    ),
    ({"documents": [{"title": "x", "text": "y"}], "question": "a", "answer": "b"}, "text-pair"),
    ({"prompt": [user("a")], "completion": [bot("b")]}, "prompt-completion"),
    ({"prompt": "a", "messages": [user("a"), bot("b")], "response": "b"}, "messages"),
    ({"messages": [[user("a")]]}, None),
]


@pytest.mark.parametrize(("row", "shape"), OTHER_LISTS)
def test_lists_that_are_messages_and_lists_that_are_not(
    row: dict[str, Any], shape: str | None
) -> None:
    found = shapes.of(row)
    assert (found[0] if found else None) == shape


def test_prompt_and_completion_as_messages() -> None:
    record = read({"prompt": [user("a")], "completion": [bot("b")]})
    assert (record["roles"], record["instruction"], record["answer"]) == ("ua", "a", "b")
