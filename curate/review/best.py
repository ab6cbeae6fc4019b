"""Best: what a record's signals say together, and the order in which reading pays best.

    ranks(signals)            each signal as a place from 0 to 1 among all records
    scores(signals, weights)  the share of bad records to expect among records like this one
    fit(ranks, bad, prior)    weights that follow what people decided, near those there were
    in_order(...)             bad records to expect per second of reading, the most in front

A rank is the share of records that lie lower, so a mark that many records bear says little. Ranks
meet in a power mean: at a high power one strong signal suffices, and several middling ones do not.
The mean, before its root is taken, is what a logistic curve turns into an expected share; so the
weights of the mean are those of a logistic regression, and people's verdicts can move them.
A signal that is not known of a record is left out of its mean. No weight is ever below LEAST, so
that a record never loses a place because one of its signals rose.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.errors import BadSetting, unknown

SIGNALS = {  # name -> what lies high where a record is suspicious
    "loss": "by how much it was harder to learn than records like it",
    "influence": "by how much longer its gradient was than those of records like it",
    "opposed": "some other record pulls the model against it, and none pulls its way",
    "swap": "how little the prompt helps to expect the answer",
    "disagreement": "how unlike the answers to the most similar prompts are",
    "contradiction": "another record contradicts it",
    "refusal": "it refuses, and so do its neighbours or its category",
    "severity": "weight of the audit's findings",
    "attribution": "how often failures that data caused were traced to it",
}
POWER = 12
LEAST = 0.01  # lowest weight
FIRMNESS = 1.0  # how strongly weights are held where they were: 1 / variance of each
ROUNDS = 50  # of Newton's method; it has settled long before
DIGITS = 6  # of a weight; what lies beyond differs between machines
FILE = Path(__file__).with_name("best.json")
FORMAT = "curate-best/1"

SETTLING = 8.0  # seconds that a verdict takes besides reading
SPEED = 16.0  # letters read in a second, kana and kanji counted double

Floats = npt.NDArray[np.float64]
Free = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each signal says; in units of the log odds that a record is bad."""

    bias: float  # log odds where every rank is 0
    signals: Mapping[str, float]
    told: str = ""  # where they come from

    @property
    def total(self) -> float:
        """The log odds between a record with every rank 0 and one with every rank 1."""
        return sum(self.signals.values())


def beginning(file: Path = FILE) -> Weights:
    """The weights before anybody has decided anything; BadSetting where the file is none."""
    said = json.loads(file.read_bytes())
    if said.get("format") != FORMAT:
        raise BadSetting(f"{file}: {unknown('format', str(said.get('format')), [FORMAT])}")
    for name, weight in said["weights"].items():
        if name not in SIGNALS:
            raise BadSetting(f"{file}: {unknown('signal', name, SIGNALS)}")
        if not weight >= LEAST:
            raise BadSetting(f"{file}: weight {weight} of {name}; allowed is {LEAST} and more")
    return Weights(float(said["bias"]), said["weights"], said["from"])


def as_file(weights: Weights) -> bytes:
    """The same as `beginning` reads it."""
    told = {"format": FORMAT, "from": weights.told, "bias": weights.bias}
    return json.dumps({**told, "weights": dict(weights.signals)}, indent=2).encode() + b"\n"


def ranks(signals: pl.DataFrame) -> pl.DataFrame:
    """Of each signal the share of the others that lie lower; null stays null."""
    return signals.select(_rank(name) for name in SIGNALS if name in signals.columns)


def _rank(name: str) -> pl.Expr:
    value = pl.col(name).cast(pl.Float64).fill_nan(None)
    return ((value.rank("min") - 1) / (value.count() - 1).clip(1)).alias(name)


def scores(signals: pl.DataFrame, weights: Weights) -> pl.Series:
    """The expected share of bad records among those with such signals, 0 to 1."""
    return pl.Series("score", expected(ranks(signals), weights))


def expected(placed: pl.DataFrame, weights: Weights) -> Floats:
    """The same from ranks."""
    means = _raised(placed, weights).mean
    return _logistic(weights.bias + weights.total * means)


