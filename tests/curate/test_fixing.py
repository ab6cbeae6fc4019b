"""Fixing: from a file or a snapshot to the next snapshot, with every change on record."""

from __future__ import annotations

import io
from pathlib import Path

import orjson
import polars as pl
import pytest
from rich.console import Console

from curate.audit import audit
from curate.errors import BadSetting, BadSource, NothingToAudit
from curate.fix import CHANGES
from curate.fixing import CHANGES_FILE, Fixed, chosen, latest, opened, run
from curate.show import fix_terminal
from curate.snapshot import altered, open_snapshot
from curate.workspace import Workspace

ROWS = [
    {"instruction": "Say hello.", "input": "<noinput>", "output": "Hello. \n\n"},
    {"instruction": "挨拶してください。", "input": "", "output": "ｺﾝﾆﾁﾊ"},
    {"instruction": "Give JSON.", "input": "", "output": '{"a": 1, "a": 2}'},
    {"instruction": "Fine.", "input": "", "output": "Nothing to do."},
]


@pytest.fixture
def where(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / ".curate")


@pytest.fixture
def source(tmp_path: Path) -> str:
    file = tmp_path / "data.jsonl"
    file.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in ROWS))
    return str(file)


def done(source: str, where: Workspace, *, write: bool = True, only: tuple[str, ...] = ()) -> Fixed:
    return run(opened(source, where), chosen(only, ()), where, write=write)


def test_the_new_snapshot_knows_its_parent_and_its_changes(source: str, where: Workspace) -> None:
    result = done(source, where)
    assert result.snapshot is not None
    assert result.snapshot.parent == result.parent.id
    assert altered(result.snapshot) == []
    assert altered(result.parent) == []
    assert (result.records, result.changed) == (4, 2)
    records = pl.concat(result.snapshot.frames())
    assert records["answer"].to_list() == [
        "Hello.",
        "こんにちは".translate(KATAKANA),
        ROWS[2]["output"],
        "Nothing to do.",
    ]  # noqa: E501
    assert records["input"].to_list() == ["", "", "", ""]
    table = pl.read_parquet(result.snapshot.path / CHANGES_FILE)
    assert table.schema == pl.Schema(CHANGES)
    assert table.select("line", "fix", "field").rows() == [
        (1, "whitespace", "answer"),
        (1, "placeholder", "input"),
        (2, "unicode", "answer"),
    ]
    manifest = orjson.loads((result.snapshot.path / "manifest.json").read_bytes())
    assert manifest["by"] == "fix"
    assert manifest["fixes"]["json"] == {"style": "spaced"}


KATAKANA = {i: i + 0x60 for i in range(0x3041, 0x3097)}


def test_a_dry_run_writes_nothing_but_counts_the_same(source: str, where: Workspace) -> None:
    parent = opened(source, where)
    before = sorted(where.snapshots.iterdir())
    result = run(parent, chosen((), ()), where, write=False)
    assert result.snapshot is None
    assert sorted(where.snapshots.iterdir()) == before
    assert result.patches == done(source, where).patches
    assert result.left == {("json", "the JSON names a key twice"): 1}


def test_only_the_named_fixes_run(source: str, where: Workspace) -> None:
    assert {fix for fix, _ in done(source, where, only=("unicode",)).patches} == {"unicode"}


def test_fixing_the_fixed_changes_nothing(source: str, where: Workspace) -> None:
    first = done(source, where).snapshot
    assert first is not None
    again = run(open_snapshot(first.path), chosen((), ()), where, write=True)
    assert (again.changed, again.snapshot) == (0, None)


def test_the_same_fixes_give_the_same_snapshot(source: str, where: Workspace) -> None:
    one, two = done(source, where).snapshot, done(source, where).snapshot
    assert one is not None
    assert two is not None
    assert one.id == two.id


def test_a_snapshot_is_found_by_the_first_digits_of_its_id(source: str, where: Workspace) -> None:
    parent = opened(source, where)
    assert opened(parent.id[:8], where).id == parent.id
    assert parent.rejected == 0
    with pytest.raises(BadSource, match="no file, no snapshot"):
        opened("nowhere", where)
    with pytest.raises(NothingToAudit, match="curate audit"):
        opened(None, where)


