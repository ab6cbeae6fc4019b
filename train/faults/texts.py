"""Texts that teach the wrong thing, whatever the model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence

from train.approved import NAME, Record, columns_of
from train.intent import Intent
from train.problem import Problem, error, warn

SUBJECT = "records"
NEEDS = ("manifest",)

HEADINGS = {
    "instruction", "prompt", "question", "input", "text", "output", "answer", "response",
    "completion", "指示", "質問", "入力", "出力", "回答", "応答",
}  # fmt: skip
MANY = 0.3
"""Of the training records, with one and the same answer."""
FEW = 10
"""Records from which a share says something."""


ALONE: tuple[tuple[str, str, Callable[[Record], bool]], ...] = (
    ("empty-answer", "{n} records have an empty answer", lambda r: not r.answer.strip()),
    ("empty-prompt", "{n} records have an empty question", lambda r: not r.prompt.strip()),
    (
        "header-as-record",
        "{n} records are the heading of a table: question and answer are names of columns",
        lambda r: {r.prompt.strip().lower(), r.answer.strip().lower()} <= HEADINGS,
    ),
    (
        "carriage-return",
        "{n} answers end in a carriage return, left over from a file of another system",
        lambda r: r.answer.endswith("\r"),
    ),
    (
        "replacement-character",
        "{n} records hold U+FFFD: their bytes were read in the wrong encoding",
        lambda r: any("\ufffd" in text for _, text in r.messages),
    ),
    (
        "echo",
        "{n} answers repeat the question and say nothing else",
        lambda r: bool(r.answer.strip()) and r.answer.strip() == r.prompt.strip(),
    ),
)
"""Code, sentence and test of what one record shows."""


def find(intent: Intent) -> Iterator[Problem]:
    """Records one by one, then those that belong together."""
    train = intent.train
    yield from alone(train)
    yield from together(train)
    yield from columns(intent)
    yield from tones(intent)
    yield from sources(intent)


def alone(train: Sequence[Record]) -> Iterator[Problem]:
    """What one record shows."""
    for code, says, wrong in ALONE:
        if ids := [record.record_id for record in train if wrong(record)]:
            yield error(code, says, ids)


def together(train: Sequence[Record]) -> Iterator[Problem]:
    """What several records show."""
    same = groups(train, lambda r: r.messages)
    if ids := [record.record_id for group in same for record in group[1:]]:
        yield warn("duplicates", "{n} training records are there more than once", ids)
    asked = groups(train, lambda r: r.messages[:-1])
    rival = [group for group in asked if len({record.answer for record in group}) > 1]
    if ids := [record.record_id for group in rival for record in group]:
        yield warn("rival-answers", "{n} records answer one question differently", ids)
    for group in groups(train, lambda r: r.answer):
        if len(train) >= FEW and len(group) > MANY * len(train):
            yield warn(
                "one-answer",
                "{n} of {of} training records have the same answer; the model will give it too "
                "often",
                [record.record_id for record in group],
                of=len(train),
            )
    systems = sum(1 for record in train if record.system)
    if len(train) >= FEW and 0 < systems < len(train) and min(systems, len(train) - systems) <= 2:
        odd = [r.record_id for r in train if bool(r.system) == (systems <= 2)]
        yield warn(
            "uneven-system",
            "{n} records differ from all others in having, or not having, system text",
            odd,
        )


def groups(records: Sequence[Record], key: object) -> list[list[Record]]:
    """Records with one key, where there are several."""
    found: dict[Hashable, list[Record]] = defaultdict(list)
    for record in records:
        found[key(record)].append(record)  # type: ignore[operator]
    return [group for group in found.values() if len(group) > 1]


def columns(intent: Intent) -> Iterator[Problem]:
    """Columns that the prompt format names and a record has not, or has empty."""
    for name in dict.fromkeys(NAME.findall(intent.recipe.dataset.prompt_format or "")):
        lacking = [r for r in intent.records if name not in columns_of(r)]
        if lacking:
            yield error(
                "missing-column",
                "dataset.prompt_format names {name}, which {n} records have not; there are {known}",
                [record.record_id for record in lacking],
                name=repr(name), known=", ".join(map(repr, sorted(columns_of(lacking[0])))),
            )  # fmt: skip
        known = [r for r in intent.records if name in columns_of(r)]
        if ids := [r.record_id for r in known if not str(columns_of(r)[name] or "").strip()]:
            yield error(
                "empty-column", "{name} of dataset.prompt_format is empty in {n} records", ids,
                name=repr(name),
            )  # fmt: skip


def tones(intent: Intent) -> Iterator[Problem]:
    """Categories for which no tone is given while others have one."""
    tags = intent.recipe.template.tone_tags
    lost = [r for r in intent.records if tags and not r.system and r.category not in tags]
    if lost:
        yield error(
            "unknown-tone",
            "{n} records have no system text and a category that template.tone_tags does not name: "
            "{names}",
            [record.record_id for record in lost],
            names=", ".join(sorted({repr(record.category) for record in lost})),
        )


def sources(intent: Intent) -> Iterator[Problem]:
    """Weights and samples that ask for what is not there."""
    said = intent.recipe.dataset
    there = sorted({record.origin or record.source for record in intent.train})
    for name in said.weights:
        if name not in there:
            yield error(
                "unknown-source",
                "dataset.weights names {name}, and no training record comes from it; there are "
                "{known}",
                name=repr(name), known=", ".join(map(repr, there)),
            )  # fmt: skip
    if there and all(said.weights.get(name, 1.0) == 0 for name in there):
        yield error("no-weight", "dataset.weights leaves no training record: every weight is 0")
    if said.sample and said.sample.n > len(intent.train):
        yield warn(
            "sample-too-large",
            "dataset.sample.n asks for {asked} records of {there}; all are taken",
            asked=said.sample.n, there=len(intent.train),
        )  # fmt: skip