@dataclass(frozen=True, slots=True)
class _Raised:
    """Ranks to that power, (records, signals); the mean stands for those not known."""

    powers: Floats
    mean: Floats


def _raised(placed: pl.DataFrame, weights: Weights) -> _Raised:
    names = list(weights.signals)
    nothing = pl.lit(None, dtype=pl.Float64)
    columns = [(pl.col(n) if n in placed.columns else nothing).alias(n) for n in names]
    powers = placed.select(columns).to_numpy().astype(np.float64) ** POWER
    powers = powers.reshape(len(placed), len(names))
    known = ~np.isnan(powers)
    weight = known * np.array(list(weights.signals.values()))
    whole = weight.sum(axis=1)
    summed = (np.where(known, powers, 0.0) * weight).sum(axis=1)
    mean = np.divide(summed, whole, out=np.zeros(len(placed)), where=whole > 0)
    return _Raised(np.where(known, powers, mean[:, None]), mean)


def fit(
    placed: pl.DataFrame, bad: Sequence[bool], prior: Weights, firmness: float = FIRMNESS
) -> Weights:
    """Weights under which these verdicts are likeliest, and not far from the prior.

    Logistic regression with a normal prior around the weights there were (ridge), by Newton's
    method; a weight that would fall below LEAST is held there and the others are fitted again.
    """
    if len(placed) != len(bad):
        raise ValueError(f"{len(placed)} records with ranks and {len(bad)} verdicts")
    names = list(prior.signals)
    seen = np.column_stack([np.ones(len(placed)), _raised(placed, prior).powers])
    there = np.array([prior.bias, *(prior.signals[name] for name in names)])
    free = np.ones(len(there), dtype=bool)
    while True:
        start = np.where(free, there, LEAST)
        found = _newton(seen, np.array(bad, dtype=np.float64), start, there, free, firmness)
        low = free & (found < LEAST)
        low[0] = False  # the bias is no weight
        if not low.any():
            break
        free &= ~low
    bias, *fitted = (round(float(one), DIGITS) for one in found)
    return Weights(bias, dict(zip(names, fitted, strict=True)), prior.told)


def _newton(
    seen: Floats, bad: Floats, start: Floats, prior: Floats, free: Free, firm: float
) -> Floats:
    """The most likely coefficients, those that are not free as they are in `start`."""
    found = start.copy()
    some = seen[:, free]
    for _ in range(ROUNDS):
        share = _logistic(seen @ found)
        slope = some.T @ (bad - share) - firm * (found - prior)[free]
        curve = (some * (share * (1 - share))[:, None]).T @ some + firm * np.eye(free.sum())
        step = np.linalg.solve(curve, slope)
        found[free] += step / max(1.0, float(np.abs(step).max()))  # never more than 1 at a time
        if np.abs(step).max() < 1e-9:
            break
    return found


def _logistic(odds: Floats) -> Floats:
    return 1 / (1 + np.exp(-odds))


def seconds(letters: pl.Expr) -> pl.Expr:
    """Seconds that a record takes. Only how long and short records compare matters here."""
    # About 1,000 letters of English or 360 of Japanese in a minute (IReST, Trauzettel-Klosinski
    # and Dietz 2012).
    return SETTLING + letters / SPEED


def in_order(records: pl.DataFrame) -> list[str]:
    """Record ids by bad records repaired per second of reading, the most in front.

    Of columns record_id, score, size (records that one verdict repairs) and letters.
    """
    value = pl.col("score") * pl.col("size") / seconds(pl.col("letters"))
    ordered = records.select("record_id", value=value)
    return ordered.sort("value", "record_id", descending=[True, False])["record_id"].to_list()


def with_reserved(ids: Collection[str], reserved: Iterable[str]) -> Iterator[str]:
    """The same records, those with a reserved place at every other one from the first on."""
    known = frozenset(ids)
    held = dict.fromkeys(one for one in reserved if one in known)
    rest = (one for one in ids if one not in held)
    for one in held:
        yield one
        following = next(rest, None)
        if following is not None:
            yield following
    yield from rest
