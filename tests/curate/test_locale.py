"""Locale: every sentence that can reach a user has a Japanese one, with the same placeholders."""

from __future__ import annotations

import ast
import json
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import nodes

import curate
import review_app
from curate.errors import BadSetting
from curate.finding import SEVERITIES
from curate.locale import catalogue, parts, sentence, translator
from curate.show.report_html import environment

SOURCE = Path(curate.__file__).parent
FILES = [*sorted(SOURCE.rglob("*.py")), *sorted(Path(review_app.__file__).parent.rglob("*.py"))]
SAYING = {"Hit", "Unsure", "t", "say"}  # functions whose first argument is said to a user
SAYING_SECOND = {"Misread"}  # after a code
KEYWORDS = {"says", "skipped"}
REASONS = {"skip", "why_not"}  # functions that return why a check is not asked


def constants(node: ast.expr | None, named: dict[str, ast.expr]) -> Iterator[str]:
    """The texts an expression can be, as far as the source shows them."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from constants(node.body, named)
        yield from constants(node.orelse, named)
    elif isinstance(node, ast.Name) and node.id in named:
        yield from constants(named[node.id], {})
    elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        table = named.get(node.value.id)
        if isinstance(table, ast.Dict):
            for value in table.values:
                yield from constants(value, {})


def said_in(tree: ast.Module) -> Iterator[str]:
    """Every template that a module says."""
    named = dict(pair for node in tree.body for pair in assigned(node))
    for node in ast.walk(tree):
        for spoken in spoken_by(node):
            yield from constants(spoken, named)


def assigned(node: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """The names that a module gives to values, with or without a type."""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    value = getattr(node, "value", None)
    for target in targets:
        if isinstance(target, ast.Name) and isinstance(value, ast.expr):
            yield target.id, value


def spoken_by(node: ast.AST) -> Iterator[ast.expr | None]:
    """The expressions that one node of the source says to a user."""
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else None
        name = node.func.attr if isinstance(node.func, ast.Attribute) else name
        yield from node.args[:1] if name in SAYING else ()
        yield from node.args[1:2] if name in SAYING_SECOND and has_code(node) else ()
        yield from (keyword.value for keyword in node.keywords if keyword.arg in KEYWORDS)
    elif isinstance(node, ast.FunctionDef) and node.name in REASONS:
        yield from (inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return))


def has_code(call: ast.Call) -> bool:
    """Whether a call begins with a code like `bad-json`; mojibake has a Misread of its own."""
    first = call.args[0] if call.args else None
    return isinstance(first, ast.Constant) and str(first.value).replace("-", "").isalpha()


def said_in_templates() -> Iterator[tuple[str, str]]:
    """(template file, text) of every t("...") on a page."""
    made = environment()
    for name in made.list_templates():
        if name.endswith(".css"):
            continue
        assert made.loader is not None
        text, _, _ = made.loader.get_source(made, name)
        for call in made.parse(text).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "t":
                [argument] = call.args
                if isinstance(argument, nodes.Const):
                    yield name, argument.value


def everything_said() -> list[tuple[str, str]]:
    """(where, template), once each."""
    found = [
        (str(file.relative_to(SOURCE if SOURCE in file.parents else SOURCE.parent)), text)
        for file in FILES
        for text in said_in(ast.parse(file.read_text(encoding="utf-8")))
    ]
    return sorted({*found, *said_in_templates()})


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


SAID = everything_said()


def test_the_collector_finds_what_is_said() -> None:
    module = ast.parse(
        'WORDS = "by name"\nTABLE: dict[str, str] = {"k": "in a table"}\nHit(TABLE[k])\n'
        'Hit("one {n}", {})\nUnsure("two")\nCheck(says="three")\n'
        'Hit(WORDS)\nHit("a" if x else "b")\nt("four")\ndef skip(p):\n    return "no column"\n'
    )
    wanted = {"one {n}", "two", "three", "by name", "a", "b", "four", "no column", "in a table"}
    assert set(said_in(module)) == wanted
    says = "a code block is opened and not closed; the answer may be cut off"
    assert ("checks/unclosed_code.py", says) in SAID
    assert any(where == "head.html" for where, _ in SAID)


@pytest.mark.parametrize(("where", "template"), SAID, ids=lambda value: value[:60])
def test_everything_said_is_in_the_japanese_catalogue(where: str, template: str) -> None:
    japanese = catalogue("ja").get(template)
    assert japanese is not None, f"{where}: no Japanese for {template!r}"
    assert fields(japanese) == fields(template), f"{where}: other placeholders in {japanese!r}"


@pytest.mark.parametrize("severity", SEVERITIES)
def test_severities_are_in_the_catalogue(severity: str) -> None:
    assert catalogue("ja")[severity] != severity


def test_no_part_contradicts_another() -> None:
    said: dict[str, dict[str, str]] = {}
    for name, part in parts("ja").items():
        for english, japanese in part.items():
            said.setdefault(english, {})[name] = japanese
    assert [each for each in said.items() if len(set(each[1].values())) > 1] == []


def test_no_key_is_there_twice_in_one_part() -> None:
    for file in sorted((SOURCE / "locale" / "ja").glob("*.json")):
        pairs = json.loads(file.read_bytes(), object_pairs_hook=list)
        twice = [key for key, n in Counter(key for key, _ in pairs).items() if n > 1]
        assert twice == [], file.name


def test_the_japanese_catalogue_says_something_for_every_key() -> None:
    for name, part in parts("ja").items():
        for english, japanese in part.items():
            assert japanese.strip() or english == " ", f"{name}: {english!r} says nothing"


def test_no_sentence_is_left_over() -> None:
    texts = [file.read_text(encoding="utf-8") for file in FILES]
    spoken = {
        node.value
        for text in texts
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    spoken |= {text for _, text in said_in_templates()}
    left = [key for part in parts("ja").values() for key in part if key not in spoken]
    assert left == []


def test_english_is_itself_and_a_missing_sentence_stays_english() -> None:
    assert translator("en")("Checks") == "Checks"
    assert translator("ja")("Checks") == "チェック"
    assert translator("ja")("never said anywhere") == "never said anywhere"


def test_an_unknown_locale_names_the_known_ones() -> None:
    with pytest.raises(BadSetting, match="en, ja"):
        translator("jp")


def test_a_finding_speaks_the_language_of_the_report() -> None:
    english = "the code fence opened in line {line} of the answer is never closed"
    evidence = {"says": english, "args": {"line": 3}}
    message = english.format(line=3)
    assert sentence(translator("en"), evidence, message) == message
    japanese = sentence(lambda _: "{line} 行目のコードブロックが閉じていません", evidence, message)
    assert japanese == "3 行目のコードブロックが閉じていません"


OLD = [{}, {"says": "x {a}", "args": {}}, {"says": "x {a}", "args": None}]


@pytest.mark.parametrize("evidence", OLD)
def test_evidence_of_another_version_falls_back_to_english(evidence: dict[str, object]) -> None:
    assert sentence(lambda _: "{b} {a}", evidence, "the message") == "the message"


def test_words_of_a_finding_are_translated_and_other_values_are_not() -> None:
    says = "SQL is laid out on {form}; {share} of {records} records use {majority}"
    args = {"form": "one line", "share": "space", "records": 3, "majority": "several lines"}
    evidence = {"says": says, "args": args, "words": ["form", "majority"]}
    said = sentence(translator("ja"), evidence, says.format(**args))
    assert said == "SQL の書式が「1 行」です。3 件の space は「複数行」です"
