"""report.html of a run: one file that opens offline, runs no script, and can be mailed.

No text of a record or a model reaches the page but through autoescape, with characters that nobody
can see written out. The same run folder gives the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined

from curate.locale import Translator
from curate.publish import write_whole
from curate.show.numbers import number, percent
from train import report_pictures as pictures
from train.compare import Difference
from train.evaluate import Answered, value_of
from train.failures import Failure
from train.locale import translator
from train.measures import found
from train.report_facts import Facts, gains, opened
from train.report_parts import by_slice, notes, recited
from train.report_texts import cut, duration, energy, flat, signed, size, written_out
from train.report_words import (
    cost_words,
    data_words,
    measure_words,
    outcome_words,
    reason_words,
    verdict_words,
    words,
)

FILE = "report.html"
ANSWERS = 100  # records shown with their answers
OPEN = 8  # of them before "more records"
LOST = 20  # lost records listed

Page = dict[str, Any]


def write(run: Path, locale: str = "en", out: Path | None = None) -> Path:
    """Write the report of a run beside what it tells of; its file."""
    file = out or run / FILE
    write_whole(file, render(run, locale).encode())
    return file


def render(run: Path, locale: str = "en") -> str:
    """The whole page; BadSource where the folder is no run that has ended."""
    return environment().get_template("run.html").render(view(opened(run), locale))


@cache
def environment() -> Environment:
    """Jinja with autoescape over our templates, with those of an audit's report beside them."""
    made = Environment(
        loader=ChoiceLoader(
            [
                PackageLoader("train", "templates"),
                PrefixLoader({"curate": PackageLoader("curate.show", "templates")}),
            ]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=written_out,
    )
    made.filters |= {"number": number, "percent": percent, "signed": signed}
    return made


def view(facts: Facts, locale: str) -> Page:
    """Everything that the template places."""
    t = translator(locale)
    say, told = words(t), facts.told
    made = [card(one, facts, t) for one in shown(facts)]
    reasons = Counter(r for failure in facts.ran.failures.values() for r in failure.reasons)
    return {
        "lang": locale,
        "t": t,
        "say": say,
        "name": facts.ran.name,
        "model": told["model"]["name"],
        "method": told["recipe"]["method"],
        "snapshot": facts.manifest["id"][:12],
        "finished": str(told["finished"])[:10],
        "notes": list(notes(facts, t)),
        "head": list(headline(facts, t)),
        "cards": made,
        "open": OPEN,
        "unlisted": len(dev(facts)) - len(made),
        "splits": [(say[split], list(rows(facts, split, t))) for split in ("dev", "test")],
        "slices": list(by_slice(facts, t)),
        "recited": list(recited(facts)),
        "reciting": len(told.get("recited", [])),
        "few_shot": bool(facts.few_shot),
        "compared": bool(facts.baseline),
        "losses": pictures.losses(facts),
        "failures": pictures.bars(reasons, reason_words(t)),
        "failed": len(facts.ran.failures),
        "answered": len(dev(facts)),
        "probes": facts.probed,
        "forgetting": told.get("forgetting", []),
        "limit": facts.recipe.gates.forgetting_delta,
        "cost": list(cost(facts, t)),
        "read": len(facts.ledger),
        "ledger": [
            (name, facts.outcomes[outcome])
            for outcome, name in outcome_words(t).items()
            if facts.outcomes.get(outcome)
        ],
        "lost": list(lost(facts, t)),
        "data": list(data(facts, t)),
        "choices": told["choices"],
        "settings": list(flat(facts.recipe.model_dump(mode="json"))),
        "versions": told["versions"],
    }


def headline(facts: Facts, t: Translator) -> Iterator[tuple[str, str, str]]:
    """The figures at the top: name, value, and a word for its colour."""
    for metric, title in (("chrf", "chrF"), ("loss", t("Loss"))):
        before, after = (facts.mean(kind, metric) for kind in ("baseline", "tuned"))
        if after is not None:
            yield (
                f"{title} ({t('dev')})",
                f"{number(before)} → {number(after)}" if before else number(after),
                "",
            )
    failed = len(facts.ran.failures)
    yield words(t)["failures"], f"{failed} / {len(dev(facts))}", "error" if failed else "nil"
    over = not all(facts.told.get("gates", {}).values())
    if facts.told.get("forgetting"):
        rise = max(float(one["delta"]) for one in facts.told["forgetting"])
        yield words(t)["forgetting"], signed(rise), "error" if over else ""
    yield t("Trained"), number(facts.outcomes.get("trained", 0)), ""
    yield t("Time"), duration(facts.total("seconds")), ""


def dev(facts: Facts) -> list[Answered]:
    """The answered dev records."""
    return [
        one
        for one in facts.ran.tuned.values()
        if facts.ran.records[one.record_id]["split"] == "dev"
    ]


def shown(facts: Facts) -> list[Answered]:
    """Dev records, the failures in their order, then those that are least like the reference."""
    order = {record_id: at for at, record_id in enumerate(facts.ran.failures)}

    def place(one: Answered) -> tuple[float, float, str]:
        return order.get(one.record_id, len(order)), value_of(one, "chrf") or 0.0, one.record_id

    return sorted(dev(facts), key=place)[:ANSWERS]


def card(one: Answered, facts: Facts, t: Translator) -> Page:
    """One record and all that was said to it."""
    failure: Failure | None = facts.ran.failures.get(one.record_id)
    names = reason_words(t)
    before = said(facts.baseline, one.record_id)
    guided = said(facts.few_shot, one.record_id)
    texts = [("prompt", one.prompt), ("reference", one.reference)]
    texts += [("before", before.answer)] if before else []
    texts += [("few_shot", guided.answer)] if guided else []
    place = f"{failure.source}:{failure.line}" if failure else one.record_id[:12]
    return {
        "place": place,
        "reasons": [names.get(reason, reason) for reason in failure.reasons] if failure else [],
        "severity": failure.severity if failure else "info",
        "texts": [(kind, *cut(text)) for kind, text in [*texts, ("after", one.answer)]],
        "loss": one.loss,
        "chrf": value_of(one, "chrf"),
    }


def said(answered: Sequence[Answered], record_id: str) -> Answered | None:
    """The answer to a record, where it was asked."""
    return next((one for one in answered if one.record_id == record_id), None)


def rows(facts: Facts, split: str, t: Translator) -> Iterator[Page]:
    """Each measure of a split, before and after."""
    names, verdicts = measure_words(t), verdict_words(t)
    for one in gains(facts, split):
        guided = facts.mean("few_shot", one.metric, split)
        yield {
            "name": names.get(one.metric, one.metric),
            "better": "lower" if one.metric == "loss" else found()[one.metric].better,
            "records": one.records,
            "before": figure(one, one.before, facts),
            "few_shot": "" if guided is None else figure(one, guided, facts),
            "after": figure(one, one.after, facts),
            "low": one.low,
            "high": one.high,
            "difference": one.after - one.before,
            "whisker": pictures.whisker(one),
            "verdict": verdicts[one.verdict],
            "kind": one.verdict,
        }


def figure(one: Difference, value: float, facts: Facts) -> str:
    """A mean as it is written: the share of what is true or false, else a number."""
    values = (answered.measures.get(one.metric) for answered in facts.ran.tuned.values())
    if any(isinstance(each, bool) for each in values):
        return percent(value)
    return number(value)


def cost(facts: Facts, t: Translator) -> Iterator[tuple[str, str]]:
    """What the run took."""
    names, told = cost_words(t), facts.told
    training, tokens = facts.total("training_seconds"), facts.total("tokens")
    machine, parameters = told["hardware"], told["parameters"]
    share = percent(parameters["trainable"] / parameters["total"])
    on_card = machine["device"] == "cuda"
    yield names["machine"], f"{machine['name']}, {size(machine['memory'])}"
    yield names["peak" if on_card else "peak_cpu"], size(facts.peak_bytes)
    yield names["seconds"], duration(facts.total("seconds"))
    yield names["training_seconds"], duration(training)
    for name, joules in facts.joules.items():
        yield names[name], energy(joules)
    yield names["steps"], number(told["steps"])
    yield names["tokens"], number(tokens)
    for kind, tokens_asked in told.get("prompt_tokens", {}).items():
        yield names[kind], number(tokens_asked)
    yield names["speed"], number(round(tokens / training)) if training else "–"
    yield names["parameters"], f"{parameters['trainable']:,} / {parameters['total']:,} ({share})"
    yield names["adapter"], size(told["adapter_bytes"])
    yield names["sittings"], number(len(told["sittings"]))


def lost(facts: Facts, t: Translator) -> Iterator[tuple[str, str, str]]:
    """Training records that were not trained, or were cut: place, outcome, reason."""
    rows = [row for row in facts.ledger if row["reason"] and row["outcome"] != "held-out"]
    for row in rows[:LOST]:
        name = outcome_words(t)[row["outcome"]]
        yield f"{row['source']}:{row['line']}", name, t(row["reason"])
    if len(rows) > LOST:
        yield "…", "", t("{n} more lie in ledger.parquet").format(n=number(len(rows) - LOST))


def data(facts: Facts, t: Translator) -> Iterator[tuple[str, str]]:
    """The figures of the approved snapshot's card."""
    names, manifest = data_words(t), facts.manifest
    for name in ("records", "languages", "outcomes", "categories", "sources", "undecided"):
        if counts := manifest.get(name):
            told = [(key, value) for key, value in flat(counts) if value not in ("{}", "0")]
            yield names[name], ", ".join(f"{key} {value}" for key, value in told) or "0"
    share = manifest.get("refusal_share")
    yield names["refusal_share"], names["unknown"] if share is None else percent(share)
    for name in ("agreement", "bad_rate"):
        figures = flat(manifest.get(name) or {})
        known = ", ".join(f"{key} {value}" for key, value in figures)
        yield names[name], known or names["unknown"]
    yield names["licence"], manifest.get("licence") or names["unknown"]
