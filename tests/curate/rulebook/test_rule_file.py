"""Rule files: what they may hold, and errors that say file, line and cure."""

from __future__ import annotations

import pytest

from curate.errors import BadRule
from curate.rulebook.rule import RulePack, Threshold
from curate.rulebook.rule_file import read

HEAD = 'shout:\n  says: "the answer shouts"\n  field: answer\n  matches: "!!!"\n'
EXAMPLES = '  bad: ["Stop!!!"]\n  good: ["Stop!"]\n'
PLAIN = HEAD + EXAMPLES


def pack(text: str, *, shipped: bool = False) -> RulePack:
    return read("house.yaml", text.encode(), shipped=shipped)


def test_a_plain_rule() -> None:
    [rule] = pack(PLAIN).rules
    assert (rule.name, rule.check, rule.pack, rule.place) == (
        "shout", "shout", "house", "house.yaml:1",
    )  # fmt: skip
    assert rule.severity == "warn"
    assert rule.bad == ({"answer": "Stop!!!"},)


def test_a_japanese_rule_with_a_part_of_a_record_as_its_example() -> None:
    text = (
        "叫び声:\n  says: 叫んでいます\n  field: text\n  matches: '！{3}'\n"
        "  bad: ['やめて！！！', {prompt: 'なに', answer: 'え！！！'}]\n  good: ['やめて！']\n"
    )
    [rule] = pack(text).rules
    assert rule.bad == ({"answer": "やめて！！！"}, {"prompt": "なに", "answer": "え！！！"})


def test_yaml_is_version_1_2() -> None:
    assert pack(PLAIN.replace('"the answer shouts"', "no")).rules[0].says == "no"


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "\ufeff" + PLAIN])
def test_an_empty_file_and_a_byte_order_mark(text: str) -> None:
    assert pack(text).name == "house"


def test_what_a_file_may_hold_besides_rules() -> None:
    found = pack(
        "can: [send_messages, run_code]\n"
        "thresholds: {refusal-share: {warn: 0.1, band: [1]}}\n".replace(", band: [1]", "")
        + "checks:\n  noise: {says: it is noisy, group: text, why: Noise is learnt.}\n"
    )
    assert found.can == {"send_messages": "house.yaml:1", "run_code": "house.yaml:1"}
    assert found.thresholds == (Threshold("house.yaml:2", "refusal-share", "warn", 0.1),)
    assert (found.checks["noise"].says, found.checks["noise"].group) == ("it is noisy", "text")


def test_parts_and_defaults() -> None:
    found = pack(
        "defaults: {field: answer, severity: error, check: noise, unless: '^quiet'}\n"
        "parts:\n  bangs: '{{bang}}{3}'\n  bang: '!'\n  loud: ['!!', 'STOP']\n"
        "shout:\n  says: it shouts\n  matches: 'a|{{bangs}}'\n  needs: ['a', '{{loud}}']\n"
        "  shows: [figure, wide]\n"
        + EXAMPLES
        + "scream:\n  says: it screams\n  severity: info\n  matches: b\n"
        + EXAMPLES
    )
    shout, scream = found.rules
    assert shout.matches == "a|(?:(?:!){3})"
    assert (shout.needs, shout.shows) == (("a", "!!", "STOP"), ("figure", "wide"))
    assert (shout.severity, scream.severity, scream.check, scream.unless) == (
        "error", "info", "noise", "^quiet",
    )  # fmt: skip


