"""The command line of training: one file of `commands/` is one command, found by folder."""

from __future__ import annotations

import sys
from importlib import import_module
from pkgutil import iter_modules
from typing import NoReturn

import typer

from curate.errors import CurateError
from train import commands

INTERRUPTED = 130

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


def register() -> None:
    """Give the app every command of the folder: `app` where a file has one, else its function.

    A file is a command where it has an `app` or a function of its own name; others share options.
    """
    for module in sorted(module.name for module in iter_modules(commands.__path__)):
        command = import_module(f"{commands.__name__}.{module}")
        if hasattr(command, "app"):
            app.add_typer(command.app, name=module.replace("_", "-"))
        elif hasattr(command, module):
            app.command(module.replace("_", "-"))(getattr(command, module))


register()


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
