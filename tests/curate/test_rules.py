"""All rules in force: the shipped packs, a user's files over them, and the rules' own tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from curate.check import ask
from curate.errors import BadRule
from curate.finding import Hit
from curate.rules import Failure, load, packs, tried
from tests.making import record, records

LOUD = 'loud:\n  says: "the answer is loud"\n  field: answer\n  matches: "!!!"\n'
EXAMPLES = '  bad: ["Stop!!!", "やめて!!!"]\n  good: ["Stop!", "やめて。"]\n'
SENT = "I've sent the email to your manager."


def written(folder: Path, text: str, name: str = "house.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def said(check: str, answer: str, *files: Path) -> list[str]:
    [asked] = [c for c in load(files).checks() if c.name == check]
    return [hit.message for _, hit in ask(asked, records(record(answer=answer)))]


def test_the_shipped_packs() -> None:
    assert {pack.name for pack in packs()} >= {
        "core", "refusal-en", "refusal-ja", "over-claim-en", "over-claim-ja",
        "privacy", "privacy-ja", "residue",
    }  # fmt: skip
    names = [check.name for check in load().checks()]
    assert {"refusal", "over-claim", "template-residue", "personal-data"} <= set(names)
    assert len(names) == len(set(names))


def test_a_rule_of_the_user_is_a_check_of_its_own(tmp_path: Path) -> None:
    file = written(tmp_path, LOUD + EXAMPLES)
    assert said("loud", "やめて!!!", file) == ["the answer is loud"]
    assert load([file]).overridden == ()


def test_a_rule_of_the_user_joins_a_shipped_check(tmp_path: Path) -> None:
    file = written(tmp_path, LOUD + "  check: refusal\n" + EXAMPLES)
    assert said("refusal", "No!!!", file) == ["the answer is loud"]
    assert said("refusal", "I'm sorry, but I can't assist with that.", file)


def test_a_rule_of_the_user_takes_the_place_of_ours_and_that_is_said(tmp_path: Path) -> None:
    ours = load().rules[0]
    file = written(tmp_path, (LOUD + EXAMPLES).replace("loud:", f"{ours.name}:"))
    loaded = load([file])
    assert loaded.overridden == (f"{file}:1: {ours.name} takes the place of {ours.place}",)
    assert [rule.pack for rule in loaded.rules if rule.name == ours.name] == ["house"]


def test_a_later_file_wins(tmp_path: Path) -> None:
    first = written(tmp_path, LOUD + EXAMPLES + "thresholds: {a: {b: 1, c: 1}}\n", "one.yaml")
    text = (LOUD + EXAMPLES).replace("is loud", "is very loud") + "thresholds: {a: {b: 2}}\n"
    loaded = load([first, written(tmp_path, text, "two.yaml")])
    assert [(t.param, t.value) for t in loaded.thresholds] == [("b", 1), ("c", 1), ("b", 2)]
    assert [rule.says for rule in loaded.rules if rule.name == "loud"] == [
        "the answer is very loud"
    ]


def test_what_the_assistant_can_do_is_no_over_claim(tmp_path: Path) -> None:
    assert said("over-claim", SENT)
    assert said("over-claim", SENT, written(tmp_path, "can: [send_messages]\n")) == []
    assert said("over-claim", SENT, written(tmp_path, "can: [make_calls]\n", "b.yaml"))
    ja = "先方にメールを送信しました。"
    assert said("over-claim", ja)
    assert said("over-claim", ja, written(tmp_path, "can: [send_messages]\n")) == []


def test_a_capability_that_no_rule_asks_for_is_refused_with_the_nearest(tmp_path: Path) -> None:
    file = written(tmp_path, "can: [run_code,\n  send_message]\n")
    with pytest.raises(BadRule) as caught:
        load([file])
    assert f"{file}:2: can: unknown capability 'send_message'" in str(caught.value)
    assert "did you mean 'send_messages'" in str(caught.value)


def test_a_capability_of_a_rule_of_the_user_is_known(tmp_path: Path) -> None:
    file = written(tmp_path, LOUD + "  capability: shout\n" + EXAMPLES + "can: [shout]\n")
    assert "loud" not in {check.name for check in load([file]).checks()}


def test_a_check_may_be_told_what_it_says(tmp_path: Path) -> None:
    text = "checks: {loud: {says: it shouts, says_ja: 叫んでいます, group: text, why: Ears.}}\n"
    loaded = load([written(tmp_path, LOUD + EXAMPLES + text)])
    [check] = [check for check in loaded.checks() if check.name == "loud"]
    assert (check.says, check.group, check.why) == ("it shouts", "text", "Ears.")
    assert loaded.catalogue()["it shouts"] == "叫んでいます"


def test_every_shipped_sentence_has_a_japanese_one() -> None:
    loaded = load()
    catalogue = loaded.catalogue()
    for check in loaded.checks():
        assert catalogue[check.says]
        assert catalogue[check.why]
    assert all(rule.says in catalogue for rule in loaded.rules)


def test_the_rules_own_examples_can_fail(tmp_path: Path) -> None:
    wrong = LOUD + '  bad: ["Stop!!!", "quiet"]\n  good: ["Stop!", "Go!!!"]\n'
    failures = load([written(tmp_path, wrong)]).test()
    assert [(f.meant, f.example["answer"]) for f in failures] == [
        ("bad", "quiet"), ("good", "Go!!!"),
    ]  # fmt: skip
    assert failures[0].message.endswith("rule 'loud': bad {'answer': 'quiet'} is not found")
    assert "house.yaml:1: " in failures[1].message
    assert isinstance(failures[1], Failure)


def test_a_literal_that_is_not_there_fails_the_examples(tmp_path: Path) -> None:
    text = LOUD + '  needs: ["wow"]\n' + EXAMPLES
    assert [f.meant for f in load([written(tmp_path, text)]).test()] == ["bad", "bad"]


def test_trying_a_text() -> None:
    heard = tried(load(), {"answer": "申し訳ありませんが、お答えできません。"})
    assert [(check.name, hit.evidence["pack"]) for check, hit in heard] == [
        ("refusal", "refusal-ja")
    ]
    assert all(isinstance(hit, Hit) for _, hit in heard)
    assert tried(load(), {"answer": "Paris."}) == []


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadRule, match=r"none\.yaml: No such file"):
        load([tmp_path / "none.yaml"])
