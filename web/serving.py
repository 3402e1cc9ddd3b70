"""A web application on an address of this machine alone, until it is told to stop."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from types import FrameType

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from web.board.guard import LOCAL_HOSTS


class CannotServeError(Exception):
    """The application cannot be served at this address; the message says why and what to do."""


def serve_app(
    app: Flask, *, host: str = "127.0.0.1", port: int = 8000, announce: Callable[[str], None] = print
) -> None:
    """Serve until SIGINT or SIGTERM; ``announce`` gets the address once it answers.

    Parameters
    ----------
    host
        An address of this machine alone, see :data:`web.board.guard.LOCAL_HOSTS`.
    port
        0 takes a free one.

    Raises
    ------
    CannotServeError
        ``host`` can be reached from elsewhere (there is no sign-in), or the port is taken.
    """
    refuse_far_host(host)
    with _listen(host, port) as door:
        port = door.getsockname()[1]
        server = make_server(host, port, app, threaded=True, request_handler=_Quiet, fd=door.fileno())
        before = signal.signal(signal.SIGTERM, _stop)
        try:
            announce(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
            server.serve_forever()
        finally:
            signal.signal(signal.SIGTERM, before)
            server.server_close()


def refuse_far_host(host: str) -> None:
    """Raise CannotServeError, which names it, for an address that other machines can reach."""
    if host not in LOCAL_HOSTS:
        message = f"host: not served beyond this machine ({host}), expected one of {', '.join(LOCAL_HOSTS)}"
        raise CannotServeError(message)


class _Quiet(WSGIRequestHandler):
    """Answer without a line per request and without telling versions."""

    server_version = "paidan"
    sys_version = ""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write nothing: the terminal is for the address and for faults."""

    def version_string(self) -> str:
        """Return the Server header."""
        return self.server_version


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
        door.listen(128)
    except OSError as fault:
        door.close()
        message = f"port: cannot listen ({host}:{port}: {fault.strerror}), expected a free port; choose one with --port"
        raise CannotServeError(message) from fault
    return door


def _stop(_signum: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
