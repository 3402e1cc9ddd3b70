"""The service as a Flask application over a store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from flask import Flask, request
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect

from dispatch.places.geocoding import Asking
from dispatch.policies.packs.read import DEFAULT
from dispatch.storage.store import Store
from dispatch.travel.straight_line import StraightLine
from dispatch.travel.travel_times import TravelTimes
from dispatch.travel.ways import Ways
from web.board.boundaries import share_boundaries
from web.board.guard import HEADERS, guard
from web.errors import handle_errors
from web.service.blueprints import API, PAGES
from web.service.body import bound_bodies, refuse_foreign_origin, refuse_zero_characters
from web.service.layout import add_layout, choose_language
from web.service.log import log_requests, make_log
from web.service.parts import KEY, Parts, ask_nobody, read_clock

WEB: Final = Path(__file__).parents[1]

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""What a page of the service may load: its own files, and forms go nowhere else."""

SERVICE_HEADERS: Final = MappingProxyType(
    {**HEADERS, "Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin"}
)
"""With ``no-referrer`` a browser would call its own forms' origin ``null``, which is refused as another site's."""


def make_service(
    store: Store,
    *,
    secret_key: str,
    lang: str = "zh",
    clock: Callable[[], datetime] = read_clock,
    log: Any = None,  # noqa: ANN401 - structlog's loggers have no type of their own
    drill: bool = False,
    ask: Callable[[], Asking | None] = ask_nobody,
    travel: TravelTimes | None = None,
    ways: Ways | None = None,
    pack: str = DEFAULT,
) -> Flask:
    """Make the application.

    Parameters
    ----------
    store
        With the tables of this version.
    secret_key
        Signs sessions and forms; see :func:`web.service.secret.get_secret_key`.
    lang
        ``zh`` or ``en``: the language of whoever has chosen none.
    clock
        Gives now, with a zone.
    log
        A structlog logger; None: one that writes to standard error.
    drill
        The clock is not the world's; every page says so, and what it shows.
    ask
        Begins a run of questions to the geocoder; gives None where there is none.
    travel
        Who is asked for the travel times of a trial; None: straight lines.
    ways
        Who knows ways to draw; None: nobody.
    pack
        The policy packs whose limits a trial keeps.
    """
    app = Flask("web", root_path=str(WEB))
    app.extensions[KEY] = Parts(
        store, make_log() if log is None else log, clock, drill, ask, travel or StraightLine(), ways, pack
    )
    app.config.update(
        SECRET_KEY=secret_key,
        SESSION_COOKIE_NAME="paidan",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        BABEL_DEFAULT_LOCALE=lang,
        BABEL_TRANSLATION_DIRECTORIES=str(WEB / "translations"),
        WTF_CSRF_TIME_LIMIT=None,  # a board stays open all day; the token lives as long as the session
        TRAP_HTTP_EXCEPTIONS=False,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined] # Flask's own provider has it
    app.json.ensure_ascii = False  # type: ignore[attr-defined] # the same
    Babel(app, locale_selector=choose_language)
    handle_errors(app)
    log_requests(app)
    guard(app, SERVICE_HEADERS)
    bound_bodies(app)
    refuse_foreign_origin(app)
    refuse_zero_characters(app)
    forms = CSRFProtect(app)
    add_layout(app)
    share_boundaries(app)
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
    for blueprint in API:
        forms.exempt(blueprint)  # JSON alone, and none from another site: see web/service/body.py
        app.register_blueprint(blueprint)
    app.after_request(_keep_no_copy)
    return app


def _keep_no_copy(response: Any) -> Any:  # noqa: ANN401 - Flask's response
    """Let no answer that may hold people's data stay in a cache, unless it says so itself."""
    if request.endpoint != "static" and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response
