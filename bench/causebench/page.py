"""Page: docs/causebench.md, made from results.json and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bench.causebench.aims import Seed, at, judged, over
from bench.causebench.faults import KINDS
from bench.causebench.measures import Interval, calibration_error
from bench.causebench.rows import DATA_CAUSED, UNCLEAR

HEAD = """# CauseBench

Does the product find the records that made a model wrong, and does repairing them make it right?
Invented worlds in English and Japanese are corrupted in five known ways, trained by `train run`,
traced by `curate trace`, read in the order `best` by a script that knows the truth, and trained
again. `python -m bench.causebench --docs` makes this page from `bench/causebench/results.json`;
every figure is a mean over seeds with its 95 % interval (Student's t over seeds).
"""
TRUTH = """## What counts

- **Data-caused** is a failure whose exact answer is taught by bad records of that fact (or by
  refusals of its slice), and that the same run on the clean records answers rightly. A failure
  that bad records teach and the clean run gets wrong, too, is *unclear* and left out of trace and
  triage.
  This favours evidence that looks at answers, which is why BM25 x answer stands beside the trace.
- **Bad records**: answers wrong in one record (isolated), two records with each other's answers
  (swapped), whole facts of one slice refused, whole facts wrong in every wording (consistent),
  near-duplicates with another answer (contradicting). Right but hard records are among the others:
  exceptions, rare formats, long answers, too few products. Some dev records fail without any bad
  record: facts that were never trained, products, references that are wrong themselves.
- **Quality recovered** at b % is (repaired - dirty) / (clean - dirty) in exact matches over dev and
  test wordings of what was trained. The reviewer reads b % of the training records in the order
  `best`, ten in a hundred of them drawn at random, and puts in what is right. Reading the failures
  themselves is not counted.
- **Traced** are the failures that triage calls data-caused. The same reviewer reads the ten records
  that each trace shows and puts in what is right. **Gone** are those of them that data did cause
  and that are right afterwards, in their own wording and in two others that no one saw. The control
  changes as many right records as the repair changed bad ones: it puts them in a polite frame.
- **Newly broken** are dev records that were right before and are wrong after; training again breaks
  some whatever is changed, so control and clean run stand beside.
"""
NONE = """**Nothing on this page has been measured yet.** `make causebench` measures it.
"""
UNKNOWN = "–"
OURS = (
    ("queue", "best", ("recall", "5"), "found at 5 %"),
    ("queue", "best", ("recall", "10"), "found at 10 %"),
    ("queue", "best", ("auroc",), "AUROC"),
    ("trace", "trace", ("recall10",), "recall@10"),
    ("trace", "trace", ("recall3",), "recall@3"),
    ("trace", "trace", ("hit1",), "first one right"),
    ("trace", "trace", ("reciprocal",), "mean reciprocal rank"),
)
"""What the product does, and each figure that it is held against its rivals by."""


def page(results: Mapping[str, Any]) -> str:
    """The page."""
    seeds = results["seeds"]
    if not seeds:
        return "\n".join([HEAD, NONE, TRUTH, *setting(results)])
    parts = [HEAD, *aims(seeds), TRUTH, *queue(seeds), *trace(seeds), *triage(seeds),
             *recovered(seeds), *lacking(seeds), *setting(results)]  # fmt: skip
    return "\n".join(parts)


def aims(seeds: Sequence[Seed]) -> Iterator[str]:
    """The aims, met or missed."""
    yield "## Aims\n"
    yield table(
        ["figure", "measured", "aim", ""],
        [
            [aim.name, number(found), aim.said, verdict(aim.met(found))]
            for aim, found in judged(seeds)
        ],
    )


def queue(seeds: Sequence[Seed]) -> Iterator[str]:
    """A: every order, and by kind."""
    yield "## Which order finds bad records soonest\n"
    rows = [
        [
            name,
            *(cell(seeds, at("queue", name, "recall", share)) for share in ("5", "10")),
            cell(seeds, at("queue", name, "auroc")),
        ]
        for name in ranked(seeds, "queue", "recall", "10")
    ]
    yield table(["order", "found at 5 %", "found at 10 %", "AUROC"], rows)
    yield "Found at 10 % reading, by kind:\n"
    rows = [
        [name, *(cell(seeds, at("queue", name, "kinds", kind)) for kind in KINDS)]
        for name in ranked(seeds, "queue", "recall", "10")
    ]
    yield table(["order", *KINDS], rows)


def trace(seeds: Sequence[Seed]) -> Iterator[str]:
    """B: every way to trace."""
    caused = sum(seed["failures"].get(DATA_CAUSED, 0) for seed in seeds)
    yield f"## Which trace names the records behind a failure\n\n{caused} data-caused failures.\n"
    names = {"recall10": "recall@10", "recall3": "recall@3", "hit1": "first one right",
             "reciprocal": "mean reciprocal rank"}  # fmt: skip
    rows = [
        [name, *(cell(seeds, at("trace", name, measure)) for measure in names)]
        for name in ranked(seeds, "trace", "reciprocal")
    ]
    yield table(["trace", *names.values()], rows)


def triage(seeds: Sequence[Seed]) -> Iterator[str]:
    """B: how well failures are told apart."""
    rows = [row for seed in seeds for row in seed["triage"]["rows"]]
    clear = [row for row in rows if row["truth"] != UNCLEAR]
    pairs = Counter((row["truth"], row["said"]) for row in clear)
    truths, said = (sorted({pair[n] for pair in pairs}) for n in (0, 1))
    yield "## What triage says, and what is true\n"
    yield table(
        ["true \\ said", *said],
        [[truth, *(str(pairs[truth, one]) for one in said)] for truth in truths],
    )
    error = calibration_error(
        [row["chance"] for row in clear], [row["truth"] == DATA_CAUSED for row in clear]
    )
    yield (
        f"{len(clear)} failures of all seeds, {len(rows) - len(clear)} more unclear and left out. "
        f"Calibration error of the probability that data caused it: {error:.3f} "
        "(five bins, all seeds together).\n"
    )


def recovered(seeds: Sequence[Seed]) -> Iterator[str]:
    """C and D: seed by seed, because the spread is wide."""
    yield "## Repair and proof, seed by seed\n"
    head = [
        "seed", "EM dirty", "EM 5 % read", "EM 10 % read", "EM clean", "bad read", "traced",
        "of them caused", "records read", "changed", "gone", "gone, control", "gone, clean",
        "broken", "broken, control", "broken, clean",
    ]  # fmt: skip
    rows = [
        [
            str(seed["seed"]), plain(seed["exact_match"]["dirty"]),
            plain(seed["exact_match_best5"]), plain(seed["exact_match_best10"]),
            plain(seed["exact_match"]["clean"]), plain(seed["read"]["10"]),
            *(str(seed["traced"][one]) for one in ("failures", "caused", "read", "changed")),
            *(plain(seed[what][arm]) for what in ("gone", "broken")
              for arm in ("repair", "control", "clean")),
        ]
        for seed in seeds
    ]  # fmt: skip
    yield table(head, rows)


def lacking(seeds: Sequence[Seed]) -> Iterator[str]:
    """What did not work, told from the figures."""
    yield "## What did not work\n"
    for aim, found in judged(seeds):
        if aim.met(found) is False:
            yield f"- Missed: {aim.name}: {number(found)}, aim {aim.said}."
    for part, ours, path, named in OURS:
        own = over(seeds, at(part, ours, *path))
        for name in ranked(seeds, part, *path):
            other = over(seeds, at(part, name, *path))
            if name != ours and own and other and other.mean >= own.mean:
                yield (
                    f"- By {named}, `{ours}` is not ahead of *{name}*: {number(own)} against "
                    f"{number(other)}."
                )
    yield ""


def setting(results: Mapping[str, Any]) -> Iterator[str]:
    """How it was made, and how to make it larger."""
    said = results["setup"]
    size = said["size"]
    rows = f"{said['records']} training records, {said['share']:.0%} of them bad"
    measured = ", ".join(map(str, said["seeds"])) or "none yet"
    fitted = results["fitted"]
    yield f"""## Set-up

Model `{said["model"]}`, {rows}, seeds {measured}.
The tiny model is a Llama of {size["layers"]} layers, hidden size {size["hidden"]}, pre-trained on
things with other names, other dates and other sums, and frozen. `train run` tunes it by LoRA:
{told(results["recipe"])}.
Seeds 100 and above are for choosing settings and are never measured.

- Coefficients of triage: {fitted["triage"]}.
- Weights of `best`: {fitted["best"]}.

    make causebench                                       # this page, resumable
    python -m bench.causebench --records 5000 --share 0.05
    python -m bench.causebench --model smollm2            # SmolLM2-135M on a CPU, hours
    python -m bench.causebench --model PATH               # a model of 7B on a card
    python -m bench.causebench --fit                      # coefficients and weights, fitting seeds

The first takes about half an hour of one processor on an empty cache. What 5,000 records say of a
model too small for them is told in [0014](decisions/0014-what-causebench-changed.md). SmolLM2 and
the model on a card have not been run yet.
"""


def told(recipe: Mapping[str, Any]) -> str:
    """Settings in words."""
    words = ((name.split(".")[-1].replace("_", " "), value) for name, value in recipe.items())
    return ", ".join(f"{name} {value}" for name, value in words)


def ranked(seeds: Sequence[Seed], part: str, *path: str) -> list[str]:
    """The names of a part, the best mean first."""
    means = {name: over(seeds, at(part, name, *path)) for name in seeds[0][part]}
    return sorted(means, key=lambda name: -(found.mean if (found := means[name]) else -1.0))


def cell(seeds: Sequence[Seed], of: Callable[[Seed], float]) -> str:
    """One figure over the seeds."""
    return number(over(seeds, of))


def number(found: Interval | None) -> str:
    """A mean with its interval."""
    if found is None:
        return UNKNOWN
    if found.low is None or found.high is None:
        return f"{found.mean:.3g}"
    return f"{found.mean:.3g} [{found.low:.2g}, {found.high:.2g}]"


def plain(value: float | None) -> str:
    """One figure of one seed."""
    return UNKNOWN if value is None else f"{value:.3f}"


def verdict(met: bool | None) -> str:
    """In a word."""
    return {True: "met", False: "**missed**", None: "not measured"}[met]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
