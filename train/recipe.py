"""Recipe: every choice of a training run, from one strict YAML file.

A file may extend a preset or another file; `--set KEY=VALUE` comes last. An unknown key is an error
that names its file, its line and the nearest known key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML

from curate.errors import unknown
from train import sections, written
from train.allowed import allowed
from train.errors import BadRecipe

DEFAULT = "qlora-all-linear"
PREFIX = "preset/"


class Recipe(sections.Section):
    """Every setting of a run."""

    recipe_version: Literal[1] = 1
    """Version of this list of settings."""
    run: sections.Run = sections.Run()
    dataset: sections.Dataset = sections.Dataset()
    template: sections.Template = sections.Template()
    tokenizer: sections.Tokenizer = sections.Tokenizer()
    model: sections.Model = sections.Model()
    adapter: sections.Adapter = sections.Adapter()
    training: sections.Training = sections.Training()
    evaluate: sections.Evaluate = sections.Evaluate()
    forgetting: sections.Forgetting = sections.Forgetting()
    gates: sections.Gates = sections.Gates()
    loop: sections.Loop = sections.Loop()
    trace: sections.Trace = sections.Trace()
    output: sections.Output = sections.Output()
    track: sections.Track = sections.Track()
    environment: sections.Environment = sections.Environment()

    @property
    def method(self) -> str:
        """qlora, lora8, lora or full: what decides about memory."""
        if self.adapter.type == "none":
            return "full"
        return {"nf4": "qlora", "int8": "lora8", "none": "lora"}[self.model.quantization.type]

    @property
    def way(self) -> str:
        """The method as it is told: what is put before the prompt is no LoRA."""
        return self.method if self.adapter.type in ("lora", "dora", "none") else self.adapter.type

    def digest(self) -> str:
        """The same for the same settings, however they were written."""
        return blake2b(self.model_dump_json().encode(), digest_size=16).hexdigest()

    def yaml(self) -> str:
        """The whole recipe with every default, as a file that loads to the same one."""
        out = StringIO()
        yaml = YAML(typ="safe", pure=True)
        yaml.default_flow_style = False
        yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
        yaml.allow_unicode = True
        yaml.dump(self.model_dump(mode="json"), out)
        return out.getvalue()


@dataclass(frozen=True, slots=True)
class Draft:
    """Values not yet checked, and where each was written."""

    values: Mapping[str, Any]
    places: Mapping[written.Path, str]


def presets() -> list[str]:
    """The names of the recipes that come along."""
    folder = files("train") / "recipes"
    return sorted(f.name.removesuffix(".yaml") for f in folder.iterdir() if f.name.endswith("yaml"))


def purpose(preset: str) -> str:
    """What a preset is for: the comment in its first line."""
    raw = (files("train") / "recipes" / f"{preset}.yaml").read_text(encoding="utf-8")
    return raw.partition("\n")[0].removeprefix("# ")


def load(named: str | Path | None = None, changes: Sequence[str] = ()) -> Recipe:
    """The recipe of a file or preset with `KEY=VALUE` changes; BadRecipe where it is not one."""
    draft = opened(str(named or DEFAULT))
    for change in changes:
        draft = changed(draft, change)
    return checked(draft)


def opened(named: str, beside: Path = Path(), above: Sequence[str] = ()) -> Draft:
    """A file or preset with what it extends underneath; `above` are those that extend it."""
    label, raw, folder = found(named, beside)
    if label in above:
        circle = " → ".join((*above[above.index(label) :], label))
        raise BadRecipe(f"{circle}: a recipe cannot extend itself; take one `extends` away")
    values, places = written.read(label, raw)
    if not values:
        raise BadRecipe(f"{label}: no setting; write `extends: {DEFAULT}` for the default recipe")
    under = values.pop("extends", None)
    draft = Draft(values, places)
    if under is None:
        return draft
    if not isinstance(under, str):
        raise BadRecipe(f"{places['extends',]}: extends names one preset or file")
    return over(opened(under, folder, (*above, label)), draft)


def found(named: str, beside: Path) -> tuple[str, bytes, Path]:
    """Label, bytes and folder of a preset or a file."""
    preset = named.removeprefix(PREFIX)
    if preset in presets():
        return (
            f"preset {preset}",
            (files("train") / "recipes" / f"{preset}.yaml").read_bytes(),
            beside,
        )
    path = beside / named
    if not path.is_file():
        begun = next((name for name in presets() if name.startswith(preset)), None)
        said = f"no preset {preset!r}; did you mean {begun!r}?"
        said = said if begun else unknown("preset", preset, presets())
        raise BadRecipe(f"{path}: no such file, and {said}")
    return str(path), path.read_bytes(), path.parent


def over(under: Draft, draft: Draft) -> Draft:
    """One draft laid over another; sections are merged, single values replaced."""
    return Draft(merged(under.values, draft.values), {**under.places, **draft.places})


def merged(under: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Mappings key by key, everything else whole."""
    both = dict(under)
    for key, value in values.items():
        below = both.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            both[key] = merged(below, value)
        else:
            both[key] = value
    return both


