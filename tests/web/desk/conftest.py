"""A desk over a small Monday: two engineers, four tickets, one of them with only a rough place; a clock that stands."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dispatch.domain.place import FoundBy, Point, Precision
from dispatch.storage.store import Store
from tests.dispatch.planning.days import ticket
from tests.dispatch.services.desk import fill
from web.service.app import make_service
from web.service.log import make_log

NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
"""Half past seven of that Monday in Hangzhou."""

BOARD = "/board?region=hz&day=2026-11-23"
ROUGH = Point(30.25, 120.13, Precision.APPROXIMATE, FoundBy.DISTRICT)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """The Monday, not planned."""
    made = Store(f"sqlite:///{tmp_path / 'desk.db'}")
    made.migrate()
    fill(made)
    with made.writing() as unit:
        unit.save(ticket("T5", ROUGH, contact_name="赵敏", address="西湖区某处", fault="不制冷"))
    yield made
    made.close()


@pytest.fixture
def app(store: Store) -> Flask:
    """The application."""
    return make_service(store, secret_key="k" * 32, clock=lambda: NOW, log=make_log(io.StringIO()))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without scripts."""
    return app.test_client()


def token(client: FlaskClient) -> str:
    """Return the token of a page's forms."""
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/").text)
    assert found
    return found.group(1)


def send(client: FlaskClient, to: str, **fields: str | list[str]) -> TestResponse:
    """Send a form as the page does."""
    return client.post(to, data={"csrf_token": token(client), **fields})
