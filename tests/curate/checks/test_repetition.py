"""repetition: refrains, tables, numbers and code first; then loops."""

from __future__ import annotations

import pytest

from curate.check import ask
from curate.checks.repetition import CHECK
from tests.making import record, records

PROSE = (
    "Light comes first, and a good lens helps. Walk around before you choose a place, look at the "
    "sky, mind what stands behind the people, and take more pictures than you think you need. "
)
PROSE_JA = (
    "まず光を見て、次に場所を選びます。空の様子や背景に気を配り、必要だと思うよりも多く撮影する"
    "と、後で選ぶのが楽になります。明るい時間に歩いて下見をするのもよい方法です。"
)
CLEAN = [
    PROSE,
    PROSE_JA,
    "Row, row, row your boat, gently down the stream. Merrily, merrily, merrily, merrily.",
    "Ha ha ha ha! That was a good one, " + PROSE,
    "はははは、それは面白い話ですね。" + PROSE_JA,
    "| --- " * 20 + "|\n" + "|     " * 20 + "|",
    "=" * 80,
    "Title\n" + "-" * 70 + "\n" + PROSE,
    "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24",
    "0" * 64,
    "[" + "0, " * 40 + "0]",
    "<td>Cell 1</td>\n<td>Cell 2</td>\n<td>Cell 3</td>\n<td>Cell 4</td>\n<td>Cell 5</td>",
    "x = Dense(128)(x)\n" * 4,
    "\n".join(f"{n} x 7 = {n * 7}" for n in range(1, 30)),
    PROSE + "We love the sea. " + PROSE + "We love the sea.",
    " " * 300 + "end",
    "\n".join(f"{n}. {word}" for n, word in enumerate(["Ant", "Bee", "Cat", "Dog", "Bee", "Elk"])),
    "\n".join(f"Step {n}: turn page {n} and read it." for n in range(1, 3)),
    "The tide comes in. The tide goes out. The tide comes in. We walk home along the cold shore.",
    "\n".join(
        f"{n}位：{word}" for n, word in enumerate(["東京", "大阪", "京都", "奈良", "東京", "神戸"])
    ),
    "春が来る。花が咲く。春が来る。鳥が鳴く。春が来る。風が吹き、子どもたちが野原を走っていく。",
]
BAD = [
    ("ha" * 30, "ha", 1.0),
    ("haha " * 15, "haha", 1.0),
    ("thereof, " * 12, "thereof,", 1.0),
    ("ーーーー" * 30, "ー", 1.0),
    ("!" * 120, "!", 1.0),
    ("I do not know. " * 30, "I do not know.", 1.0),
    (PROSE + "I will try again. " * 30, "I will try again.", 0.7),
    ("Well, " + "no " * 100 + "and that is all there is to say.", "no", 0.8),
    ("6" * 600, "6", 1.0),
    ("国会議員、" * 40, "国会議員、", 1.0),
    (PROSE_JA + "選挙の公正性を損なう行為として、" * 20, "選挙の公正性を損なう行為として、", 0.7),
    ("はい、" + "わかりません。" * 30 + "以上で説明を終わります。", "わかりません。", 0.9),
    ("絆創膏" * 30, "絆創膏", 1.0),
]


@pytest.mark.parametrize("answer", CLEAN)
def test_clean(answer: str) -> None:
    assert ask(CHECK, records(record(answer=answer))) == []


@pytest.mark.parametrize(("answer", "unit", "share"), BAD)
def test_in_a_row(answer: str, unit: str, share: float) -> None:
    [(row, hit)] = ask(CHECK, records(record(answer=answer)))
    assert row == 0
    assert hit.score == pytest.approx(share, abs=0.12)
    assert sorted(hit.args["unit"].replace(" ", "")) == sorted(unit.replace(" ", ""))
    looped = answer[hit.start : hit.end]
    assert hit.args["times"] * len(unit) <= len(looped) + hit.args["times"]
    assert len(looped) / len(answer) == pytest.approx(share, abs=0.12)


@pytest.mark.parametrize(
    "answer",
    [
        "It is a farm. " + "The gate is shut, and the gate is open, and " * 4,
        "The pond is cold. " + "It is worth knowing that a pond is cold. " * 3,
        "池は冷たい。" + "このため、池の水が冷たいことを知っておきましょう。" * 3,
        "\n\n".join(["A ewe is a sheep that gives milk to the farmer and cheese to us all."] * 3),
    ],
)
def test_many_words_need_few_turns(answer: str) -> None:
    [(_, hit)] = ask(CHECK, records(record("Describe it.", answer)))
    assert hit.score > 0.5


@pytest.mark.parametrize(
    "line",
    ["Plan the event and invite the guests", "イベントの目的を明確にして、参加者を募ります。"],
)
def test_lines_that_only_change_their_number(line: str) -> None:
    [(_, hit)] = ask(CHECK, records(record(answer="\n".join(f"{n}. {line}" for n in range(40)))))
    assert hit.args["times"] == 40
    assert hit.score > 0.8


@pytest.mark.parametrize(
    "answer",
    [
        "\n".join(f"{n}. Moonhare" for n in range(1, 8)),
        "\n".join(f"{n}．つきうさぎのこども" for n in range(1, 30)),
        " ".join(f"Step {n}: lift the latch and push the door." for n in range(1, 7)),
        "".join(f"手順{n}：ふたを開けて中を見ます。" for n in range(1, 7)),
    ],
)
def test_a_short_item_and_nothing_else(answer: str) -> None:
    [(_, hit)] = ask(CHECK, records(record("Describe it.", answer)))
    assert hit.score > 0.8


@pytest.mark.parametrize(
    "line",
    [
        "Room {}: {} chairs are by the long wall",
        "{}号室の椅子{}脚は全員のために置いてある。",
    ],
)
def test_the_first_of_such_lines_is_quoted_as_it_stands(line: str) -> None:
    answer = "\n".join(line.format(n + 100, n % 7) for n in range(31))
    [(_, hit)] = ask(CHECK, records(record(answer=answer)))
    assert hit.args["unit"] == line.format(100, 0)
    assert hit.args["unit"] in answer


@pytest.mark.parametrize(
    "task",
    ["Write 'I am sorry' 50 times.", "Give the (AB)50 repeat.", "「ごめんなさい」と50回書いて"],
)
def test_what_was_asked_for(task: str) -> None:
    word = "I am sorry. " if task.isascii() else "ごめんなさい。"
    assert ask(CHECK, records(record(task, word * 50))) == []
    assert len(ask(CHECK, records(record("Say it.", word * 50)))) == 1


def test_the_end_of_a_long_answer_is_looked_at_too() -> None:
    varied = "".join(PROSE.replace("light", f"lamp {n}").replace("sky", f"wall {n}") for n in "abc")
    words = "".join(f"{chr(97 + n)}{n * 7919} " for n in range(26)) + varied
    [(_, hit)] = ask(CHECK, records(record(answer=words + "and then it stopped " * 20)))
    assert 0.1 < hit.score < 0.5


def test_a_small_share_is_no_loop() -> None:
    assert ask(CHECK, records(record(answer=PROSE + "no no no no " + PROSE_JA))) == []


def test_a_long_answer_costs_little() -> None:
    [(_, hit)] = ask(CHECK, records(record(answer="The same words. " * 200_000)))
    assert hit.score > 0.99
