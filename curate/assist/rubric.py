"""Rubric: the axes that a judge scores, written as data."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from curate.errors import BadSetting, unknown

BEST = 5
SHIPPED = "general"


class Rubric(BaseModel):
    """Axis -> the question that it asks; a score under `flag_below` is a finding."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    axes: dict[str, str] = Field(min_length=1, max_length=12)
    flag_below: float = Field(3, ge=1, le=BEST)

    @property
    def told(self) -> str:
        """As a judge is told it."""
        return "\n".join(f"- {name}: {asks}" for name, asks in self.axes.items())

    @property
    def form(self) -> str:
        """The JSON that a judge answers with."""
        each = ", ".join(f'"{name}": {{"reason": "...", "score": 1}}' for name in self.axes)
        return f"{{{each}}}"

    def shape(self) -> type[BaseModel]:
        """What the judge's answer is checked against."""
        axes = {name: (Scored, ...) for name in self.axes}
        return create_model("Judgement", **axes)  # type: ignore[call-overload, no-any-return]


class Scored(BaseModel):
    """The reason comes first: a score is better for having been argued."""

    reason: str = Field(max_length=600)
    score: int = Field(ge=1, le=BEST)


def rubric(file: Path | None = None) -> Rubric:
    """The rubric of a file, else the one that is shipped; BadSetting says what is wrong with it."""
    place = file or files("curate.assist") / "rubrics" / f"{SHIPPED}.yaml"
    try:
        said = YAML(typ="safe", pure=True).load(place.read_bytes())
        return Rubric.model_validate(said)
    except OSError as error:
        raise BadSetting(f"--rubric {place}: {error.strerror or error}") from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark is not None else ""
        raise BadSetting(f"--rubric {place}{line}: {error.problem or error.context}") from error
    except YAMLError as error:
        raise BadSetting(f"--rubric {place}: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        extra = first["type"] == "extra_forbidden"
        why = unknown("key", name, Rubric.model_fields) if extra else f"{name}: {first['msg']}"
        raise BadSetting(f"--rubric {place}: {why}") from error
