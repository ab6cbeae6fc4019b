"""Keys: one letter for each thing a reviewer does. Streamlit keeps C and R for itself."""

from __future__ import annotations

from curate.locale import Translator

KEYS = {
    "keep": "K",
    "drop": "D",
    "edit": "E",
    "accept": "A",
    "skip": "S",
    "undo": "U",
    "previous": "P",
    "next": "N",
    "help": "H",
    "comment": "M",
    "trace": "O",
    "failure": "B",
    "save": "Mod+S",
    "back": "Esc",
}


SIDES = "XYZ"  # the keys of two or three verdicts, where the numbers choose a record


def explained(t: Translator) -> list[tuple[str, str]]:
    """Each key with what it does, for the help panel."""
    return [
        ("K", t("Keep the record as it is; of several, keep all")),
        ("D", t("Drop the record from the data; of several, drop all")),
        ("E", t("Edit its text, label or category")),
        ("A", t("Accept the suggested text")),
        ("S", t("Skip it: somebody else decides")),
        ("U", t("Undo your last decision and show that record again")),
        ("P", t("Go back to the record before")),
        ("N", t("Go on without deciding")),
        ("1–9", t("Choose which of several records stays; the others go")),
        ("1–9, X–Z", t("Where reviewers differ: take the verdict with that number or letter")),
        ("B", t("Behind a failure: go back to the failure")),
        ("W", t("Write a reason or a comment; Enter leaves the field")),
        ("M", t("Keep what is written there as a comment, without deciding")),
        ("T", t("Show the next tab")),
        ("Ctrl+S", t("While editing: save the edit")),
        ("Esc", t("While editing: leave the editor; what you typed is kept as a draft")),
        ("H", t("Show this help")),
    ]
