"""curate rules and curate checks: what a user who looks for a rule is told."""

from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner

from curate.commands import rules as command
from curate.commands.checks import checks
from curate.errors import BadSetting

asking = typer.Typer()
asking.command()(checks)


def rules(*words: str, given: str | None = None) -> str:
    result = CliRunner().invoke(command.app, list(words), input=given, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_the_list_has_a_header_and_names_the_pack_of_each_rule() -> None:
    head, *lines = rules("list").splitlines()
    assert head.split() == ["CHECK", "RULE", "PACK", "SEVERITY", "SAYS"]
    at = head.index("PACK")
    assert {line[at:].split()[0] for line in lines} >= {"core", "refusal-ja"}
    assert all(line[at - 2 : at] == "  " for line in lines), "one column under the other"


def test_a_check_is_shown_by_its_rules_and_a_rule_in_full() -> None:
    head, *lines = rules("show", "refusal").splitlines()
    assert head.startswith("CHECK")
    assert len(lines) > 5
    assert all(line.startswith("refusal ") for line in lines)
    shown = rules("show", lines[0].split()[1])
    assert "matches: " in shown
    assert "bad:" in shown


def test_a_pack_is_shown_by_its_rules() -> None:
    head, *lines = rules("show", "refusal-ja").splitlines()
    assert head.split()[:2] == ["CHECK", "RULE"]
    assert lines
    assert {line.split()[2] for line in lines} == {"refusal-ja"}


def test_what_is_neither_is_named_with_the_nearest() -> None:
    with pytest.raises(BadSetting, match="did you mean 'refusal'"):
        rules("show", "refusel")


@pytest.mark.parametrize("text", ["I'm sorry, but I can't help with that.", "お答えできません。"])
def test_a_text_is_tried_from_standard_input(text: str) -> None:
    assert rules("try", "-", given=text) == rules("try", text)
    assert "refusal" in rules("try", "-", given=text)


def test_a_check_says_how_its_parameters_are_set() -> None:
    said = CliRunner().invoke(asking, ["too-long"], catch_exceptions=False).output
    assert "--set CHECK.PARAM=VALUE" in said
    assert "  too-long.max_chars = " in said
