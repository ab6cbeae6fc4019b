"""A small bilingual data set with faults whose places are known, in three files as teams have them.

A fourth holds pairs that a language model is said to have made.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from curate.demo import clean, made
from curate.demo.faults import EVAL, Fault, faults
from curate.errors import BadSetting
from curate.publish import write_whole

Planted = dict[str, Any]
FILES = ("data.jsonl", "chat.jsonl", "faq.csv", made.FILE, "eval.jsonl", "planted.jsonl")

CARE = [
    ("a headache", "頭痛"), ("a cold", "風邪"), ("a sunburn", "日焼け"), ("sore feet", "足の痛み"),
    ("a dry cough", "乾いた咳"), ("hiccups", "しゃっくり"), ("a stiff neck", "肩こり"),
    ("a splinter", "とげ"), ("a mosquito bite", "虫刺され"), ("dry eyes", "目の乾き"),
]  # fmt: skip


def write(folder: Path) -> list[Planted]:
    """Write the demo into a folder and give the list of what is planted, as planted.jsonl has it.

    BadSetting where that would overwrite a file that is not the demo's.
    """
    data, planted = with_faults()
    chat, planted_chat = conversations()
    planted += [*planted_chat, *planted_made()]
    contents = (
        lines(data), lines(chat), faq(), lines(made.records()), lines(EVAL), lines(planted),
    )  # fmt: skip
    files = {folder / name: content for name, content in zip(FILES, contents, strict=True)}
    refuse_to_overwrite(files)
    for file, content in files.items():
        write_whole(file, content)
    return planted


def refuse_to_overwrite(files: Mapping[Path, bytes]) -> None:
    """BadSetting where something else than the demo lies in the place of one of its files."""
    for file, content in files.items():
        if file.exists() and not (file.is_file() and file.read_bytes() == content):
            raise BadSetting(
                f"{file} is there already and is not the demo's; nothing was written. "
                "Name another folder: curate demo FOLDER"
            )
    folder = next(iter(files)).parent
    if folder.exists() and not folder.is_dir():
        raise BadSetting(f"{folder} is a file; name a folder: curate demo FOLDER")


def with_faults() -> tuple[list[clean.Written], list[Planted]]:
    """Clean records, twins and faults; the faults spread evenly, always at the same lines."""
    whole = [*clean.records(), *over_refused()]
    planted_faults = faults()
    whole += [f.twin for f in planted_faults if f.twin is not None]
    step = len(whole) // sum(len(f.records) for f in planted_faults)
    at = step
    placed: list[tuple[Fault, list[int]]] = []
    for fault in planted_faults:
        places = []
        for record in fault.records:
            whole.insert(at, record)
            places.append(at + 1)
            at += step + 1
        placed.append((fault, places))
    told = [planted("data.jsonl", f.check, f.language, places) for f, places in placed]
    told += [
        {"source": "data.jsonl", "check": "refusal-share", "language": "en, ja", "lines": []},
        {"source": "data.jsonl", "check": "class-imbalance", "language": "en, ja", "lines": []},
    ]
    return whole, told


def planted(source: str, check: str, language: str, places: Iterable[int]) -> Planted:
    """One line of planted.jsonl: the finding stands on one of these lines."""
    return {"source": source, "check": check, "language": language, "lines": list(places)}


def over_refused() -> list[clean.Written]:
    """A category that mostly refuses harmless questions, and one with a single record."""
    records = []
    for number, (trouble, trouble_ja) in enumerate(CARE):
        if number < 7:
            answer = f"I'm sorry, but I cannot give advice about {trouble}."
            answer_ja = f"申し訳ありませんが、{trouble_ja}についてはお答えできません。"
        else:
            answer = f"For {trouble}, rest, drink water, and ask a pharmacist if it stays."
            answer_ja = f"{trouble_ja}のときは休んで水を飲み、続くなら薬剤師に相談しましょう。"
        records.append(clean.said("health", f"What helps against {trouble}?", answer))
        records.append(clean.said("health", f"{trouble_ja}には何が効きますか。", answer_ja))
    lone = clean.said(
        "poetry", "Write one line about snow.", "Snow, and the street forgets its name."
    )
    return [*records, lone]


def conversations() -> tuple[list[dict[str, Any]], list[Planted]]:
    """Chat records, two of them with turns in a wrong order."""
    hotels = [("Oslo", "オスロ"), ("Lima", "リマ"), ("Cairo", "カイロ"), ("Athens", "アテネ")]
    chat = []
    for city, city_ja in hotels:
        chat.append(talk(f"I am going to {city}.", "How nice. How long will you stay?", "Three days.",
                         f"Three days are enough to see the old town of {city}."))  # fmt: skip
        chat.append(talk(f"{city_ja}に行きます。", "いいですね。何日滞在しますか。", "三日間です。",
                         f"三日あれば{city_ja}の旧市街を見て回れます。"))  # fmt: skip
    wrong = talk(
        "Good morning.", "Are you there?", "I need a room.", "Good morning. For how many nights?"
    )
    wrong["messages"][1]["role"] = "user"
    wrong_ja = talk(
        "おはようございます。",
        "いらっしゃいますか。",
        "部屋を予約したいです。",
        "おはようございます。何泊のご予定ですか。",
    )
    wrong_ja["messages"][1]["role"] = "user"
    chat += [wrong, wrong_ja]
    told = [
        planted("chat.jsonl", "role-order", language, [len(chat) - 1 + n])
        for n, language in enumerate(("en", "ja"))
    ]
    return chat, told


def planted_made() -> Iterator[Planted]:
    """What speaks against each pair that a model is said to have made."""
    for line, (check, language, *_) in enumerate(made.PAIRS, start=1):
        yield planted(made.FILE, check, language, [line])


def talk(*turns: str) -> dict[str, Any]:
    """A conversation of user and assistant in turn."""
    roles = ("user", "assistant")
    return {"messages": [{"role": roles[n % 2], "content": turn} for n, turn in enumerate(turns)]}


def faq() -> bytes:
    """Questions and answers as a spreadsheet exports them."""
    pairs = [
        ("配送は何日かかりますか。", "通常は三日ほどで届きます。"), ("送料はいくらですか。", "全国一律五百円です。"),
        ("支払い方法は何がありますか。", "カードと銀行振込が使えます。"), ("領収書はもらえますか。", "マイページから発行できます。"),
        ("ギフト包装はできますか。", "注文画面で選べます。"), ("店舗はどこにありますか。", "駅の北口から歩いて五分です。"),
    ]  # fmt: skip
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["質問", "回答"])
    writer.writerows(pairs)
    return text.getvalue().encode()


def lines(records: Iterable[Any]) -> bytes:
    """JSON Lines."""
    return b"".join(orjson.dumps(r, option=orjson.OPT_APPEND_NEWLINE) for r in records)
