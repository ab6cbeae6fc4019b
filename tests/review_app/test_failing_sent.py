"""An answer sent from a chat: shown with what was said, and without a reference to edit."""

from __future__ import annotations

import json
from pathlib import Path

from curate.intake import take_in
from review_app.desk import Desk
from review_app.failed_case import KEYS
from tests.curate.review.failed_run import records, run_folder
from tests.review_app.test_failing import desk as desk
from tests.review_app.test_review_page import on, words

SENT = {
    "run": "r" * 32, "when": "2026-01-02T03:04:05+00:00", "settings": {"max_new_tokens": 256},
    "history": [["user", "青川を知っていますか。"], ["assistant", "はい。"]],
    "prompt": "青川チャンネルはいつ設立されましたか。", "answer": "2014年です。", "why": "正しくは2013年",
}  # fmt: skip


def test_it_is_shown_with_what_was_said_before_and_why_it_is_wrong(
    desk: Desk, tmp_path: Path
) -> None:
    run = run_folder(tmp_path, records(desk.review.report), [], "talked")
    (run / "chat.jsonl").write_text(json.dumps(SENT) + "\n", encoding="utf-8")
    take_in(desk.workspace, run, desk.review.store)
    key = desk.review.queue("failure-linked")[0].key
    at = on(desk, key)
    said = words(at)
    says = desk.t("somebody who talked to the model called the answer wrong")
    assert f"{says}: 正しくは2013年" in said
    for told in ("青川を知っていますか。", "はい。", SENT["prompt"], SENT["answer"]):
        assert str(told) in said
    there = {str(one.key).partition("-")[0] for one in at.button}
    assert {KEYS["coverage-missing"], KEYS["under-trained"]} <= there
    assert KEYS["reference-wrong"] not in there
