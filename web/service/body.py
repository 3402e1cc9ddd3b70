"""What may be sent: no more than a page needs, and nothing that another site's page sends on a reader's behalf."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, request

from web.errors import RequestRefused, Wrong

View = TypeVar("View", bound=Callable[..., Any])

ZERO: Final = "\0"

USUAL_BYTES: Final = 1 << 20
"""Largest body of a request, unless its view allows more."""


def allow_body(largest_bytes: int) -> Callable[[View], View]:
    """Let a view receive more than usual; a decorator under the route's."""

    def allow(view: View) -> View:
        view.__dict__["largest_bytes"] = largest_bytes
        return view

    return allow


def bound_bodies(app: Flask) -> None:
    """Make ``app`` refuse a body that is larger than its view allows, before it is read."""

    @app.before_request
    def bound_body() -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        request.max_content_length = getattr(view, "largest_bytes", USUAL_BYTES)
        length = request.content_length
        if length is not None and length > request.max_content_length:
            raise RequestRefused([Wrong("too_large")])


def refuse_foreign_origin(app: Flask) -> None:
    """Make ``app`` refuse what changes something and says that it comes from a page of another site."""

    @app.before_request
    def refuse_other_sites() -> None:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return
        origin = request.headers.get("Origin")
        foreign = origin is not None and _host_of(origin) != request.host
        if foreign or request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            raise RequestRefused([Wrong("foreign_origin")])


def refuse_zero_characters(app: Flask) -> None:
    """Make ``app`` refuse an address or a form with a zero character, which not every database takes, and name the field.

    Bodies in JSON are checked by their shapes.
    """

    @app.before_request
    def refuse_zero() -> None:
        said = [(f"{{{name}}}", name, [str(value)]) for name, value in (request.view_args or {}).items()]
        said += [(f"?{name}", name, values) for name, values in request.args.lists()]
        said += [(f"/{name}", name, values) for name, values in request.form.lists()]
        wrongs = [
            Wrong("zero_character", pointer.replace(ZERO, "␀"), {"name": name.replace(ZERO, "␀")})
            for pointer, name, values in said
            if any(ZERO in text for text in (name, *values))
        ]
        if wrongs:
            raise RequestRefused(wrongs)


def _host_of(origin: str) -> str | None:
    """Return host and port of an origin; None if it is none."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None
