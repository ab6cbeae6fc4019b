"""Unfixing: what is taken back is as it was, what is not stays, and nothing is lost."""

from __future__ import annotations

import io
from pathlib import Path

import orjson
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from curate.errors import BadSetting, BadSource, Unaccounted
from curate.fix import CHANGES
from curate.fixing import CHANGES_FILE, LATEST, chosen, latest
from curate.fixing import opened as opened_to_fix
from curate.fixing import run as fix
from curate.record import content_id
from curate.show import fix_terminal
from curate.snapshot import Snapshot, altered
from curate.unfixing import UNDONE_FILE, Entangled, Undone, opened, run, without
from curate.workspace import Workspace

ROWS = [
    {"instruction": "Say hello.", "input": "<noinput>", "output": "Hello. \n\n"},
    {"instruction": "挨拶 ", "input": "", "output": "ｺﾝﾆﾁﾊ、皆さん \nお元気ですか。"},
    {"instruction": "Two fixes. ", "input": "", "output": 'It\'s “one” and "two" \nand three.'},
    {"instruction": "続けて", "input": "", "output": "ﾃｽﾄ "},
    {"instruction": "Fine.", "input": "", "output": "Nothing to do."},
]
CHANGED = (1, 2, 3, 4)  # lines
KEY = ["record_id", "source", "line", "step"]


@pytest.fixture
def where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.chdir(tmp_path)
    return Workspace(tmp_path / ".curate")


def fixed(
    where: Workspace, rows: list[dict[str, object]] | None = None
) -> tuple[Snapshot, Snapshot]:
    """A snapshot of `data.jsonl` and the fixed one made from it."""
    Path("data.jsonl").write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows or ROWS))
    done = fix(opened_to_fix("data.jsonl", where), chosen((), ()), where, write=True)
    assert done.snapshot is not None
    return done.parent, done.snapshot


def undo(where: Workspace, *asked: str) -> Snapshot:
    done = run(latest(where), asked, where, write=True)
    assert done.snapshot is not None
    return done.snapshot


def records(snapshot: Snapshot) -> pl.DataFrame:
    return pl.concat(snapshot.frames())


def table(snapshot: Snapshot, file: str = CHANGES_FILE) -> pl.DataFrame:
    found = pl.read_parquet(snapshot.path / file)
    assert found.schema == pl.Schema(CHANGES)
    return found


def test_undoing_everything_gives_back_the_records_of_the_parent(where: Workspace) -> None:
    before, after = fixed(where)
    back = undo(where, *(f"data.jsonl:{line}" for line in CHANGED))
    assert back.parent == after.id
    assert records(back).equals(records(before))
    assert len(table(back)) == 0
    assert table(back, UNDONE_FILE).equals(table(after))
    assert not records(after).equals(records(before))
    assert altered(back) == altered(after) == altered(before) == []


@pytest.mark.parametrize("line", CHANGED)
def test_only_the_named_record_is_touched(where: Workspace, line: int) -> None:
    before, after = fixed(where)
    back = records(undo(where, f"data.jsonl:{line}"))
    own = pl.col("line") == line
    assert back.filter(own).equals(records(before).filter(own))
    assert back.filter(~own).equals(records(after).filter(~own))
    assert not back.filter(own).equals(records(after).filter(own))


def test_one_fix_of_several_is_undone_alone_and_the_id_is_that_of_the_text(
    where: Workspace,
) -> None:
    fixed(where)
    back = records(undo(where, "data.jsonl:2:unicode", "data.jsonl:3:quotes"))
    assert back["answer"][1] == "ｺﾝﾆﾁﾊ、皆さん\nお元気ですか。"
    assert back["answer"][2] == 'It\'s “one” and "two"\nand three.'
    said = [("user", "挨拶"), ("assistant", back["answer"][1])]
    assert back["record_id"][1] == content_id(said)
    assert back["prompt_id"][1] == content_id(said[:1])


