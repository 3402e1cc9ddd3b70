"""What is looked for is found by an index: asked of the databases themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.event import listen, remove

from dispatch.domain.job import Job
from dispatch.domain.ticket import Ticket
from dispatch.storage.store import Store, Writing
from tests.dispatch.storage.records import DAY, EIGHT, fill

JOB = Job("J", "hz", DAY, 10, "d1", "key", EIGHT)


def _claim(unit: Writing) -> None:
    if unit.claim_key("k", "d1", "print", now=EIGHT) is None:
        unit.keep_answer("k", "d1", status=201, body="")


LOOKUPS: dict[str, Callable[[Writing], object]] = {
    "rows of a sheet": lambda unit: unit.find_known_rows("hz", {"a", "b"}),
    "an answer to a key": lambda unit: [_claim(unit) for _ in range(2)],
    "a job by its key": lambda unit: [unit.add_job(replace(JOB, id=id_)) for id_ in ("J", "K")],
    "the next job": lambda unit: unit.claim_job("w", now=EIGHT, lease=timedelta(seconds=9), attempts=3),
    "a job's revision": lambda unit: unit.find_revision_of_job("J"),
    "a day without a plan": lambda unit: unit.snapshot("hz", DAY),
    "an engineer's day": lambda unit: unit.list_visits_in_force("E", DAY),
    "the next number": lambda unit: unit.find_last_serial("WX20261123"),
}


def explain(unit: Writing, statement: str, values: Any) -> str:  # noqa: ANN401 - as the driver was given them
    """Return how the database finds the rows of a statement; a scan only where there is no other way."""
    run = unit._connection.exec_driver_sql
    if unit._connection.dialect.name == "sqlite":
        return "\n".join(row[3] for row in run(f"EXPLAIN QUERY PLAN {statement}", values))
    run("SET LOCAL enable_seqscan = off")
    return "\n".join(row[0] for row in run(f"EXPLAIN {statement}", values))


@pytest.mark.parametrize("name", LOOKUPS)
def test_no_table_is_read_from_end_to_end(store: Store, name: str) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: object, *_rest: object) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            asked.append((statement, values))

    with store.writing() as unit:
        fill(unit)
        listen(unit._connection, "before_cursor_execute", note)
        LOOKUPS[name](unit)
        remove(unit._connection, "before_cursor_execute", note)
        plans = [explain(unit, *one) for one in asked if "pg_advisory" not in one[0]]
    assert plans
    scans = [line for plan in plans for line in plan.splitlines() if "Seq Scan on" in line or line.startswith("SCAN ")]
    assert [line for line in scans if "CONSTANT" not in line and "subquery" not in line] == []


def test_only_the_regions_own_rows_are_known(store: Store) -> None:
    with store.writing() as unit:
        fill(unit, n_tickets=0)
        many = [f"{number:04d}" for number in range(1203)]
        unit.save_all([Ticket(f"S{row}", "hz", EIGHT, row_digest=row) for row in many])
        assert unit.find_known_rows("hz", {*many, "other"}) == set(many)
        assert unit.find_known_rows("nb", set(many)) == set()
        assert unit.find_known_rows("hz", set()) == set()
