"""Drafts: what is typed and not decided comes back to whoever typed it, and ends with its edit."""

from __future__ import annotations

from curate.review.shown import Shown
from review_app.desk import Desk
from tests.review_app.test_review_page import audited as audited
from tests.review_app.test_review_page import desk as desk
from tests.review_app.test_review_page import log, new, of_check, on, press, words


def test_a_reason_is_a_draft_until_it_is_decided(desk: Desk) -> None:
    """Another session of the same person finds it in its field, and the editor closed."""
    record = of_check(desk, "empty-answer")
    at = on(desk, record)
    at.text_input(key=f"reason-{at.session_state['shown'].request_id}").set_value(
        "理由は後で"
    ).run()
    again = on(desk, record)
    field = f"reason-{again.session_state['shown'].request_id}"
    assert again.text_input(key=field).value == "理由は後で"
    assert not again.session_state["editing"]
    press(again, "D")
    assert (log(desk)[-1].kind, log(desk)[-1].reason) == ("drop", "理由は後で")
    assert desk.review.pick("Mika", record).draft is None


def test_an_undone_edit_gives_its_text_and_its_reason_back(desk: Desk) -> None:
    record = of_check(desk, "mojibake")
    at = on(desk, record)
    press(at, "E")
    next(one for one in at.text_area if one.label == "Answer").set_value("Mine.").run()
    at.text_input(key=f"reason-{at.session_state['shown'].request_id}").set_value("敬体に").run()
    press(at, "Mod+S")
    press(at, "undo")
    assert at.session_state["shown"].record_id == record
    assert next(one for one in at.text_area if one.label == "Answer").value == "Mine."
    field = f"reason-{at.session_state['shown'].request_id}"
    assert at.text_input(key=field).value == "敬体に"
    assert not any("decided as" in one.value for one in at.markdown)
    press(at, "Esc")
    assert any("a draft of yours waits" in one.value for one in at.markdown)


def test_a_comment_is_no_draft_any_more(desk: Desk) -> None:
    record = of_check(desk, "empty-answer")
    at = on(desk, record)
    at.text_input(key=f"reason-{at.session_state['shown'].request_id}").set_value("ask 太郎").run()
    press(at, "M")
    again = on(desk, record)
    assert again.text_input(key=f"reason-{again.session_state['shown'].request_id}").value == ""
    assert [one.reason for one in log(desk) if one.kind == "comment"] == ["ask 太郎"]


def test_an_edit_keeps_a_draft_before_it_is_saved(desk: Desk) -> None:
    record = of_check(desk, "mojibake")
    at = on(desk, record)
    before = len(log(desk))
    press(at, "E")
    box = next(one for one in at.text_area if one.label == "Answer")
    old = box.value
    box.set_value("A new answer.").run()
    assert not at.exception, at.exception
    assert new(desk, before) == []
    again = on(desk, record)  # another window of the same person
    assert next(one for one in again.text_area if one.label == "Answer").value == "A new answer."
    press(at, "Mod+S")
    [made] = new(desk, before)
    assert made.kind == "edit"
    assert made.payload["changes"] == {"answer": {"old": old, "new": "A new answer."}}


def test_an_edit_that_comes_too_late_stays_a_draft(desk: Desk) -> None:
    record = of_check(desk, "mojibake")
    at = on(desk, record)
    press(at, "E")
    next(one for one in at.text_area if one.label == "Answer").set_value("Mine.").run()
    desk.review.decide(at.session_state["shown"], "keep")
    press(at, "Mod+S")
    assert "kept as a draft" in words(at)
    draft = desk.review.pick("Mika", record).draft
    assert draft is not None
    assert draft["payload"]["changes"]["answer"]["new"] == "Mine."


def test_a_lost_record_says_so_and_keeps_the_text(desk: Desk) -> None:
    record = of_check(desk, "mojibake")
    at = on(desk, record)
    press(at, "E")
    next(one for one in at.text_area if one.label == "Answer").set_value("Mine.").run()
    shown: Shown = at.session_state["shown"]
    desk.review.release(shown)
    other = desk.review.pick("Hana", record)
    assert isinstance(other, Shown)
    before = len(log(desk))
    press(at, "Mod+S")
    assert new(desk, before) == []
    assert "your text is kept as a draft" in words(at)
    desk.review.release(other)
    assert next(
        one for one in on(desk, record).text_area if one.label == "Answer"
    ).value == "Mine."  # fmt: skip
