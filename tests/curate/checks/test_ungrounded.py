"""ungrounded: clean records first, then bad ones."""

from __future__ import annotations

import pytest

from curate.check import ask
from curate.checks.ungrounded import CHECK
from curate.finding import Hit, Unsure
from tests.making import record, records

MILL = (
    "The Hartwell paper mill opened on May 3, 1912 beside the river Avon and closed in 1987. At"
    " its height it employed 1,998 people and made 12.5 million sheets a day. Its founder, J. R."
    " Hartwell, left the U.S. for England at the age of twenty-two. See"
    " https://mill.example/history for more."
)
KOJO = (
    "株式会社みどり製紙の工場は昭和12年5月に川沿いの町で操業を始め、平成2年に閉鎖された。最盛期には1,998人が働き、"
    "毎日三万二千枚の紙を作った。創業者のジョン・ハートウェルは22歳で来日し、技術者として各地の工場を回ったという。"
    "工場の跡地は現在、市民の公園として使われている。"
)
SUM = "Summarize the following article."
SUM_JA = "次の文章を要約してください。"
MAIL_JA = "件名：会議の件\n佐藤です。3月10日の会議ですが、14時からに変更させてください。"
FINAL = "In the final at Umeå, Erik Dahl beat Jonas Holm by 31 points to 29."

CLEAN = [
    (SUM, MILL, "The mill ran from 1912 to 1987 and employed about 2,000 people."),
    (SUM, MILL, "For 75 years the Hartwell mill made paper: 12,500,000 sheets a day."),
    (SUM, MILL, "Founder Hartwell left the United States at 22. The mill opened on 3 May 1912."),
    (SUM, MILL, "1. It opened in 1912.\n2. It closed in the 1980s.\n14. Done."),
    (SUM, MILL, "More is at mill.example/history or https://www.mill.example."),
    (SUM, MILL, "It employed nearly 2000 people, three generations of them."),
    (SUM_JA, KOJO, "1937年に始まった工場は1990年に閉鎖された。約2,000人が働いていた。"),
    (SUM_JA, KOJO, "ハートウェルが創業した工場は１日３２０００枚の紙を作った。"),
    (SUM_JA, KOJO, "The Midori Paper factory opened in 1937; John Hartwell founded it."),
    ("工場が閉鎖されたのは何年ですか?", KOJO, "平成2年"),
    ("When did the mill close?", MILL, "It closed in 1987."),
    ("How many years did the mill run?", MILL, "It ran for 27,394 days."),
    ("Write a story based on the text.", MILL, "In 1850 Arthur Pendragon met Mary Shelley."),
    ("Generate questions based on the passage.", MILL, "Did Charles Dickens visit in 1850?"),
    ("Suggest a title for the article.", MILL, "The Paper Kings of Stratford Town, 1850"),
    ("Translate the article into French.", MILL, "Le Moulin de Jean Dupont, 1850"),
    ("文章の続きを書いてください。", KOJO, "2051年、アルベルト・シュミットが町を訪れた。"),
    ("Who wrote Hamlet?", "", "In 1601, William Shakespeare did."),
    ("Convert to miles based on the text.", MILL, "It is 7,767 miles."),
    (SUM_JA, MAIL_JA, "佐藤さんから、3月10日の会議を午後2時に変更したいという連絡です。"),
    (SUM_JA, "明日の会議は午後3時からです。場所は本社の2階です。", "会議は4月5日の15時からです。"),
    (SUM, FINAL, "At Umeå, Erik Dahl won by 31 points to 29, two points ahead."),
    ("Whose win is this?", FINAL, "It is that of Erik Dahl, born in 1987."),
    (
        "Using only the notes, write a mail.",
        MILL,
        "The mill closed in 1987; 1,998 people worked there.",
    ),
    (
        "Using only the words below, write a short story.",
        MILL,
        "In 1850 Arthur Pendragon met Mary Shelley.",
    ),
    (
        "次の文章だけを使って答えてください。いつ閉鎖されましたか。",
        KOJO,
        "1990年に閉鎖されました。",
    ),
    (
        "文章を参考に、会社の新しい物語を考えてください。",
        KOJO,
        "2051年、アルベルト・シュミットが町を訪れた。",
    ),
    ("次の言葉を使って短い文を書いてください。", KOJO, "2051年の町の話です。"),
]
BAD = [
    (SUM, MILL, "The mill opened in 1921 and employed 1,998 people.", {"1921"}),
    (SUM, MILL, "The mill by the Avon was run by Arthur Pendragon.", {"Arthur Pendragon"}),
    (SUM, MILL, "It made 80 million sheets, 64% of the market.", {"80 million", "64%"}),
    (SUM, MILL, "Read more at https://avon-news.net/mill.", {"https://avon-news.net/mill"}),
    ("Generate a summary of the article.", MILL, "It burned down in 1953.", {"1953"}),
    (
        "When did the mill open?",
        MILL,
        "It opened in 1921, said Arthur Pendragon.",
        {"1921", "Arthur Pendragon"},
    ),
    (SUM_JA, KOJO, "工場は1951年に操業を始めた。", {"1951"}),
    (SUM_JA, KOJO, "工場は１９５１年に始まり、8,500人が働いた。", {"1951", "8,500"}),
    (
        "本文から創業者の名前を抜き出してください。",
        KOJO,
        "アルベルト・シュミット",
        {"アルベルト・シュミット"},
    ),
    ("この文章によると、工場はいつ閉鎖されましたか。", KOJO, "1975年に閉鎖されました。", {"1975"}),
    (SUM_JA, MAIL_JA, "3月12日の会議が15時からに変わります。", {"12", "15"}),
    (
        "文章を参考に、質問に答えなさい。いつ閉鎖されましたか。",
        KOJO,
        "1975年に閉鎖されました。",
        {"1975"},
    ),
    (
        f"次の文章だけを使って答えなさい。\n\n{KOJO}\n\nいつ閉鎖されましたか。",
        "",
        "1975年です。",
        {"1975"},
    ),
    ("資料のみを根拠にして報告を書いてください。", KOJO, "工場は1975年に閉鎖された。", {"1975"}),
    ("メモの範囲内で答えてください。閉鎖の年は？", KOJO, "1975年です。", {"1975"}),
    ("Using only the notes, write a status mail.", MILL, "It closed in 1968.", {"1968"}),
    ("Use the notes to say when it closed.", MILL, "It closed in 1968.", {"1968"}),
    ("Refer to the passage and answer.", MILL, "It closed in 1968.", {"1968"}),
    ("本文の内容だけから答えてください。", MAIL_JA, "会議は3月9日です。", {"9"}),
    (
        "Answer from the text only. Who won?",
        FINAL,
        "It was Rosa Lind, in 1987.",
        {"1987", "Rosa Lind"},
    ),
]
UNSURE = [
    (SUM, "Too short.", "In 1850 Arthur Pendragon wrote this."),
    (SUM, 'The novel "The Silent Mill", by Ann Carter', "In 1850 Arthur Pendragon rules."),
    (SUM, "https://mill.example/history/of/the/hartwell/mill.", "The mill closed in 1987."),
    ("Based on the passage, who won?", FINAL, "Rosa won with 48 points."),
    ("Identify the sport in this text.", FINAL, "It looks like the Davis Cup of 1987."),
    (SUM_JA, "売上の表", "売上は1,250万円でした。"),
]


