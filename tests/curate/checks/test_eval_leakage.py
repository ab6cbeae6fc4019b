"""eval-leakage: clean training records first, then leaks."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import orjson
import pytest

from curate.audit import audit
from curate.check import ask
from curate.checks.eval_leakage import CHECK
from curate.errors import BadSource
from curate.finding import Hit
from curate.gate import failed, parse
from curate.heldout import COMMON, heldout
from curate.report import Report
from tests.making import record, records

ANSWER = (
    "Bees make honey from the nectar of flowers, which they carry home in a second stomach,"
    " thicken with the beat of their wings, and seal in wax for the winter."
)
ANSWER_JA = (
    "蜂は花の蜜を集めて巣に運び、羽で風を送って水分を飛ばし、蜜蝋で蓋をして冬に備えて蓄えます。"
)
PASSAGE = (
    "The lighthouse on the northern cape was built in 1871 by a crew of forty men who had come"
    " over the mountains with oxen."
)
PASSAGE_JA = (
    "北の岬の灯台は一八七一年に、牛を連れて山を越えてきた四十人の職人によって建てられました。"
)

EVAL = [
    record("How do bees make honey?", ANSWER, source="eval.jsonl"),
    record("蜂はどうやって蜂蜜を作りますか？", ANSWER_JA, source="eval.jsonl"),
    record("Summarize the text.", "Forty men built it.", input=PASSAGE, source="eval.jsonl"),
    record("次の文を要約してください。", "四十人が建てた。", input=PASSAGE_JA, source="eval.jsonl"),
    record("Is water wet?", "Yes", source="eval.jsonl"),
    record("How do I pick a lock?", "I'm sorry, but I can't help with that.", source="eval.jsonl"),
    record("Continue.", "So it went.", history=[("user", "A tale.")], source="eval.jsonl"),
    record("Is it?", "No", input="A short input.", source="eval.jsonl"),
    record(
        "Explain in detail how the tides of the sea follow the moon and the sun.",
        "They pull.",
        source="eval.jsonl",
    ),
]
HELD = heldout(records(*EVAL))


def told(**made: Any) -> list[Hit]:
    said = ask(CHECK, records(record(**made)), eval_files=("eval.jsonl",), heldout=HELD)
    return [hit for _, hit in said if isinstance(hit, Hit)]


CLEAN = [
    {"prompt": "How do wasps make paper?", "answer": "They chew wood."},
    {"prompt": "Is snow white?", "answer": "Yes"},
    {"prompt": "雪は白いですか？", "answer": "はい"},
    {"prompt": "How do I pick a rose?", "answer": "I'm sorry, but I can't help with that."},
    {"prompt": "Summarize the text.", "answer": "A fox.", "input": "A fox jumped over a dog."},
    {"prompt": "次の文を要約してください。", "answer": "狐。", "input": "狐が犬を飛び越えた。"},
    {"prompt": "Continue.", "answer": "And so on."},
    {"prompt": "Is it?", "answer": "Yes", "input": "A short input, and then much more of it."},
    {"prompt": "Where?", "answer": "The lighthouse on the northern cape was nice."},
]


@pytest.mark.parametrize("made", CLEAN)
def test_clean(made: dict[str, Any]) -> None:
    assert told(**made) == []


BAD = [
    ({"prompt": EVAL[0]["instruction"], "answer": ANSWER}, 1, "pair", "equal", None),
    ({"prompt": EVAL[1]["instruction"], "answer": ANSWER_JA}, 2, "pair", "equal", None),
    ({"prompt": "HOW do bees  make honey", "answer": "They do."}, 1, "prompt", "equal", None),
    ({"prompt": "蜂は どうやって蜂蜜を作りますか", "answer": "？"}, 2, "prompt", "equal", None),
    ({"prompt": "Is water wet?", "answer": "No"}, 5, "prompt", "equal", None),
    ({"prompt": "Honey?", "answer": ANSWER.upper()}, 1, "answer", "equal", None),
    ({"prompt": "蜂蜜は？", "answer": ANSWER_JA}, 2, "answer", "equal", "warn"),
    ({"prompt": "Bees?", "answer": f"Well. {ANSWER} So."}, 1, "answer", "contained", None),
    ({"prompt": "Hm?", "answer": f"さて。{ANSWER_JA}以上。"}, 2, "answer", "contained", "warn"),
    (
        {"prompt": f"Be brief. {EVAL[8]['instruction']} Thanks!", "answer": "No."},
        9,
        "prompt",
        "contained",
        None,
    ),
    (
        {"prompt": f"Please do this. Summarize the text.\n\n{PASSAGE}", "answer": "No."},
        3,
        "prompt",
        "contained",
        None,
    ),
    ({"prompt": f"Who? {PASSAGE}", "answer": "Men."}, 3, "input", "contained", "warn"),
    ({"prompt": f"誰が？\n{PASSAGE_JA}", "answer": "人"}, 4, "input", "contained", "warn"),
    ({"prompt": "Tell.", "answer": f"Once {PASSAGE[:95]}."}, 3, "input", "run", "warn"),
    ({"prompt": "話して", "answer": f"昔、{PASSAGE_JA[:34]}。"}, 4, "input", "run", "warn"),
    (
        {"prompt": "And?", "history": [("user", "Hi"), ("assistant", ANSWER)], "answer": "Ok."},
        1,
        "answer",
        "contained",
        None,
    ),
]


MARKED = [
    "Which valley, did the “shepherds” of Aldermoor cross to reach 1.5 acres of (high) pasture?",
    "夏の牧草地へ向かう羊飼いは、どの谷を越えましたか。",
    "f(x) = 1.5: what is f(2)?",
]


@pytest.mark.parametrize(
    ("prompt", "line"),
    [
        ("Which valley did the shepherds of Aldermoor cross to reach 1.5 acres of (high) pasture", 1),
        ("which valley did the shepherds of Aldermoor, cross, to reach 1.5 acres of (high) pasture!", 1),
        ("夏の牧草地へ向かう「羊飼い」はどの谷を越えましたか", 2),
        ("夏の牧草地へ向かう羊飼いは，どの谷を、越えましたか？", 2),
        ("f(x) = 1.5, what is f(2)", 3),
    ],
)  # fmt: skip
def test_punctuation_of_a_prompt_does_not_count(prompt: str, line: int) -> None:
    held = heldout(records(*(record(one, "It is so.") for one in MARKED)))
    [(_, hit)] = ask(CHECK, records(record(prompt, "No.")), eval_files=("e",), heldout=held)
    assert isinstance(hit, Hit)
    assert (hit.evidence["level"], hit.evidence["match"]) == ("prompt", "equal")
    assert hit.evidence["eval"]["line"] == line


@pytest.mark.parametrize(
    "prompt",
    [
        "Which valley did the shepherds of Aldermoor cross to reach 15 acres of (high) pasture?",
        "f(x) = 15: what is f(2)?",
        "fx = 1.5: what is f(2)?",
        "冬の牧草地へ向かう羊飼いは、どの谷を越えましたか。",
    ],
)
def test_marks_inside_numbers_and_formulas_count(prompt: str) -> None:
    held = heldout(records(*(record(one, "It is so.") for one in MARKED)))
    found = ask(CHECK, records(record(prompt, "No.")), eval_files=("e",), heldout=held)
    assert not [
        hit for _, hit in found if isinstance(hit, Hit) and hit.evidence["match"] == "equal"
    ]


@pytest.mark.parametrize(("made", "line", "level", "how", "severity"), BAD)
def test_bad(made: dict[str, Any], line: int, level: str, how: str, severity: str | None) -> None:
    [hit] = told(**made)
    assert (hit.evidence["level"], hit.evidence["match"]) == (level, how)
    assert hit.evidence["eval"] == {"source": "eval.jsonl", "line": line}
    assert hit.severity == severity
    assert "eval.jsonl" in hit.message


def test_the_evidence_shows_what_is_shared_and_where() -> None:
    answer = f"Well.  {ANSWER}  So."
    [hit] = told(prompt="Bees?", answer=answer)
    assert hit.field == "answer"
    assert answer[hit.start : hit.end].rstrip(".") == ANSWER.rstrip(".")
    assert hit.evidence["text"].startswith("bees make honey")
    assert len(hit.evidence["text"]) <= 200


def test_rejected_answers_are_searched_too() -> None:
    [hit] = told(prompt="Bees?", answer="Hm.", rejected=ANSWER)
    assert hit.field == "rejected"


def test_the_same_history_and_prompt_leak() -> None:
    [hit] = told(prompt="Continue.", answer="x", history=[("user", "A tale.")])
    assert hit.evidence["level"] == "prompt"


def test_what_many_evaluation_records_share_is_a_template() -> None:
    made = [record(f"Question {n}?", ANSWER) for n in range(COMMON + 1)]
    held = heldout(records(*made))
    train = records(record("Bees?", ANSWER))
    assert ask(CHECK, train, eval_files=("e",), heldout=held) == []
    fewer = heldout(records(*made[:-1]))
    [(_, hit)] = ask(CHECK, train, eval_files=("e",), heldout=fewer)
    assert isinstance(hit, Hit)
    assert hit.evidence["others"] == COMMON - 1


def test_it_is_not_asked_without_an_evaluation_file() -> None:
    assert CHECK.skip is not None
    assert CHECK.skip(CHECK.params) == "no --eval FILE given"
    assert CHECK.skip({"eval_files": ("e.jsonl",)}) is None


def test_the_evaluation_files_are_read(tmp_path: Path) -> None:
    rows = [
        {"instruction": "雨はなぜ降りますか？", "input": "", "output": "雲の水滴が落ちるからです。"}
    ]
    file = tmp_path / "eval.jsonl"
    file.write_bytes(b"\n".join(map(orjson.dumps, rows)))
    assert CHECK.prepare is not None
    made = CHECK.prepare({"eval_files": (str(file),)})
    train = records(record("雨はなぜ降りますか?", "知りません。"))
    settings = {"eval_files": (str(file),), **pickle.loads(pickle.dumps(made))}
    [(_, hit)] = ask(CHECK, train, **settings)
    assert isinstance(hit, Hit)
    assert hit.evidence["eval"]["line"] == 1
    assert hit.evidence["eval"]["source"].endswith("eval.jsonl")


ROW = orjson.dumps({"instruction": "雨はなぜ降りますか？", "output": "雲の水滴が落ちるからです。"})
OTHER = [{"instruction": "Why does it snow?", "output": "It is cold up there."}]


def audited(tmp_path: Path, **evals: bytes) -> Report:
    files = []
    for name, content in evals.items():
        file = tmp_path / f"{name}.jsonl"
        file.write_bytes(content)
        files.append(str(file))
    given = {"eval-leakage": {"eval_files": tuple(files)}}
    return audit(OTHER, workspace=tmp_path / "ws", only=["eval-leakage"], given=given)


def test_how_much_was_compared_is_measured(tmp_path: Path) -> None:
    report = audited(tmp_path, one=ROW, two=ROW + b"\n" + ROW)
    measures = report.document["measures"]["eval-leakage"]
    assert {name: measures[name] for name in ("read", "kept", "rejected")} == {
        "read": 3, "kept": 3, "rejected": 0,
    }  # fmt: skip
    assert [(Path(f["source"]).name, f["kept"]) for f in measures["files"]] == [
        ("one.jsonl", 1), ("two.jsonl", 2),
    ]  # fmt: skip
    assert len(report.findings) == 0


def test_an_evaluation_record_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    report = audited(tmp_path, one=ROW, two=ROW + b"\n{bad\n[1]\n")
    [finding] = report.findings.iter_rows(named=True)
    assert finding["record_id"] is None
    assert finding["message"].startswith("2 of 3 evaluation records in ")
    assert finding["message"].endswith("the first is line 2 (json-invalid)")
    assert failed(report, [parse("eval-leakage>0")])
    assert report.document["measures"]["eval-leakage"]["rejected"] == 2


@pytest.mark.parametrize("content", [b"{bad\nnope\n", b"[1, 2]\n"])
def test_a_file_without_any_record_is_refused_with_its_first_reject(
    content: bytes, tmp_path: Path
) -> None:
    with pytest.raises(BadSource, match=r"two.jsonl holds no record .* line 1: .* \("):
        audited(tmp_path, one=ROW, two=content)


def test_an_empty_file_is_refused_beside_a_whole_one(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match=r"two.jsonl holds no record to compare with$"):
        audited(tmp_path, one=ROW, two=b"")


NEARLY = "Why do old harbours keep two long piers of grey stone?"
NEARLY_JA = "なぜ古い港には灰色の石でできた長い突堤が二本あるのですか"


@pytest.mark.parametrize(
    ("text", "changed"),
    [(NEARLY, f"Hm: {NEARLY[:-6]}rock?"), (NEARLY_JA, NEARLY_JA.replace("なぜ", "何故"))],
)
def test_what_nearly_repeats_an_evaluation_record(text: str, changed: str, tmp_path: Path) -> None:
    held = tmp_path / "eval.jsonl"
    held.write_bytes(orjson.dumps({"instruction": text, "output": "A"}))
    data = [{"instruction": changed, "output": "B"}, {"instruction": "Hi", "output": "Hello"}]
    given = {"eval-leakage": {"eval_files": (str(held),)}}

    def asked(near: float) -> Report:
        changes = [f"eval-leakage.near={near}"]
        return audit(
            data, workspace=tmp_path / "ws", given=given, only=["eval-leakage"], changes=changes
        )

    [evidence] = asked(0.6).findings["evidence"]
    assert orjson.loads(evidence)["match"] == "near"
    assert orjson.loads(evidence)["eval"]["line"] == 1
    assert asked(0.6).findings["line"].to_list() == [1]
    assert len(asked(0).findings) == 0
