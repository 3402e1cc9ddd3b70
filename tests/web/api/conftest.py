"""The API over the service's small database."""

from __future__ import annotations

from tests.web.service.conftest import app, client, log, store

__all__ = ["app", "client", "log", "store"]