WRONG = [
    (PLAIN.replace("severity", "").replace("says:", "sais:"), 2, "did you mean 'says'"),
    (PLAIN.replace("says:", "says: a\n  says:"), 3, "'says' twice, first in line 2"),
    (PLAIN + PLAIN, 7, "'shout' twice, first in line 1"),
    (HEAD + '  bad: ["Stop!!!"]\n', 1, "has no 'good'"),
    (HEAD + '  bad: []\n  good: ["a"]\n', 5, "at least one entry"),
    (PLAIN.replace("field: answer", "field: answers"), 3, "did you mean 'answer'"),
    (PLAIN + "  severity: fatal\n", 7, "unknown rule 'shout': severity 'fatal'"),
    (PLAIN + "  language: fr\n", 7, "known: en, ja"),
    (PLAIN + "  valid: lun\n", 7, "did you mean 'luhn'"),
    (PLAIN + "  mask: maybe\n", 7, "true or false"),
    (PLAIN.replace('"!!!"', "12"), 4, "put it in quotes"),
    (PLAIN.replace('"!!!"', '"  "'), 4, "write some text, or leave the line out"),
    (PLAIN.replace('"!!!"', "''"), 4, "is empty"),
    (PLAIN.replace('"!!!"', "null"), 4, "must be one value"),
    (PLAIN.replace('"!!!"', "'a(b'"), 4, "unclosed group at character 2 of 'a(b'"),
    (PLAIN.replace('"!!!"', "'[z-a]'"), 4, "invalid character class range"),
    (PLAIN.replace('"!!!"', "'a(?=b)'"), 4, "say with `unless` what must not be there"),
    (PLAIN.replace('"!!!"', r"'(a)\1'"), 4, "backreferences are not supported"),
    (PLAIN.replace('"!!!"', "'a(?x) # b'"), 4, "the flag x may only stand"),
    (PLAIN.replace('"!!!"', "'a{1000}{1000}'"), 4, "size limit"),
    (PLAIN.replace('"!!!"', "'{{bang}}'"), 4, "unknown part 'bang'"),
    ("parts: {bangs: '!'}\n" + PLAIN.replace('"!!!"', "'{{bang}}'"), 5, "mean 'bangs'"),
    ("parts: {a: '{{b}}', b: '{{a}}'}\n" + PLAIN.replace('"!!!"', "'{{a}}'"), 5, "unknown part"),
    ("defaults: {matches: a}\n" + PLAIN, 1, "unknown key 'matches'"),
    (PLAIN.replace("the answer shouts", "it holds {x}"), 2, "braces"),
    (PLAIN.replace("[\"Stop!!!\"]", "[{reply: x}]"), 5, "unknown key 'reply'"),
    (PLAIN.replace("shout:", "shout out!:"), 1, "letters, digits and -"),
    (PLAIN.replace("answer\n", "&f answer\n"), 3, "anchors and aliases (&f)"),
    ("a: &x 1\nb: *x\n", 1, "anchors and aliases (&x)"),
    ("- a\n", 1, "the file must be a mapping"),
    ("a: [1\nb: 2\n", 2, "expected"),
    ("can: run_code\n", 1, "can must be a list"),
    ("checks: {noise: {why: x}}\n", 1, "has no 'says'"),
    ("checks: {noise: {says: x, group: txt}}\n", 1, "did you mean 'text'"),
    ("thresholds: {a: {b: !!python/name:os 1}}\n", 1, "must be one value"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "said"), WRONG, ids=[said for _, _, said in WRONG])
def test_an_error_says_file_line_and_cure(text: str, line: int, said: str) -> None:
    with pytest.raises(BadRule) as error:
        pack(text)
    assert str(error.value).startswith(f"house.yaml:{line}: ")
    assert said in str(error.value)


def test_a_file_that_cannot_be_text() -> None:
    with pytest.raises(BadRule, match="not UTF-8 at byte 3"):
        read("house.yaml", b"a: \xff")
    with pytest.raises(BadRule, match="at most 1048576"):
        read("house.yaml", b"#" * (1024 * 1024 + 1))
    with pytest.raises(BadRule, match="nested too deeply"):
        pack("a: " + "[" * 500)


def test_a_shipped_rule_speaks_japanese() -> None:
    with pytest.raises(BadRule, match="has no 'says_ja'"):
        pack(PLAIN, shipped=True)
    with pytest.raises(BadRule, match="'noise' has no 'says_ja'"):
        pack("checks: {noise: {says: x, group: text, why: y}}", shipped=True)
