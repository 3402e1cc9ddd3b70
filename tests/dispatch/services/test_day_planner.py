from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dispatch.domain.job import JobState
from dispatch.domain.ticket import Ticket
from dispatch.policies.tables.read import get_book
from dispatch.services.day_planner import DayPlanner
from dispatch.services.jobs import start_planning
from dispatch.services.worker import Terms, Worker
from dispatch.storage.store import Store
from dispatch.travel.straight_line import StraightLine
from tests.dispatch.services.desk import fill
from tests.dispatch.services.small_planner import DAY, Lines

MORNING = datetime(2026, 11, 22, 23, tzinfo=UTC)


def test_a_day_of_the_store_is_planned_by_a_job_and_its_revision_can_be_published(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(store)
    with store.writing() as unit:
        job = start_planning(unit, "hz", DAY, seconds=60, by="d1", key="k", now=MORNING)
    planner = DayPlanner(StraightLine(), get_book("least_change"))
    terms = Terms(iterations=100, threads=1)
    Worker(store, planner, name="w", log=Lines(), terms=terms, clock=lambda: MORNING).run_one()
    with store.writing() as unit:
        done = unit.get_job(job.id)
        assert (done.state, done.planned, done.skipped) == (JobState.DONE, 4, 0), capsys.readouterr().out
        made = unit.get_revision(job.id)
        assert {visit.ticket_id for visit in made.visits} == {ticket.id for ticket in unit.list_all(Ticket)}
        assert unit.publish(made.id, at=MORNING, by="d1").number == 1
