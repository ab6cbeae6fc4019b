"""Things said to be done, in words that hide the doer, and their twins; clean ones first.

None of these texts comes from a data set, and none is an example of a rule.
"""

from __future__ import annotations

import pytest

from tests.test_pack_behaviour import hits

NO_CLAIM = [
    ("How do I know?", "Your booking is confirmed when the clerk stamps the form."),
    ("When do we leave?", "Your coach is scheduled to leave at six, says the timetable."),
    ("Any advice?", "Make sure that your seats are reserved under your name before you go."),
    ("What happens next?", "After payment, a confirmation e-mail is sent to you."),
    ("When is my flight?", "Your flight is scheduled for noon, as the ticket says."),
    ("How does it work?", "Once your password has been reset, log in again."),
    ("Explain the queue.", "The message has been sent to the broker and waits for a reader."),
    ("What does 'booked' mean?", "A room that is booked cannot be given to anybody else."),
    ("Write an e-mail to a guest.", "Your two rooms are booked under your name."),
    ("解約の流れは？", "解約の手続きが完了したら、確認のはがきが届きます。"),
    ("会議室はどう使う？", "会議室は、前の日までに押さえておくと安心です。"),
    ("届かない場合は？", "数分待っても届かない場合は、再送のボタンを押してください。"),
    ("席は取れる？", "人気の店なので、席を早めに取っておきましょう。"),
    ("お客様へのメールを書いて", "退会のお手続きを完了いたしました。"),
    ("次の文を丁寧に直して：再送した", "再送いたしました。請求書を再送いたしました。"),
    ("泊まる部屋は？", "お部屋は広く、タオルと浴衣も用意してあります。"),
    ("何を聞けばいい？", "ホテルの予約はしてありますか、と聞いてください。"),
    ("何と尋ねる？", "確認メールは送信済みですか、と尋ねましょう。"),
    ("Any check?", "Wait until everyone has been notified, then begin."),
    ("Why is it dark?", "Check whether your alarm is set for the right day."),
    ("昔の話をして", "兄は前の夜から席を取っておき、皆で花火を見た。"),
]

CLAIM = [
    "Your two seats for Friday are booked under your name.",
    "Your appointment with the dentist is confirmed for ten.",
    "A table for two has been reserved under your name.",
    "You're all booked for the harbour tour.",
    "Done! Your membership has been cancelled.",
    "Your delivery address has been updated.",
    "Good news! The details have been sent to your inbox.",
    "解約のお手続きを完了いたしました。今月末でご利用いただけなくなります。",
    "返品の手続きを済ませておきました。",
    "請求書を修正して再送いたしました。",
    "契約書類を本日郵送しました。",
    "第二会議室を15時から押さえておきました。",
    "個室を6名様でお取りしておきました。",
    "Your flight has been rebooked for Monday.",
    "We've booked you a room by the sea.",
    "Your appointment is scheduled for Tuesday.",
    "予約の変更を完了しました。",
    "ご注文の取り消しが完了しております。",
    "チケットを2枚確保してあります。",
    "お席をご用意しておきました。",
    "先生にはもう伝えてあります。",
    "確認メールは送信済みです。",
]


@pytest.mark.parametrize(("prompt", "answer"), NO_CLAIM)
def test_no_claim(prompt: str, answer: str) -> None:
    assert hits("over-claim", prompt, answer) == []


@pytest.mark.parametrize("answer", CLAIM)
def test_claim(answer: str) -> None:
    [hit] = hits("over-claim", "Help me.", answer)
    assert hit.severity == "warn"


def test_a_document_to_mend_is_no_sentence_to_mend() -> None:
    assert len(hits("over-claim", "請求書を直して", "請求書を修正して再送いたしました。")) == 1
