"""Typing pulse: hands over what is being typed, every few seconds, without waiting for a pause.

A text area of Streamlit tells the server its text on blur and on Ctrl+Enter. Whoever types on for
minutes would lose all of it with the server. So this script, the one script of the app, presses
Ctrl+Enter in the text area that has the focus; it also does so just before Ctrl+S. It is fixed,
takes no data, and never sees the text. See docs/decisions/0010-one-script-in-the-app.md.
"""

from __future__ import annotations

import streamlit as st

SCRIPT = """
const EVERY = 3000;  // milliseconds

export default function () {
  let pressed = null;
  const hand_over = () => {
    const typing = document.activeElement;
    if (typing instanceof HTMLTextAreaElement) {
      pressed = new KeyboardEvent("keydown", {
        key: "Enter", code: "Enter", keyCode: 13, ctrlKey: true, bubbles: true, cancelable: true,
      });
      typing.dispatchEvent(pressed);
    }
  };
  const go_no_further = (event) => {  // it is for the text area, no key of the app's
    if (event === pressed) {
      event.stopPropagation();
    }
  };
  const before_saving = (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      hand_over();
    }
  };
  const timer = setInterval(hand_over, EVERY);
  document.body.addEventListener("keydown", go_no_further);
  document.addEventListener("keydown", before_saving, true);
  return () => {
    clearInterval(timer);
    document.body.removeEventListener("keydown", go_no_further);
    document.removeEventListener("keydown", before_saving, true);
  };
}
"""

_mounted = st.components.v2.component("curate.typing_pulse", js=SCRIPT)


def pulse() -> None:
    """Be there while somebody types."""
    _mounted(key="typing-pulse", height=1)
