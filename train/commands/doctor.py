"""train doctor: what training would find here, and what does not go together."""

from __future__ import annotations

import typer

from train.commands import options


def doctor(locale: options.Locale = "en", json: options.Json = False) -> int:
    """Say which packages and which accelerator training would use here, and what would fail."""
    from train.locale import translator
    from train.machine import facts, told

    t = translator(locale)
    lines = list(told(facts()))
    if json:
        from json import dumps

        said = [{"mark": line.mark, "says": line.says.format(**line.args)} for line in lines]
        typer.echo(dumps(said, indent=1, ensure_ascii=False))
    else:
        for line in lines:
            typer.echo(f"{line.mark:4} {t(line.says).format(**line.args)}")
    return 1 if any(line.mark == "no" for line in lines) else 0
