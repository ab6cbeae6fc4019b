"""Numbers as they are written for people, the same in every output."""

from __future__ import annotations


def number(value: float) -> str:
    """`52,002`; `0.13`."""
    whole = float(value).is_integer()
    return f"{value:,.0f}" if whole or abs(value) >= 10 else f"{value:,.2g}"


def percent(share: float) -> str:
    """`0.04%`, `7.3%`, `41%`: two digits that say something; `100%` only of all."""
    shown = 100 * share
    if 99 < shown < 100:
        return f"{min(shown, 99.9):.1f}%"
    return f"{shown:.0f}%" if shown >= 10 or shown == 0 else f"{shown:.2g}%"


def similar(share: float) -> str:
    """`79.9%`: a similarity, rounded down: what is below a threshold never reads as it."""
    return "100%" if share >= 1 else f"{int(1000 * share + 1e-9) / 10:.1f}%"


def many(count: int, one: str, several: str) -> str:
    """`1 record` or `12 records`, from the two templates."""
    return one if count == 1 else several.format(n=number(count))
