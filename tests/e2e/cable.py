"""A cable between a browser and a server on this machine, which can be cut and mended."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Thread

AT_ONCE = 65_536  # bytes


class Cable:
    """A TCP proxy: `url` leads to the server as long as it is whole."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.whole = True
        self.ends: list[socket.socket] = []
        self.near = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.near.getsockname()[1]}"
        Thread(target=self._listen, daemon=True).start()

    def cut(self) -> None:
        """Drop every connection, and refuse new ones."""
        self.whole = False
        for end in self.ends:
            _shut(end)
        self.ends.clear()

    def mend(self) -> None:
        """Let connections through again."""
        self.whole = True

    def close(self) -> None:
        """Cut it for good."""
        _shut(self.near)
        self.near.close()
        self.cut()

    def _listen(self) -> None:
        with suppress(OSError):  # it is closed
            while True:
                near, _ = self.near.accept()
                self._join(near)

    def _join(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self.port))
        except OSError:
            near.close()
            return
        self.ends += [near, far]
        for one, other in ((near, far), (far, near)):
            Thread(target=_pass_on, args=(one, other), daemon=True).start()
        if not self.whole:
            self.cut()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    """Hand over what comes, until either end is shut."""
    with suppress(OSError):
        while some := one.recv(AT_ONCE):
            other.sendall(some)
    _shut(other)
    one.close()  # the other is closed by whoever reads it


def _shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
