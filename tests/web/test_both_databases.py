"""What is sent to the service has one answer, whichever database is behind it."""

from __future__ import annotations

from datetime import timedelta
from threading import Event, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.domain.errors import NotFound
from dispatch.domain.job import Detail, Job, JobFailure
from dispatch.domain.region import Region
from dispatch.services.jobs import plan_day
from dispatch.storage.store import Store
from tests.web.service.conftest import NOW, at, send
from web.service.app import make_service

DAY = at(8).date()


@pytest.fixture
def app(store: Store) -> Flask:
    """A service over a region."""
    with store.writing() as unit:
        unit.save(Region("hz", "杭州"))
    return make_service(store, secret_key="k" * 32, clock=lambda: NOW)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without scripts."""
    return app.test_client()


def list_jobs(store: Store) -> list[Job]:
    with store.reading() as unit:
        return unit.list_jobs("hz", DAY)


@pytest.mark.parametrize(
    ("address", "pointer"),
    [
        ("/api/v1/tickets/T%00", "{id}"),
        ("/api/v1/tickets?region_id=h%00", "?region_id"),
        ("/api/v1/planning-jobs?region_id=hz%00&day=2026-11-23", "?region_id"),
        ("/board?region=h%00z", "?region"),
        ("/board?region=hz&revision=%00", "?revision"),
        ("/board?region=hz&h%00=1", "?h␀"),
        ("/board/changes/R%00", "{id}"),
        ("/board/move?revision=%00", "?revision"),
        ("/tickets/%00", "{id}"),
    ],
)
def test_a_zero_character_in_an_address_is_refused_by_the_name_of_its_field(
    client: FlaskClient, address: str, pointer: str
) -> None:
    answer = client.get(address, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["pointer"]) == (422, pointer)
    assert pointer.strip("?{}") in answer.get_json()["message"]
    assert client.get(address).status_code == 422


def test_a_zero_character_in_a_form_is_refused_by_the_name_of_its_field(client: FlaskClient) -> None:
    answer = send(client, "/board/move", revision="R\0", ticket="T", shift="S", place="0")
    assert answer.status_code == 422
    assert "revision" in answer.text


def test_of_two_who_have_a_day_planned_at_once_the_second_gets_the_job_of_the_first(app: Flask, store: Store) -> None:
    assert app
    holds = Event()
    got: list[Job] = []

    def press(key: str) -> None:
        holds.wait()
        with store.writing() as unit:
            got.append(plan_day(unit, "hz", DAY, seconds=10, by="d2", key=key, now=NOW))

    second = Thread(target=press, args=("two",))
    second.start()
    with store.writing() as unit:
        first = plan_day(unit, "hz", DAY, seconds=10, by="d1", key="one", now=NOW)
        holds.set()
        second.join(0.2)
        assert got == []
    second.join()
    assert got == [first] == list_jobs(store)


def test_a_form_that_is_sent_again_is_the_same_wish_and_with_other_seconds_another(
    client: FlaskClient, store: Store
) -> None:
    def press(seconds: str) -> int:
        return send(client, "/board/plan?region=hz&day=2026-11-23", seconds=seconds, key="form").status_code

    def end() -> None:
        with store.writing() as unit:
            for job in unit.list_jobs("hz", DAY):
                unit.cancel_job(job.id, now=NOW)

    assert press("10") == 303
    end()
    assert press("10") == 303
    assert len(list_jobs(store)) == 1
    assert press("30") == 303
    assert sorted(job.seconds for job in list_jobs(store)) == [10, 30]


def test_why_planning_failed_is_said_in_the_readers_language(client: FlaskClient, store: Store) -> None:
    with store.writing() as unit:
        plan_day(unit, "hz", DAY, seconds=10, by="d1", key="k", now=NOW)
        taken = unit.claim_job("w", now=NOW, lease=timedelta(seconds=30), attempts=3)
        assert taken is not None
        unit.fail_job(taken, JobFailure.NOT_PREPARED, Detail.of(NotFound("Site", "S1")), now=NOW)
    for lang, words in (("zh", "找不到 Site S1"), ("en", "there is no Site S1")):
        told = client.get(f"/api/v1/planning-jobs/{taken.id}", headers={"Accept-Language": lang}).get_json()
        assert (told["failure"], told["detail"]) == (
            "not_prepared",
            {"code": "not_found", "params": {"kind": "Site", "id": "S1"}},
        )
        assert words in told["message"]
        assert words in client.get(f"/board?region=hz&day=2026-11-23&lang={lang}").text
