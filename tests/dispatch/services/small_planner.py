"""A planner of one small day, and a worker that runs it in a process of its own.

``python -m tests.dispatch.services.small_planner ADDRESS LEASE_S ITERATIONS [hold]`` works until it is told to stop; ``hold``
makes it write a line and stay where it is in the middle of keeping a plan. ITERATIONS 0: as many as fit into the seconds.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from dispatch.domain.event import Event
from dispatch.domain.job import Job
from dispatch.domain.plan import Revision
from dispatch.domain.region import Region
from dispatch.example import make_request
from dispatch.format.write import write_request
from dispatch.services.worker import Terms, Worker
from dispatch.storage.store import Reading, Store, Writing

DAY = date(2026, 11, 23)
EIGHT = datetime(2026, 11, 23, 0, tzinfo=UTC)


@cache
def request_json() -> str:
    """Return the request of every day."""
    return write_request(make_request(3, 12))


@dataclass(frozen=True)
class Small:
    """What is prepared."""

    request_json: str
    base_number: int


@dataclass
class SmallPlanner:
    """Plans the same day every time, on top of the plan in force."""

    holds: bool = False
    asked: list[str] = field(default_factory=list)

    def prepare(self, unit: Reading, job: Job, now: datetime) -> Small:
        """Return the request."""
        self.asked.append(f"prepare {job.id} {now.year}")
        published = unit.find_published(job.region_id, job.day)
        return Small(request_json(), 0 if published is None else published.number)

    def judge(self, prepared: Small, plan_json: str) -> str:  # noqa: ARG002 - a planner's
        """Find every plan legal."""
        return plan_json

    def keep(self, unit: Writing, job: Job, prepared: Small, legal: str, now: datetime) -> Revision:
        """Keep the plan."""
        if self.holds:
            tell("holding")
            time.sleep(3600)  # until it is killed
        plan = Revision(
            job.id,
            job.region_id,
            job.day,
            prepared.base_number,
            now,
            job.made_by,
            prepared.request_json,
            legal,
            job.id,
        )
        unit.add_revision(plan)
        unit.add_event(Event("PlanMade", now, "Revision", job.id, job.region_id, job.made_by))
        return plan


def fill(store: Store) -> None:
    """Save a region with a plan in force."""
    with store.writing() as unit:
        unit.save(Region("hz", "杭州"))
        unit.add_revision(Revision("old", "hz", DAY, 0, EIGHT, "d1", "{}", "{}"))
        unit.publish("old", at=EIGHT, by="d1")


def tell(event: str, **values: Any) -> None:  # noqa: ANN401 - numbers and ids
    """Write a line for the test."""
    sys.stdout.write(json.dumps({"event": event, **values}) + "\n")
    sys.stdout.flush()


class Lines:
    """Tells events as lines."""

    info = warning = error = staticmethod(tell)


def main(address: str, lease_s: str, iterations: str, *wishes: str) -> None:
    """Work until told to stop."""
    worker = Worker(
        Store(address),
        SmallPlanner(holds="hold" in wishes),
        name="apart",
        log=Lines(),
        terms=Terms(lease_s=float(lease_s), poll_s=0.05, iterations=int(iterations) or None, threads=1),
    )
    signal.signal(signal.SIGTERM, lambda _number, _frame: worker.stop())
    worker.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
