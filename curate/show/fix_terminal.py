"""What `curate fix` says on the screen: a diff of a few changes, and the count of all."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest

import polars as pl
from rich.console import Console
from rich.text import Text

from curate import plan
from curate import workspace as workspaces
from curate.check import ask
from curate.content.diff import Segment, lines, visible
from curate.content.masking import mask_spans
from curate.finding import Hit
from curate.fix import Patch
from curate.fixing import CHANGES_FILE, Fixed
from curate.locale import Translator, translator
from curate.record import SCHEMA, with_prompt
from curate.show.numbers import number
from curate.snapshot import Snapshot
from curate.unfixing import Undone

PATCHES = 20  # of all fixes together
LINES = 6  # of one patch
AROUND = 40  # characters of an unchanged stretch that are kept beside a change
STYLES = {"same": "", "gone": "red strike", "new": "green"}
MARKS = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}  # without colour


def show(done: Fixed, locale: str, console: Console) -> None:
    """The diff, the counts, and what to do next."""
    t = translator(locale)
    show_patches(first_of_each(done.shown), t, console)
    for line in counts(done, t):
        console.print(line, soft_wrap=True)


def show_undone(done: Undone, locale: str, console: Console) -> None:
    """What is taken back, from what it is to what it was, and what stays."""
    t = translator(locale)
    show_patches(done.shown[:PATCHES], t, console)
    for line in counts_undone(done, t):
        console.print(line, soft_wrap=True)


def show_patches(patches: Sequence[Patch], t: Translator, console: Console) -> None:
    """The diff of each patch under its place, its fix and its field."""
    for patch, (before, after) in masked(patches):
        place = visible(f"{patch.source}:{patch.line}")
        head = f"{place}  {patch.fix}: {', '.join(patch.rules)}  {patch.field}"
        console.print(Text(head, "bold"), soft_wrap=True)
        for line in shown_lines(before, after, t, plain=not console.is_terminal):
            console.print(line, soft_wrap=True)


def first_of_each(shown: dict[str, list[Patch]]) -> list[Patch]:
    """At most 20 patches, the fixes in turn."""
    turns = chain.from_iterable(zip_longest(*shown.values()))
    return [patch for patch in turns if patch is not None][:PATCHES]


def masked(patches: Sequence[Patch]) -> list[tuple[Patch, tuple[str, str]]]:
    """Each patch with its texts, private values in them masked."""
    hidden = masked_texts([text for patch in patches for text in (patch.before, patch.after)])
    return list(zip(patches, zip(hidden[::2], hidden[1::2], strict=True), strict=True))


def masked_texts(texts: Sequence[str]) -> list[str]:
    """The texts with every private value masked."""
    empty = dict.fromkeys(SCHEMA)
    rows = [{**empty, "instruction": "", "answer": text} for text in texts]
    frame = with_prompt(pl.DataFrame(rows, schema=SCHEMA))
    spans: dict[int, list[tuple[int, int, str | None]]] = {}
    for check in plan.every_check(()).values():
        if check.group != "privacy":
            continue
        for at, said in ask(check, frame):
            if isinstance(said, Hit):
                spans.setdefault(at, []).extend(private(said, len(texts[at])))
    return [mask_spans(text, spans.get(at, ())) for at, text in enumerate(texts)]


def private(hit: Hit, length: int) -> Iterator[tuple[int, int, str | None]]:
    """Every stretch that a privacy check found; the whole text where it cannot say."""
    kind = hit.evidence.get("kind")
    if hit.start is None or hit.end is None:
        yield 0, length, kind
        return
    yield hit.start, hit.end, kind
    for one in hit.evidence.get("values") or ():
        if one.get("start") is not None and one.get("end") is not None:
            yield one["start"], one["end"], one.get("kind", kind)


def shown_lines(before: str, after: str, t: Translator, *, plain: bool) -> Iterator[Text]:
    """The changed lines of one patch, the first few."""
    changed = list(lines(before, after))
    for number_, segments in changed[:LINES]:
        line = Text(f"{number_:>6} ", "dim")
        for i, segment in enumerate(segments):
            text = visible(near(segment, first=i == 0, last=i == len(segments) - 1))
            line.append(MARKS[segment.kind].format(text) if plain else text, STYLES[segment.kind])
        yield line
    if len(changed) > LINES:
        more = t("{n} more changed lines").format(n=number(len(changed) - LINES))
        yield Text(f"       … {more}", "dim")


def near(segment: Segment, *, first: bool, last: bool) -> str:
    """An unchanged stretch, cut to what stands beside a change."""
    text = segment.text
    if segment.kind != "same" or len(text) <= 2 * AROUND + 1:
        return text
    head = "" if first else text[:AROUND]
    tail = "" if last else text[-AROUND:]
    return f"{head}…{tail}"


def counts(done: Fixed, t: Translator) -> Iterator[Text]:
    """One line a rule, one a reason why something was left, and the sum."""
    yield Text("")
    for (fix, rule), count in sorted(done.patches.items()):
        yield Text(f"{number(count):>9}  {fix}: {rule}")
    for (fix, why), count in sorted(done.left.items()):
        yield Text(f"{number(count):>9}  {fix}: {t('left alone')}, {t(why)}", "dim")
    if done.parent.rejected:
        told = t("Records that could not be read and are not here: {n}; an audit names them.")
        yield Text(told.format(n=number(done.parent.rejected)), "yellow")
    whole = {"changed": number(done.changed), "records": number(done.records)}
    if not done.changed:
        yield Text(t("Nothing to fix in {records} records.").format(**whole))
    elif done.snapshot is None:
        yield Text(
            t("{changed} of {records} records would change; nothing was written.").format(**whole)
        )
    else:
        said = t("{changed} of {records} records changed: snapshot {new}, made from {old}.")
        yield Text(said.format(**whole, new=done.snapshot.id, old=done.parent.id), "bold")
        yield Text(
            t("Every change can be undone; they are in {path}").format(path=done.changes_file)
        )
        told = t("To undo the changes of one record (add :FIX for one of them): {command}")
        yield Text(told.format(command=undoing(done.shown, done.snapshot)))


def undoing(shown: dict[str, list[Patch]], snapshot: Snapshot) -> str:
    """The command that undoes what changed in the record that is shown first."""
    patch = first_of_each(shown)[0]
    words = ["curate", "fix", "--undo", visible(f"{patch.source}:{patch.line}")]
    workspace = snapshot.path.parent.parent
    if workspaces.find().path.resolve() != workspace.resolve():
        words += ["--workspace", str(workspace)]
    return shlex.join(words)


def counts_undone(done: Undone, t: Translator) -> Iterator[Text]:
    """One line a rule, and the sum."""
    yield Text("")
    for (fix, rule), count in sorted(done.patches.items()):
        yield Text(f"{number(count):>9}  {fix}: {rule}")
    whole = {"changes": number(done.changes), "records": number(done.records)}
    if done.snapshot is None:
        said = t("Would be undone: changes {changes}, records {records}; nothing was written.")
        yield Text(said.format(**whole))
        return
    said = t("Undone: changes {changes}, records {records}; snapshot {new}, made from {old}.")
    yield Text(said.format(**whole, new=done.snapshot.id, old=done.parent.id), "bold")
    file = done.snapshot.path / CHANGES_FILE
    yield Text(
        t("Changes still in force: {n}; they are in {path}").format(
            n=number(done.in_force), path=file
        )
    )
