"""What keeps pages to their own machine: which hosts they answer to and the headers that go with each answer."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Flask, Response, abort, request

LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")
"""Where a page without sign-in may listen, and the names it answers to."""

HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
            "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
)
"""Headers of a page that sends nothing anywhere."""


def is_local(host: str) -> bool:
    """Say whether ``host``, a name or address with or without port, is this machine's own.

    Examples
    --------
    >>> is_local("127.0.0.1:8000"), is_local("[::1]:80"), is_local("example.com"), is_local("localhost.example.com")
    (True, True, False, False)
    """
    name = host.rsplit("]", 1)[0].removeprefix("[") if host.startswith("[") else host.rsplit(":", 1)[0]
    return host in LOCAL_HOSTS or name in LOCAL_HOSTS


def guard(app: Flask, headers: Mapping[str, str] = HEADERS) -> None:
    """Make ``app`` refuse foreign Host headers (against DNS rebinding) and add the security headers to every answer."""

    @app.before_request
    def refuse_foreign_host() -> None:
        if not is_local(request.host):
            abort(400, description="Host")

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response
