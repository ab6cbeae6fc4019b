"""Every shipped rule does what its own examples say, alone and together with the others."""

from __future__ import annotations

import pytest

from curate.check import ask
from curate.rulebook.rule import EXAMPLE_PARTS, Rule
from curate.rulebook.rule_pattern import why_refused
from curate.rules import example_records, failures, load, packs

RULES = load().rules
CHECKS = {check.name: check for check in load().checks()}
SHIPPED = [rule for pack in packs() for rule in pack.rules]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_its_own_examples(rule: Rule) -> None:
    assert [failure.message for failure in failures(rule)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_its_bad_examples_are_found_among_all_rules_of_its_check(rule: Rule) -> None:
    found = {number for number, _ in ask(CHECKS[rule.check], example_records(rule.bad))}
    assert found == set(range(len(rule.bad)))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_engine_takes_its_patterns(rule: Rule) -> None:
    for pattern in (rule.matches, rule.unless, rule.unless_prompt):
        assert pattern is None or why_refused(pattern) is None


def test_no_name_comes_twice() -> None:
    names = [rule.name for rule in SHIPPED]
    assert sorted(names) == sorted(set(names))


def test_examples_name_parts_of_a_record() -> None:
    for rule in SHIPPED:
        for example in (*rule.bad, *rule.good):
            assert set(example) <= set(EXAMPLE_PARTS)


def test_every_pack_has_rules_and_every_check_its_own_text() -> None:
    texts = {name for pack in packs() for name in pack.checks}
    own = {rule.check for rule in SHIPPED if rule.check != rule.name}
    assert own <= texts
    assert texts <= {rule.check for rule in SHIPPED}


def test_sentences_finish_flagged_because() -> None:
    for rule in SHIPPED:
        assert not rule.says.endswith((".", "。"))
        assert rule.says_ja is not None
        assert not rule.says_ja.endswith((".", "。"))
        assert any("\u3040" <= character <= "\u30ff" for character in rule.says_ja)
