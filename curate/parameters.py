"""Parameters: what flags and rule files set, each value of the type of its default.

BadSetting and BadRule name what is unknown, of the wrong type or without sense, and what is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple
from typing import Any

import orjson

from curate.check import Check
from curate.errors import BadRule, BadSetting, unknown
from curate.rulebook.rule import Threshold


def merged(*layers: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Later layers win, parameter by parameter."""
    whole: dict[str, dict[str, Any]] = {}
    for layer in layers:
        for name, params in layer.items():
            whole.setdefault(name, {}).update(params)
    return {name: dict(sorted(params.items())) for name, params in sorted(whole.items())}


def parsed(changes: Iterable[str], known: Mapping[str, Check]) -> dict[str, dict[str, Any]]:
    """CHECK.PARAM=VALUE texts, each value of the type of its default."""
    whole: dict[str, dict[str, Any]] = {}
    for change in changes:
        target, equals, text = change.partition("=")
        name, dot, param = target.strip().rpartition(".")
        if not (equals and dot):
            raise BadSetting(
                f"--set {change!r}: write CHECK.PARAM=VALUE, as too-long.max_chars=8000"
            )
        named = f"--set {change!r}"
        whole.setdefault(name, {})[param] = valued(named, name, param, text.strip(), known)
    return whole


def of_files(
    thresholds: Iterable[Threshold], known: Mapping[str, Check]
) -> dict[str, dict[str, Any]]:
    """What rule files set, a later one over an earlier; BadRule says where a wrong one stands."""
    whole: dict[str, dict[str, Any]] = {}
    for place, check, param, value in map(astuple, thresholds):
        text = value if isinstance(value, str) else orjson.dumps(value).decode()
        try:
            fitting = valued(f"{place}: thresholds", check, param, text, known)
        except BadSetting as error:
            raise BadRule(str(error)) from error
        whole.setdefault(check, {})[param] = fitting
    return whole


def valued(said: str, name: str, param: str, text: str, known: Mapping[str, Check]) -> Any:
    """The value of a parameter of a check, of the type of its default; `said` begins an error."""
    if name not in known:
        raise BadSetting(f"{said}: {unknown('check', name, known, listed_by='curate checks')}")
    defaults = known[name].params
    if not defaults:
        raise BadSetting(f"{said}: {name} has no parameters")
    if param not in defaults:
        raise BadSetting(f"{said}: {unknown(f'parameter of {name}', param, defaults)}")
    return of_type(said, text, defaults[param])


def of_type(said: str, text: str, default: Any) -> Any:
    """`text` as a value of the default's type, where it makes sense as one."""
    if isinstance(default, str):
        return text
    if isinstance(default, tuple):
        parts = [part.strip() for part in text.split(",")]
        if len(parts) > 1 and not all(parts):
            raise BadSetting(f"{said}: {text!r} has a comma with nothing on one side")
        return tuple(filter(None, parts))
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        value = None
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if isinstance(default, bool):
        fits = isinstance(value, bool)
    elif isinstance(default, int):
        fits = number and value == int(value)
    else:
        fits = number
    if not fits:
        kind = {bool: "true or false", int: "a whole number"}.get(type(default), "a number")
        raise BadSetting(f"{said}: {text!r} is not {kind} (default {default!r})")
    return sensible(said, type(default)(value), default)


def sensible(said: str, value: float, default: float) -> float:
    """The same number; BadSetting where it is negative, or a share (its default is one) above 1."""
    if value < 0:
        raise BadSetting(f"{said}: {value:g} is below 0 (default {default!r})")
    if isinstance(default, float) and default < 1 < value:
        raise BadSetting(f"{said}: {value:g} is no share: it is above 1 (default {default!r})")
    return value