def test_one_after_another_in_any_order_leads_back_and_nothing_is_lost(where: Workspace) -> None:
    before, after = fixed(where)
    made = table(after)
    for asked in ["2:unicode", "1:whitespace", "3", "1:placeholder", "2:whitespace", "4"]:
        back = undo(where, f"data.jsonl:{asked}")
        both = pl.concat([table(back), table(back, UNDONE_FILE)])
        assert both.select(KEY).sort(KEY).equals(made.select(KEY).sort(KEY))
        ids = dict(records(back).select("line", "record_id").iter_rows())
        assert all(ids[line] == new for line, new in table(back)["line", "new_record_id"].rows())
    assert records(back).equals(records(before))


def test_what_stays_is_on_record_as_if_the_rest_had_never_been(where: Workspace) -> None:
    fixed(where)
    back = undo(where, "data.jsonl:2:unicode")
    [stays] = table(back).filter(line=2, field="answer").to_dicts()
    assert stays["fix"] == "whitespace"
    assert stays["before"] == ROWS[1]["output"]
    assert stays["after"] == "ｺﾝﾆﾁﾊ、皆さん\nお元気ですか。"
    [gone] = table(back, UNDONE_FILE).to_dicts()
    assert (gone["fix"], gone["after"]) == ("unicode", "コンニチハ、皆さん \nお元気ですか。")


def test_what_a_later_fix_changed_again_is_refused_and_nothing_is_written(where: Workspace) -> None:
    _, after = fixed(where)
    there = sorted(where.snapshots.iterdir())
    with pytest.raises(BadSetting, match="unicode cannot be undone alone: whitespace") as refused:
        undo(where, "data.jsonl:1", "data.jsonl:4:unicode")
    assert "--undo data.jsonl:4:whitespace --undo data.jsonl:4:unicode" in str(refused.value)
    assert sorted(where.snapshots.iterdir()) == there
    assert latest(where).id == after.id
    both = undo(where, "data.jsonl:4:whitespace", "data.jsonl:4:unicode")
    assert records(both)["answer"][3] == "ﾃｽﾄ "


def test_a_dry_run_says_the_same_and_writes_nothing(where: Workspace) -> None:
    _, after = fixed(where)
    there = sorted(where.snapshots.iterdir())
    dry = run(after, ["data.jsonl:1"], where, write=False)
    assert (dry.snapshot, latest(where).id) == (None, after.id)
    assert sorted(where.snapshots.iterdir()) == there
    wet = run(after, ["data.jsonl:1"], where, write=True)
    assert (dry.records, dry.changes, dry.patches) == (wet.records, wet.changes, wet.patches)
    assert (dry.in_force, dry.shown) == (wet.in_force, wet.shown)


def test_earlier_turns_are_undone_turn_by_turn(where: Workspace) -> None:
    turns = ["ﾃｽﾄ、一つ \nです", 'ﾊｲ、"two" \nです', "三", "四"]
    said = [{"role": "user" if i % 2 == 0 else "assistant", "content": text}
            for i, text in enumerate(turns)]  # fmt: skip
    before, _ = fixed(where, [{"messages": said}])
    back = undo(where, "data.jsonl:1:unicode")
    history = orjson.loads(records(back)["history"][0])
    assert history == [["user", "ﾃｽﾄ、一つ\nです"], ["assistant", 'ﾊｲ、"two"\nです']]
    assert records(undo(where, "data.jsonl:1")).equals(records(before))


def test_the_same_undoing_gives_the_same_snapshot(where: Workspace) -> None:
    _, after = fixed(where)
    asked = ["data.jsonl:1", "data.jsonl:2:unicode"]
    one = run(after, asked, where, write=True).snapshot
    two = run(after, asked[::-1], where, write=True).snapshot
    assert one == two


WORDS = st.lists(st.sampled_from(["a", "b", "ｱ", "。", " ", "\n"]), max_size=6).map("".join)


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, min_size=2, max_size=5), st.randoms())
def test_any_order_of_undoing_ends_at_the_first_text(texts: list[str], chance: object) -> None:
    first, left = texts[0], texts
    while len(left) > 1:
        number = chance.randrange(len(left) - 1)  # type: ignore[attr-defined]
        try:
            left = without(left, number, "answer")
        except Entangled:
            left = without(left, len(left) - 2, "answer")  # the last one always goes
    assert left == [first]


