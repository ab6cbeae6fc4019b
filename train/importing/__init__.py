"""Importing: another system's configuration as a recipe, and every field that has no place in one.

One file is one system, found by folder. `MAPPED` gives our setting of a field; `WHY_NOT` says why a
field has none; `ASIDE` are fields and sections that change neither what is learnt nor what is
answered; `KNOWN_BY` are fields that only this system has; `finish` says what holds there without
a word.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from io import StringIO
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from curate.errors import unknown
from train import written
from train.errors import BadRecipe
from train.recipe import Recipe, load

Settings = dict[str, Any]
"""Our settings by dotted name."""
Convert = Callable[[Any], Settings]
"""A field's value in our settings; ValueError, with the reason, where it has none."""

NOT_KNOWN = "no setting of ours does this"
GREEDY = "evaluation is greedy, so that two runs can be compared"
ALPACA: Settings = {"template.name": "alpaca", "template.end_marker": ""}
"""Alpaca's headings with nothing but the end-of-text token behind an answer, as elsewhere."""
OFF: tuple[Any, ...] = (None, False, 0, "", "None", "none", [], {})
"""Values with which a field does nothing."""


class Unmapped(NamedTuple):
    """A field that has no place in a recipe."""

    field: str
    value: Any
    why: str
    changes: bool
    """Whether a run of ours differs from one of theirs for want of it."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A recipe made of another system's file."""

    kind: str
    settings: Mapping[str, Any]
    mapped: tuple[tuple[str, Any, str], ...]
    """(field, value, our settings)"""
    unmapped: tuple[Unmapped, ...]
    """Those that change the run come first."""
    assumed: tuple[tuple[str, Any], ...]
    """(our setting, value) of what the file does not say, and that system does without a word"""

    @property
    def recipe(self) -> Recipe:
        """The recipe with every default."""
        return load("lora", [f"{name}={flow(value)}" for name, value in self.settings.items()])


@dataclass(slots=True)
class Reading:
    """What has been found so far."""

    settings: Settings = field(default_factory=dict)
    mapped: list[tuple[str, Any, str]] = field(default_factory=list)
    unmapped: list[Unmapped] = field(default_factory=list)


def kinds() -> dict[str, ModuleType]:
    """Every system by name."""
    names = sorted(module.name for module in iter_modules(__path__))
    return {name.replace("_", "-"): import_module(f"{__name__}.{name}") for name in names}


def imported(file: Path, kind: str | None = None) -> Imported:
    """Read another system's file; BadRecipe where it is none of those known."""
    if not file.is_file():
        raise BadRecipe(f"{file}: no such file")
    values, _ = written.read(str(file), file.read_bytes())
    name = kind or recognised(file, values)
    if name not in kinds():
        raise BadRecipe(unknown("system", name, kinds()))
    system = kinds()[name]
    reading = Reading()
    for path, value in leaves(values, system.MAPPED):
        take(reading, system, path, value)
    last: Settings = system.finish(values, reading.settings)
    made = Imported(
        name,
        {**reading.settings, **last},
        tuple(reading.mapped),
        tuple(sorted(reading.unmapped, key=lambda each: not each.changes)),
        tuple((setting, last[setting]) for setting in last if setting not in reading.settings),
    )
    _ = made.recipe  # a value of theirs that ours does not allow is said here
    return made


def recognised(file: Path, values: Mapping[str, Any]) -> str:
    """The system whose own fields a file has."""
    for name, system in kinds().items():
        if any(key in values for key in system.KNOWN_BY):
            return name
    raise BadRecipe(f"{file}: a file of none of {', '.join(kinds())}; say which with --kind")


def leaves(
    values: Mapping[str, Any], mapped: Mapping[str, Any], inside: str = ""
) -> Iterator[tuple[str, Any]]:
    """(dotted field, value) of everything that is no section."""
    for key, value in values.items():
        path = f"{inside}.{key}" if inside else str(key)
        if isinstance(value, dict) and value and path not in mapped:
            yield from leaves(value, mapped, path)
        else:
            yield path, value


def take(reading: Reading, system: ModuleType, path: str, value: Any) -> None:
    """Put one field where it belongs: mapped, or unmapped with the reason."""
    convert = system.MAPPED.get(path)
    changes = value not in OFF and not any(name in system.ASIDE for name in around(path))
    if convert is None:
        reading.unmapped.append(Unmapped(path, value, why_not(system, path), changes))
        return
    try:
        made = convert(value)
    except ValueError as why:
        reading.unmapped.append(Unmapped(path, value, str(why), changes))
        return
    reading.settings |= made
    reading.mapped.append((path, value, ", ".join(made) or "as it is by default"))


def why_not(system: ModuleType, path: str) -> str:
    """The reason for a field, else for the section that it is in."""
    known = (name for name in around(path) if name in system.WHY_NOT)
    return next((system.WHY_NOT[name] for name in known), NOT_KNOWN)


def around(path: str) -> Iterator[str]:
    """A field, and the sections that it is in, the innermost first."""
    parts = path.split(".")
    return (".".join(parts[:length]) for length in range(len(parts), 0, -1))


def to(setting: str) -> Convert:
    """The same value under our name; nothing where there is none."""
    return lambda value: {} if value in (None, "") else {setting: value}


def word(setting: str, words: Mapping[Any, Any]) -> Convert:
    """Another word for the same thing."""

    def convert(value: Any) -> Settings:
        key = value.lower() if isinstance(value, str) else value
        if key not in words:
            raise ValueError(f"{value!r} has no counterpart; there is {', '.join(map(str, words))}")
        return {setting: words[key]}

    return convert


def switch(setting: str, on: Any, off: Any = None) -> Convert:
    """What true and false are in our setting; a value that says neither leaves ours as it is."""

    def convert(value: Any) -> Settings:
        chosen = on if value is True else off if value is False else None
        return {} if chosen is None else {setting: chosen}

    return convert


def only(value: Any, why: str) -> Convert:
    """The one value that holds here; any other is unmapped, with the reason."""

    def convert(theirs: Any) -> Settings:
        if theirs not in (None, value):
            raise ValueError(why)
        return {}

    return convert


def unsaid(defaults: Settings, settings: Settings) -> Settings:
    """A system's defaults that its file leaves, and its share of warming up in epochs of ours."""
    made = {name: value for name, value in defaults.items() if name not in settings}
    if (share := settings.get("training.warmup_epochs")) is not None:
        epochs = {**made, **settings}["training.epochs"]
        made["training.warmup_epochs"] = round(share * epochs, 6)
    return made


def listed(setting: str) -> Convert:
    """Names in one text or a list; nothing where there is none."""

    def convert(value: Any) -> Settings:
        names = value.split(",") if isinstance(value, str) else list(value or ())
        chosen = [name.strip() for name in names if name.strip()]
        return {setting: chosen} if chosen else {}

    return convert


def flow(value: Any) -> str:
    """A value on one line of YAML."""
    return json.dumps(value, ensure_ascii=False)


def as_yaml(made: Imported) -> str:
    """The recipe file: the settings that were said, in sections."""
    tree: dict[str, Any] = {"extends": "lora"}
    for name, value in made.settings.items():
        *sections, last = name.split(".")
        at = tree
        for section in sections:
            at = at.setdefault(section, {})
        at[last] = value
    out = StringIO()
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.dump(tree, out)
    return out.getvalue()