def changed(draft: Draft, change: str) -> Draft:
    """The draft with one `section.key=value` laid over it."""
    key, equals, text = change.partition("=")
    path = tuple(key.strip().split("."))
    if not equals or not all(path):
        raise BadRecipe(f"--set {change!r}: write KEY=VALUE, as training.epochs=3")
    value: Any = written.value(text, change)
    for name in reversed(path):
        value = {name: value}
    return over(draft, Draft(value, {path: f"--set {change}"}))


def checked(draft: Draft) -> Recipe:
    """The recipe of a draft; every fault on a line of its own."""
    try:
        return Recipe.model_validate(draft.values)
    except ValidationError as error:
        faults: dict[str, list[str]] = {}
        for each in error.errors(include_url=False):
            wrong, right = fault(draft, each)
            faults.setdefault(wrong, []).extend(right)
        said = [wrong + " or ".join(dict.fromkeys(right)) for wrong, right in faults.items()]
        raise BadRecipe("\n".join(said)) from None


def fault(draft: Draft, error: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Where, which key, and what was allowed; the last apart, since a key may allow two things."""
    path = tuple(str(part) for part in error["loc"])
    place = place_of(draft, path)
    if error["type"] == "extra_forbidden":
        return f"{place}: {unknown_setting(path)}", []
    key = ".".join(part for part in path if part in every_name())
    if error["type"] == "missing":
        return f"{place}: {key} is needed as well, and is missing", []
    return f"{place}: {key} is {error['input']!r}; allowed: ", [allowed(error, key)]


def place_of(draft: Draft, path: written.Path) -> str:
    """Where a key, or the nearest thing around or under it, was written."""
    for length in range(len(path), 0, -1):
        if path[:length] in draft.places:
            return draft.places[path[:length]]
        for at, place in draft.places.items():
            if at[:length] == path[:length]:
                return place
    return "recipe"


def unknown_setting(path: written.Path) -> str:
    """Say which key is meant: the nearest beside it, else the same name in another section."""
    model: type[BaseModel] = Recipe
    for name in path[:-1]:
        model = section(model, name)
    elsewhere = [name for name in every_setting() if name.rpartition(".")[2] == path[-1]]
    said = unknown("setting", path[-1], model.model_fields)
    if path[:-1]:
        said = said.replace("unknown", f"{'.'.join(path[:-1])} has no", 1)
    return said + (f"; there is {elsewhere[0]}" if elsewhere else "")


def section(model: type[BaseModel], name: str) -> type[BaseModel]:
    """The model of a section inside another."""
    kind = model.model_fields[name].annotation
    options = [kind, *getattr(kind, "__args__", ())]
    return next(k for k in options if isinstance(k, type) and issubclass(k, BaseModel))


def every_setting(model: type[BaseModel] = Recipe, inside: str = "") -> list[str]:
    """The dotted names of all settings."""
    said: list[str] = []
    for name, field in model.model_fields.items():
        options = [field.annotation, *getattr(field.annotation, "__args__", ())]
        inner = [k for k in options if isinstance(k, type) and issubclass(k, BaseModel)]
        dotted = f"{inside}.{name}" if inside else name
        said += every_setting(inner[0], dotted) if inner else [dotted]
    return said


def every_name() -> set[str]:
    """All keys, of all sections."""
    return {part for dotted in every_setting() for part in dotted.split(".")}


def schema() -> dict[str, Any]:
    """JSON Schema of a recipe file, `extends` included."""
    made = Recipe.model_json_schema()
    made["properties"]["extends"] = {
        "type": "string",
        "description": "A preset or a file whose settings hold where this one says nothing.",
    }
    return made