def test_the_change_in_the_way_is_the_first_that_touched_the_same_words() -> None:
    texts = ["a b. 犬", "a c. 犬", "a c. 猫", "a d. 猫"]
    with pytest.raises(Entangled) as entangled:
        without(texts, 0, "answer")
    assert entangled.value.later == 2
    assert without(texts, 1, "answer") == ["a b. 犬", "a c. 犬", "a d. 犬"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("data.jsonl", "write SOURCE:LINE or SOURCE:LINE:FIX"),
        ("data.jsonl:x", "write SOURCE:LINE"),
        ("data.jsonl:5", "nothing is changed there"),
        ("data.jsonl:99999999999999999999", "nothing is changed there"),
        ("データ.jsonl:1", "nothing is changed there"),
        ("data.jsonl:1:whitespce", "did you mean 'whitespace'"),
        ("data.jsonl:2:placeholder", "known: unicode, whitespace"),
    ],
)
def test_bad_places_say_what_is_allowed(where: Workspace, asked: str, says: str) -> None:
    fixed(where)
    with pytest.raises(BadSetting, match=says):
        undo(where, asked)


@pytest.mark.parametrize("name", ["a:1 b.jsonl", "データ\u3000一.jsonl", "odd\u200b.jsonl"])
def test_a_place_is_known_as_the_diff_prints_it(where: Workspace, name: str) -> None:
    Path(name).write_bytes(orjson.dumps(ROWS[0]))
    result = fix(opened_to_fix(name, where), chosen((), ()), where, write=True)
    out = io.StringIO()
    fix_terminal.show(result, "en", Console(file=out, width=100, color_system=None))
    place = out.getvalue().split("  ")[0]
    assert place.endswith(".jsonl:1")
    assert records(undo(where, place)).equals(records(result.parent))


def test_the_snapshot_is_the_latest_fixed_one_or_the_one_named(where: Workspace) -> None:
    before, after = fixed(where)
    assert opened(None, where) == after
    back = undo(where, "data.jsonl:1")
    assert opened(None, where) == back
    assert opened(after.id[:9], where) == after
    assert (where.path / LATEST).read_text() == back.id
    with pytest.raises(BadSource, match="is a source"):
        opened("data.jsonl", where)
    with pytest.raises(BadSource, match="was not made by curate fix"):
        run(before, ["data.jsonl:1"], where, write=True)


def test_without_a_fixed_snapshot_it_says_what_to_run(where: Workspace) -> None:
    with pytest.raises(BadSource, match="run: curate fix"):
        opened(None, where)


def test_changes_of_records_that_are_not_there_are_a_fault(where: Workspace) -> None:
    _, after = fixed(where)
    wrong = table(after).with_columns(new_record_id=pl.lit("0" * 32))
    wrong.write_parquet(after.path / CHANGES_FILE)
    with pytest.raises(Unaccounted, match="does not hold"):
        undo(where, "data.jsonl:1")


def shown(result: Undone, locale: str = "en") -> str:
    out = io.StringIO()
    fix_terminal.show_undone(result, locale, Console(file=out, width=100, color_system=None))
    return out.getvalue()


def test_the_diff_goes_from_what_is_to_what_was(where: Workspace) -> None:
    _, after = fixed(where)
    dry = run(after, ["data.jsonl:2"], where, write=False)
    assert "data.jsonl:2  unicode, whitespace: kana, line-ends  answer" in shown(dry)
    assert "[-コンニチハ-]{+ｺﾝﾆﾁﾊ+}、皆さん{+·+}" in shown(dry)
    assert "Would be undone: changes 3, records 1; nothing was written." in shown(dry)
    assert "1 件のレコードで 3 件の変更を元に戻します。" in shown(dry, "ja")
    wet = run(after, ["data.jsonl:2"], where, write=True)
    assert wet.snapshot is not None
    left = len(table(wet.snapshot))
    assert f"snapshot {wet.snapshot.id}, made from {after.id}." in shown(wet)
    assert f"Changes still in force: {left}; they are in" in shown(wet)
    assert f"有効な変更は残り {left} 件です。" in shown(wet, "ja")
