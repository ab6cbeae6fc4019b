"""Keyboard: what the page cannot do by itself for hands that stay on it, in one fixed script.

A text area of Streamlit tells the server its text on blur and on Ctrl+Enter. Whoever types on for
minutes would lose all of it with the server; so the script presses Ctrl+Enter in the text area that
has the focus, every few seconds and just before Ctrl+S. And no widget has a key that leads to it:
so W goes to the field for a reason, Enter leaves it, and T opens the next tab. On its way to a
field that lies on another tab no letter is let through, and none while a panel lies over the page:
it would decide on a record that nobody sees. So would the second half of a double click, and a key
that is struck twice, where the next record came between the two; what only moves may be repeated.
The script, the one of the app, takes no data and never sees a text. See
docs/decisions/0010-one-script-in-the-app.md.
"""

from __future__ import annotations

import streamlit as st

SCRIPT = """
const EVERY = 3000;  // milliseconds
const REASON = "[class*='st-key-reason-'] input";
const CHOSEN_FROM = ["stSelectbox", "stMultiSelect", "stCheckbox"]
  .map((name) => `[data-testid=${name}]`).join();
const MOVES = "[class*='st-key-next-'], [class*='st-key-previous-']";
const MOVING = "npt";  // the keys of these, and of the tabs
const TWICE = 300;  // milliseconds in which a key that is struck twice is struck once

const EYEBLINK = 30;  // milliseconds
const PATIENCE = 100;  // times that long until a field is given up

export default function () {
  let pressed = null;
  let awaited = false;  // W was pressed, and the field has not the focus yet
  let last = { key: "", at: -Infinity };
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
  const tabs_there = () => [...document.querySelectorAll("[role=tab]")];
  const seek = (left) => {
    const field = document.querySelector(REASON);
    field?.focus();
    awaited = field !== null && document.activeElement !== field && left > 0;
    if (awaited) {
      setTimeout(() => seek(left - 1), EYEBLINK);
    }
  };
  const to_reason = () => {
    const field = document.querySelector(REASON);
    if (field !== null && field.getClientRects().length === 0) {
      tabs_there()[0]?.click();  // it lies on the first one
    }
    seek(PATIENCE);
  };
  const next_tab = () => {
    const tabs = tabs_there();
    const open = tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
    tabs[(open + 1) % tabs.length]?.click();
  };
  const struck_twice = (key, event) => {
    const soon = event.repeat || key === last.key && event.timeStamp - last.at < TWICE;
    const twice = soon && !MOVING.includes(key);
    if (!twice) {
      last = { key, at: event.timeStamp };
    }
    return twice;
  };
  const let_go = () => {  // what was chosen from keeps the focus, and so the keys
    setTimeout(() => document.activeElement.closest(CHOSEN_FROM)
      && document.activeElement.blur(), EYEBLINK);
  };
  const listen = (event) => {
    const key = event.key.toLowerCase();
    const at = document.activeElement;
    const plain = key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
    const off = !at.matches("input, textarea");
    const over = document.querySelector("[role=dialog]") && off;
    const twice = plain && off && struck_twice(key, event);
    if (plain && (awaited || over || twice)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.ctrlKey || event.metaKey) {
      if (key === "s") {
        hand_over();
      }
    } else if (at.closest(CHOSEN_FROM) && (key === "enter" || key === "escape"
        || key === " " && at.matches("[type=checkbox]"))) {
      let_go();
    } else if (at.matches(REASON)) {
      if (key === "enter" || key === "escape") {
        setTimeout(() => at.blur());
      }
    } else if (!event.altKey && !at.matches("input[type=text], textarea")) {
      if (key === "w") {
        event.preventDefault();  // else the letter would stand in the field
        to_reason();
      } else if (key === "t") {
        next_tab();
      }
    }
  };
  const leave = (event) => {
    if (event.target.closest?.("[role=option], [data-testid=stCheckbox]")) {
      let_go();
    }
  };
  const once = (event) => {
    if (event.detail > 1 && event.target.closest?.("button") && !event.target.closest(MOVES)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  document.body.dataset.listening = "";  // it comes later than the page that it is for
  const timer = setInterval(hand_over, EVERY);
  document.body.addEventListener("keydown", go_no_further);
  document.addEventListener("keydown", listen, true);
  document.addEventListener("click", leave, true);
  document.addEventListener("click", once, true);
  return () => {
    delete document.body.dataset.listening;
    clearInterval(timer);
    document.body.removeEventListener("keydown", go_no_further);
    document.removeEventListener("keydown", listen, true);
    document.removeEventListener("click", leave, true);
    document.removeEventListener("click", once, true);
  };
}
"""

_mounted = st.components.v2.component("curate.keyboard", js=SCRIPT)


def listen() -> None:
    """Be there while the page is open."""
    _mounted(key="keyboard", height=1)
