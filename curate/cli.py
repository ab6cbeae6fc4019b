"""The command line: one file of `commands/` is one command. Nothing heavy is loaded for --help."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from pkgutil import iter_modules
from typing import NoReturn

import typer

from curate import commands
from curate.errors import CurateError

INTERRUPTED = 130
MEMORY = ("_RJEM_MALLOC_CONF", "narenas:1,dirty_decay_ms:1000,muzzy_decay_ms:1000")
"""polars keeps memory for a second in case it wants it again, for whichever thread; by itself
it gives it back at once and keeps it apart, and asking for it anew costs an audit more. It is
read where polars is loaded."""

NEW_OBJECTS = 50_000
"""Between two looks for cycles of garbage: what a command loads is none, and makes hundreds."""

app = typer.Typer(
    name="curate",
    help="Find what is wrong with instruction data, let people decide, and export what is approved."
    " In order: audit, review, export, train run, intake, and again.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_show_locals=False,
    rich_markup_mode=None,
)


def register() -> None:
    """Give the app every command of the folder: `app` where a file has one, else its function.

    A file is a command where it has an `app` or a function of its own name; others share options.
    """
    for module in sorted(module.name for module in iter_modules(commands.__path__)):
        command = import_module(f"{commands.__name__}.{module}")
        name = module.replace("_", "-")
        if hasattr(command, "app"):
            app.add_typer(command.app, name=name)
        elif hasattr(command, module):
            app.command(name)(getattr(command, module))


register()


def main() -> NoReturn:
    """Run a command; a CurateError is one message, never a traceback."""
    os.environ.setdefault(*MEMORY)
    gc.set_threshold(NEW_OBJECTS)
    try:
        code = app(standalone_mode=False)
    except CurateError as error:
        sys.stderr.write(f"curate: {error}\n")
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        sys.stderr.write(f"curate: {error.strerror or error}{place}; nothing was half written\n")
        sys.exit(2)
    except Exception as error:
        if not hasattr(error, "show"):
            raise
        error.show()  # a usage error of the command line itself
        sys.exit(2)
    if code == INTERRUPTED:
        sys.stderr.write("curate: interrupted; nothing was half written\n")
    sys.exit(code if isinstance(code, int) else 0)
