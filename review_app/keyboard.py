"""Keyboard: what the page cannot do by itself for hands that stay on it, in one fixed script.

A text area of Streamlit tells the server its text on blur and on Ctrl+Enter. Whoever types on for
minutes would lose all of it with the server; so the script presses Ctrl+Enter in the text area that
has the focus, every few seconds and just before Ctrl+S. And no widget has a key that leads to it:
so W goes to the field for a reason, Enter leaves it, and T opens the next tab. The script, the one
of the app, takes no data and never sees a text. See docs/decisions/0010-one-script-in-the-app.md.
"""

from __future__ import annotations

import streamlit as st

SCRIPT = """
const EVERY = 3000;  // milliseconds
const REASON = "[class*='st-key-reason-'] input";

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
  const next_tab = () => {
    const tabs = [...document.querySelectorAll("[role=tab]")];
    const open = tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
    tabs[(open + 1) % tabs.length]?.click();
  };
  const listen = (event) => {
    const key = event.key.toLowerCase();
    const at = document.activeElement;
    if (event.ctrlKey || event.metaKey) {
      if (key === "s") {
        hand_over();
      }
    } else if (at.matches(REASON)) {
      if (key === "enter" || key === "escape") {
        setTimeout(() => at.blur());
      }
    } else if (!event.altKey && !at.matches("input[type=text], textarea")) {
      if (key === "w") {
        event.preventDefault();  // else the letter would stand in the field
        document.querySelector(REASON)?.focus();
      } else if (key === "t") {
        next_tab();
      }
    }
  };
  document.body.dataset.listening = "";  // it comes later than the page that it is for
  const timer = setInterval(hand_over, EVERY);
  document.body.addEventListener("keydown", go_no_further);
  document.addEventListener("keydown", listen, true);
  return () => {
    delete document.body.dataset.listening;
    clearInterval(timer);
    document.body.removeEventListener("keydown", go_no_further);
    document.removeEventListener("keydown", listen, true);
  };
}
"""

_mounted = st.components.v2.component("curate.keyboard", js=SCRIPT)


def listen() -> None:
    """Be there while the page is open."""
    _mounted(key="keyboard", height=1)
