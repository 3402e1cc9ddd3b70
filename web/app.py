"""One plan as a web page on this machine: Flask application and server."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from flask import Flask
from flask_babel import Babel
from werkzeug.serving import WSGIRequestHandler, make_server

from dispatch.format.model import Plan, Request
from web.board.data import make_board
from web.board.guard import LOCAL_HOSTS, guard
from web.board.pages import choose_language, make_pages

HERE = Path(__file__).parent


class CannotServeError(Exception):
    """The page cannot be served at this address; the message says why and what to do."""


def make_app(plan: Plan, request: Request | None, lang: str = "zh") -> Flask:
    """Make the read-only board of one plan.

    Parameters
    ----------
    plan
        What to show.
    request
        What the plan answers; None when it is not at hand, the page then says what it cannot show.
    lang
        ``zh`` or ``en``: the language of addresses that ask for none.
    """
    app = Flask(__name__, root_path=str(HERE))
    app.config.update(
        BABEL_DEFAULT_LOCALE=lang,
        BABEL_TRANSLATION_DIRECTORIES=str(HERE / "translations"),
        MAX_CONTENT_LENGTH=0,
    )
    Babel(app, locale_selector=choose_language)
    guard(app)
    app.register_blueprint(make_pages(make_board(plan, request)))
    return app


def serve(
    plan: Plan,
    request: Request | None,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    lang: str = "zh",
    announce: Callable[[str], None] = print,
) -> None:
    """Serve the board until SIGINT or SIGTERM; ``announce`` gets the address once it answers.

    Parameters
    ----------
    host
        An address of this machine alone, see :data:`web.board.guard.LOCAL_HOSTS`.
    port
        0 takes a free one.

    Raises
    ------
    CannotServeError
        ``host`` can be reached from elsewhere (the page has no sign-in), or the port is taken.
    """
    if host not in LOCAL_HOSTS:
        message = f"host: not served beyond this machine ({host}), expected one of {', '.join(LOCAL_HOSTS)}"
        raise CannotServeError(message)
    app = make_app(plan, request, lang)
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
