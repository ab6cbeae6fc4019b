"""The command line of training. Nothing heavy is loaded for --help."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version
from typing import NoReturn

import typer

PACKAGES = ("torch", "transformers", "peft", "trl", "bitsandbytes", "datasets", "accelerate")

app = typer.Typer(
    name="train",
    help="Train a small adapter on exactly the records that were approved.",
    no_args_is_help=True,
)


@app.callback()
def train() -> None:
    """Train a small adapter on exactly the records that were approved."""


@app.command()
def doctor() -> int:
    """Say which packages and which accelerator training would use here."""
    missing = 0
    for package in PACKAGES:
        try:
            typer.echo(f"yes  {package} {version(package)}")
        except PackageNotFoundError:
            missing += 1
            typer.echo(f"no   {package}: pip install 'curate[train]'")
    typer.echo(f"     accelerator: {accelerator()}")
    return 1 if missing else 0


def accelerator() -> str:
    """The card that torch sees, in words."""
    try:
        import torch
    except ImportError:
        return "unknown without torch"
    if not torch.cuda.is_available():
        return "none; small models train on the CPU"
    return f"{torch.cuda.get_device_name()}, {torch.cuda.device_count()} in all"


def main() -> NoReturn:
    """Run a command."""
    sys.exit(app(standalone_mode=False) or 0)
