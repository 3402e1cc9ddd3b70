"""One plan as a web page on this machine: Flask application and server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask_babel import Babel

from dispatch.format.model import Plan, Request
from dispatch.travel.ways import Ways
from web.board.boundaries import share_boundaries
from web.board.data import make_board
from web.board.guard import guard
from web.board.pages import choose_language, make_pages
from web.serving import refuse_far_host, serve_app

HERE = Path(__file__).parent


def make_app(plan: Plan, request: Request | None, lang: str = "zh", ways: Ways | None = None) -> Flask:
    """Make the read-only board of one plan.

    Parameters
    ----------
    plan
        What to show.
    request
        What the plan answers; None when it is not at hand, the page then says what it cannot show.
    lang
        ``zh`` or ``en``: the language of addresses that ask for none.
    ways
        Who knows ways to draw; None: nobody.
    """
    app = Flask(__name__, root_path=str(HERE))
    app.config.update(
        BABEL_DEFAULT_LOCALE=lang,
        BABEL_TRANSLATION_DIRECTORIES=str(HERE / "translations"),
        MAX_CONTENT_LENGTH=0,
    )
    Babel(app, locale_selector=choose_language)
    guard(app)
    share_boundaries(app)
    app.register_blueprint(make_pages(make_board(plan, request), ways))
    return app


def serve(
    plan: Plan,
    request: Request | None,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    lang: str = "zh",
    ways: Ways | None = None,
    announce: Callable[[str], None] = print,
) -> None:
    """Serve the board until SIGINT or SIGTERM; the rest is :func:`web.serving.serve_app`'s.

    Raises
    ------
    CannotServeError
        ``host`` can be reached from elsewhere (the page has no sign-in), or the port is taken.
    """
    refuse_far_host(host)
    serve_app(make_app(plan, request, lang, ways), host=host, port=port, announce=announce)
