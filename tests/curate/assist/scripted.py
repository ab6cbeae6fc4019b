"""A server on loopback that answers by a script, and misbehaves where the script says so."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

POLL_SECONDS = 0.02  # the server looks so often whether it shall end
Script = Callable[[dict[str, Any], int], Any]
"""(request, how often this question came before) -> text, Fault, or a whole body."""


@dataclass(frozen=True)
class Fault:
    """A reply that is none."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    hang_up: bool = False


@dataclass
class Scripted:
    """What the server saw."""

    url: str
    asked: Counter[str] = field(default_factory=Counter)  # by last message
    answered: Counter[str] = field(default_factory=Counter)  # charged
    tokens: int = 0
    requests: list[dict[str, Any]] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)  # that make a call known when repeated
    at_once: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


def usage(request: dict[str, Any], text: str) -> dict[str, int]:
    asked = sum(len(m["content"]) for m in request["messages"]) // 4
    return {"prompt_tokens": asked, "completion_tokens": len(text) // 4 + 1}


@contextmanager
def serving(script: Script, port: int = 0) -> Iterator[Scripted]:  # noqa: C901
    """Run the server until the block ends."""
    seen = Scripted("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            name = request["messages"][-1]["content"]
            with seen.lock:
                before = seen.asked[name]
                seen.asked[name] += 1
                seen.requests.append(request)
                seen.names.append(self.headers["idempotency-key"])
                seen.at_once += 1
                seen.most_at_once = max(seen.at_once, seen.most_at_once)
            try:
                self.answer(request, name, script(request, before))
            finally:
                with seen.lock:
                    seen.at_once -= 1

        def answer(self, request: dict[str, Any], name: str, said: Any) -> None:
            if isinstance(said, Fault):
                time.sleep(said.seconds)
                if said.hang_up:
                    self.close_connection = True
                    return
                self.reply(said.status, said.body, said.headers)
                return
            cost = usage(request, said)
            with seen.lock:
                seen.answered[name] += 1
                seen.tokens += sum(cost.values())
            choice = {"index": 0, "message": {"role": "assistant", "content": said},
                      "finish_reason": "stop"}  # fmt: skip
            body = {"id": "x", "object": "chat.completion", "created": 0,
                    "model": request["model"], "choices": [choice], "usage": cost}  # fmt: skip
            self.reply(200, json.dumps(body).encode(), {})

        def reply(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            try:
                self.send_response(status)
                for key, value in {"content-type": "application/json", **headers}.items():
                    self.send_header(key, value)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    seen.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
