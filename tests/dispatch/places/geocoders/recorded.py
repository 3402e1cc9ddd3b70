"""HTTP as it was recorded: what a service answers, and what it was asked."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from geopy.adapters import AdapterHTTPError, BaseSyncAdapter
from geopy.exc import GeocoderParseError, GeocoderTimedOut, GeocoderUnavailable


@dataclass
class Server:
    """Answers every question with ``body``; ``fault`` is timeout, down, or a status as text."""

    body: str = "{}"
    fault: str = ""
    urls: list[str] = field(default_factory=list)
    timeouts: list[float] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def queries(self) -> list[dict[str, list[str]]]:
        """Return what was asked, by parameter."""
        return [parse_qs(urlsplit(url).query) for url in self.urls]

    def get(self, url: str, timeout_s: float) -> bytes:
        """Answer as urllib does."""
        self.urls.append(url)
        self.timeouts.append(timeout_s)
        if self.fault == "timeout":
            raise TimeoutError("timed out")
        if self.fault:
            raise ConnectionRefusedError(self.fault)
        return self.body.encode()

    def adapter(self, **settings: Any) -> BaseSyncAdapter:  # noqa: ANN401 - geopy's own
        """Answer as geopy's adapters do."""
        return _Adapter(self, **settings)


class _Adapter(BaseSyncAdapter):  # type: ignore[misc,unused-ignore]
    def __init__(self, server: Server, **settings: Any) -> None:  # noqa: ANN401 - geopy's own
        super().__init__(**settings)
        self._server = server

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> str:
        server = self._server
        server.urls.append(url)
        server.timeouts.append(timeout)
        server.headers.append(headers)
        if server.fault == "timeout":
            raise GeocoderTimedOut("timed out")
        if server.fault == "down":
            raise GeocoderUnavailable("no route")
        if server.fault:
            raise AdapterHTTPError("status", status_code=int(server.fault), headers={}, text="")
        return server.body

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> object:
        text = self.get_text(url, timeout=timeout, headers=headers)
        try:
            return json.loads(text)
        except ValueError:
            raise GeocoderParseError("no JSON") from None