@pytest.mark.parametrize(("prompt", "passage", "answer"), CLEAN)
def test_clean(prompt: str, passage: str, answer: str) -> None:
    assert ask(CHECK, records(record(prompt, answer, input=passage))) == []


@pytest.mark.parametrize(("prompt", "passage", "answer", "things"), BAD)
def test_bad(prompt: str, passage: str, answer: str, things: set[str]) -> None:
    [(_, hit)] = ask(CHECK, records(record(prompt, answer, input=passage)))
    assert isinstance(hit, Hit)
    assert {thing["shown"] for thing in hit.evidence["things"]} == things
    assert hit.score == len(things)
    digits = str.maketrans("０１２３４５６７８９", "0123456789")
    places = {answer[thing["start"] : thing["end"]] for thing in hit.evidence["things"]}
    assert {place.translate(digits).rstrip(".") for place in places} == things


@pytest.mark.parametrize(("prompt", "context", "answer"), UNSURE)
def test_of_a_few_words_it_could_not_tell(prompt: str, context: str, answer: str) -> None:
    [(_, said)] = ask(CHECK, records(record(prompt, answer, input=context)))
    assert isinstance(said, Unsure)


def test_of_a_few_words_in_one_piece_it_could_not_tell() -> None:
    one = record(f"{SUM}\n\nThe mill, from its first to its last day", "It opened in 1921.")
    [(_, said)] = ask(CHECK, records(one))
    assert isinstance(said, Unsure)


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        (f"{SUM}\n\n{MILL}", "It opened in 1921."),
        (f"{MILL}\n\n{SUM}", "It opened in 1921."),
        (f"{SUM_JA}\n{KOJO}", "工場は1951年に始まった。"),
        (f"次の文章を要約してください。「{KOJO}」", "工場は1951年に始まった。"),
    ],
)
def test_passage_and_instruction_in_one_piece(prompt: str, answer: str) -> None:
    [(_, hit)] = ask(CHECK, records(record(prompt, answer, shape="messages")))
    assert isinstance(hit, Hit)


def test_system_and_history_are_context_too() -> None:
    history = [("user", "The mill burned down in 1953."), ("assistant", "I see.")]
    one = record(SUM, "It burned down in 1953.", input=MILL, history=history)
    two = record(SUM, "It burned down in 1953.", input=MILL, system="Fire: 1953.")
    assert ask(CHECK, records(one, two)) == []


def test_severity_follows_how_bound_the_answer_is() -> None:
    summary = record(SUM, "It opened in 1921.", input=MILL)
    question = record("What town is described here?", "It is New Ulm.", input=MILL)
    said = [hit for _, hit in ask(CHECK, records(summary, question)) if isinstance(hit, Hit)]
    assert [hit.severity for hit in said] == ["warn", "info"]


def test_private_values_are_masked() -> None:
    answer = "Call 4158327719 or write to h.sakamoto@kobe-denki.jp."
    [(_, hit)] = ask(CHECK, records(record(SUM, answer, input=MILL)))
    assert isinstance(hit, Hit)
    shown = hit.message + str(hit.evidence)
    assert "8327719" not in shown
    assert "sakamoto" not in shown


def test_weight_and_context_are_settings() -> None:
    one = records(record(SUM, "It opened in 1921.", input=MILL))
    assert ask(CHECK, one, weight=2.0) == []
    [(_, said)] = ask(CHECK, one, context=1000, passage=900)
    assert isinstance(said, Unsure)


def test_null_fields_are_no_trouble() -> None:
    assert ask(CHECK, records(record("要約してください。", "1951年", input=None))) == []
