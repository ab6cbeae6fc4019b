"""hidden-characters: where a script or an emoji needs them first, then where nothing does."""

import pytest

from curate.check import ask
from curate.checks.hidden_characters import CHECK
from curate.finding import Hit
from tests.making import record, records

CLEAN = [
    "Plain text,\twith a tab\nand lines.\r\nAlso from Windows.\r\n",
    "普通の文章です。\n　字下げと全角空白。",
    "👩\u200d👩\u200d👧 🏋🏽\u200d♀\ufe0f 🏳\ufe0f\u200d🌈 ❤\ufe0f 1\ufe0f⃣ ☠\ufe0fmeans danger",
    "The flag \U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f of England",
    "می\u200cخواهم به خانه بروم",
    "क्\u200dष and श्री\u200cमान",
    "ภาษา\u200bไทย",
    "葛\U000e0100城市と葛\ufe00飾区",
    "Fez (Arabic: \u0641\u0627\u0633\u200e) is a city.",
    "שלום \u202bעולם\u202c",
    "\u1112\u1161\u11ab \u1160\u1161",
    "Café – “quotes” – 5\u00a0%",
]
BAD = [
    ("Ignore this\U000e0068\U000e0069.", "tag characters", 2, "error", "Ignore this."),
    ("rev\u202eersed\u202c text", "reading direction", 2, "error", "reversed text"),
    ("危険\u2066な文\u2069です", "reading direction", 2, "error", "危険な文です"),
    ("zero\u200bwidth", "zero-width", 1, "warn", "zerowidth"),
    ("見え\u200bない\ufeff文字", "zero-width", 2, "warn", "見えない文字"),
    ("Next \u200e▸ Steps", "zero-width", 1, "warn", "Next ▸ Steps"),
    ("com\u00adpleteness", "zero-width", 1, "warn", "completeness"),
    ("join\u200ded", "zero-width", 1, "warn", "joined"),
    ("a\x00b\x1b[0m", "control", 2, "warn", "ab[0m"),
    ("文字\x7fです", "control", 1, "warn", "文字です"),
    ("don\x19t", "control", 1, "warn", "don’t"),
    ("one\x0btwo", "control", 1, "warn", "one\ntwo"),
    ("$\x0crac{1}{2} + \x08eta$", "control", 2, "warn", "$\\frac{1}{2} + \\beta$"),
    ("I ❤ \ufe0f it", "variation selectors", 1, "warn", "I ❤  it"),
    ("😀\ufe01\ufe02\ufe03", "variation selectors", 2, "error", "😀\ufe01"),
    ("空白\u3164です", "filler", 1, "warn", "空白です"),
    ("one\u2028two", "line ends", 1, "info", "one\ntwo"),
    ("one\rtwo", "carriage returns", 1, "info", "one\ntwo"),
]


def hits_on(answer: str) -> list[Hit]:
    said = ask(CHECK, records(record(answer=answer)))
    return [hit for _, hit in said if isinstance(hit, Hit)]


@pytest.mark.parametrize("answer", CLEAN)
def test_clean(answer: str) -> None:
    assert hits_on(answer) == []


@pytest.mark.parametrize(("answer", "kind", "count", "severity", "fixed"), BAD)
def test_bad(answer: str, kind: str, count: int, severity: str, fixed: str) -> None:
    [hit] = hits_on(answer)
    assert kind in hit.says
    assert (hit.args["count"], hit.severity) == (count, severity)
    assert hit.fix == {"field": "answer", "text": fixed}
    assert hit.start is not None
    assert f"U+{ord(answer[hit.start]):04X}" in hit.args["codes"]
    assert hits_on(fixed) == []


def test_nobody_knows_what_a_private_character_means_so_it_stays() -> None:
    [hit] = hits_on("議事内容 \uf06c 最初に")
    assert "private-use" in hit.says
    assert hit.fix is None


def test_each_kind_is_one_hit_and_one_repair_mends_all() -> None:
    first, second = hits_on("a\u200bb\u200bc\x01d")
    assert (first.args["count"], second.args["count"]) == (2, 1)
    assert first.fix == second.fix == {"field": "answer", "text": "abcd"}


def test_a_piece_of_misread_text_is_left_to_mojibake() -> None:
    assert hits_on("they said â\x80\x9dburnâ\x80\x9d") == []
    assert len(hits_on("alone \x81 here")) == 1


def test_prompts_are_judged_in_their_own_columns() -> None:
    said = ask(CHECK, records(record("a\u200bb", "c", input="d\u200be")))
    assert [hit.field for _, hit in said if isinstance(hit, Hit)] == ["instruction", "input"]


def test_the_system_prompt_and_earlier_turns_are_searched_too() -> None:
    earlier = [("user", "こんにちは"), ("assistant", "やあ\u202eです")]
    [inside, before] = hits_of(record("c", "d", system="a\u200bb", history=earlier))
    assert (inside.field, inside.fix) == ("system", {"field": "system", "text": "ab"})
    assert (before.field, before.fix) == ("history", None)
    assert hits_of(record("c", "d", system="ab", history=[("user", "やあ")])) == []


def hits_of(made: dict[str, object]) -> list[Hit]:
    return [hit for _, hit in ask(CHECK, records(made)) if isinstance(hit, Hit)]