@pytest.mark.parametrize(
    ("only", "changes", "says"),
    [
        (("whitespce",), (), "did you mean 'whitespace'"),
        ((), ("json.style",), "FIX.PARAM=VALUE"),
        ((), ("jsn.style=2",), "did you mean 'json'"),
        ((), ("json.styl=2",), "did you mean 'style'"),
        ((), ("json.style=5",), "unknown value '5'"),
        ((), ("code.style=5",), "it has none"),
    ],
)
def test_bad_calls_name_what_is_allowed(
    only: tuple[str, ...], changes: tuple[str, ...], says: str
) -> None:
    with pytest.raises(BadSetting, match=says):
        chosen(only, changes)


def test_a_setting_is_used(source: str, where: Workspace) -> None:
    [fix] = chosen(("json",), ("json.style=tab",))
    assert fix.params == {"style": "tab"}


def shown(result: Fixed, locale: str = "en") -> str:
    out = io.StringIO()
    fix_terminal.show(result, locale, Console(file=out, width=100, color_system=None))
    return out.getvalue()


def test_the_diff_shows_what_goes_and_what_comes(source: str, where: Workspace) -> None:
    said = shown(done(source, where, write=False))
    assert "data.jsonl:2  unicode: kana  answer" in said
    assert "[-ｺﾝﾆﾁﾊ-]{+コンニチハ+}" in said
    assert "Hello.[-·⏎-]" in said
    assert "json: left alone, the JSON names a key twice" in said
    assert "2 of 4 records would change; nothing was written." in said
    assert "4 件のうち 2 件が変わります" in shown(done(source, where, write=False), "ja")


def test_after_writing_it_says_where(source: str, where: Workspace) -> None:
    result = done(source, where)
    assert result.snapshot is not None
    said = shown(result)
    assert result.snapshot.id in said
    assert CHANGES_FILE in said
    assert f"curate fix --undo {source}:1 --workspace {where.path}\n" in said
    assert "Nothing to fix in 4 records." in shown(done(source, where, only=("sql",)))


def test_the_latest_fixed_snapshot_is_the_one_made_last(source: str, where: Workspace) -> None:
    with pytest.raises(BadSource, match="run: curate fix"):
        latest(where)
    one = done(source, where).snapshot
    two = done(source, where, only=("unicode",)).snapshot
    assert one != two
    assert latest(where) == two
    done(source, where, write=False)
    assert latest(where) == two
    assert done(source, where).snapshot == one  # it was there already
    assert latest(where) == one


def test_records_that_could_not_be_read_are_told(source: str, where: Workspace) -> None:
    assert "could not be read" not in shown(done(source, where, write=False))
    with Path(source).open("ab") as file:
        file.write('{"instruction": "途中で切れた'.encode())
    broken = done(source, where, write=False)
    assert (broken.records, broken.parent.rejected) == (4, 1)
    said = "Records that could not be read and are not here: 1; an audit names them."
    assert said in shown(broken)
    assert "含まれないレコードは 1 件です" in shown(broken, "ja")
    audit(source, workspace=where.path, only=["unclosed-code"])
    assert opened(None, where).rejected == 1


def test_at_most_twenty_changes_are_shown_all_are_counted(tmp_path: Path, where: Workspace) -> None:
    file = tmp_path / "many.jsonl"
    rows = [{"instruction": f"{i}", "output": f"text {i} "} for i in range(50)]
    file.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    said = shown(done(str(file), where, write=False))
    assert said.count("whitespace: line-ends  answer") == 20
    assert "50  whitespace: line-ends" in said
    assert "50 of 50 records" in said


def test_private_values_are_not_shown(tmp_path: Path, where: Workspace) -> None:
    file = tmp_path / "private.jsonl"
    row = {
        "instruction": "Who?",
        "output": "Key AKIAIOSFODNN7EXAMPLQ, mail taro.yamada@example.co.jp ",
    }
    file.write_bytes(orjson.dumps(row))
    said = shown(done(str(file), where, write=False))
    assert "AKIAIOSFODNN7" not in said
