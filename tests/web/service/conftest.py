"""A service over a small database, a clock that stands, and a client that sends forms as a page would."""

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

from dispatch.domain.customer import Customer, Site
from dispatch.domain.engineer import Engineer, Shift
from dispatch.domain.plan import Revision, Visit
from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket, TicketState
from dispatch.storage.store import Store
from web.service.app import make_service
from web.service.log import make_log

NOW = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
"""Half past eight in Hangzhou."""


def at(hour: int, minute: int = 0) -> datetime:
    """Return a moment of that Monday, by Hangzhou's clocks."""
    return datetime(2026, 11, 23, hour - 8, minute, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Hangzhou: a customer with a site, two engineers, a published visit to T1; T2 is not planned."""
    made = Store(f"sqlite:///{tmp_path / 'desk.db'}")
    made.migrate()
    with made.writing() as unit:
        unit.save_all(
            [
                Region("hz", "杭州"),
                Region("nb", "宁波"),
                Customer("C1", "王芳", "13800000000"),
                Site("S1", "C1", "hz", "文三路 1 号"),
                Engineer("E1", "hz", "张伟", skills={"空调": 3}),
                Engineer("E2", "hz", "李娜", skills={"空调": 2}),
                Shift("D1", "E1", "hz", at(8), at(17)),
                Ticket("T1", "hz", at(8), customer_id="C1", site_id="S1", state=TicketState.DISPATCHED),
                Ticket("T2", "hz", at(8), state=TicketState.READY),
            ]
        )
        visit = Visit("T1", "E1", "D1", 0, at(9), at(9), at(10), travel_s=1200, travel_m=8000)
        unit.add_revision(Revision("R1", "hz", at(8).date(), 0, at(8), "dispatcher", "{}", "{}", None, (visit,)))
        unit.publish("R1", at=at(8), by="dispatcher")
    yield made
    made.close()


@pytest.fixture
def log() -> io.StringIO:
    """What the service wrote down."""
    return io.StringIO()


@pytest.fixture
def app(store: Store, log: io.StringIO) -> Flask:
    """The application."""
    return make_service(store, secret_key="k" * 32, clock=lambda: NOW, log=make_log(log))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without scripts."""
    return app.test_client()


def token(client: FlaskClient) -> str:
    """Return the token of the first page's forms."""
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/").text)
    assert found
    return found.group(1)


def send(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    """Send a form as the page does."""
    return client.post(address, data={"csrf_token": token(client), **fields})
