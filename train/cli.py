"""The command line of training. Nothing heavy is loaded for --help."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version
from typing import NoReturn

import typer

from curate.errors import CurateError

INTERRUPTED = 130
PACKAGES = ("torch", "transformers", "peft", "trl", "bitsandbytes", "datasets", "accelerate")

app = typer.Typer(
    name="train",
    help="Train a small adapter on exactly the records that were approved.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    rich_markup_mode=None,
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
    """Run a command; what is wrong with a call is one message, never a traceback."""
    try:
        code = app(standalone_mode=False)
    except CurateError as error:
        sys.stderr.write(f"train: {error}\n")
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        sys.stderr.write("train: interrupted\n")
        sys.exit(INTERRUPTED)
    except Exception as error:
        if not hasattr(error, "show"):
            raise
        error.show()  # a usage error of the command line itself; without any word, the help
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)
