"""The terminal of `curate review`: where it runs and how to stop it, and what goes wrong."""

from __future__ import annotations

from pathlib import Path

from tests.review_app.test_forgeries import START, asked, made, seen, serving

BROKEN = START.replace(
    "; typer.run", "; import curate.commands.review as r; r.script = lambda: {!r}; typer.run"
)
CHATTY = START.replace(
    "; typer.run", "; import curate.commands.review as r; del r.QUIET['logger.level']; typer.run"
)


def lines(folder: Path) -> list[str]:
    return (folder / "server.log").read_text(encoding="utf-8").splitlines()


def test_nothing_but_our_own_line_is_said(tmp_path: Path) -> None:
    folder = made(tmp_path, signs_in=False)
    with serving(folder) as port:
        assert asked(seen(port))
        assert lines(folder) == [f"Review at http://127.0.0.1:{port} (stop with Ctrl-C)"]
    with serving(folder, CHATTY):
        assert any("Uvicorn" in line for line in lines(folder)), "the twin"


def test_what_goes_wrong_in_the_app_is_said(tmp_path: Path) -> None:
    folder = made(tmp_path, signs_in=False)
    (folder / "broken.py").write_text("raise RuntimeError('as it happens')")
    with serving(folder, BROKEN.format(str(folder / "broken.py"))) as port:
        seen(port)
        assert any("RuntimeError" in line and "as it happens" in line for line in lines(folder))
