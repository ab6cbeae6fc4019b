"""The command line: words in, one library call, words out. Nothing heavy is loaded for --help."""

from __future__ import annotations

import sys
from typing import NoReturn

import typer

from curate.commands import (
    audit,
    checks,
    decide,
    decisions,
    demo,
    doctor,
    duplicates,
    fix,
    log,
    report,
    revert,
    rules,
    status,
)
from curate.errors import CurateError

INTERRUPTED = 130

app = typer.Typer(
    name="curate",
    help="Find what is wrong with instruction data, with evidence, worst first.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_show_locals=False,
    rich_markup_mode=None,
)
app.command("audit")(audit.audit)
app.command("report")(report.report)
app.command("duplicates")(duplicates.duplicates)
app.command("fix")(fix.fix)
app.command("decide")(decide.decide)
app.command("status")(status.status)
app.command("log")(log.log)
app.command("revert")(revert.revert)
app.command("export-decisions")(decisions.export_decisions)
app.command("import-decisions")(decisions.import_decisions)
app.command("checks")(checks.checks)
app.add_typer(rules.app, name="rules")
app.command("demo")(demo.demo)
app.command("doctor")(doctor.doctor)


def main() -> NoReturn:
    """Run a command; a CurateError is one message, never a traceback."""
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
