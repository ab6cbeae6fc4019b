"""States of a run: whole or not counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from train.checkpoints import Changed, is_whole, must_agree, newest, seal


def state(run: Path, step: int, sealed: bool = True) -> Path:
    folder = run / f"checkpoint-{step}"
    folder.mkdir(parents=True)
    (folder / "optimizer.pt").write_bytes(b"momentum")
    (folder / "adapter_model.safetensors").write_bytes(b"weights")
    if sealed:
        seal(folder)
    return folder


def test_the_newest_whole_state_is_found_by_its_number_not_its_name(tmp_path: Path) -> None:
    state(tmp_path, 9)
    assert newest(tmp_path) != state(tmp_path, 10, sealed=False)
    assert newest(tmp_path) == tmp_path / "checkpoint-9"
    assert state(tmp_path, 100) == newest(tmp_path)


def test_no_state_at_all(tmp_path: Path) -> None:
    assert newest(tmp_path / "checkpoints") is None


@pytest.mark.parametrize("harm", ["changed", "missing", "shortened", "unsealed", "torn seal"])
def test_a_state_that_is_not_whole_is_passed_over_and_removed(tmp_path: Path, harm: str) -> None:
    good, bad = state(tmp_path, 3), state(tmp_path, 6)
    match harm:
        case "changed":
            (bad / "optimizer.pt").write_bytes(b"momentun")
        case "missing":
            (bad / "optimizer.pt").unlink()
        case "shortened":
            (bad / "optimizer.pt").write_bytes(b"mom")
        case "unsealed":
            (bad / "whole.json").unlink()
        case "torn seal":
            (bad / "whole.json").write_bytes(b'{"optimizer.pt"')
    assert not is_whole(bad)
    assert newest(tmp_path) == good
    assert not bad.exists()


def test_equal_settings_agree_and_each_difference_is_named() -> None:
    before = {"approved": "a", "recipe": {"training": {"epochs": 3, "batch_size": 8}}}
    must_agree(before, before)
    now = {"approved": "b", "recipe": {"training": {"epochs": 3, "batch_size": 4}}}
    with pytest.raises(Changed) as refused:
        must_agree(before, now)
    assert "approved: 'a' then, 'b' now" in str(refused.value)
    assert "recipe.training.batch_size: 8 then, 4 now" in str(refused.value)


@pytest.mark.parametrize(("then", "now", "allowed"), [(3, 4, True), (3, 2, False)])
def test_epochs_may_grow_and_not_shrink(then: int, now: int, allowed: bool) -> None:
    before, after = ({"recipe": {"training": {"epochs": n}}} for n in (then, now))
    if allowed:
        must_agree(before, after)
    else:
        with pytest.raises(Changed, match="epochs"):
            must_agree(before, after)
